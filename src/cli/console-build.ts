import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { withFileLock } from './file-lock.ts'
import { type Progress } from './progress.ts'
import { runCommand } from './run-command.ts'

/** What the built console depends on, besides everything in src/console. */
const OTHER_SOURCES = ['config/tooling/vite.config.ts', 'package-lock.json']

const STAMP = '.built-from'

/** Builds the console into dist/console when its sources differ from those of the last build. About 20 ms when they do not. */
export async function buildConsole(options: {
  readonly home: string
  readonly progress: Progress
}): Promise<void> {
  const { home, progress } = options
  const dist = join(home, 'dist')
  const target = join(dist, 'console')
  const wanted = await hashSources(home)
  if (await isBuiltFrom(target, wanted)) return
  await withFileLock(join(dist, 'console.lock'), async () => {
    if (await isBuiltFrom(target, wanted)) return
    progress('Building the console')
    await mkdir(dist, { recursive: true })
    const fresh = await mkdtemp(join(dist, 'console-'))
    try {
      const vite = join(home, 'node_modules/vite/bin/vite.js')
      const config = join(home, 'config/tooling/vite.config.ts')
      await runCommand(
        [process.execPath, vite, 'build', '--config', config, '--outDir', fresh, '--logLevel', 'warn'],
        { cwd: home },
      )
      await writeFile(join(fresh, STAMP), wanted)
      await rm(target, { recursive: true, force: true })
      await rename(fresh, target)
    } finally {
      await rm(fresh, { recursive: true, force: true })
    }
  })
}

/** A hash of every name and byte the console is built from. */
export async function hashSources(home: string): Promise<string> {
  const console = join(home, 'src/console')
  const entries = await readdir(console, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const paths = [...files, ...OTHER_SOURCES.map((path) => join(home, path))].sort()
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  const hash = createHash('sha256')
  for (const [index, content] of contents.entries()) {
    hash.update(`${relative(home, paths[index] ?? '')}\0${String(content.length)}\0`).update(content)
  }
  return hash.digest('hex')
}

async function isBuiltFrom(target: string, wanted: string): Promise<boolean> {
  return (await readFile(join(target, STAMP), 'utf8').catch(() => '')) === wanted
}
