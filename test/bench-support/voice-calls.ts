import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HEADER_BYTES } from '../../src/recordings/wav-policy.ts'
import { stereoWav } from '../support/tone.ts'

const SECOND = 8_000

/** A call of two voices that take turns, out of the spoken sentences of a folder (8 kHz WAV), with a line's noise; the same each time. */
export function voiceCall(folder: string, seconds: number, seed: number): Buffer {
  const sentences = readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => samplesOf(readFileSync(join(folder, name))))
    .filter((samples) => samples.length > SECOND)
  if (sentences.length === 0) throw new Error(`nothing is spoken in ${folder}`)
  let state = seed
  const random = (): number =>
    (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) / 0x8000_0000
  const sides = [new Int16Array(seconds * SECOND), new Int16Array(seconds * SECOND)] as const
  for (const side of sides) for (let at = 0; at < side.length; at += 1) side[at] = (random() - 0.5) * 60
  for (let at = 0, turn = 0; at < seconds * SECOND; turn += 1) {
    const sentence = sentences[Math.floor(random() * sentences.length)] ?? new Int16Array()
    const side = turn % 2 === 0 ? sides[0] : sides[1]
    const fits = sentence.subarray(0, side.length - at)
    for (const [index, sample] of fits.entries())
      side[at + index] = Math.max(-32_768, Math.min(32_767, (side[at + index] ?? 0) + sample))
    at += fits.length + Math.floor(random() * SECOND)
  }
  return stereoWav(...sides)
}

function samplesOf(wav: Buffer): Int16Array {
  return Int16Array.from({ length: (wav.length - HEADER_BYTES) >> 1 }, (_, at) =>
    wav.readInt16LE(HEADER_BYTES + at * 2),
  )
}
