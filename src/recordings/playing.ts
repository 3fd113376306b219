import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../platform/errors.ts'
import { openPlain } from '../platform/open-plain.ts'
import type { RecordingFolder } from './recording-folder.ts'
import type { Sealer } from './sealer.ts'
import { hashOpened } from './sealing.ts'

/** A recording that may be played now. Whoever gets it closes the handle. */
export interface OpenRecording {
  readonly handle: FileHandle
  readonly sizeBytes: number
  readonly sha256: string
  readonly contentType: string
}

/** What is heard of a recording: its original, or the copy that stands for it. */
export interface StoredFile {
  readonly id: number
  readonly file: string
  readonly sha256: string
  readonly contentType: string
  /** Of the sealed original, by which all that was made of the sound is known. */
  readonly originalSha256: string
}

/** A player asks for the same file many times while it is listened to; after a silence this long it is another time. */
const SAME_TIME_MS = 60_000

/**
 * Somebody waits for the sound, and a thread that has to start (95 ms) and gives way to all others is no help with a short file. Four
 * minutes of a call in WAV, an hour in Opus; longer ones would keep this thread busy for more than 10 ms in all.
 */
const SHORT_BYTES = 8 * 1_024 * 1_024

/** 0.1 ms of hashing where the processor helps, 0.6 where it does not: nothing that the phones would feel. */
const SLICE_BYTES = 256 * 1_024

/** Opens stored files, each time making sure that they are the ones that were sealed. */
export function createPlayer(deps: {
  readonly folder: Pick<RecordingFolder, 'path'>
  readonly sealer: Pick<Sealer, 'hash'>
  readonly now: () => Date
}) {
  /** Last request and the file's fingerprint by listener and recording. */
  const lately = new Map<string, { atMs: number; fingerprint: string }>()

  /** Kept for the next: a new one for each would call for a collection of all garbage every few openings. */
  let spare: Buffer | undefined

  async function sha256Of(handle: FileHandle, sizeBytes: number, path: string): Promise<string> {
    if (sizeBytes > SHORT_BYTES) return (await deps.sealer.hash(path)).sha256
    const slice = spare ?? Buffer.allocUnsafe(SLICE_BYTES)
    spare = undefined
    try {
      return (await hashOpened(handle, slice)).sha256
    } finally {
      spare = slice
    }
  }

  function forget(nowMs: number): void {
    for (const [key, { atMs }] of lately) if (nowMs - atMs > SAME_TIME_MS) lately.delete(key)
  }

  return {
    /**
     * `first` is false for the further requests of one listening of that listener. Throws RECORDING_ALTERED when the SHA-256 is another,
     * RECORDING_UNREADABLE when the file cannot be read.
     */
    async open(stored: StoredFile, listener: string): Promise<{ opened: OpenRecording; first: boolean }> {
      const nowMs = deps.now().getTime()
      forget(nowMs)
      const path = deps.folder.path(stored.file)
      let handle: FileHandle | undefined
      try {
        handle = await openPlain(path)
        const { size, mtimeMs, ctimeMs, ino } = await handle.stat()
        // ctime too: anybody who may write a file may set its mtime back.
        const fingerprint = [size, mtimeMs, ctimeMs, ino].join('/')
        const key = `${listener}/${String(stored.id)}`
        const before = lately.get(key)
        const first = before === undefined
        // Checked at each opening, and again whenever the file looks touched.
        if (before?.fingerprint !== fingerprint && (await sha256Of(handle, size, path)) !== stored.sha256) {
          throw new AppError('conflict', 'RECORDING_ALTERED', 'the file is not the one that was sealed')
        }
        lately.set(key, { atMs: nowMs, fingerprint })
        const { sha256, contentType } = stored
        return { opened: { handle, sizeBytes: size, sha256, contentType }, first }
      } catch (cause) {
        await handle?.close()
        if (cause instanceof AppError) throw cause
        throw new AppError('unavailable', 'RECORDING_UNREADABLE', 'the recording cannot be read now', {
          cause,
        })
      }
    },
  }
}
