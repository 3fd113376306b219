import { expect, it } from 'vitest'
import { parseLocalTime, toLocalIso } from '../../src/platform/clock.ts'

it.each([
  ['2026-03-06T16:45', '2026-03-06T09:45:00.000Z'],
  ['2026-03-06T00:00:59', '2026-03-05T17:00:59.000Z'],
  ['2024-02-29T23:59', '2024-02-29T16:59:00.000Z'],
])('reads %s in the city’s time', (text, expected) => {
  expect(parseLocalTime(text)?.toISOString()).toBe(expected)
})

it.each([
  '2026-02-30T08:00',
  '2025-02-29T08:00',
  '2026-13-01T08:00',
  '2026-03-06T24:00',
  '2026-03-06T08:60',
  '2026-03-06 08:00',
  '2026-03-06T08:00Z',
  '2026-03-06T08:00+07:00',
  '2026-03-06',
  '06/03/2026 16:45',
  '',
])('does not take "%s" for a time', (text) => {
  expect(parseLocalTime(text)).toBeUndefined()
})

it('writes an instant with the city’s offset', () => {
  expect(toLocalIso(new Date('2026-03-09T09:45:00.999Z'))).toBe('2026-03-09T16:45:00+07:00')
  expect(toLocalIso(new Date('2025-12-31T17:00:00Z'))).toBe('2026-01-01T00:00:00+07:00')
})
