import { Worker } from 'node:worker_threads'

export interface OneShotOptions {
  /** It posts one message, its answer, and ends. */
  readonly program: URL
  readonly workerData: unknown
  /** Later it hangs, and is ended. */
  readonly deadlineMs: number
  /** The error for whoever waits when the thread dies, hangs or ends without a word. */
  readonly gone: (cause: unknown) => Error
}

/** Work in a thread that ends with it: no memory is held between two. Resolves with what it posts, rejects with `gone`. */
export function askOnce<Answer>({ program, workerData, deadlineMs, gone }: OneShotOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData })
    const fail = (cause: unknown): void => {
      clearTimeout(deadline)
      void worker.terminate()
      reject(gone(cause))
    }
    const deadline = setTimeout(() => {
      fail(new Error('deadline'))
    }, deadlineMs)
    worker.once('message', (answer: Answer) => {
      clearTimeout(deadline)
      resolve(answer)
    })
    worker.once('error', fail)
    // After its answer nobody listens any more.
    worker.once('exit', (code) => {
      fail(new Error(`exit code ${String(code)}`))
    })
  })
}
