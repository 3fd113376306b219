import { parentPort } from 'node:worker_threads'
import type { SealerAnswer, SealerJob } from './sealer.ts'
import { compareCopy } from './comparing.ts'
import { hashFile, seal } from './sealing.ts'

/** One job after the other until the thread is ended. Reading and hashing an hour of sound would hold up every screen-pop. */
parentPort?.on('message', (job: SealerJob) => {
  parentPort?.postMessage(answer(job))
})

function valueOf(job: SealerJob): Extract<SealerAnswer, { value: unknown }>['value'] {
  switch (job.type) {
    case 'seal':
      return seal(job.order)
    case 'hash':
      return hashFile(job.path, { sync: job.sync })
    case 'compare':
      return compareCopy(job.order)
  }
}

function answer(job: SealerJob): SealerAnswer {
  try {
    return { id: job.id, value: valueOf(job) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { id: job.id, message: String(error), code: code ?? null }
  }
}
