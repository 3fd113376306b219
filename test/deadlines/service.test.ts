import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCalendars } from '../../src/deadlines/calendar.ts'
import { createDossierClock, createWorkingCalendars } from '../../src/deadlines/service.ts'

const calendars = createWorkingCalendars({
  calendars: readCalendars(resolve(import.meta.dirname, '../../config/haiphong')),
  calendarIdOf: (unitId) => (unitId === 'cong-an' ? 'truc-24-7' : undefined),
})

it.each([
  ['2026-03-02T01:00:00Z', '2026-03-04T10:00:00.000Z', '17:00 T4 04/03'],
  // after hours, on a Friday evening, before Tết: the day of receipt is never counted, nor is a day off
  ['2026-03-02T16:59:00Z', '2026-03-04T10:00:00.000Z', '17:00 T4 04/03'],
  ['2026-03-06T12:00:00Z', '2026-03-10T10:00:00.000Z', '17:00 T3 10/03'],
  ['2026-02-13T09:00:00Z', '2026-02-24T10:00:00.000Z', '17:00 T3 24/02'],
])('gives the dossier of %s two whole working days, until the office closes', (receivedAt, dueAt, text) => {
  const clock = createDossierClock(calendars, () => undefined)
  expect(clock.due(new Date(receivedAt))).toEqual({ dueAt, text })
})

it('gives a dossier no date either when the year is not confirmed', () => {
  const missing: number[] = []
  const due = createDossierClock(calendars, (year) => missing.push(year)).due(
    new Date('2026-12-31T01:00:00Z'),
  )
  expect(due).toEqual({ dueAt: null, text: '02 ngày làm việc (chưa có lịch năm 2027)' })
  expect(missing).toEqual([2027])
})

describe('whose working time counts (A20)', () => {
  it('is the unit’s where it has hours of its own, and else the city’s', () => {
    const idOf = (unitId: string | null) => calendars.of(unitId).calendar.id
    expect([idOf('cong-an'), idOf('thue'), idOf('no longer there'), idOf(null)]).toEqual([
      'truc-24-7',
      'city',
      'city',
      'city',
    ])
  })

  it('is nobody’s where a unit names hours that nobody wrote: office hours would hide the mistake', () => {
    const broken = createWorkingCalendars({
      calendars: calendars.all().map(({ calendar }) => calendar),
      calendarIdOf: () => 'gone',
    })
    expect(() => broken.of('cong-an')).toThrow('no calendar gone')
  })
})
