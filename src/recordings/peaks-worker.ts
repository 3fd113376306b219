import { parentPort } from 'node:worker_threads'
import { measurePeaks } from './measuring-peaks.ts'
import type { PeaksAnswer, PeaksJob } from './waveforms.ts'

/** One file after the other until the thread is ended. An hour of sound is 115 MB. */
parentPort?.on('message', ({ id, path }: PeaksJob) => {
  parentPort?.postMessage(answer(id, path))
})

function answer(id: number, path: string): PeaksAnswer {
  try {
    return { id, peaks: measurePeaks(path) ?? null }
  } catch (error) {
    return { id, message: String(error) }
  }
}
