import { describe, expect, test } from 'vitest'
import { alawOf, pcmOf } from '../support/g711.ts'
import { tone } from '../support/tone.ts'
import { type Heard, type Speaker, VOICES, firstHeard, isMusic, isSpeaking, listen } from './hearing.ts'

const SPEAKERS = Object.keys(VOICES) as Speaker[]
const SILENCE = new Int16Array(160)

/** Packets of 20 ms as a leg gets them, through A-law. */
function packets(sound: Int16Array): Int16Array[] {
  return Array.from({ length: Math.floor(sound.length / 160) }, (_, at) =>
    pcmOf(alawOf(sound.subarray(at * 160, (at + 1) * 160))),
  )
}

function mixed(...sounds: readonly Int16Array[]): Int16Array {
  return Int16Array.from(sounds[0] ?? [], (_, at) => sounds.reduce((sum, sound) => sum + (sound[at] ?? 0), 0))
}

function quieter(sound: Int16Array, factor: number): Int16Array {
  return sound.map((sample) => sample * factor)
}

/** A note of the tune: itself and its half, together at an eighth of full scale each. */
function note(hz: number): Int16Array {
  return quieter(mixed(tone(hz, 200), tone(hz / 2, 200)), 0.25)
}

function whoSpeaks(pcm: Int16Array): Speaker[] {
  const heard = listen(pcm, 0)
  return SPEAKERS.filter((speaker) => isSpeaking(heard, speaker))
}

describe('a packet', () => {
  test.each(SPEAKERS)('of the %s tells that person alone, at any phase', (speaker) => {
    for (const pcm of packets(tone(VOICES[speaker], 200))) expect(whoSpeaks(pcm)).toEqual([speaker])
  })

  test('of two people tells both, as when the operator introduces one to the other', () => {
    const both = mixed(tone(VOICES.operator, 200), tone(VOICES.agency, 200))
    for (const pcm of packets(both)) expect(whoSpeaks(pcm)).toEqual(['operator', 'agency'])
  })

  test.each([293.66, 392, 440, 523.25, 587.33, 659.25])('of the tune (%d Hz) is music and nobody', (hz) => {
    for (const pcm of packets(note(hz))) {
      expect(whoSpeaks(pcm)).toEqual([])
      expect(isMusic(listen(pcm, 0))).toBe(true)
    }
  })

  test('of silence, or of the operator, is no music', () => {
    expect(isMusic(listen(SILENCE, 0))).toBe(false)
    expect(isMusic(listen(pcmOf(alawOf(SILENCE)), 0))).toBe(false)
    for (const pcm of packets(tone(VOICES.operator, 200))) expect(isMusic(listen(pcm, 0))).toBe(false)
  })
})

describe('the first moment', () => {
  const operator = packets(tone(VOICES.operator, 20))[0] ?? SILENCE
  const music = packets(note(523.25))[1] ?? SILENCE
  const at = (...sounds: readonly Int16Array[]): Heard[] =>
    sounds.map((pcm, index) => listen(pcm, index * 20))

  test('is that of the first of three packets', () => {
    expect(firstHeard(at(operator, operator, SILENCE, music, music, music), 0, isMusic)).toBe(60)
  })

  test('is not told before the third, nor by a glitch of one', () => {
    expect(firstHeard(at(operator, music, music), 0, isMusic)).toBeUndefined()
    expect(firstHeard(at(music, operator, music, music, operator, music), 0, isMusic)).toBeUndefined()
  })

  test('does not lie before the click', () => {
    expect(firstHeard(at(music, music, music, music, music, music), 30, isMusic)).toBe(40)
  })
})
