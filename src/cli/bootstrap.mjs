// Runs on Node >= 20 with nothing installed: installs the packages, then hands over to Node 24 among them (src/decisions.md 1).
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { argv, env, execPath, exit, stderr, stdout, version } from 'node:process'
import { fileURLToPath } from 'node:url'

const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')
const NODE = join(HOME, 'node_modules/node/bin/node')
const STAMP = join(HOME, 'node_modules/.tongdai-packages')
const LOCK_FILE = join(HOME, 'package-lock.json')
const OLDEST_NODE = 20
const TELL_EVERY_MS = 15_000
/** Told to the copy of this file that installs while holding the lock. */
const INSTALL = '--install-packages'

const args = argv.slice(2)
if (Number(version.slice(1).split('.')[0]) < OLDEST_NODE) {
  stderr.write(`This needs Node ${OLDEST_NODE} or newer; this is ${version}.\n`)
  exit(64)
}
if (args[0] === INSTALL) process.exitCode = needsPackages() ? await installPackages() : 0
else process.exitCode = await start()

async function start() {
  if (needsPackages()) {
    const code = await installAlone()
    if (code !== 0) return code
  }
  if (existsSync(execPath) && realpathSync(execPath) === realpathSync(NODE)) {
    nodeModule.enableCompileCache()
    const { main } = await import('./tongdai.ts')
    return main(args)
  }
  return runToEnd(NODE, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' })
}

/** True when packages are missing, or are not those of package-lock.json. */
function needsPackages() {
  if (!existsSync(NODE)) return true
  const wanted = hashOfLock()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return false
  // Installed by hand: npm writes its own record last.
  const record = join(HOME, 'node_modules/.package-lock.json')
  return !existsSync(record) || statSync(record).mtimeMs < statSync(LOCK_FILE).mtimeMs
}

function hashOfLock() {
  return createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex')
}

/** Two copies in one folder: the second waits, and finds it done. */
async function installAlone() {
  const lock = join(HOME, 'dist/packages.lock')
  mkdirSync(dirname(lock), { recursive: true })
  const self = [execPath, fileURLToPath(import.meta.url), INSTALL]
  const hasFlock = spawnSync('flock', ['--version'], { stdio: 'ignore' }).status === 0
  return hasFlock
    ? runToEnd('flock', ['--no-fork', lock, ...self], { stdio: 'inherit' })
    : runToEnd(execPath, self.slice(1), { stdio: 'inherit' })
}

async function installPackages() {
  const beganAt = Date.now()
  const tell = (line) =>
    stdout.write(`[${((Date.now() - beganAt) / 1000).toFixed(1).padStart(5)} s] ${line}\n`)
  tell('Installing packages; about a minute')
  const timer = setInterval(() => tell('Installing packages …'), TELL_EVERY_MS)
  // Install scripts of strangers are not run. Only `node` needs its own, which fetches the program for this machine.
  const code =
    (await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'])) ||
    (await runNpm(['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts'])) ||
    (await runQuietly(NODE, ['-e', "new (require('better-sqlite3'))(':memory:').close()"], { cwd: HOME }))
  clearInterval(timer)
  if (code !== 0) {
    stderr.write(
      'The packages could not be installed. Check the network and the free disk space, then try again.\n',
    )
    return code
  }
  writeFileSync(STAMP, hashOfLock())
  tell('Packages are installed')
  return 0
}

/** npm of whoever started us, run by its own Node: the one in node_modules goes away while npm works. */
function runNpm(npmArgs) {
  const ours = join(HOME, 'node_modules')
  const path = (env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(ours))
  const options = { cwd: HOME, env: { ...env, PATH: path.join(delimiter) } }
  const { npm_node_execpath: node, npm_execpath: npm } = env
  return node !== undefined && npm !== undefined && !node.startsWith(ours)
    ? runQuietly(node, [npm, ...npmArgs], options)
    : runQuietly('npm', npmArgs, options)
}

/** Runs a program; what it says is shown only when it fails. */
async function runQuietly(program, programArgs, options = {}) {
  const said = []
  const code = await runToEnd(program, programArgs, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }, said)
  if (code !== 0) stderr.write(Buffer.concat(said))
  return code
}

/** Runs a program to its end, passing on what asks us to stop; answers its exit code. */
function runToEnd(program, programArgs, options, said = []) {
  return new Promise((resolve) => {
    const child = spawn(program, programArgs, options)
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk))
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const pass = (signal) => child.kill(signal)
    for (const signal of signals) process.on(signal, pass)
    // The kernel tells nobody of a parent's death: look.
    const starters = startersNow()
    const timer = setInterval(() => {
      if (startersNow() !== starters) child.kill('SIGTERM')
    }, 500)
    const end = (code) => {
      clearInterval(timer)
      for (const signal of signals) process.off(signal, pass)
      resolve(code)
    }
    child.on('error', (cause) => {
      said.push(Buffer.from(`${program} cannot be started: ${cause.message}\n`))
      end(69)
    })
    child.on('close', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 143)))
  })
}

/** Who started us, and who started them: npm puts a shell between itself and us, which outlives it. */
function startersNow() {
  const parent = process.ppid
  if (env.npm_lifecycle_event === undefined) return `${parent}`
  try {
    return `${parent} ${/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${parent}/status`, 'utf8'))?.[1]}`
  } catch {
    return `${parent} gone`
  }
}
