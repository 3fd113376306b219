import { giveWay, serveThread } from '../platform/serve-thread.ts'
import { measurePeaks } from './measuring-peaks.ts'

/** One file after the other. An hour of sound is 115 MB. */
giveWay()
serveThread((path: string) => measurePeaks(path) ?? null)
