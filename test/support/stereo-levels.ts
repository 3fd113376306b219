import { HEADER_BYTES, SAMPLE_RATE } from '../../src/recordings/wav-policy.ts'
import { toneLevels } from './tone.ts'

/** Amplitude of a tone by its frequency in hertz, 0 to 1 of full scale. */
export type Levels = Readonly<Record<number, number>>

const STRETCH_MS = 300

/**
 * Tones of both sides of a sealed recording: left is the citizen, right the operator; a message of one side stands for
 * both. Each tone's loudest stretch counts, so that it is found whatever else the call holds. Only the end if asked for.
 */
export function stereoLevels(
  wav: Buffer,
  frequencies: readonly number[],
  options: { readonly lastSeconds?: number } = {},
): { readonly left: Levels; readonly right: Levels; readonly seconds: number } {
  const { left, right } = sidesOf(wav)
  const from =
    options.lastSeconds === undefined ? 0 : Math.max(0, left.length - options.lastSeconds * SAMPLE_RATE)
  return {
    left: loudest(left.subarray(from), frequencies),
    right: loudest(right.subarray(from), frequencies),
    seconds: left.length / SAMPLE_RATE,
  }
}

function loudest(samples: Int16Array, frequencies: readonly number[]): Levels {
  const size = (SAMPLE_RATE * STRETCH_MS) / 1_000
  const best = frequencies.map(() => 0)
  for (let from = 0; from + size <= samples.length; from += size) {
    const levels = toneLevels(samples.subarray(from, from + size), SAMPLE_RATE, frequencies)
    for (const [index, level] of levels.entries()) best[index] = Math.max(best[index] ?? 0, level)
  }
  return Object.fromEntries(frequencies.map((hertz, index) => [hertz, best[index] ?? 0]))
}

function sidesOf(wav: Buffer): { left: Int16Array; right: Int16Array } {
  const frameBytes = wav.readUInt16LE(22) * 2
  const frames = Math.floor((wav.length - HEADER_BYTES) / frameBytes)
  const side = (offset: number) =>
    Int16Array.from({ length: frames }, (_, frame) =>
      wav.readInt16LE(HEADER_BYTES + frame * frameBytes + offset),
    )
  return { left: side(0), right: side(frameBytes - 2) }
}
