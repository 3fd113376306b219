import { HEADER_BYTES, interleave, wavHeader } from '../../src/recordings/wav-policy.ts'

const WINDOW_MS = 100

/**
 * How loud each frequency is, as the amplitude of a sine (1 is full scale): the mean over windows of 100 ms, by Goertzel's
 * algorithm. Windows do not mind a sound that comes and goes, nor the slips of a jitter buffer. Use multiples of 10 Hz.
 */
export function toneLevels(pcm: Int16Array, rate: number, frequencies: readonly number[]): number[] {
  const size = (rate * WINDOW_MS) / 1_000
  const windows = Math.floor(pcm.length / size)
  return frequencies.map((frequency) => {
    let sum = 0
    for (let at = 0; at < windows; at += 1) {
      sum += toneLevel(pcm.subarray(at * size, (at + 1) * size), rate, frequency)
    }
    return windows === 0 ? 0 : sum / windows
  })
}

/** The same of one window as it is; frequencies further apart than one over its length do not mix. */
export function toneLevel(window: Int16Array, rate: number, frequency: number): number {
  const turn = (2 * Math.PI * frequency) / rate
  let before = 0
  let last = 0
  for (const sample of window) {
    const next = sample / 32_768 + 2 * Math.cos(turn) * last - before
    before = last
    last = next
  }
  const power = last * last + before * before - 2 * Math.cos(turn) * last * before
  return (2 * Math.sqrt(Math.max(0, power))) / window.length
}

/** A sine of amplitude 0.5 at 8 kHz. */
export function tone(frequency: number, ms: number): Int16Array {
  return Int16Array.from(
    { length: ms * 8 },
    (_, i) => 16_384 * Math.sin((2 * Math.PI * frequency * i) / 8_000),
  )
}

/** A mono file as the PBX leaves it. */
export function monoWav(samples: Int16Array): Buffer {
  return Buffer.concat([wavHeader(1, samples.length), bytesOf(samples)])
}

/** Both sides of a call as they are filed. */
export function stereoWav(left: Int16Array, right: Int16Array): Buffer {
  const frames = Math.max(left.length, right.length)
  return Buffer.concat([wavHeader(2, frames), bytesOf(interleave(left, right))])
}

/** The same as it is while the PBX still writes it: no sizes yet (format_wav.c write_header). */
export function unclosedWav(samples: Int16Array): Buffer {
  const bytes = monoWav(samples)
  bytes.writeUInt32LE(0, 4)
  bytes.writeUInt32LE(0, 40)
  return bytes
}

/** Left and right of a stereo file with a plain header. */
export function stereoSides(file: Buffer): { left: Int16Array; right: Int16Array } {
  const frames = (file.length - HEADER_BYTES) / 4
  const side = (offset: number) =>
    Int16Array.from({ length: frames }, (_, i) => file.readInt16LE(HEADER_BYTES + i * 4 + offset))
  return { left: side(0), right: side(2) }
}

function bytesOf(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}
