import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRange } from '../../src/http/range-policy.ts'

test.each([
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['bytes=10-5000', { start: 10, end: 99 }],
  ['bytes=99-', { start: 99, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-5000', { start: 0, end: 99 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['Bytes=0-1', { start: 0, end: 1 }],
  ['bytes=20-10', 'unsatisfiable'],
  ['bytes=-', 'unsatisfiable'],
  ['bytes=', 'unsatisfiable'],
  ['bytes=-5-10', 'unsatisfiable'],
  ['bytes=--5', 'unsatisfiable'],
  ['bytes=1.5-', 'unsatisfiable'],
  ['bytes=99999999999999999999-', 'unsatisfiable'],
  [`bytes=0-${'9'.repeat(400)}`, { start: 0, end: 99 }],
  ['bytes=0-1,5-6', undefined],
  ['bytes=0-1,6-5', 'unsatisfiable'],
  [`bytes=${'0-1,'.repeat(1_000)}5-6`, 'unsatisfiable'],
  ['seconds=0-1', undefined],
  [undefined, undefined],
])('%s of 100 bytes', (header, expected) => {
  expect(parseRange(header, 100)).toEqual(expected)
})

test('never leads out of the file', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1 }), (first, last, sizeBytes) => {
      const range = parseRange(`bytes=${String(first)}-${String(last)}`, sizeBytes)
      if (typeof range !== 'object') return
      expect(range.start).toBeLessThanOrEqual(range.end)
      expect(range.end).toBeLessThan(sizeBytes)
    }),
  )
})
