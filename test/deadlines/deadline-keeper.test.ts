import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, openDb } from '../../src/db/open.ts'
import { readCalendars } from '../../src/deadlines/calendar.ts'
import type { DeadlineKind } from '../../src/deadlines/contract.ts'
import { createDeadlineClock } from '../../src/deadlines/deadline-clock.ts'
import {
  type ClockStep,
  createDeadlineKeeper,
  type DeadlineKeeper,
} from '../../src/deadlines/deadline-keeper.ts'
import type { DeadlineRow } from '../../src/deadlines/deadline-policy.ts'
import { createDeadlineStore } from '../../src/deadlines/deadline-store.ts'
import { createWorkingCalendars } from '../../src/deadlines/service.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CASE = 7
const ALL: readonly DeadlineKind[] = [
  'clarify',
  'citizen',
  'officer',
  'promise',
  'directed',
  'head',
  'relay',
  'rating',
]
const at = (local: string): Date => new Date(`${local}+07:00`)
const MONDAY = '2026-03-02T08:00'

let db: Db
let now: Date
let breaches: DeadlineRow[]
let warnings: DeadlineRow[]
let missing: number[]
let logged: string[]
let failing: number[]
let keeper: DeadlineKeeper

beforeEach(() => {
  db = openDb(':memory:', join(ROOT, 'migrations'))
  now = at(MONDAY)
  breaches = []
  warnings = []
  missing = []
  logged = []
  failing = []
  const calendars = createWorkingCalendars({
    calendars: readCalendars(join(ROOT, 'config/haiphong')),
    calendarIdOf: () => undefined,
  })
  keeper = createDeadlineKeeper({
    store: createDeadlineStore(db),
    clock: createDeadlineClock(calendars, (year) => missing.push(year)),
    transaction: db.transaction.bind(db),
    now: () => now,
    onBreach: (row) => {
      if (failing.includes(row.ticketId)) throw new Error('the case cannot be moved')
      breaches.push(row)
    },
    onWarn: (row) => warnings.push(row),
    log: { error: (_fields, message) => logged.push(message) },
  })
})
afterEach(() => {
  db.close()
})

const step = (local: string, change: Partial<ClockStep>): void => {
  keeper.step({ ticketId: CASE, unitId: 'chieu-sang', at: at(local), keep: ALL, ...change })
}
const clocks = () =>
  keeper
    .ofTicket(CASE)
    .map(({ kind, round, state, dueAt }) => [kind, round, state, dueAt === null ? null : local(dueAt)])
const local = (iso: string): string => new Date(Date.parse(iso) + 7 * 3_600_000).toISOString().slice(0, 16)
const goOn = (to: string) => {
  now = at(to)
  return keeper.sweep()
}

