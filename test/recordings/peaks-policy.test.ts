import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bucketMsOf,
  createPeakMeter,
  decodePeaks,
  encodePeaks,
  MOST_BUCKETS,
  type Peaks,
  reducePeaks,
} from '../../src/recordings/peaks-policy.ts'

const SHA = 'ab'.repeat(32)

function measured(sides: 1 | 2, samples: readonly number[], pieces = [samples.length]): Peaks {
  const meter = createPeakMeter(sides, Math.floor(samples.length / sides))
  let at = 0
  for (const piece of pieces) {
    meter.add(Int16Array.from(samples.slice(at, at + piece)))
    at += piece
  }
  return meter.peaks()
}

/** So many frames of 8 kHz with these samples. */
const level = (frames: number, ...samples: readonly number[]): number[] =>
  Array.from({ length: frames }, () => samples).flat()

describe('measuring', () => {
  test('keeps the bounds of each side in each tenth of a second, in 8 bits', () => {
    const peaks = measured(2, [...level(800, 0, 25_600), ...level(800, -12_800, 100)])
    expect(peaks).toMatchObject({ bucketMs: 100, sides: 2 })
    expect([...peaks.levels]).toEqual([0, 0, 0, 100, -50, 0, 0, 0])
  })

  test('a last bucket that is not full counts too, and full scale does not turn over', () => {
    expect([...measured(1, [...level(800, 0), 32_767, -32_768]).levels]).toEqual([0, 0, -128, 127])
  })

  test('no sound has no bucket', () => {
    expect(measured(2, []).levels).toHaveLength(0)
  })

  test('it is all the same in how many pieces the samples come, and samples beyond the told length change nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 2, maxLength: 4_000 }),
        fc.nat(),
        (samples, cut) => {
          const even = samples.slice(0, samples.length - (samples.length % 2))
          const first = (cut % (even.length / 2 + 1)) * 2
          expect(measured(2, even, [first, even.length - first])).toEqual(measured(2, even))
          const meter = createPeakMeter(2, even.length / 2)
          meter.add(Int16Array.from([...even, 30_000, 30_000]))
          expect(meter.peaks()).toEqual(measured(2, even))
        },
      ),
    )
  })

  test('what lasts longer than an hour gets coarser buckets, never more of them', () => {
    const minutes = 60 * 8_000
    expect([1, 60, 61, 37 * 60].map((length) => bucketMsOf(length * minutes))).toEqual([100, 100, 200, 6_400])
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), (frames) => {
        expect(frames / 8 / bucketMsOf(frames)).toBeLessThanOrEqual(MOST_BUCKETS)
      }),
    )
  })
})

describe('reducing', () => {
  const peaks: Peaks = { bucketMs: 100, sides: 1, levels: Int8Array.of(-1, 1, -9, 2, 0, 8, -3, 3, -4, 0) }

  test('a bucket has the bounds of all it stands for', () => {
    expect(reducePeaks(peaks, 3)).toEqual({
      bucketMs: 200,
      sides: 1,
      levels: Int8Array.of(-9, 2, -3, 8, -4, 0),
    })
    expect(reducePeaks(peaks, 1).levels).toEqual(Int8Array.of(-9, 8))
  })

  test('is as it was where there are few enough', () => {
    expect(reducePeaks(peaks, 5)).toEqual(peaks)
  })

  test('keeps sides apart', () => {
    const both = { bucketMs: 100, sides: 2, levels: Int8Array.of(-1, 1, -5, 5, -2, 2, -6, 6) } as const
    expect(reducePeaks(both, 1).levels).toEqual(Int8Array.of(-2, 2, -6, 6))
  })
})

describe('what was kept', () => {
  const peaks = measured(2, level(2_000, 5_000, -5_000))

  test('comes back as it was', () => {
    const bytes = encodePeaks(peaks, SHA)
    expect(decodePeaks(bytes, SHA)).toEqual(peaks)
    expect(decodePeaks(Buffer.from(bytes), SHA)?.levels.buffer.byteLength).toBe(peaks.levels.length)
  })

  test('of another recording is not taken', () => {
    expect(decodePeaks(encodePeaks(peaks, SHA), 'cd'.repeat(32))).toBeUndefined()
  })

  test('is not taken when it is cut, empty or something else, whatever the bytes', () => {
    const bytes = encodePeaks(peaks, SHA)
    for (const length of [0, 10, 44 - 1, bytes.length - 1]) {
      expect(decodePeaks(bytes.subarray(0, length), SHA), String(length)).toBeUndefined()
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(decodePeaks(noise, SHA)).toBeUndefined()
      }),
    )
  })
})
