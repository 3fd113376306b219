import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { createIdleThread } from '../platform/idle-thread.ts'
import { readPlain, writePlain } from '../platform/open-plain.ts'
import { decodePeaks, encodePeaks, type Peaks } from './peaks-policy.ts'
import type { StoredFile } from './playing.ts'

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
  /** Makes a WAV file of a copy for the archive. */
  readonly decode: (path: string, to: string) => Promise<void>
  readonly log: { warn(fields: object, message: string): void }
}

/** As long as sealing an hour may take (sealer.ts): longer, and the disk is out of order. */
const DEADLINE_MS = 300_000
const PROGRAM = new URL('./peaks-worker.ts', import.meta.url)

export function createWaveforms({ folder, pathOf, decode, log }: WaveformDeps): Waveforms {
  /** Of a path; null for a file without a sound that can be drawn. */
  const thread = createIdleThread<string, Peaks | null>({
    program: PROGRAM,
    deadlineMs: DEADLINE_MS,
    gone: (cause) => new Error('the thread ended', { cause }),
  })
  const running = new Map<number, Promise<Peaks>>()
  // A thousand to a folder: some file systems are slow with more.
  const keptAt = (id: number): string => join(folder, String(Math.floor(id / 1_000)), `${String(id)}.peaks`)

  async function kept({ id, originalSha256 }: StoredFile): Promise<Peaks | undefined> {
    try {
      return decodePeaks(await readPlain(keptAt(id)), originalSha256)
    } catch {
      return undefined // never made, or cannot be read: made anew
    }
  }

  async function keep({ id, originalSha256 }: StoredFile, peaks: Peaks): Promise<void> {
    const path = keptAt(id)
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writePlain(`${path}.new`, encodePeaks(peaks, originalSha256))
      await rename(`${path}.new`, path)
    } catch (err) {
      log.warn(
        { err, recordingId: id },
        'a waveform could not be kept; it is made again when it is asked for',
      )
    }
  }

  async function measure({ id, file }: StoredFile): Promise<Peaks | null> {
    if (file.endsWith('.wav')) return thread.ask(pathOf(file))
    const decoded = `${keptAt(id)}.wav`
    try {
      await mkdir(dirname(decoded), { recursive: true, mode: 0o700 })
      await decode(pathOf(file), decoded)
      return await thread.ask(decoded)
    } finally {
      await rm(decoded, { force: true })
    }
  }

  async function make(stored: StoredFile): Promise<Peaks> {
    const before = await kept(stored)
    if (before !== undefined) return before
    const peaks = await measure(stored).catch((cause: unknown) => {
      throw unreadable(cause)
    })
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

function unreadable(cause: unknown): AppError {
  return new AppError('unavailable', 'RECORDING_UNREADABLE', 'the recording cannot be read now', { cause })
}
