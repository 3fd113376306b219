import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AppError } from '../platform/errors.ts'
import { decodePeaks, encodePeaks, type Peaks } from './peaks-policy.ts'
import type { StoredFile } from './playing.ts'

export interface PeaksJob {
  readonly id: number
  readonly path: string
}
export type PeaksAnswer =
  { readonly id: number; readonly peaks: Peaks | null } | { readonly id: number; readonly message: string }

/** Waveforms of stored recordings, each computed once. */
export interface Waveforms {
  /** Throws NO_WAVEFORM where the file holds no sound that can be drawn, RECORDING_UNREADABLE where it cannot be read. */
  of(stored: StoredFile): Promise<Peaks>
  /** Of a recording that was deleted. */
  forget(id: number): Promise<void>
  close(): Promise<void>
}

export interface WaveformDeps {
  /** What is kept here can be made again at any time: it needs no backup. */
  readonly folder: string
  /** Where a stored file is. */
  readonly pathOf: (file: string) => string
  readonly log: { warn(fields: object, message: string): void }
}

/** A thread is kept over the rows of a page, and not over a pause. */
const IDLE_MS = 10_000
const PROGRAM = new URL('./peaks-worker.ts', import.meta.url)

export function createWaveforms({ folder, pathOf, log }: WaveformDeps): Waveforms {
  const thread = createThread()
  const running = new Map<number, Promise<Peaks>>()
  // A thousand to a folder: some file systems are slow with more.
  const keptAt = (id: number): string => join(folder, String(Math.floor(id / 1_000)), `${String(id)}.peaks`)

  async function kept({ id, sha256 }: StoredFile): Promise<Peaks | undefined> {
    try {
      return decodePeaks(await readFile(keptAt(id)), sha256)
    } catch {
      return undefined // never made, or cannot be read: made anew
    }
  }

  async function keep({ id, sha256 }: StoredFile, peaks: Peaks): Promise<void> {
    const path = keptAt(id)
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(`${path}.new`, encodePeaks(peaks, sha256), { mode: 0o600 })
      await rename(`${path}.new`, path)
    } catch (err) {
      log.warn(
        { err, recordingId: id },
        'a waveform could not be kept; it is made again when it is asked for',
      )
    }
  }

  async function make(stored: StoredFile): Promise<Peaks> {
    const before = await kept(stored)
    if (before !== undefined) return before
    const peaks = await thread.measure(pathOf(stored.file))
    if (peaks === null)
      throw new AppError('conflict', 'NO_WAVEFORM', 'there is no sound to draw in this file')
    await keep(stored, peaks)
    return peaks
  }

  return {
    of(stored) {
      const known = running.get(stored.id)
      if (known !== undefined) return known
      const made = make(stored).finally(() => {
        running.delete(stored.id)
      })
      running.set(stored.id, made)
      return made
    },
    async forget(id) {
      // One that is being made would be kept after it was removed.
      await running.get(id)?.catch(() => undefined)
      await rm(keptAt(id), { force: true })
    },
    close: () => thread.close(),
  }
}

/** One thread, started by the first file and ended when there has been none for a while. */
function createThread() {
  const waiting = new Map<
    number,
    { resolve: (peaks: Peaks | null) => void; reject: (cause: Error) => void }
  >()
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let lastId = 0
  let isClosed = false

  const unreadable = (cause: unknown): AppError =>
    new AppError('unavailable', 'RECORDING_UNREADABLE', 'the recording cannot be read now', { cause })

  async function stop(cause: unknown): Promise<void> {
    clearTimeout(idle)
    const ended = worker
    worker = undefined
    for (const { reject } of waiting.values()) reject(unreadable(cause))
    waiting.clear()
    await ended?.terminate()
  }

  function start(): Worker {
    const started = new Worker(PROGRAM)
    started.on('message', (answer: PeaksAnswer) => {
      const asker = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('peaks' in answer) asker?.resolve(answer.peaks)
      else asker?.reject(unreadable(new Error(answer.message)))
      if (waiting.size === 0) idle = setTimeout(() => void stop('idle'), IDLE_MS).unref()
    })
    started.on('error', (cause) => {
      if (worker === started) void stop(cause)
    })
    return started
  }

  return {
    /** Null for a file without a sound that can be drawn. */
    measure(path: string): Promise<Peaks | null> {
      if (isClosed) return Promise.reject(unreadable('the service is closing'))
      clearTimeout(idle)
      return new Promise((resolve, reject) => {
        const id = (lastId += 1)
        waiting.set(id, { resolve, reject })
        worker ??= start()
        worker.postMessage({ id, path } satisfies PeaksJob)
      })
    },
    close(): Promise<void> {
      isClosed = true
      return stop('closing')
    },
  }
}
