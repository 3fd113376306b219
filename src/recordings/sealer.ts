import { Worker } from 'node:worker_threads'
import { AppError } from '../platform/errors.ts'
import type { CopyMeasure } from './archive-policy.ts'
import type { CompareOrder } from './comparing.ts'
import type { FileHash, Sealed, SealOrder } from './sealing.ts'

export type SealerJob =
  | { readonly id: number; readonly type: 'seal'; readonly order: SealOrder }
  | { readonly id: number; readonly type: 'hash'; readonly path: string; readonly sync: boolean }
  | { readonly id: number; readonly type: 'compare'; readonly order: CompareOrder }

type SealerValue = Sealed | FileHash | CopyMeasure | null

export type SealerAnswer =
  | { readonly id: number; readonly value: SealerValue }
  | { readonly id: number; readonly message: string; readonly code: string | null }

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

interface Waiting {
  readonly resolve: (value: SealerValue) => void
  readonly reject: (cause: unknown) => void
  readonly deadline: NodeJS.Timeout
}

/** An hour's call took 8 s on a machine with nine times more to do than it could: this is a disk out of order. */
const DEADLINE_MS = 300_000
/** A desk has pauses: no memory is held in them. */
const IDLE_MS = 10_000
const PROGRAM = new URL('./sealing-worker.ts', import.meta.url)

/** One thread, started by the first job and ended when there has been none for a while. */
export function createSealer(options: { readonly idleMs?: number; readonly program?: URL } = {}): Sealer {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let lastId = 0
  let closed = false

  function running(): Worker {
    if (worker !== undefined) return worker
    const started = new Worker(options.program ?? PROGRAM)
    started.on('message', (answer: SealerAnswer) => {
      settle(answer)
    })
    started.on('error', (cause) => {
      drop(started, cause)
    })
    started.on('exit', (code) => {
      drop(started, new Error(`exit code ${String(code)}`))
    })
    worker = started
    return started
  }

  function settle(answer: SealerAnswer): void {
    const job = waiting.get(answer.id)
    if (job === undefined) return
    waiting.delete(answer.id)
    clearTimeout(job.deadline)
    if ('value' in answer) job.resolve(answer.value)
    else job.reject(Object.assign(new Error(answer.message), { code: answer.code }))
    if (waiting.size === 0) {
      idle = setTimeout(() => void stop(new Error('idle')), options.idleMs ?? IDLE_MS)
      idle.unref()
    }
  }

  /** This thread is gone: so are its jobs; the next job starts another. */
  function drop(gone: Worker, cause: unknown): void {
    if (worker !== gone) return
    worker = undefined
    clearTimeout(idle)
    for (const { reject, deadline } of waiting.values()) {
      clearTimeout(deadline)
      reject(new AppError('unavailable', 'SEALER_FAILED', 'the recording could not be worked on', { cause }))
    }
    waiting.clear()
  }

  async function stop(cause: unknown): Promise<void> {
    const ended = worker
    if (ended === undefined) return
    drop(ended, cause)
    await ended.terminate()
  }

  function ask(job: (id: number) => SealerJob): Promise<SealerValue> {
    if (closed) return Promise.reject(new AppError('unavailable', 'SEALER_CLOSED', 'the service is closing'))
    clearTimeout(idle)
    return new Promise((resolve, reject) => {
      const id = (lastId += 1)
      const deadline = setTimeout(() => void stop(new Error('deadline')), DEADLINE_MS)
      waiting.set(id, { resolve, reject, deadline })
      running().postMessage(job(id))
    })
  }

  return {
    seal: async (order) => (await ask((id) => ({ id, type: 'seal', order }))) as Sealed,
    hash: async (path, { sync } = { sync: false }) =>
      (await ask((id) => ({ id, type: 'hash', path, sync }))) as FileHash,
    compare: async (order) => (await ask((id) => ({ id, type: 'compare', order }))) as CopyMeasure | null,
    async close() {
      closed = true
      await stop(new Error('closing'))
    },
  }
}
