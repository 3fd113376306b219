import { AppError } from '../platform/errors.ts'
import { createIdleThread } from '../platform/idle-thread.ts'
import type { CopyMeasure } from './archive-policy.ts'
import type { CompareOrder } from './comparing.ts'
import type { FileHash, Sealed, SealOrder } from './sealing.ts'

export type SealerJob =
  | { readonly type: 'seal'; readonly order: SealOrder }
  | { readonly type: 'hash'; readonly path: string; readonly sync: boolean }
  | { readonly type: 'compare'; readonly order: CompareOrder }

export type SealerValue = Sealed | FileHash | CopyMeasure | null

/** Merging and hashing away from the main thread. Rejects with the file system's own error, or SEALER_FAILED. */
export interface Sealer {
  seal(order: SealOrder): Promise<Sealed>
  /** `sync` makes the file durable before it answers. */
  hash(path: string, options?: { readonly sync: boolean }): Promise<FileHash>
  /** Holds a copy, decoded again, against its original; null where the original's header is not true of it. */
  compare(order: CompareOrder): Promise<CopyMeasure | null>
  /** Gives up what is under way and refuses what comes. */
  close(): Promise<void>
}

/** An hour's call took 8 s on a machine with nine times more to do than it could: this is a disk out of order. */
const DEADLINE_MS = 300_000
const PROGRAM = new URL('./sealing-worker.ts', import.meta.url)

/** One thread for what has just been said, and one for the archive, which may take long over an hour of sound. */
export function createSealer(options: { readonly idleMs?: number; readonly program?: URL } = {}): Sealer {
  let closed = false
  const threadOf = () =>
    createIdleThread<SealerJob, SealerValue>({
      program: options.program ?? PROGRAM,
      deadlineMs: DEADLINE_MS,
      gone: (cause) =>
        new AppError('unavailable', 'SEALER_FAILED', 'the recording could not be worked on', { cause }),
      ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    })
  const arrivals = threadOf()
  const archive = threadOf()

  async function ask<T extends SealerValue>(thread: typeof arrivals, job: SealerJob): Promise<T> {
    if (closed) throw new AppError('unavailable', 'SEALER_CLOSED', 'the service is closing')
    return (await thread.ask(job)) as T
  }

  return {
    seal: (order) => ask(arrivals, { type: 'seal', order }),
    hash: (path, { sync } = { sync: false }) => ask(arrivals, { type: 'hash', path, sync }),
    compare: (order) => ask(archive, { type: 'compare', order }),
    async close() {
      closed = true
      await Promise.all([arrivals.close(), archive.close()])
    },
  }
}
