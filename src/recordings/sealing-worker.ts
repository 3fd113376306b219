import { giveWay, serveThread } from '../platform/serve-thread.ts'
import { compareCopy } from './comparing.ts'
import type { SealerJob, SealerValue } from './sealer.ts'
import { hashFile, seal } from './sealing.ts'

/** Reading and hashing an hour of sound would hold up every screen-pop. */
giveWay()
serveThread((job: SealerJob): SealerValue => {
  switch (job.type) {
    case 'seal':
      return seal(job.order)
    case 'hash':
      return hashFile(job.path, { sync: job.sync })
    case 'compare':
      return compareCopy(job.order)
  }
})
