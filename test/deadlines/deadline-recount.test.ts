import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, openDb } from '../../src/db/open.ts'
import { readCalendars } from '../../src/deadlines/calendar.ts'
import type { DeadlineKind } from '../../src/deadlines/contract.ts'
import { createDeadlineClock } from '../../src/deadlines/deadline-clock.ts'
import { createDeadlineKeeper, type DeadlineKeeper } from '../../src/deadlines/deadline-keeper.ts'
import { type DeadlineRow } from '../../src/deadlines/deadline-policy.ts'
import { createDeadlineRecount, type DeadlineRecount } from '../../src/deadlines/deadline-recount.ts'
import { createDeadlineStore, type DeadlineStore } from '../../src/deadlines/deadline-store.ts'
import { type ChangingCalendars, createWorkingCalendars } from '../../src/deadlines/service.ts'
import type { WorkingCalendar } from '../../src/deadlines/working-time-policy.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const KINDS: readonly DeadlineKind[] = ['officer', 'citizen', 'promise', 'head', 'office', 'relay', 'rating']
const at = (local: string): Date => new Date(`${local}+07:00`)
const local = (iso: string | null): string | null =>
  iso === null ? null : new Date(Date.parse(iso) + 7 * 3_600_000).toISOString().slice(0, 16)

let db: Db
let calendars: ChangingCalendars
let store: DeadlineStore
let keeper: DeadlineKeeper
let recount: DeadlineRecount
let now: Date
let told: { ticketId: number; old: string | null; due: string | null }[]
let logged: number[]
/** Called before each row is told about; throws where the test breaks things off. */
let before: (row: DeadlineRow) => void
let breached: number[]
let touched: number
/** How many were counted when people were to be told, and how many people at once. */
let news: [number, number][]

const before2026 = readCalendars(resolve(ROOT, 'config/haiphong'))
/** The same with these days off. */
const withOff = (...dates: string[]): WorkingCalendar[] =>
  before2026.map((calendar) =>
    calendar.id !== 'city'
      ? calendar
      : {
          ...calendar,
          version: dates.join(),
          exceptions: {
            ...calendar.exceptions,
            ...Object.fromEntries(
              dates.map((date) => [date, { hours: 'off' as const, why: 'x', confirmed: true }]),
            ),
          },
        },
  )

function start(): void {
  store = createDeadlineStore(db)
  const clock = createDeadlineClock(calendars, () => undefined)
  const transaction = db.transaction.bind(db)
  recount = createDeadlineRecount({
    store,
    clock,
    calendarIds: () => calendars.all().map(({ calendar }) => calendar.id),
    whyOf: () => ({ calendarName: 'Lịch', number: 2, reason: 'công văn' }),
    transaction,
    now: () => now,
    onRecomputed: (row, old) => {
      before(row)
      told.push({ ticketId: row.ticketId, old: local(old), due: local(row.dueAt) })
    },
    onChanged: (ticketIds) => void (touched += ticketIds.length),
    tellNews: (people) => {
      news.push([touched, people])
      return news.length === 1
    },
    codeOf: String,
    log: { error: (fields) => void logged.push((fields as { deadlineId: number }).deadlineId) },
  })
  keeper = createDeadlineKeeper({
    store,
    clock,
    transaction,
    now: () => now,
    onBreach: ({ ticketId }) => void breached.push(ticketId),
    onWarn: () => undefined,
    log: { error: () => undefined },
    fresh: (row) => recount.fresh(row),
  })
}
beforeEach(() => {
  db = openDb(':memory:', resolve(ROOT, 'migrations'))
  calendars = createWorkingCalendars({ calendars: before2026, calendarIdOf: () => undefined })
  now = at('2026-03-02T08:00')
  told = []
  logged = []
  breached = []
  touched = 0
  news = []
  before = () => undefined
  start()
})
afterEach(() => {
  db.close()
})

const step = (
  ticketId: number,
  when: string,
  change: Partial<Record<'start' | 'satisfy' | 'pause' | 'resume' | 'void', DeadlineKind[]>> & {
    chosen?: Date
  },
) => {
  keeper.step({ ticketId, unitId: null, at: at(when), keep: KINDS, ...change })
}
const dues = (ticketId: number) =>
  keeper.ofTicket(ticketId).map(({ kind, state, dueAt }) => [kind, state, local(dueAt)])

