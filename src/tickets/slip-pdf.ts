import { Worker } from 'node:worker_threads'
import { AppError } from '../platform/errors.ts'
import { type SlipPaper } from './slip-paper.ts'

export type SlipPrinter = (paper: SlipPaper) => Promise<Buffer>

const DEADLINE_MS = 20_000

/** Slips as PDF, one at a time, each in a thread that ends with it: no memory is held between two slips. */
export function createSlipPrinter(): SlipPrinter {
  let before: Promise<unknown> = Promise.resolve()
  return (paper) => {
    const printed = before.then(() => print(paper))
    before = printed.catch(() => undefined) // the next slip does not suffer from this one; its asker hears of it
    return printed
  }
}

function print(paper: SlipPaper): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./slip-pdf-worker.ts', import.meta.url), { workerData: paper })
    const fail = (cause: unknown): void => {
      clearTimeout(deadline)
      void worker.terminate()
      reject(new AppError('unavailable', 'PDF_FAILED', 'the slip could not be drawn', { cause }))
    }
    const deadline = setTimeout(() => {
      fail(new Error('deadline'))
    }, DEADLINE_MS)
    worker.once('message', (bytes: Uint8Array) => {
      clearTimeout(deadline)
      resolve(Buffer.from(bytes))
    })
    worker.once('error', fail)
    worker.once('exit', (code) => {
      if (code !== 0) fail(new Error(`exit code ${String(code)}`))
    })
  })
}
