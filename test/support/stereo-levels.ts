import { HEADER_BYTES, SAMPLE_RATE } from '../../src/recordings/wav-policy.ts'
import { toneLevels } from './tone.ts'

const STRETCH_MS = 300

/** What one stretch of a recording must hold: the citizen's tone on the left, the operator's on the right, in hertz. */
export interface Voices {
  readonly left?: number
  readonly right?: number
}

const HEARD = 0.05
const STILL = 0.03

/**
 * Seconds of a sealed recording in which each side holds its own tone and not the other's; a message of one side stands
 * for both. Only the end if asked for: greeting and music before it have tones of their own.
 */
export function secondsOf(
  wav: Buffer,
  voices: Voices,
  options: { readonly lastSeconds?: number } = {},
): number {
  const { left, right } = sidesOf(wav)
  const from =
    options.lastSeconds === undefined ? 0 : Math.max(0, left.length - options.lastSeconds * SAMPLE_RATE)
  const size = (SAMPLE_RATE * STRETCH_MS) / 1_000
  let heard = 0
  for (let at = from; at + size <= left.length; at += size) {
    const isThere =
      holds(left.subarray(at, at + size), voices.left, voices.right) &&
      (voices.right === undefined || holds(right.subarray(at, at + size), voices.right, voices.left))
    if (isThere) heard += STRETCH_MS / 1_000
  }
  return heard
}

function holds(samples: Int16Array, own: number | undefined, other: number | undefined): boolean {
  const level = (hertz: number) => toneLevels(samples, SAMPLE_RATE, [hertz])[0] ?? 0
  return (own === undefined || level(own) > HEARD) && (other === undefined || level(other) < STILL)
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
