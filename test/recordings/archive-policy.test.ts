import { describe, expect, test } from 'vitest'
import { createLikenessMeter, faultOf, qualityOf } from '../../src/recordings/archive-policy.ts'
import { interleave } from '../../src/recordings/wav-policy.ts'

const SECOND = 8_000

/** Noise that comes and goes as syllables do, the same at each run. */
function speech(seconds: number, seed: number, gain = 8_000): Int16Array {
  let state = seed
  const random = (): number =>
    (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) / 0x7fff_ffff
  let loud = 0
  return Int16Array.from({ length: seconds * SECOND }, (_, at) => {
    if (at % 1_200 === 0) loud = random() < 0.4 ? 0 : gain * (0.3 + random())
    return loud * (random() - 0.5)
  })
}

const CITIZEN = speech(10, 7)
const OPERATOR = speech(10, 99)
const TALK = interleave(CITIZEN, OPERATOR)

function fault(copy: Int16Array, original = TALK, copySides: 1 | 2 = 2) {
  return faultOf(measured(copy, original, copySides))
}

function measured(copy: Int16Array, original = TALK, copySides: 1 | 2 = 2) {
  const meter = createLikenessMeter(2)
  const both = Math.min(copy.length, original.length)
  // In pieces of a second and a half, as a file is read.
  for (let at = 0; at < both; at += SECOND * 3)
    meter.add(
      original.subarray(at, Math.min(both, at + SECOND * 3)),
      copy.subarray(at, Math.min(both, at + SECOND * 3)),
    )
  return {
    sides: 2 as const,
    frames: original.length / 2,
    copySides,
    copyFrames: copy.length / 2,
    likeness: meter.likeness(),
  }
}

describe('R060: a copy stands for its original', () => {
  test('when it is the same', () => {
    const { likeness, ...rest } = measured(TALK)
    expect(faultOf({ likeness, ...rest })).toBeNull()
    expect(likeness).toEqual([
      { envelope: 1, snrDb: 35, worstDb: 0, leakDb: null },
      { envelope: 1, snrDb: 35, worstDb: 0, leakDb: null },
    ])
    expect(qualityOf(likeness)).toBe(35)
  })

  test('when it differs as a codec makes it differ', () => {
    const noise = speech(10, 3, 700)
    const copy = TALK.map((sample, at) => sample + (noise[at >> 1] ?? 0))
    expect(fault(copy)).toBeNull()
    expect(qualityOf(measured(copy).likeness)).toBeLessThan(30)
  })

  test('when both are silent', () => {
    const silence = new Int16Array(SECOND * 4)
    expect(fault(silence, silence)).toBeNull()
    expect(qualityOf(measured(silence, silence).likeness)).toBeNull()
  })

  test('when it ends within 20 ms of it', () => {
    expect(fault(TALK.subarray(0, TALK.length - 300))).toBeNull()
  })
})

describe('R060: a copy does not stand for its original', () => {
  test.each([
    ['the sides are swapped', interleave(OPERATOR, CITIZEN), 'envelope'],
    ['it is another call', interleave(speech(10, 1), speech(10, 2)), 'envelope'],
    ['it is half as loud', TALK.map((sample) => sample / 2), 'snr'],
    ['it is late by 100 ms', interleave(late(CITIZEN), late(OPERATOR)), 'envelope'],
    ['it is shorter by a second', TALK.subarray(0, TALK.length - SECOND * 2), 'length'],
    ['it is empty', new Int16Array(), 'length'],
    ['it is silent', new Int16Array(TALK.length), 'envelope'],
  ] as const)('when %s', (_, copy, why) => {
    expect(fault(copy)).toBe(why)
  })

  test('when a second in an hour is missing', () => {
    const hour = new Int16Array(60 * TALK.length)
    for (let nth = 0; nth < 60; nth += 1) hour.set(TALK, nth * TALK.length)
    const copy = hour.slice()
    copy.fill(0, 5 * SECOND * 2, 6 * SECOND * 2)
    expect(fault(copy, hour)).toBe('level')
  })

  test('when one side is heard in the other', () => {
    const alone = interleave(CITIZEN, new Int16Array(CITIZEN.length))
    const leaked = interleave(
      CITIZEN,
      CITIZEN.map((sample) => sample * 0.2),
    )
    expect(fault(leaked, alone)).not.toBeNull()
    const [, operator] = measured(leaked, alone).likeness
    expect(operator?.leakDb).toBeCloseTo(-14, 0)
  })

  test('when it has one side', () => {
    expect(fault(TALK, TALK, 1)).toBe('sides')
  })

  test('when the original holds no sample', () => {
    expect(fault(new Int16Array(), new Int16Array())).toBe('length')
  })
})

function late(side: Int16Array): Int16Array {
  const later = new Int16Array(side.length)
  later.set(side.subarray(0, side.length - 800), 800)
  return later
}
