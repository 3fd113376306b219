import { expect, test } from 'vitest'
import { growingOf, growthOf, type SoakSample } from './soak.ts'

const MB = 1_048_576

/** Samples of a service of which one figure goes its own way; 50 calls between two of them. */
function samples(figure: keyof SoakSample, at: (index: number) => number, count = 60): SoakSample[] {
  return Array.from({ length: count }, (_, index) => ({
    calls: 50 * index,
    rss: 150 * MB,
    heap: 60 * MB,
    handles: 90,
    database: 10 * MB + 50 * index * 4_096,
    wal: 4 * MB,
    delayP99Ms: 3,
    delayMaxMs: 20,
    [figure]: at(index),
  }))
}

test('memory that goes up with every call of the second half is told, with how much it is', () => {
  expect(growingOf(samples('rss', (index) => 150 * MB + index * MB))).toEqual([
    `rss grows by ${String(Math.round((MB / 50) * 100) / 100)} a call`,
  ])
  expect(growingOf(samples('heap', (index) => 60 * MB + index * MB))).toHaveLength(1)
})

test('one handle left behind by every tenth call is told', () => {
  expect(growingOf(samples('handles', (index) => 90 + index * 5))).toEqual(['handles grows by 0.1 a call'])
})

test('what grew while it warmed up, and what breathes, is no growth', () => {
  expect(growingOf(samples('rss', (index) => Math.min(150, 100 + index * 2) * MB))).toEqual([])
  expect(growingOf(samples('heap', (index) => (50 + (index % 5) * 10) * MB))).toEqual([])
  expect(growingOf(samples('handles', (index) => 90 + (index % 3)))).toEqual([])
})

test('a database that takes as much for each call in both halves shows it', () => {
  const { bytesPerCall, handlesPerCall } = growthOf(samples('wal', () => 4 * MB))
  expect(bytesPerCall).toMatchObject({ database: 4_096, databaseFirstHalf: 4_096, rss: 0, wal: 0 })
  expect(handlesPerCall).toBe(0)
})

test('too few samples say nothing, and that is a problem', () => {
  expect(growingOf(samples('rss', () => 150 * MB, 4))).toEqual(['too few samples to say anything'])
})
