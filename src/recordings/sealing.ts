import { createHash, type Hash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { openPlainSync } from '../platform/open-plain.ts'
import { interleave, peakOf, SAMPLE_BYTES, SAMPLE_RATE, wavHeader } from './wav-policy.ts'

/** Where the samples of one side are. */
export interface SoundFile {
  readonly path: string
  readonly dataAt: number
  readonly dataBytes: number
}

/** Two sides make a stereo file, null being a silent one; one side alone makes a mono file. */
export interface SealOrder {
  readonly sides: readonly [SoundFile] | readonly [SoundFile | null, SoundFile | null]
  /** Written anew; on disk when `seal` returns. */
  readonly out: string
}

export interface Sealed {
  readonly durationMs: number
  readonly sizeBytes: number
  readonly sha256: string
  /** Loudest sample of each side, in the order of `sides`; 0 for one that is null. */
  readonly peaks: number[]
}

const BLOCK_SAMPLES = 32 * 1_024

/** Merges the sides of a call and seals the result. Reads and writes in blocks, blocking: for a thread of its own. */
export function seal({ sides, out }: SealOrder): Sealed {
  const frames = Math.max(...sides.map((side) => (side?.dataBytes ?? 0) / SAMPLE_BYTES))
  const readers = sides.map(openSide)
  const peaks = sides.map(() => 0)
  const target = openSync(out, 'w', 0o600)
  try {
    const hash = createHash('sha256')
    let sizeBytes = writeAll(target, hash, wavHeader(sides.length, frames))
    for (let at = 0; at < frames; at += BLOCK_SAMPLES) {
      const count = Math.min(BLOCK_SAMPLES, frames - at)
      const blocks = readers.map((reader) => reader.read(count))
      blocks.forEach((block, index) => {
        peaks[index] = Math.max(peaks[index] ?? 0, peakOf(block))
      })
      const [left = new Int16Array(), right] = blocks
      sizeBytes += writeAll(target, hash, bytesOf(right === undefined ? left : interleave(left, right)))
    }
    fsyncSync(target)
    return {
      durationMs: Math.round((frames * 1_000) / SAMPLE_RATE),
      sizeBytes,
      sha256: hash.digest('hex'),
      peaks,
    }
  } finally {
    closeSync(target)
    for (const reader of readers) reader.close()
  }
}

export interface FileHash {
  readonly sizeBytes: number
  readonly sha256: string
}

/** SHA-256 of a file, made durable on the way if asked. Blocking: for a thread of its own. Throws as `openPlainSync`. */
export function hashFile(path: string, options: { readonly sync: boolean }): FileHash {
  const file = openPlainSync(path, options)
  try {
    const hash = createHash('sha256')
    const block = Buffer.allocUnsafe(BLOCK_SAMPLES * SAMPLE_BYTES)
    let sizeBytes = 0
    for (;;) {
      const count = readSync(file, block, 0, block.length, null)
      if (count === 0) break
      hash.update(block.subarray(0, count))
      sizeBytes += count
    }
    if (options.sync) fsyncSync(file)
    return { sizeBytes, sha256: hash.digest('hex') }
  } finally {
    closeSync(file)
  }
}

/** SHA-256 of an open file from its first byte to its last, a `slice` at a time, beside what else the thread does. */
export async function hashOpened(handle: FileHandle, slice: Buffer): Promise<FileHash> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for (;;) {
    const { bytesRead } = await handle.read(slice, 0, slice.length, sizeBytes)
    if (bytesRead === 0) return { sizeBytes, sha256: hash.digest('hex') }
    hash.update(slice.subarray(0, bytesRead))
    sizeBytes += bytesRead
  }
}

interface SideReader {
  /** Always `count` samples: silence after the end. */
  read(count: number): Int16Array
  close(): void
}

function openSide(side: SoundFile | null): SideReader {
  if (side === null) return { read: (count) => new Int16Array(count), close: () => undefined }
  const file = openPlainSync(side.path)
  let at = 0
  return {
    read(count) {
      const samples = new Int16Array(count)
      const bytes = bytesOf(samples)
      const wanted = Math.min(bytes.byteLength, side.dataBytes - at)
      for (let got = 0; got < wanted;) {
        const more = readSync(file, bytes, got, wanted - got, side.dataAt + at + got)
        if (more === 0) throw new Error('the file became shorter while it was read')
        got += more
      }
      at += wanted
      return samples
    },
    close: () => {
      closeSync(file)
    },
  }
}

/** The samples' own memory. WAV is little-endian, and so is every machine that Node runs on here. */
function bytesOf(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}

function writeAll(file: number, hash: Hash, bytes: Uint8Array): number {
  for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at)
  hash.update(bytes)
  return bytes.byteLength
}
