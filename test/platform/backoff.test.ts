import { expect, test } from 'vitest'
import { createBackoff } from '../../src/platform/backoff.ts'

test('pauses double up to the cap and begin anew after a success', () => {
  const backoff = createBackoff({ firstMs: 250, capMs: 1_000, random: () => 1 })
  expect([1, 2, 3, 4].map(() => backoff.nextMs())).toEqual([250, 500, 1_000, 1_000])
  backoff.reset()
  expect(backoff.nextMs()).toBe(250)
})

test('half of a pause is chance, never more than the ceiling, never nothing', () => {
  const lowest = createBackoff({ firstMs: 250, capMs: 250, random: () => 0 })
  const highest = createBackoff({ firstMs: 250, capMs: 250, random: () => 0.999 })
  expect(lowest.nextMs()).toBe(125)
  expect(highest.nextMs()).toBeLessThan(250)
})
