import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Progress } from './progress.ts'
import { hashSources } from './source-hash.ts'
import { buildWithVite } from './vite-build.ts'

const CONFIG = 'config/tooling/vite.server.config.ts'
const NAME_DIGITS = 16
/** Of several copies on one folder each may run another. */
const KEPT_PACKS = 6

/**
 * Packs src/main.ts into a few files, with the migrations it goes by, in a folder named by its sources, and answers the path of the one to run; about 20 ms when nothing changed. Where packing
 * fails it answers src/main.ts itself, which does the same and takes longer to start (src/decisions.md 4).
 */
export async function packService(options: {
  readonly home: string
  readonly progress: Progress
}): Promise<string> {
  const { home, progress } = options
  const packs = join(home, 'dist/server')
  try {
    const sources = await hashSources(
      home,
      ['src', CONFIG, 'package-lock.json', 'migrations'],
      ['src/console', 'src/cli', 'migrations/meta'],
    )
    // The packed files name their sources' place.
    const sourceHash = createHash('sha256').update(`${home}\0${sources}`).digest('hex')
    // A folder of its own: the one that runs loads some of its files late, and is started again should this one not serve.
    const target = join(packs, sourceHash.slice(0, NAME_DIGITS))
    const pack = { isNew: false }
    await buildWithVite({
      home,
      target,
      config: CONFIG,
      sourceHash,
      onBuild: () => {
        pack.isNew = true
        progress('Packing the service')
      },
    })
    if (pack.isNew) await dropOldPacks(packs)
    return join(target, 'main.js')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    progress(`The service could not be packed and starts from its sources: ${reason}`)
    return join(home, 'src/main.ts')
  }
}

async function dropOldPacks(packs: string): Promise<void> {
  const names = (await readdir(packs, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && entry.name.length === NAME_DIGITS)
    .map(({ name }) => join(packs, name))
  const made = await Promise.all(names.map(async (path) => ({ path, atMs: (await stat(path)).mtimeMs })))
  const old = made.sort((a, b) => b.atMs - a.atMs).slice(KEPT_PACKS)
  for (const { path } of old) await rm(path, { recursive: true, force: true })
}