describe('a clock of a case', () => {
  it('R049: gives the officer eight working hours, with the reason in words', () => {
    step('2026-03-06T16:45', { start: ['officer'] })
    expect(clocks()).toEqual([['officer', 1, 'running', '2026-03-09T16:45']])
    expect(keeper.ofTicket(CASE)[0]).toMatchObject({
      article: 'Đ9.3',
      explanation: '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2',
    })
    expect(keeper.due(CASE)).toEqual({
      deadlineId: 1,
      dueAt: at('2026-03-09T16:45').toISOString(),
      text: '16:45 T2 09/03',
      smsText: '16h45 T2 09/03',
      words: '08 giờ làm việc',
    })
  })

  it('is met up to the very moment it ends (A18), and late a moment after, whether or not anybody looked', () => {
    step(MONDAY, { start: ['officer'] })
    keeper.step({ ticketId: CASE, unitId: null, at: at('2026-03-03T08:00'), keep: ALL, satisfy: ['officer'] })
    expect(keeper.ofTicket(CASE)[0]).toMatchObject({ state: 'satisfied', breachedAt: null })
    step('2026-03-04T08:00', { start: ['officer'] })
    step('2026-03-05T08:01', { satisfy: ['officer'] })
    expect(keeper.ofTicket(CASE)[1]).toMatchObject({
      state: 'satisfied',
      breachedAt: at('2026-03-05T08:00').toISOString(),
    })
    expect(keeper.due(CASE)).toBeNull()
  })

  it('R081: says how much working time is left, over lunch and weekend, and when it is soon', () => {
    step('2026-03-06T15:00', { start: ['officer', 'rating'] })
    now = at('2026-03-06T16:15')
    const [officer, rating] = keeper.ofTicket(CASE)
    // Due on Monday at 15:00: 45 minutes of Friday, the morning, two hours of the afternoon.
    expect(officer?.left).toEqual({
      minutes: 45 + 240 + 120,
      at: now.toISOString(),
      hours: [
        { from: now.toISOString(), to: at('2026-03-06T17:00').toISOString() },
        { from: at('2026-03-09T07:30').toISOString(), to: at('2026-03-09T11:30').toISOString() },
        { from: at('2026-03-09T13:00').toISOString(), to: at('2026-03-09T15:00').toISOString() },
      ],
    })
    expect(officer?.warnAt).toBe(at('2026-03-09T13:00').toISOString())
    expect(rating).toMatchObject({ left: null, warnAt: null })
    step('2026-03-06T16:15', { pause: ['officer'] })
    now = at('2026-03-09T10:00')
    expect(keeper.ofTicket(CASE)[0]?.left).toEqual({
      minutes: 405,
      at: at('2026-03-06T16:15').toISOString(),
      hours: [],
    })
    step('2026-03-09T10:00', { resume: ['officer'] })
    now = at('2026-03-12T10:00')
    expect(keeper.ofTicket(CASE)[0]?.left).toMatchObject({ minutes: 0, hours: [] })
    keeper.sweep()
    expect(keeper.ofTicket(CASE)[0]?.left).toBeNull()
  })

  it('A9: stands still while the citizen is asked, and goes on with what was left', () => {
    step(MONDAY, { start: ['officer'] })
    step('2026-03-02T10:00', { pause: ['officer'], start: ['citizen'] })
    expect(goOn('2026-03-03T13:00')).toEqual({ breached: 0, warned: 0 })
    step('2026-03-03T14:00', { satisfy: ['citizen'], resume: ['officer'] })
    expect(clocks()).toEqual([
      ['officer', 1, 'running', '2026-03-04T10:30'],
      ['citizen', 1, 'satisfied', '2026-03-09T17:00'],
    ])
    expect(keeper.ofTicket(CASE)[0]?.explanation).toContain('dừng 10:00 T2 02/03 → 14:00 T3 03/03')
  })

  it('goes on where it stopped when an answer is sent back, and is not begun anew (row 15)', () => {
    step(MONDAY, { start: ['officer'] })
    step('2026-03-02T15:00', { satisfy: ['officer'], start: ['relay'] })
    step('2026-03-03T09:00', { void: ['relay'], resume: ['officer'] })
    // five and a half of eight hours were used
    expect(clocks()).toEqual([
      ['officer', 1, 'running', '2026-03-03T11:30'],
      ['relay', 1, 'void', '2026-03-02T17:00'],
    ])
  })

  it('counts for nobody in a state that does not know it, and gets a round of its own when it starts again', () => {
    step(MONDAY, { start: ['officer'] })
    step('2026-03-02T09:00', { keep: ['office'] })
    step('2026-03-02T10:00', { start: ['officer'] })
    expect(clocks().map(([, round, state]) => [round, state])).toEqual([
      [1, 'void'],
      [2, 'running'],
    ])
  })

  it('has no end in a year that nobody has confirmed, and says so', () => {
    step('2026-12-31T16:00', { start: ['officer'] })
    expect(clocks()).toEqual([['officer', 1, 'running', null]])
    expect(keeper.ofTicket(CASE)[0]?.explanation).toContain('2027')
    expect(missing).toEqual([2027])
    expect(goOn('2027-06-01T08:00')).toEqual({ breached: 0, warned: 0 })
  })
})

it('is not stopped by a year without a calendar while a case stands still, and leaves the date open', () => {
  step('2026-12-30T08:00', { start: ['officer'] })
  step('2026-12-30T10:00', { pause: ['officer'] })
  step('2027-01-05T08:00', { resume: ['officer'] })
  expect(clocks()).toEqual([['officer', 1, 'running', null]])
  expect(keeper.ranFor(CASE, ['officer'], at('2027-01-05T08:00'))).toBe(0)
  expect(missing).toContain(2027)
})

