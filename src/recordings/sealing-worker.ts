import { parentPort } from 'node:worker_threads'
import type { SealerAnswer, SealerJob } from './sealer.ts'
import { hashFile, seal } from './sealing.ts'

/** One job after the other until the thread is ended. Reading and hashing an hour of sound would hold up every screen-pop. */
parentPort?.on('message', (job: SealerJob) => {
  parentPort?.postMessage(answer(job))
})

function answer(job: SealerJob): SealerAnswer {
  try {
    const value = job.type === 'seal' ? seal(job.order) : hashFile(job.path, { sync: job.sync })
    return { id: job.id, value }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { id: job.id, message: String(error), code: code ?? null }
  }
}
