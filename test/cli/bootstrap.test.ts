import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { currentEnvironment } from '../../src/cli/environment.ts'

const BOOTSTRAP = resolve(import.meta.dirname, '../../src/cli/bootstrap.mjs')

/** Stands in for npm: writes down how it was called, and lays out what `npm ci` would. */
const NPM = `
const { appendFileSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync('npm-calls', args.join(' ') + '\\n')
if (process.env.NPM_FAILS) { console.error('npm error the reason'); process.exit(3) }
if (args[0] === 'ci') {
  mkdirSync('node_modules/node/bin', { recursive: true })
  symlinkSync(process.execPath, 'node_modules/node/bin/node')
  mkdirSync('node_modules/better-sqlite3', { recursive: true })
  writeFileSync('node_modules/better-sqlite3/index.js', 'module.exports = class { close() {} }')
  writeFileSync('node_modules/.package-lock.json', '{}')
}
`

// Each runs several processes of Node one after the other.
vi.setConfig({ testTimeout: 60_000 })

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tongdai-clone-'))
  await mkdir(join(home, 'src/cli'), { recursive: true })
  await copyFile(BOOTSTRAP, join(home, 'src/cli/bootstrap.mjs'))
  await writeFile(
    join(home, 'src/cli/tongdai.ts'),
    'export async function main(args: string[]): Promise<number> { console.log(`main ${args.join(" ")}`); return 7 }',
  )
  await writeFile(join(home, 'package.json'), '{"type":"module"}')
  await writeFile(join(home, 'package-lock.json'), '{"lockfileVersion":3}')
  await writeFile(join(home, 'npm.cjs'), NPM)
})

afterEach(() => rm(home, { recursive: true, force: true }))

async function bootstrap(more: Readonly<Record<string, string>> = {}): Promise<{
  readonly code: number
  readonly output: string
}> {
  const child = spawn(process.execPath, [join(home, 'src/cli/bootstrap.mjs'), 'start', '--flag'], {
    cwd: tmpdir(),
    env: {
      ...currentEnvironment(),
      npm_node_execpath: process.execPath,
      npm_execpath: join(home, 'npm.cjs'),
      ...more,
    },
  })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
  const [code] = (await once(child, 'close')) as [number]
  return { code, output: Buffer.concat(output).toString() }
}

async function npmCalls(): Promise<string[]> {
  const text = await readFile(join(home, 'npm-calls'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '')
}

test('installs in a fresh clone, once, and hands over with the exit code', async () => {
  const first = await bootstrap()
  expect(first.output).toMatch(/Installing packages[^]*Packages are installed\nmain start --flag\n$/)
  expect(first.code).toBe(7)
  expect(await npmCalls()).toEqual([
    'ci --ignore-scripts --no-audit --no-fund',
    'rebuild node --ignore-scripts=false --foreground-scripts',
  ])
  const second = await bootstrap()
  expect(second).toEqual({ code: 7, output: 'main start --flag\n' })
  expect(await npmCalls()).toHaveLength(2)
})

test('installs again when the lock file says other packages', async () => {
  await bootstrap()
  await rm(join(home, 'node_modules/node'), { recursive: true })
  await bootstrap()
  expect(await npmCalls()).toHaveLength(4)
  await writeFile(join(home, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}')
  await rm(join(home, 'node_modules'), { recursive: true })
  await bootstrap()
  expect(await npmCalls()).toHaveLength(6)
})

test('leaves alone what was installed by hand after the lock file changed', async () => {
  await bootstrap()
  await rm(join(home, 'node_modules/.tongdai-packages'))
  await utimes(join(home, 'package-lock.json'), new Date(0), new Date(0))
  expect((await bootstrap()).output).toBe('main start --flag\n')
  expect(await npmCalls()).toHaveLength(2)
})

test('shows what npm said when it fails, and starts nothing', async () => {
  const { code, output } = await bootstrap({ NPM_FAILS: '1' })
  expect(code).toBe(3)
  expect(output).toContain('npm error the reason')
  expect(output).toContain('The packages could not be installed.')
  expect(output).not.toContain('main')
})

test('two at once install once', async () => {
  const both = await Promise.all([bootstrap(), bootstrap()])
  expect(both.map(({ code }) => code)).toEqual([7, 7])
  expect(await npmCalls()).toHaveLength(2)
})
