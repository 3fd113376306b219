import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readCalendars } from '../../src/deadlines/calendar.ts'
import { createDossierClock, createSlipClock, createWorkingCalendars } from '../../src/deadlines/service.ts'

const calendars = createWorkingCalendars({
  calendars: readCalendars(resolve(import.meta.dirname, '../../config/haiphong')),
  calendarIdOf: (unitId) => (unitId === 'cong-an' ? 'truc-24-7' : undefined),
})

it('says the due time as people and as SMS write it', () => {
  const due = createSlipClock(calendars, () => undefined).due(new Date('2026-03-06T09:45:00Z'))
  expect(due).toEqual({
    dueAt: '2026-03-09T09:45:00.000Z',
    text: '16:45 T2 09/03',
    smsText: '16h45 T2 09/03',
    words: '08 giờ làm việc',
  })
})

it('gives no date, and tells the admins, when the year is not confirmed', () => {
  const missing: number[] = []
  const due = createSlipClock(calendars, (year) => missing.push(year)).due(new Date('2026-12-31T09:00:00Z'))
  expect(due.dueAt).toBeNull()
  expect(due.smsText).toBe('08 giờ làm việc')
  expect(due.text).toContain('chưa có lịch năm 2027')
  expect(missing).toEqual([2027])
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

it('counts for a unit on duty day and night by its own hours (A20), for any other by the city’s', () => {
  const clock = createSlipClock(calendars, () => undefined)
  const friday = new Date('2026-03-06T09:45:00Z')
  expect(clock.due(friday, 'cong-an').text).toBe('00:45 T7 07/03')
  expect(clock.due(friday, 'thue').text).toBe('16:45 T2 09/03')
  expect(clock.due(friday, null).text).toBe('16:45 T2 09/03')
})

it('refuses a calendar that nobody wrote instead of falling back to office hours', () => {
  const broken = createWorkingCalendars({
    calendars: calendars.all().map(({ calendar }) => calendar),
    calendarIdOf: () => 'gone',
  })
  expect(() => broken.of('cong-an')).toThrow('no calendar gone')
})
