import { join } from 'node:path'
import { type Progress } from './progress.ts'
import { hashSources } from './source-hash.ts'
import { buildWithVite } from './vite-build.ts'

const CONFIG = 'config/tooling/vite.config.ts'

/** Builds the console into dist/console when its sources differ from those of the last build. About 20 ms when they do not. */
export async function buildConsole(options: {
  readonly home: string
  readonly progress: Progress
}): Promise<void> {
  const { home, progress } = options
  await buildWithVite({
    home,
    target: join(home, 'dist/console'),
    config: CONFIG,
    sourceHash: await hashSources(home, ['src/console', 'config/tooling', 'package-lock.json']),
    onBuild: () => {
      progress('Building the console')
    },
  })
}
