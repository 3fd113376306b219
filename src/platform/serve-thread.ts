import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import type { ThreadAnswer, ThreadJob } from './idle-thread.ts'

/** Where the kernel has nothing else to run: between 0, as the service itself, and 19. */
const BEHIND_THE_PHONES = 10

/**
 * The calling thread, and no other of the process (setpriority(2), "C library/kernel differences"), gives way to phones, pops and
 * pages. For work that nobody on the line waits for.
 */
export function giveWay(): void {
  // Nobody but root may take a lower number than it has.
  setPriority(Math.max(getPriority(), BEHIND_THE_PHONES))
}

/** The other end of `createIdleThread`, whose types say what a job is: one after the other until the thread is ended. */
export function serveThread(work: (job: never) => unknown): void {
  parentPort?.on('message', ({ id, job }: ThreadJob<never>) => {
    parentPort?.postMessage(answer(id, () => work(job)))
  })
}

function answer(id: number, work: () => unknown): ThreadAnswer<unknown> {
  try {
    return { id, value: work() }
  } catch (error) {
    const { code = null } = error as NodeJS.ErrnoException
    return { id, message: error instanceof Error ? error.message : String(error), code }
  }
}