describe('the sweep', () => {
  it('R051: finds after a weekend what ran out, once, with the moment it did', () => {
    step('2026-03-06T08:00', { start: ['officer'] })
    step('2026-03-06T07:30', { ticketId: 8, start: ['officer'] })
    expect(goOn('2026-03-09T08:00').breached).toBe(1) // the second one ends on Monday at eight, to the minute
    expect(breaches.map(({ ticketId, breachedAt }) => [ticketId, breachedAt])).toEqual([
      [8, at('2026-03-06T17:00').toISOString()],
    ])
    expect(goOn('2026-03-09T08:01').breached).toBe(1)
    expect(goOn('2026-03-30T08:00')).toEqual({ breached: 0, warned: 0 })
    expect(breaches).toHaveLength(2)
  })

  it('R081: reminds two working hours before, once', () => {
    step(MONDAY, { start: ['officer'] })
    expect(goOn('2026-03-02T15:29').warned).toBe(0)
    expect(goOn('2026-03-02T15:30').warned).toBe(1)
    expect(goOn('2026-03-02T16:30').warned).toBe(0)
    expect(warnings.map(({ kind }) => kind)).toEqual(['officer'])
  })

  it('does not remind of what it finds broken', () => {
    step(MONDAY, { start: ['officer'] })
    expect(goOn('2026-03-05T08:00')).toEqual({ breached: 1, warned: 0 })
  })

  it('goes past a case that cannot be moved, marks nothing of it, and tries it again', () => {
    failing = [8]
    step('2026-03-02T07:30', { ticketId: 8, start: ['officer'] })
    step(MONDAY, { start: ['officer'] })
    expect(goOn('2026-03-05T08:00').breached).toBe(1)
    expect(keeper.ofTicket(8)[0]).toMatchObject({ state: 'running', breachedAt: null })
    expect(logged).toHaveLength(1)
    failing = []
    expect(keeper.sweep().breached).toBe(1)
    expect(keeper.ofTicket(8)[0]?.breachedAt).toBe(at('2026-03-02T17:00').toISOString())
  })

  it('comes to those behind any number that cannot be moved, and tries each of these once', () => {
    failing = Array.from({ length: 250 }, (_, index) => 100 + index)
    for (const ticketId of failing) step('2026-03-02T07:30', { ticketId, start: ['officer'] })
    step(MONDAY, { start: ['officer'] })
    expect(goOn('2026-03-05T08:00').breached).toBe(1)
    expect(logged).toHaveLength(250)
  })

  it('works off any number', () => {
    for (let ticketId = 100; ticketId < 750; ticketId += 1) step(MONDAY, { ticketId, start: ['officer'] })
    expect(goOn('2026-03-04T08:00').breached).toBe(650)
    expect(keeper.sweep().breached).toBe(0)
  })
})

describe('a breach', () => {
  it('is permanent: no later step, no clock set back and no statement takes it away', () => {
    step(MONDAY, { start: ['officer'] })
    goOn('2026-03-04T08:00')
    step('2026-03-04T09:00', { satisfy: ['officer'] })
    step('2026-03-04T10:00', { resume: ['officer'] })
    const broken = at('2026-03-03T08:00').toISOString()
    expect(keeper.ofTicket(CASE)[0]).toMatchObject({ state: 'satisfied', breachedAt: broken })
    expect(() => db.raw.exec('update deadlines set breached_at = null')).toThrow('a breach is permanent')
    expect(() => db.raw.exec('delete from deadlines')).toThrow('deadlines are kept')
  })
})

describe('R057: a time that a directive named, after the clock stood still', () => {
  const stood = (named: string, from: string, to: string): void => {
    step('2026-12-28T08:00', { start: ['directed'], chosen: at(named) })
    step(from, { pause: ['directed'] })
    step(to, { resume: ['directed'] })
  }

  it('is later by the working hours, and within them', () => {
    stood('2026-12-29T16:00', '2026-12-28T09:00', '2026-12-28T11:00')
    expect(clocks()).toEqual([['directed', 1, 'running', '2026-12-30T08:30']])
  })

  it('has no date in a year that nobody vouches for: admins hear of it, and no hours of the wall are added', () => {
    stood('2026-12-31T16:00', '2026-12-29T09:00', '2026-12-31T09:00')
    expect(clocks()).toEqual([['directed', 1, 'running', null]])
    expect(keeper.ofTicket(CASE)[0]?.explanation).toContain('2027')
    expect(missing).toEqual([2027])
  })

  it('is named as it was where it never stood still', () => {
    step('2026-12-28T08:00', { start: ['directed'], chosen: at('2026-12-27T20:00') })
    expect(clocks()).toEqual([['directed', 1, 'running', '2026-12-27T20:00']])
    expect(missing).toEqual([])
  })
})
