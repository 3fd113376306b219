import { expect, test } from 'vitest'
import { alawOf, pcmOf } from './g711.ts'
import { tone, toneLevel } from './tone.ts'

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte)

test('every byte of A-law is the byte of the sample it stands for', () => {
  expect([...alawOf(pcmOf(EVERY_BYTE))]).toEqual([...EVERY_BYTE])
})

test('the ends of the scale, silence and the digital milliwatt are those of ITU-T G.711', () => {
  expect([...pcmOf(Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a))]).toEqual([8, -8, 32_256, -32_256])
  const milliwatt = pcmOf(Buffer.from('34212134b4a1a1b4', 'hex'))
  expect([...milliwatt]).toEqual([-8_960, -20_992, -20_992, -8_960, 8_960, 20_992, 20_992, 8_960])
})

test('a sample is off by a sixteenth of itself at most, and never changes its sign', () => {
  const samples = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768)
  const back = pcmOf(alawOf(samples))
  const isFar = (sample: number, at: number): boolean => {
    const heard = back[at] ?? 0
    return Math.abs(heard - sample) > Math.max(8, Math.abs(sample) / 16) || heard > 0 !== sample >= 0
  }
  expect(samples.filter(isFar)).toEqual(new Int16Array())
})

test('a tone keeps its level within one packet of 20 ms', () => {
  const heard = pcmOf(alawOf(tone(440, 20)))
  expect(toneLevel(heard, 8_000, 440)).toBeCloseTo(0.5, 1)
  expect(toneLevel(heard, 8_000, 880)).toBeLessThan(0.03)
})
