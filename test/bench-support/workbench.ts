import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchContext } from './bench-result.ts'

/** Where a bench lays its things, and in which order they are put away again. */
export interface Workbench {
  readonly folder: string
  /** Puts `end` on the list; what came last ends first. */
  readonly afterwards: (end: () => Promise<unknown>) => void
}

/** Runs a bench with a folder of its own and ends everything it began, also when it fails or Ctrl-C comes. */
export async function atWorkbench<T>(
  { stopped }: Pick<BenchContext, 'stopped'>,
  work: (workbench: Workbench) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tongdai-bench-'))
  const ends: (() => Promise<unknown>)[] = []
  const interrupted = new Promise<never>((_resolve, reject) => {
    stopped.addEventListener('abort', () => {
      reject(new Error('stopped'))
    })
  })
  interrupted.catch(() => undefined) // it only matters while the work is under way
  try {
    return await Promise.race([work({ folder, afterwards: (end) => void ends.push(end) }), interrupted])
  } finally {
    for (const end of ends.reverse()) await end().catch(() => undefined)
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