/**
 * Another process that counts anew what is behind by the table of `withOff('2026-03-03')`, and dies in its row KILL_AT. For each of
 * ZONES it goes over to that zone and loads our modules again, so that nothing worked out in another one is left; DB is the
 * beginning of the files' names then.
 */
const RUN = `
  const { ROOT, DB, KILL_AT, ZONES = '' } = process.env
  const { registerHooks } = await import('node:module')
  const found = []
  for (const zone of ZONES.split(',')) {
    if (zone !== '') {
      process.env.TZ = zone
      registerHooks({
        resolve(name, parent, next) {
          const known = next(name, parent)
          const isOurs = known.url.startsWith('file://' + ROOT + '/src/')
          return isOurs ? { ...known, url: known.url.split('?')[0] + '?' + zone } : known
        },
      })
    }
    const rows = await counted(DB + zone.replace('/', '-'))
    found.push({ zone, utcMinus: new Date('2026-01-01T00:00:00Z').getTimezoneOffset(), rows })
  }
  console.log(JSON.stringify(found))

  async function counted(file) {
    const { openDb } = await import(ROOT + '/src/db/open.ts')
    const { readCalendars } = await import(ROOT + '/src/deadlines/calendar.ts')
    const service = await import(ROOT + '/src/deadlines/service.ts')
    const { createDeadlineStore } = await import(ROOT + '/src/deadlines/deadline-store.ts')
    const db = openDb(file, ROOT + '/migrations')
    const [city, ...others] = readCalendars(ROOT + '/config/haiphong')
    const off = { hours: 'off', why: 'x', confirmed: true }
    const changed = { ...city, version: '2026-03-03', exceptions: { ...city.exceptions, '2026-03-03': off } }
    const calendars = service.createWorkingCalendars({ calendars: [changed, ...others], calendarIdOf: () => undefined })
    let told = 0
    const recount = service.createDeadlineRecount({
      store: createDeadlineStore(db),
      clock: service.createDeadlineClock(calendars, () => undefined),
      calendarIds: () => ['city'],
      whyOf: () => ({ calendarName: '', number: 2, reason: '' }),
      transaction: db.transaction,
      now: () => new Date('2026-03-02T01:00:00Z'),
      onRecomputed: ({ ticketId }) => {
        db.raw.prepare('insert into told values (?)').run(ticketId)
        if ((told += 1) === Number(KILL_AT)) process.kill(process.pid, 'SIGKILL')
      },
      onChanged: () => undefined,
      tellNews: () => false,
      codeOf: String,
      log: console,
    })
    await recount.run()
    return db.raw.prepare('select due_at, warn_at, explanation from deadlines order by id').raw().all()
  }
`

it('A19: counts anew the same whatever zone the process runs in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recount-'))
  db.close()
  db = openDb(join(folder, 'db.sqlite'), resolve(ROOT, 'migrations'))
  db.raw.exec('create table told (ticket_id integer)')
  start()
  step(1, '2026-03-02T16:45', { start: ['officer'] })
  step(2, '2026-03-02T00:30', { start: ['citizen'] })
  db.raw.pragma('wal_checkpoint(truncate)')
  const zones = { UTC: 0, 'Asia/Ho_Chi_Minh': -420, 'America/New_York': 300 }
  const names = Object.keys(zones)
  for (const zone of names)
    copyFileSync(join(folder, 'db.sqlite'), join(folder, `db-${zone.replace('/', '-')}`))
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', RUN], {
    env: { ROOT, DB: join(folder, 'db-'), ZONES: names.join() },
    encoding: 'utf8',
  })
  const found = JSON.parse(stdout) as { zone: string; utcMinus: number; rows: [string, string, string][] }[]
  expect(found.map(({ zone, utcMinus }) => [zone, utcMinus])).toEqual(Object.entries(zones))
  for (const { zone, rows } of found) {
    const ends = rows.map(([due, warn, why]) => [local(due), local(warn), why])
    expect({ zone, ends }).toEqual({
      zone,
      ends: [
        [
          '2026-03-04T16:45',
          '2026-03-04T14:45',
          '08 giờ làm việc từ 16:45 T2 02/03 → 16:45 T4 04/03: 15 phút T2, 7 giờ 45 phút T4; nghỉ 03/03: x',
        ],
        [
          '2026-03-10T17:00',
          '2026-03-09T07:30',
          '05 ngày làm việc từ 00:30 T2 02/03 → 17:00 T3 10/03: không tính ngày đầu T2 02/03, ngày 1 T4 04/03, ngày 2 T5 05/03, ngày 3 T6 06/03, ngày 4 T2 09/03, ngày 5 T3 10/03; nghỉ 03/03: x',
        ],
      ],
    })
  }
  rmSync(folder, { recursive: true, force: true })
})

