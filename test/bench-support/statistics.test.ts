import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignClock, fitLine, isGrowing, median, percentile, percentiles, round } from './statistics.ts'

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

describe('a fitted line', () => {
  const line = (slope: number, noise: (x: number) => number = () => 0) =>
    Array.from({ length: 20 }, (_, x) => ({ x, y: 100 + slope * x + noise(x) }))

  test('finds the slope, its rise over the points, and no error where there is none', () => {
    const { slope, rise, riseError } = fitLine(line(2.5))
    expect(slope).toBeCloseTo(2.5)
    expect(rise).toBeCloseTo(2.5 * 19)
    expect(riseError).toBeCloseTo(0)
  })

  test('does not care in which order points come', () => {
    expect(fitLine(line(3).reverse()).slope).toBeCloseTo(3)
  })

  test('of too few points, or points above each other, is refused', () => {
    expect(() => fitLine(line(1).slice(0, 2))).toThrow(RangeError)
    expect(() => fitLine([1, 2, 3].map((y) => ({ x: 1, y })))).toThrow(RangeError)
  })

  test('grows when it rises by more than chance and more than what is allowed', () => {
    const allowed = { share: 0.05, least: 8 }
    const zigzag = (by: number) => (x: number) => (x % 2 === 0 ? by : -by)
    expect(isGrowing(line(1, zigzag(2)), allowed)).toBe(true)
    expect(isGrowing(line(-1), allowed)).toBe(false)
    expect(isGrowing(line(0, zigzag(40)), allowed)).toBe(false)
    // A rise, but within what may be.
    expect(isGrowing(line(0.3), allowed)).toBe(false)
    expect(isGrowing(line(0.3), { share: 0.05, least: 5 })).toBe(true)
  })
})
