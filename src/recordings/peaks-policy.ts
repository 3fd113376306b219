import { SAMPLE_RATE } from './wav-policy.ts'

/**
 * How loud a recording is along its length: for each bucket of `bucketMs`, and in it for each side, the lowest and the highest
 * sample in 8 bits (-128 to 127). Two sides are citizen, then operator or agency; one side is a message.
 */
export interface Peaks {
  readonly bucketMs: number
  readonly sides: 1 | 2
  readonly levels: Int8Array
}

/** Fine enough to tell a pause between two sentences from one within a sentence. */
export const BUCKET_MS = 100
/** An hour of the finest buckets; what is longer gets coarser ones, so that no waveform is larger than 144 kB. */
export const MOST_BUCKETS = 36_000
/** Bytes of a bucket and side: lowest and highest. */
const BOUNDS = 2
const MAGIC = 0x5044_4b31
const HEAD_BYTES = 44
const SHA_BYTES = 32

/** Length of a bucket of a recording of so many frames: 100 ms, doubled until there are few enough. */
export function bucketMsOf(frames: number): number {
  const ms = (frames * 1_000) / SAMPLE_RATE
  let bucketMs = BUCKET_MS
  while (ms / bucketMs > MOST_BUCKETS) bucketMs *= 2
  return bucketMs
}

/** Takes samples side by side, in as many pieces as they come, and keeps the bounds of each bucket. */
export function createPeakMeter(sides: 1 | 2, frames: number) {
  const bucketMs = bucketMsOf(frames)
  const bucketFrames = (SAMPLE_RATE * bucketMs) / 1_000
  const levels = new Int8Array(Math.ceil(frames / bucketFrames) * sides * BOUNDS)
  let frame = 0
  return {
    /** Whole frames; those beyond the length that was told are left out. */
    add(samples: Int16Array): void {
      const count = Math.min(Math.floor(samples.length / sides), frames - frame)
      for (let i = 0; i < count; i += 1) {
        const bucket = Math.floor((frame + i) / bucketFrames)
        for (let side = 0; side < sides; side += 1) {
          const level = toByte(samples[i * sides + side] ?? 0)
          const at = (bucket * sides + side) * BOUNDS
          if (level < (levels[at] ?? 0)) levels[at] = level
          if (level > (levels[at + 1] ?? 0)) levels[at + 1] = level
        }
      }
      frame += count
    },
    peaks: (): Peaks => ({ bucketMs, sides, levels }),
  }
}

/** The same in at most `points` buckets, each the bounds of those it stands for. */
export function reducePeaks(peaks: Peaks, points: number): Peaks {
  const { bucketMs, sides, levels } = peaks
  const width = sides * BOUNDS
  const count = levels.length / width
  const factor = Math.ceil(count / points)
  if (factor <= 1) return peaks
  const reduced = new Int8Array(Math.ceil(count / factor) * width)
  for (let i = 0; i < levels.length; i += 1) {
    const at = Math.floor(Math.floor(i / width) / factor) * width + (i % width)
    const level = levels[i] ?? 0
    const known = reduced[at] ?? 0
    reduced[at] = i % BOUNDS === 0 ? Math.min(known, level) : Math.max(known, level)
  }
  return { bucketMs: bucketMs * factor, sides, levels: reduced }
}

/** As it is kept: mark, bucket, sides, the SHA-256 of the recording it was made from, levels. */
export function encodePeaks({ bucketMs, sides, levels }: Peaks, sha256: string): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + levels.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC)
  view.setUint32(4, bucketMs)
  view.setUint32(8, sides)
  for (let i = 0; i < SHA_BYTES; i += 1) bytes[12 + i] = parseInt(sha256.slice(i * 2, i * 2 + 2), 16)
  bytes.set(new Uint8Array(levels.buffer, levels.byteOffset, levels.byteLength), HEAD_BYTES)
  return bytes
}

/** What was kept; undefined for what is not ours, is cut, or was made from another recording. Never throws, whatever the bytes. */
export function decodePeaks(bytes: Uint8Array, sha256: string): Peaks | undefined {
  if (bytes.length < HEAD_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bucketMs = view.getUint32(4)
  const sides = view.getUint32(8)
  const isOurs = view.getUint32(0) === MAGIC && bucketMs >= BUCKET_MS && (sides === 1 || sides === 2)
  // A copy: a Buffer's own slice is not one.
  const levels = new Uint8Array(bytes.subarray(HEAD_BYTES))
  if (!isOurs || levels.length % (sides * BOUNDS) !== 0 || hex(bytes.subarray(12, HEAD_BYTES)) !== sha256)
    return undefined
  return { bucketMs, sides, levels: new Int8Array(levels.buffer) }
}

function toByte(sample: number): number {
  return Math.max(-128, Math.min(127, Math.round(sample / 256)))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