describe('A19: counting anew', () => {
  it('leaves whole days and a named day later by what a returned answer made them', async () => {
    const chosen = at('2026-03-06T10:00')
    step(1, '2026-03-02T08:00', { start: ['office'] })
    step(2, '2026-03-02T08:00', { start: ['promise'], chosen })
    for (const [id, kind] of [
      [1, 'office'],
      [2, 'promise'],
    ] as const) {
      step(id, '2026-03-04T08:00', { satisfy: [kind] })
      step(id, '2026-03-05T08:00', { resume: [kind] })
    }
    expect([...dues(1), ...dues(2)]).toEqual([
      ['office', 'running', '2026-03-10T17:00'],
      ['promise', 'running', '2026-03-09T10:00'],
    ])
    calendars.use(withOff('2026-03-09'))
    await recount.run()
    expect([...dues(1), ...dues(2)]).toEqual([
      ['office', 'running', '2026-03-11T17:00'],
      ['promise', 'running', '2026-03-10T10:00'],
    ])
    expect(store.ofTicket(1)[0]?.explanation).toContain('hạn mới 17:00 T4 11/03')
  })

  it('starts from the beginning of each clock, and leaves out what passed while it stood still', async () => {
    step(1, '2026-03-02T08:00', { start: ['officer'] })
    step(1, '2026-03-02T10:00', { pause: ['officer'], start: ['citizen'] })
    step(1, '2026-03-03T14:00', { satisfy: ['citizen'], resume: ['officer'] })
    expect(dues(1)[0]).toEqual(['officer', 'running', '2026-03-04T10:30'])
    calendars.use(withOff('2026-03-04'))
    await recount.run()
    expect(dues(1)).toEqual([
      ['officer', 'running', '2026-03-05T10:30'],
      ['citizen', 'satisfied', '2026-03-09T17:00'],
    ])
    expect(keeper.ofTicket(1)[0]?.explanation).toContain('tạm dừng 10:00 T2 02/03 - 14:00 T3 03/03')
    expect(told).toEqual([{ ticketId: 1, old: '2026-03-04T10:30', due: '2026-03-05T10:30' }])
  })

  it('moves a clock that stands still too, which then goes on with what is left', async () => {
    step(1, '2026-03-02T08:00', { start: ['officer'] })
    step(1, '2026-03-02T10:00', { pause: ['officer'] })
    calendars.use(withOff('2026-03-03'))
    await recount.run()
    expect(dues(1)).toEqual([['officer', 'paused', '2026-03-04T08:00']])
    step(1, '2026-03-04T14:00', { resume: ['officer'] })
    expect(dues(1)).toEqual([['officer', 'running', '2026-03-05T10:30']])
  })

  it('breaks a clock that was over before it stopped only when it goes on, with the true moment', async () => {
    step(1, '2026-03-07T08:00', { start: ['officer'] }) // a Saturday
    step(1, '2026-03-09T16:30', { pause: ['officer'] })
    const [city, ...others] = withOff('2026-03-01')
    if (city === undefined) throw new Error('no city')
    const worked = { hours: [{ from: 8 * 60, to: 15 * 60 + 30 }], why: 'Làm bù', confirmed: true }
    calendars.use([{ ...city, exceptions: { ...city.exceptions, '2026-03-07': worked } }, ...others])
    await recount.run()
    expect(dues(1)).toEqual([['officer', 'paused', '2026-03-09T08:00']])
    now = at('2026-03-10T08:00')
    expect(keeper.sweep().breached).toBe(0)
    step(1, '2026-03-10T08:00', { resume: ['officer'] })
    expect(keeper.sweep().breached).toBe(1)
    expect(local(keeper.ofTicket(1)[0]?.breachedAt ?? null)).toBe('2026-03-09T08:00')
  })

  it('touches no clock that is met, void or broken, and none of another calendar', async () => {
    step(1, '2026-03-02T08:00', { start: ['officer'] })
    step(1, '2026-03-02T09:00', { satisfy: ['officer'] })
    step(2, '2026-03-02T08:00', { start: ['officer'] })
    step(2, '2026-03-02T09:00', { void: ['officer'] })
    step(3, '2026-03-02T08:00', { start: ['officer'] })
    now = at('2026-03-03T09:00')
    keeper.sweep()
    const rows = () => db.raw.prepare('select * from deadlines').all()
    const then = rows()
    calendars.use(withOff('2026-03-02'))
    expect(await recount.run()).toEqual({ changed: 0 })
    expect(rows()).toEqual(then)
  })

  it('moves no day that somebody named, and no fortnight of the calendar on the wall', async () => {
    step(1, '2026-03-02T08:00', { start: ['promise'], chosen: at('2026-03-06T16:00') })
    step(2, '2026-03-02T08:00', { start: ['rating'] })
    calendars.use(withOff('2026-03-05', '2026-03-06'))
    expect(await recount.run()).toEqual({ changed: 0 })
    expect([...dues(1), ...dues(2)]).toEqual([
      ['promise', 'running', '2026-03-06T16:00'],
      ['rating', 'running', '2026-03-16T08:00'],
    ])
    // But the reminder is two working hours before.
    expect(local(store.last(1, 'promise')?.warnAt ?? null)).toBe('2026-03-04T15:00')
  })

  it('reminds again where the first reminder came too early', async () => {
    step(1, '2026-03-02T08:00', { start: ['officer'] })
    now = at('2026-03-02T16:30')
    expect(keeper.sweep().warned).toBe(1)
    calendars.use(withOff('2026-03-03'))
    await recount.run()
    expect(store.last(1, 'officer')).toMatchObject({ warnedAt: at('2026-03-02T16:30').toISOString() })
    calendars.use(withOff('2026-03-02', '2026-03-03'))
    await recount.run()
    expect(store.last(1, 'officer')?.warnedAt).toBeNull()
  })

  it('a clock that was met goes on by the calendar of today when its answer is sent back', async () => {
    step(1, '2026-03-02T08:00', { start: ['officer'] })
    step(1, '2026-03-02T15:00', { satisfy: ['officer'], start: ['relay'] })
    calendars.use(withOff('2026-03-03'))
    await recount.run()
    step(1, '2026-03-04T09:00', { resume: ['officer'] })
    // Two and a half hours were left.
    expect(dues(1)[0]).toEqual(['officer', 'running', '2026-03-04T11:30'])
  })

  it('leaves a clock of another policy, and one whose pauses nobody wrote down, with what they were promised', async () => {
    step(1, '2026-03-02T08:00', { start: ['officer'] })
    step(2, '2026-03-02T08:00', { start: ['officer'] })
    db.raw.exec('update deadlines set policy_version = 0 where ticket_id = 1')
    db.raw.exec('update deadlines set pauses = null where ticket_id = 2')
    calendars.use(withOff('2026-03-02'))
    expect(await recount.run()).toEqual({ changed: 0 })
    expect([...dues(1), ...dues(2)].map(([, , due]) => due)).toEqual(['2026-03-03T08:00', '2026-03-03T08:00'])
  })
})

