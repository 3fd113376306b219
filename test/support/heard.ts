import { readFile } from 'node:fs/promises'
import { HEADER_BYTES } from '../../src/recordings/wav-policy.ts'
import { toneLevel } from './tone.ts'

const RATE = 8_000
const WINDOW = RATE / 10

/** Samples of a mono WAV file as far as it is written. */
export async function samplesOf(file: string): Promise<Int16Array> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(HEADER_BYTES)) // nothing heard yet
  const count = Math.max(0, Math.floor((bytes.length - HEADER_BYTES) / 2))
  return Int16Array.from({ length: count }, (_, at) => bytes.readInt16LE(HEADER_BYTES + at * 2))
}

/** Does a tone sound, in each tenth of a second? */
export function soundsIn(samples: Int16Array, hertz: number): boolean[] {
  return Array.from(
    { length: Math.floor(samples.length / WINDOW) },
    (_, at) => toneLevel(samples.subarray(at * WINDOW, (at + 1) * WINDOW), RATE, hertz) > 0.05,
  )
}

/** Which of the tones sound at the end of a file: each for the whole of the last half second. */
export async function heardNow(file: string, tones: readonly number[]): Promise<number[]> {
  const last = (await samplesOf(file)).slice(-RATE / 2)
  return tones.filter((hertz) => {
    const sounds = soundsIn(last, hertz)
    return sounds.length > 0 && sounds.every(Boolean)
  })
}

/** Stretches in which a tone sounds, in seconds from the beginning; breaks of one tenth do not count, jitter makes them. */
export function stretchesOf(samples: Int16Array, hertz: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (const [at, sounds] of soundsIn(samples, hertz).entries()) {
    if (!sounds) continue
    const last = found.at(-1)
    if (last !== undefined && at / 10 - last.to <= 0.21) last.to = (at + 1) / 10
    else found.push({ from: at / 10, to: (at + 1) / 10 })
  }
  return found.filter(({ from, to }) => to - from > 0.25)
}
