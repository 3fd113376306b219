import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignClock, median, percentile, percentiles, round } from './statistics.ts'

describe('percentiles', () => {
  test('are measured values by nearest rank', () => {
    const sample = Array.from({ length: 200 }, (_, index) => 200 - index)
    expect(percentiles(sample)).toEqual({ p50: 100, p95: 190, p99: 198, max: 200 })
    expect(percentile([7], 0.99)).toBe(7)
  })

  test('leave at most the wanted share above, whatever the sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (sample, p) => {
          const value = percentile(sample, p)
          const above = sample.filter((one) => one > value).length
          expect(sample).toContain(value)
          expect(above / sample.length).toBeLessThanOrEqual(1 - p + 1e-9)
        },
      ),
    )
  })

  test('of nothing are refused', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError)
    expect(() => median([])).toThrow(RangeError)
  })
})

test('the median of an even number lies between the middle two', () => {
  expect(median([9, 1, 4])).toBe(4)
  expect(median([9, 1, 4, 5])).toBe(4.5)
})

test('rounding keeps the decimals asked for', () => {
  expect(round(1.2349, 2)).toBe(1.23)
  expect(round(17.6, 0)).toBe(18)
})

test('clocks are aligned by the probe with the shortest way', () => {
  const probes = [
    { before: 1_000, there: 40, after: 1_020 },
    { before: 1_100, there: 139, after: 1_102 },
  ]
  expect(alignClock(probes)).toEqual({ offsetMs: 962, errorMs: 1 })
})