describe('a run that is broken off', () => {
  const MANY = 350
  const many = () => {
    for (let ticketId = 1; ticketId <= MANY; ticketId += 1)
      step(ticketId, '2026-03-02T08:00', { start: ['officer'] })
    calendars.use(withOff('2026-03-03'))
  }
  const ends = () =>
    db.raw
      .prepare('select due_at due, count(*) n from deadlines group by 1 order by 1')
      .all()
      .map((row) => row as { due: string; n: number })
      .map(({ due, n }) => [local(due), n])

  it('is gone on with by the next start: each clock once, none forgotten', async () => {
    many()
    before = () => {
      if (told.length >= 250) recount.stop() // the service is asked to end in the middle of a batch
    }
    await recount.run()
    const left = MANY - told.length
    expect(left).toBeGreaterThan(0)
    expect(ends()).toEqual([
      ['2026-03-03T08:00', left],
      ['2026-03-04T08:00', told.length],
    ])
    before = () => undefined
    start() // the next process
    expect(await recount.run()).toEqual({ changed: left })
    expect(ends()).toEqual([['2026-03-04T08:00', MANY]])
    expect(new Set(told.map(({ ticketId }) => ticketId)).size).toBe(MANY)
    expect(told).toHaveLength(MANY)
    expect(await recount.run()).toEqual({ changed: 0 })
  })

  it('loses nothing and does nothing twice when the process is killed while a batch is written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recount-'))
    const path = join(folder, 'db.sqlite')
    db.close()
    db = openDb(path, resolve(ROOT, 'migrations'))
    db.raw.exec('create table told (ticket_id integer)')
    start()
    many()
    const killed = spawnSync(process.execPath, ['--input-type=module', '-e', RUN], {
      env: { ROOT, DB: path, KILL_AT: '250' },
      encoding: 'utf8',
    })
    expect([killed.signal, killed.stderr]).toEqual(['SIGKILL', ''])
    const tellings = () => db.raw.prepare('select count(*) from told').pluck().get()
    // Batches before it are whole; of the one that was being written nothing is there.
    const done = Number(tellings())
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(250)
    expect(ends()).toEqual([
      ['2026-03-03T08:00', MANY - done],
      ['2026-03-04T08:00', done],
    ])
    before = ({ ticketId }) => db.raw.prepare('insert into told values (?)').run(ticketId)
    expect(await recount.run()).toEqual({ changed: MANY - done })
    expect(ends()).toEqual([['2026-03-04T08:00', MANY]])
    expect(db.raw.prepare('select count(distinct ticket_id) from told').pluck().get()).toBe(MANY)
    expect(tellings()).toBe(MANY)
    rmSync(folder, { recursive: true, force: true })
  })

  it('writes all of a clock or nothing, and one that fails holds up no other', async () => {
    many()
    before = ({ ticketId }) => {
      if (ticketId === 120) throw new Error('the case cannot be told')
    }
    await recount.run()
    expect(ends()).toEqual([
      ['2026-03-03T08:00', 1],
      ['2026-03-04T08:00', MANY - 1],
    ])
    expect(logged).toEqual([120])
    before = () => undefined
    expect(await recount.run()).toEqual({ changed: 1 })
  })

  it('breaks no clock by the table that no more holds, whoever comes first', () => {
    many()
    now = at('2026-03-03T09:00') // over by the old table
    expect(keeper.sweep()).toEqual({ breached: 0, warned: MANY })
    expect(ends()).toEqual([['2026-03-04T08:00', MANY]])
    now = at('2026-03-04T08:01')
    expect(keeper.sweep().breached).toBe(MANY)
  })

  it('judges whoever answers meanwhile by the table that holds', () => {
    many()
    step(7, '2026-03-03T09:00', { satisfy: ['officer'] })
    expect(keeper.ofTicket(7)[0]).toMatchObject({ state: 'satisfied', breachedAt: null })
    expect(dues(7)[0]?.[2]).toBe('2026-03-04T08:00')
  })

  it('does so many at once as are asked for, and says that there are more', () => {
    many()
    expect(db.transaction(() => recount.begin(100))).toEqual({ changed: 100, behind: true })
    expect(news).toEqual([])
    expect(db.transaction(() => recount.begin(250))).toEqual({ changed: 250, behind: false })
    expect(db.transaction(() => recount.begin(100))).toEqual({ changed: 0, behind: false })
  })

  it('tells the consoles of it, but not of hundreds of thousands', async () => {
    many()
    await recount.run()
    expect(touched).toBe(MANY)
  })

  it('has people told once all of it is counted, one after the other', async () => {
    many()
    await recount.run()
    expect(news).toEqual([
      [MANY, 1],
      [MANY, 1],
    ])
  })
})
