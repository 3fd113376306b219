import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readCalendar } from '../../src/deadlines/calendar.ts'
import { createSlipClock } from '../../src/deadlines/service.ts'

const calendar = readCalendar(resolve(import.meta.dirname, '../../config/haiphong/calendar.json'))

it('says the due time as people and as SMS write it', () => {
  const due = createSlipClock(calendar, () => undefined).due(new Date('2026-03-06T09:45:00Z'))
  expect(due).toEqual({
    dueAt: '2026-03-09T09:45:00.000Z',
    text: '16:45 T2 09/03',
    smsText: '16h45 T2 09/03',
    words: '08 giờ làm việc',
  })
})

it('gives no date, and tells the admins, when the year is not confirmed', () => {
  const missing: number[] = []
  const due = createSlipClock(calendar, (year) => missing.push(year)).due(new Date('2026-12-31T09:00:00Z'))
  expect(due.dueAt).toBeNull()
  expect(due.smsText).toBe('08 giờ làm việc')
  expect(due.text).toContain('chưa có lịch năm 2027')
  expect(missing).toEqual([2027])
})
