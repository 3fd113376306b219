import { Worker } from 'node:worker_threads'

/** What is sent to such a thread, and what it sends back (`serve-thread.ts`). */
export interface ThreadJob<Job> {
  readonly id: number
  readonly job: Job
}
export type ThreadAnswer<Answer> =
  | { readonly id: number; readonly value: Answer }
  | { readonly id: number; readonly message: string; readonly code: string | null }

export interface IdleThread<Job, Answer> {
  /** Rejects with what the work threw (its message and `code`), or with `gone` of what ended the thread. */
  ask(job: Job): Promise<Answer>
  /** Gives up what is under way, with `gone('closing')`, and refuses what comes. */
  close(): Promise<void>
}

export interface IdleThreadOptions {
  readonly program: URL
  readonly workerData?: unknown
  /** The error for whoever waits when the thread dies, hangs or is closed. */
  readonly gone: (cause: unknown) => Error
  /** From the question to its answer, ms, what is before it included: later the thread hangs, and is ended with all that waits for it. */
  readonly deadlineMs: number
  /** It ends after so long without work, ms: a desk has pauses, and no memory is held in them. */
  readonly idleMs?: number
}

interface Waiting<Answer> {
  readonly resolve: (value: Answer) => void
  readonly reject: (cause: unknown) => void
  readonly deadline: NodeJS.Timeout
}

const IDLE_MS = 10_000

/** One thread for what would hold up the phones, started by the first job and ended when there has been none for a while. */
export function createIdleThread<Job, Answer>(options: IdleThreadOptions): IdleThread<Job, Answer> {
  const waiting = new Map<number, Waiting<Answer>>()
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let lastId = 0
  let isClosed = false

  function running(): Worker {
    if (worker !== undefined) return worker
    const { program, workerData } = options
    const started = new Worker(program, { workerData })
    started.on('message', settle)
    started.on('error', (cause) => {
      drop(started, cause)
    })
    started.on('exit', (code) => {
      drop(started, new Error(`exit code ${String(code)}`))
    })
    worker = started
    return started
  }

  function settle(answer: ThreadAnswer<Answer>): void {
    const asker = waiting.get(answer.id)
    if (asker === undefined) return
    waiting.delete(answer.id)
    clearTimeout(asker.deadline)
    if ('value' in answer) asker.resolve(answer.value)
    else asker.reject(Object.assign(new Error(answer.message), { code: answer.code }))
    if (waiting.size > 0) return
    idle = setTimeout(() => void stop(new Error('idle')), options.idleMs ?? IDLE_MS)
    idle.unref()
  }

  /** This thread is gone: so are its jobs; the next job starts another. */
  function drop(gone: Worker, cause: unknown): void {
    if (worker !== gone) return
    worker = undefined
    clearTimeout(idle)
    for (const { reject, deadline } of waiting.values()) {
      clearTimeout(deadline)
      reject(options.gone(cause))
    }
    waiting.clear()
  }

  async function stop(cause: unknown): Promise<void> {
    const ended = worker
    if (ended === undefined) return
    drop(ended, cause)
    await ended.terminate()
  }

  return {
    ask(job) {
      if (isClosed) return Promise.reject(options.gone(new Error('closed')))
      clearTimeout(idle)
      return new Promise((resolve, reject) => {
        const id = (lastId += 1)
        const deadline = setTimeout(() => void stop(new Error('deadline')), options.deadlineMs)
        waiting.set(id, { resolve, reject, deadline })
        running().postMessage({ id, job } satisfies ThreadJob<Job>)
      })
    },
    async close() {
      isClosed = true
      await stop(new Error('closing'))
    },
  }
}
