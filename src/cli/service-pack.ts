import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Progress } from './progress.ts'
import { hashSources } from './source-hash.ts'
import { buildWithVite } from './vite-build.ts'

const CONFIG = 'config/tooling/vite.server.config.ts'

/**
 * Packs src/main.ts into a few files and answers the path of the one to run; about 20 ms when nothing changed. Where packing
 * fails it answers src/main.ts itself, which does the same and takes longer to start (src/decisions.md 4).
 */
export async function packService(options: {
  readonly home: string
  readonly progress: Progress
}): Promise<string> {
  const { home, progress } = options
  const target = join(home, 'dist/server')
  try {
    const sources = await hashSources(home, ['src', CONFIG, 'package-lock.json'], ['src/console', 'src/cli'])
    await buildWithVite({
      home,
      target,
      config: CONFIG,
      // The packed files name their sources' place.
      sourceHash: createHash('sha256').update(`${home}\0${sources}`).digest('hex'),
      onBuild: () => {
        progress('Packing the service')
      },
    })
    return join(target, 'main.js')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    progress(`The service could not be packed and starts from its sources: ${reason}`)
    return join(home, 'src/main.ts')
  }
}
