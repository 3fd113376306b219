import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { currentEnvironment } from './environment.ts'
import { withFileLock } from './file-lock.ts'
import { runCommand } from './run-command.ts'

const STAMP = '.built-from'

/** Builds `target` with vite unless it was built from the very same sources before; whole or not at all. */
export async function buildWithVite(options: {
  readonly home: string
  readonly target: string
  /** Vite's configuration file, relative to `home`. */
  readonly config: string
  /** What `target` is to be built from (src/cli/source-hash.ts). */
  readonly sourceHash: string
  readonly onBuild: () => void
}): Promise<void> {
  const { home, target, sourceHash } = options
  if (await isBuiltFrom(target, sourceHash)) return
  await withFileLock(`${target}.lock`, async () => {
    if (await isBuiltFrom(target, sourceHash)) return
    options.onBuild()
    await mkdir(dirname(target), { recursive: true })
    const fresh = await mkdtemp(`${target}-`)
    try {
      const vite = join(home, 'node_modules/vite/bin/vite.js')
      const flags = ['--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']
      await runCommand([process.execPath, vite, 'build', '--config', join(home, options.config), ...flags], {
        cwd: home,
        // Under the tests' NODE_ENV it would be a build for developers, and kept for everybody.
        env: { ...currentEnvironment(), NODE_ENV: 'production' },
      })
      await writeFile(join(fresh, STAMP), sourceHash)
      await rm(target, { recursive: true, force: true })
      await rename(fresh, target)
    } finally {
      await rm(fresh, { recursive: true, force: true })
    }
  })
}

async function isBuiltFrom(target: string, sourceHash: string): Promise<boolean> {
  return (await readFile(join(target, STAMP), 'utf8').catch(() => '')) === sourceHash
}
