import { describe, expect, it } from 'vitest'
import { endsInQuiet, minuteOfDay, quietUntil, sendAt } from '../../src/messages/quiet-policy.ts'
import { parseLocalTime, toLocalIso } from '../../src/platform/clock.ts'

const NIGHT = { fromMinute: 21 * 60, toMinute: 7 * 60 }
const NOON = { fromMinute: 12 * 60, toMinute: 13 * 60 + 30 }
const at = (text: string): Date => {
  const found = parseLocalTime(text)
  if (found === undefined) throw new Error(text)
  return found
}
const local = (date: Date | null): string | null => (date === null ? null : toLocalIso(date).slice(0, 16))

describe('quiet hours', () => {
  it.each([
    ['2026-03-02T20:59:59', null],
    ['2026-03-02T21:00', '2026-03-03T07:00'],
    ['2026-03-02T23:59:59', '2026-03-03T07:00'],
    ['2026-03-03T00:00', '2026-03-03T07:00'],
    ['2026-03-03T06:59:59', '2026-03-03T07:00'],
    ['2026-03-03T07:00', null],
    ['2026-03-03T12:00', null],
    ['2026-12-31T22:00', '2027-01-01T07:00'],
    ['2028-02-28T22:00', '2028-02-29T07:00'],
  ])('over midnight: at %s it is quiet until %s', (now, until) => {
    expect(local(quietUntil(NIGHT, at(now)))).toBe(until)
  })

  it.each([
    ['2026-03-02T11:59:59', null],
    ['2026-03-02T12:00', '2026-03-02T13:30'],
    ['2026-03-02T13:29:59', '2026-03-02T13:30'],
    ['2026-03-02T13:30', null],
    ['2026-03-02T23:00', null],
  ])('within a day: at %s it is quiet until %s', (now, until) => {
    expect(local(quietUntil(NOON, at(now)))).toBe(until)
  })

  it('hold back what is not urgent, and wake nobody with a test call', () => {
    const night = at('2026-03-02T22:10')
    const morning = '2026-03-03T07:00'
    const asleep = () => false
    expect(local(sendAt(NIGHT, { urgent: false, training: false, isAtWork: asleep }, night))).toBe(morning)
    expect(sendAt(NIGHT, { urgent: true, training: false, isAtWork: asleep }, night)).toEqual(night)
    expect(sendAt(NIGHT, { urgent: false, training: true, isAtWork: asleep }, night)).toEqual(night)
    expect(sendAt(null, { urgent: false, training: false, isAtWork: asleep }, night)).toEqual(night)
    expect(
      sendAt(NIGHT, { urgent: false, training: false, isAtWork: asleep }, at('2026-03-02T20:00')),
    ).toEqual(at('2026-03-02T20:00'))
  })

  it('R048: hold back nothing from whoever is at work, and ask for that at night only', () => {
    const night = at('2026-03-02T22:10')
    const plain = { urgent: false, training: false }
    expect(sendAt(NIGHT, { ...plain, isAtWork: () => true }, night)).toEqual(night)
    const asked = () => {
      throw new Error('nobody has to know')
    }
    expect(sendAt(NIGHT, { ...plain, isAtWork: asked }, at('2026-03-02T20:00'))).toEqual(
      at('2026-03-02T20:00'),
    )
  })

  it.each([
    ['2026-03-02T22:10', '2026-03-03T06:00', true],
    ['2026-03-02T22:10', '2026-03-03T07:00', true],
    ['2026-03-02T22:10', '2026-03-03T07:01', false],
    ['2026-03-02T20:00', '2026-03-02T20:30', false],
  ])('R057: at %s, what has to be done by %s waits for no morning: %s', (now, by, isHasty) => {
    expect(endsInQuiet(NIGHT, at(by).toISOString(), at(now))).toBe(isHasty)
    expect(endsInQuiet(NIGHT, null, at(now))).toBe(false)
    expect(endsInQuiet(null, at(by).toISOString(), at(now))).toBe(false)
  })

  it.each([
    ['00:00', 0],
    ['07:30', 450],
    ['23:59', 1439],
    ['24:00', undefined],
    ['7:30', undefined],
    ['07:60', undefined],
    ['', undefined],
  ])('read %s as minute %s', (text, minute) => {
    expect(minuteOfDay(text)).toBe(minute)
  })
})
