import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCalendar, readCalendar } from '../../src/deadlines/calendar.ts'
import {
  addWorkingDays,
  addWorkingMinutes,
  CalendarEnded,
  type CountedStretch,
  workingMinutesBetween,
} from '../../src/deadlines/working-time-policy.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const calendar = readCalendar(resolve(ROOT, 'config/haiphong/calendar.json'))
const local = (text: string): number => new Date(`2026-${text}:00+07:00`).getTime()
const show = (ms: number): string => new Date(ms + 7 * 3_600_000).toISOString().slice(5, 16)

/** regulation.md 2.4: start, +1 wh, +8 wh, +48 wh, end of 2 wd. */
const VECTORS = [
  ['03-02T08:00', '03-02T09:00', '03-03T08:00', '03-10T08:00', '03-04T17:00'],
  ['03-02T07:30', '03-02T08:30', '03-02T17:00', '03-09T17:00', '03-04T17:00'],
  ['03-02T12:10', '03-02T14:00', '03-03T11:30', '03-10T11:30', '03-04T17:00'],
  ['03-02T17:00', '03-03T08:30', '03-03T17:00', '03-10T17:00', '03-04T17:00'],
  ['03-06T16:45', '03-09T08:15', '03-09T16:45', '03-16T16:45', '03-10T17:00'],
  ['03-07T10:00', '03-09T08:30', '03-09T17:00', '03-16T17:00', '03-10T17:00'],
  ['02-13T16:00', '02-13T17:00', '02-23T16:00', '03-02T16:00', '02-24T17:00'],
  ['04-24T15:00', '04-24T16:00', '04-28T15:00', '05-07T15:00', '04-29T17:00'],
  ['08-21T15:00', '08-21T16:00', '08-22T15:00', '08-28T15:00', '08-24T17:00'],
] as const

describe('working time of Hải Phòng in 2026', () => {
  it.each(VECTORS)('counts from %s', (start, oneHour, eightHours, fortyEight, twoDays) => {
    const from = local(start)
    expect(show(addWorkingMinutes(calendar, from, 60))).toBe(oneHour)
    expect(show(addWorkingMinutes(calendar, from, 480))).toBe(eightHours)
    expect(show(addWorkingMinutes(calendar, from, 2880))).toBe(fortyEight)
    expect(show(addWorkingDays(calendar, from, 2))).toBe(twoDays)
  })

  it('measures the working time between two instants', () => {
    expect(workingMinutesBetween(calendar, local('03-06T16:00'), local('03-09T09:00'))).toBe(150)
    expect(workingMinutesBetween(calendar, local('03-09T09:00'), local('03-06T16:00'))).toBe(0)
  })

  it('gives a paused clock back the working time it waited', () => {
    const due = addWorkingMinutes(calendar, local('03-02T08:00'), 480)
    const waited = workingMinutesBetween(calendar, local('03-02T10:00'), local('03-03T14:00'))
    expect(show(addWorkingMinutes(calendar, due, waited))).toBe('03-04T10:30')
  })

  it('follows the hours of the season that a day belongs to', () => {
    const week = [1, 2, 3, 4, 5]
    const hue = parseCalendar(
      {
        firstYear: 2026,
        confirmedUntil: 2026,
        exceptions: [],
        seasons: [
          { name: 'hè', from: '04-01', to: '09-30', weekdays: week, hours: ['07:30-11:30', '13:30-17:30'] },
          { name: 'đông', from: '10-01', to: '03-31', weekdays: week, hours: ['07:30-11:30', '13:00-17:00'] },
        ],
      },
      'test',
    )
    expect(show(addWorkingMinutes(hue, local('03-31T15:00'), 480))).toBe('04-01T15:30')
  })

  it('explains which stretches it counted', () => {
    const stretches: CountedStretch[] = []
    addWorkingMinutes(calendar, local('03-06T16:45'), 30, (stretch) => stretches.push(stretch))
    expect(stretches).toEqual([
      { date: '2026-03-06', from: 16 * 60 + 45, to: 17 * 60 },
      { date: '2026-03-09', from: 7 * 60 + 30, to: 7 * 60 + 45 },
    ])
  })

  it('fails loudly past the last confirmed year instead of inventing a date', () => {
    expect(() => addWorkingMinutes(calendar, local('12-31T16:00'), 480)).toThrow(CalendarEnded)
    expect(() => addWorkingMinutes(calendar, local('12-31T16:00'), 480)).toThrow('chưa có lịch năm 2027')
  })

  it('counts the same whatever zone the process runs in', () => {
    const script = `
      const { readCalendar } = await import(${JSON.stringify(resolve(ROOT, 'src/deadlines/calendar.ts'))})
      const { addWorkingMinutes } = await import(${JSON.stringify(resolve(ROOT, 'src/deadlines/working-time-policy.ts'))})
      const calendar = readCalendar(${JSON.stringify(resolve(ROOT, 'config/haiphong/calendar.json'))})
      console.log(JSON.stringify(${JSON.stringify(VECTORS.map(([start]) => local(start)))}.map((ms) => addWorkingMinutes(calendar, ms, 480))))`
    const expected = JSON.stringify(VECTORS.map(([, , eightHours]) => local(eightHours)))
    for (const TZ of ['UTC', 'Asia/Ho_Chi_Minh', 'America/New_York'])
      expect(
        execFileSync(process.execPath, ['--input-type=module', '-e', script], {
          env: { TZ },
          encoding: 'utf8',
        }).trim(),
      ).toBe(expected)
  })

  it('always adds exactly the working time it measures', () => {
    const start = fc.integer({ min: local('01-05T00:00'), max: local('11-01T00:00') })
    fc.assert(
      fc.property(start, fc.integer({ min: 0, max: 4000 }), (from, minutes) => {
        const until = addWorkingMinutes(calendar, from, minutes)
        expect(until).toBeGreaterThanOrEqual(from)
        expect(Math.abs(workingMinutesBetween(calendar, from, until) - minutes)).toBeLessThan(0.001)
      }),
    )
  })
})

describe('a calendar file', () => {
  const good = {
    firstYear: 2026,
    confirmedUntil: 2026,
    seasons: [{ name: 'a', from: '01-01', to: '12-31', weekdays: [1], hours: ['07:30-11:30'] }],
    exceptions: [],
  }
  it.each([
    [
      'hours that overlap',
      { ...good, seasons: [{ ...good.seasons[0], hours: ['07:00-11:00', '10:00-12:00'] }] },
    ],
    ['a day that does not exist', { ...good, exceptions: [{ date: '2026-02-30', off: true, why: 'x' }] }],
    [
      'a day given twice',
      { ...good, exceptions: [1, 2].map(() => ({ date: '2026-02-03', off: true, why: 'x' })) },
    ],
    ['neither off nor hours', { ...good, exceptions: [{ date: '2026-02-03', why: 'x' }] }],
    ['an unknown key', { ...good, holidays: [] }],
  ])('is refused with %s', (_, file) => {
    expect(() => parseCalendar(file, 'calendar.json')).toThrow(/bad calendar calendar\.json/)
  })
})
