import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { readCalendarFiles } from '../../src/deadlines/calendar.ts'
import type { CalendarTable } from '../../src/deadlines/contract.ts'
import { AppError } from '../../src/platform/errors.ts'
import { ADMIN, createDesk, type Desk, fillDraft, OPERATOR, SUPERVISOR, UNIT } from '../support/desk.ts'

const CITY_DIR = resolve(import.meta.dirname, '../../config/haiphong')
const TABLE = JSON.parse(readFileSync(join(CITY_DIR, 'calendar.json'), 'utf8')) as CalendarTable
const REASON = '12729/VPCP-KGVX ngày 25/12/2025'
const HOURS = ['07:30-11:30', '13:00-17:00']
const at = (local: string): string => new Date(`${local}+07:00`).toISOString()
const HOUR_MS = 3_600_000

let desk: Desk
/** Friday 6 March 2026, 16:00. */
beforeEach(() => {
  desk = createDesk({ at: '2026-03-06T09:00:00Z' })
})
afterEach(() => desk.close())

const off = (date: string, why = 'Nghỉ đột xuất') => ({ date, off: true as const, why })
const withDays = (...days: CalendarTable['exceptions']): CalendarTable => ({
  ...TABLE,
  exceptions: [...TABLE.exceptions, ...days],
})
const save = (table: unknown, base = desk.calendarBook.revision('city').number, reason = REASON) =>
  desk.calendarBook.save('city', { base, table, reason }, ADMIN)
const preview = (table: unknown) =>
  desk.calendarBook.preview('city', { base: desk.calendarBook.revision('city').number, table })
const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (cause) {
    if (cause instanceof AppError) return cause.code
    throw cause
  }
  return 'none'
}
/** A case with the unit: its officer has until Monday 9 March 16:00. */
function sentCase() {
  const draft = fillDraft(desk)
  return desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
}
const caseOf = (code: string) => desk.tickets.view(code, OPERATOR)
const clockOf = (code: string) => caseOf(code).deadlines.at(-1)
const recomputed = (code: string) =>
  caseOf(code)
    .events.filter(({ type }) => type === 'deadlineRecomputed')
    .map(({ detail }) => detail)

describe('versions of a calendar', () => {
  it('begin with the city’s file, and are saved with who, when and by which paper', () => {
    expect(desk.calendarBook.revision('city')).toEqual({
      number: 1,
      at: '2026-03-06T09:00:00.000Z',
      origin: 'file',
      actorName: null,
      reason: 'Nhập từ tệp calendar.json',
    })
    desk.pass(60_000)
    expect(save(withDays(off('2026-03-09')))).toEqual({
      revision: {
        number: 2,
        at: '2026-03-06T09:01:00.000Z',
        origin: 'edit',
        actorName: ADMIN.name,
        reason: REASON,
      },
      changed: 0,
      behind: false,
    })
    expect(desk.calendarBook.version('city', 1).table).toEqual(TABLE)
  })

  it('say in order what each changed: days, swapped Saturdays, hours, years', () => {
    const swapped = { date: '2026-03-14', hours: HOURS, why: 'Làm bù cho 09/3' }
    save(withDays(off('2026-03-09'), swapped))
    save({
      ...TABLE,
      confirmedUntil: 2027,
      seasons: TABLE.seasons.map((season) => ({ ...season, hours: ['08:00-12:00', '13:00-17:00'] })),
      exceptions: [...TABLE.exceptions, { ...swapped, why: 'Làm bù' }],
    })
    const season = { name: 'Cả năm', from: '01-01', to: '12-31', weekdays: [1, 2, 3, 4, 5] }
    const day = { date: '2026-03-09', hours: [], why: 'Nghỉ đột xuất', confirmed: true }
    const worked = { ...swapped, confirmed: true }
    expect(desk.calendarBook.history('city').map(({ number, differences }) => [number, differences])).toEqual(
      [
        [
          3,
          [
            { what: 'dayRemoved', day },
            { what: 'dayChanged', day: { ...worked, why: 'Làm bù' }, was: worked },
            { what: 'seasonRemoved', season: { ...season, hours: HOURS } },
            { what: 'seasonAdded', season: { ...season, hours: ['08:00-12:00', '13:00-17:00'] } },
            { what: 'confirmedUntil', from: '2026', to: '2027' },
          ],
        ],
        [
          2,
          [
            { what: 'dayAdded', day },
            { what: 'dayAdded', day: worked },
          ],
        ],
        [1, []],
      ],
    )
  })

  it('are never written over, not even by SQL', () => {
    for (const sql of ["UPDATE calendar_versions SET reason = ''", 'DELETE FROM calendar_versions'])
      expect(() => desk.db.raw.exec(sql)).toThrow(/append-only/)
  })

  it('are refused to the second of two admins, to whoever gives no reason, and where nothing changed', () => {
    save(withDays(off('2026-03-09')), 1)
    expect(codeOf(() => save(withDays(off('2026-03-10')), 1))).toBe('CALENDAR_CHANGED')
    expect(codeOf(() => save(withDays(off('2026-03-10')), 2, '  '))).toBe('REASON_REQUIRED')
    expect(codeOf(() => save(withDays(off('2026-03-09')), 2))).toBe('CALENDAR_SAME')
    expect(codeOf(() => desk.calendarBook.save('none', { base: 1, table: TABLE, reason: 'x' }, ADMIN))).toBe(
      'CALENDAR_NOT_FOUND',
    )
    expect(desk.calendarBook.history('city')).toHaveLength(2)
  })

  it('undo one another: an older one is saved anew, and due times go back', () => {
    const { code } = sentCase()
    const due = clockOf(code)?.dueAt
    save(withDays(off('2026-03-09')))
    save(desk.calendarBook.version('city', 1).table, 2, 'Khôi phục phiên bản 1')
    expect(desk.calendarBook.revision('city').number).toBe(3)
    expect(clockOf(code)?.dueAt).toBe(due)
    expect(recomputed(code)).toHaveLength(2)
  })
})

describe('a table that makes no sense', () => {
  const season = (changes: object) => ({ ...TABLE, seasons: [{ ...TABLE.seasons[0], ...changes }] })
  it.each<[string, unknown, object]>([
    [
      'hours that overlap',
      season({ hours: ['07:00-11:00', '10:00-12:00'] }),
      { place: 'seasons[0]', code: 'hoursOverlap', values: { name: 'Cả năm', text: '10:00-12:00' } },
    ],
    ['hours the wrong way round', season({ hours: ['17:00-07:30'] }), { code: 'hoursInverted' }],
    ['empty hours', season({ hours: ['07:30-07:30'] }), { code: 'hoursEmpty' }],
    [
      'a day twice',
      withDays(off('2026-02-16')),
      {
        place: `exceptions[${String(TABLE.exceptions.length)}]`,
        code: 'dayTwice',
        values: { date: '2026-02-16' },
      },
    ],
    ['a day that does not exist', withDays(off('2026-02-29')), { code: 'noSuchDay' }],
    [
      'a day of no year of it',
      withDays(off('2023-03-09')),
      { code: 'outsideYears', values: { date: '2023-03-09', first: 2024, last: 2026 } },
    ],
    ['a day of a distant year', withDays(off('2062-03-09')), { code: 'outsideYears' }],
    ['years that end before they begin', { ...TABLE, confirmedUntil: 2023 }, { code: 'yearsInverted' }],
    ['no years', { ...TABLE, confirmedUntil: undefined }, { code: 'shape' }],
    [
      'no name for a reason',
      withDays(off('2026-03-09', '')),
      { place: `exceptions[${String(TABLE.exceptions.length)}].why`, code: 'shape' },
    ],
    ['nothing at all', null, { place: '', code: 'shape' }],
    ['a list', [1, 2, 3], { place: '', code: 'shape' }],
    ['something of no calendar', { ...TABLE, script: '<b>' }, { code: 'unknownKeys' }],
    ['100 days of nonsense', { ...TABLE, exceptions: Array(100).fill('x') }, { place: 'exceptions[0]' }],
  ])('is not saved: %s', async (_, table, problem) => {
    const { problems, recount } = await preview(table)
    expect(problems[0]).toMatchObject({ calendarId: 'city', ...problem })
    expect(problems.length).toBeLessThanOrEqual(50)
    expect(recount).toBeNull()
    expect(codeOf(() => save(table))).toBe('CALENDAR_INVALID')
    expect(desk.calendarBook.history('city')).toHaveLength(1)
  })

  it('is named by the unit whose years it would cut short', async () => {
    await desk.close()
    const files = [
      ...readCalendarFiles(CITY_DIR),
      {
        id: 'mot-cua',
        where: 'calendars/mot-cua.json',
        input: { name: 'Một cửa', seasons: TABLE.seasons, exceptions: [], confirmedUntil: 2026 },
      },
    ]
    desk = createDesk({ calendarFiles: files })
    const { problems } = await preview({ ...TABLE, confirmedUntil: 2025 })
    expect(problems).toEqual([
      { calendarId: 'mot-cua', place: '', code: 'yearsInherited', values: { first: 2024, last: 2025 } },
    ])
  })

  it('keeps names and reasons as they are: they are text, whatever they look like', () => {
    const why = '<img src=x onerror=alert(1)> Nghỉ "bù" & hoán đổi'
    save({ ...withDays(off('2026-03-09', why)), name: '<script>Lịch</script>' })
    const { code } = sentCase()
    expect(clockOf(code)?.explanation).toContain(`nghỉ 09/03: ${why}`)
  })
})

describe('A19: a changed calendar', () => {
  it('moves the open clocks it counts for, with the old time, the new one and why', () => {
    const { code, version } = sentCase()
    expect(clockOf(code)?.dueAt).toBe(at('2026-03-09T16:00'))
    expect(save(withDays(off('2026-03-09', 'Nghỉ bù')))).toMatchObject({ changed: 1, behind: false })
    expect(clockOf(code)).toMatchObject({ dueAt: at('2026-03-10T16:00'), state: 'running' })
    expect(clockOf(code)?.explanation).toBe(
      '08 giờ làm việc từ 16:00 T6 06/03 → 16:00 T3 10/03: 1 giờ T6, 7 giờ T3; nghỉ 09/03: Nghỉ bù',
    )
    expect(recomputed(code)).toEqual([
      {
        kind: 'officer',
        oldDueAt: at('2026-03-09T16:00'),
        newDueAt: at('2026-03-10T16:00'),
        calendarName: TABLE.name,
        number: 2,
        reason: REASON,
      },
    ])
    const ticket = caseOf(code)
    // Whoever types in the case is not told that somebody else changed it.
    expect([ticket.dueAt, ticket.version]).toEqual([at('2026-03-10T16:00'), version])
  })

  it('leaves met and broken clocks as they were', () => {
    const { code } = sentCase()
    desk.pass(72 * HOUR_MS) // Monday 16:00 exactly, then a minute too late
    desk.pass(60_000)
    expect(desk.deadlines.sweep().breached).toBe(1)
    const before = caseOf(code).deadlines[0]
    expect(before?.breachedAt).toBe(at('2026-03-09T16:00'))
    save(withDays(off('2026-03-09')))
    expect(caseOf(code).deadlines[0]).toEqual(before)
    // The head's began on Monday; that no longer counts for it.
    expect(recomputed(code).map(({ kind }) => kind)).toEqual(['head'])
  })

  it('lets time that is over by the new table run out at the next sweep, with the true moment', () => {
    const { code } = sentCase()
    desk.pass(64 * HOUR_MS) // Monday 08:00; Saturday was worked after all
    const saturday = { date: '2026-03-07', hours: HOURS, why: 'Làm bù' }
    expect(save(withDays(saturday))).toMatchObject({ changed: 1 })
    expect(clockOf(code)).toMatchObject({ dueAt: at('2026-03-07T16:00'), state: 'running' })
    expect(desk.deadlines.sweep().breached).toBe(1)
    expect(caseOf(code)).toMatchObject({ state: 'escalated' })
    expect(caseOf(code).deadlines[0]).toMatchObject({
      breachedAt: at('2026-03-07T16:00'),
      state: 'breached',
    })
  })

  it('gives a due time where none was, and takes it where the year is confirmed no more', () => {
    const { code } = sentCase()
    save({ ...TABLE, confirmedUntil: 2025 })
    expect(clockOf(code)).toMatchObject({ dueAt: null, explanation: 'chưa có lịch năm 2026' })
    expect(desk.deadlines.sweep().breached).toBe(0)
    save(TABLE)
    expect(clockOf(code)?.dueAt).toBe(at('2026-03-09T16:00'))
    expect(recomputed(code).map(({ newDueAt }) => newDueAt)).toEqual([null, at('2026-03-09T16:00')])
  })

  it('says beforehand how many clocks it moves, and which first', async () => {
    const first = sentCase()
    desk.pass(30 * 60_000)
    const second = sentCase()
    desk.pass(62.5 * HOUR_MS) // Monday 07:00
    const saturday = { date: '2026-03-07', hours: ['07:30-11:30', '13:00-16:00'], why: 'Làm bù' }
    const { recount, differences } = await preview(withDays(saturday))
    expect(recount).toEqual({
      open: 2,
      changed: 2,
      earlier: 2,
      later: 0,
      overdue: 1,
      undated: 0,
      dated: 0,
      first: [
        {
          code: first.code,
          kind: 'officer',
          oldDueAt: at('2026-03-09T16:00'),
          newDueAt: at('2026-03-07T16:00'),
          overdue: true,
        },
        {
          code: second.code,
          kind: 'officer',
          oldDueAt: at('2026-03-09T16:30'),
          newDueAt: at('2026-03-09T08:00'),
          overdue: false,
        },
      ],
    })
    expect(differences.map(({ what }) => what)).toEqual(['dayAdded'])
    // Nothing was written.
    expect(clockOf(first.code)?.dueAt).toBe(at('2026-03-09T16:00'))
  })
})

describe('files and edits', () => {
  const fileWith = (table: unknown) => [
    { id: 'city', where: 'calendar.json', input: table },
    ...readCalendarFiles(CITY_DIR).slice(1),
  ]
  const reopen = async (path: string, table: unknown) => {
    await desk.close()
    desk = createDesk({ at: '2026-03-06T09:00:00Z', path, calendarFiles: fileWith(table) })
  }
  const folder = () =>
    join(desk.folder, '..', `calendar-${String(process.pid)}-${String(Math.random())}.sqlite`)

  it('a newer file is taken while nobody has edited in the browser, and moves open clocks', async () => {
    const path = folder()
    await reopen(path, TABLE)
    const { code } = sentCase()
    await reopen(path, withDays(off('2026-03-09')))
    expect(desk.calendarBook.revision('city')).toMatchObject({ number: 2, origin: 'file' })
    expect(await desk.recount.run()).toEqual({ changed: 1 })
    expect(clockOf(code)?.dueAt).toBe(at('2026-03-10T16:00'))
    await reopen(path, withDays(off('2026-03-09')))
    expect(desk.calendarBook.revision('city').number).toBe(2)
  })

  it('an edit holds against the file; one that is changed afterwards is told about', async () => {
    const path = folder()
    await reopen(path, TABLE)
    save(withDays(off('2026-03-09')))
    await reopen(path, TABLE)
    expect(desk.calendarBook.revision('city').number).toBe(2)
    expect(desk.calendarBook.fileDiffers('city')).toBe(false)
    await reopen(path, withDays(off('2026-03-10')))
    expect(desk.calendarBook.revision('city')).toMatchObject({ number: 2, origin: 'edit' })
    expect(desk.calendarBook.fileDiffers('city')).toBe(true)
    await reopen(path, withDays(off('2026-03-09')))
    expect(desk.calendarBook.fileDiffers('city')).toBe(false)
  })

  it('a file that makes no sense is refused at the start, and nothing is stored of it', async () => {
    const path = folder()
    await reopen(path, TABLE)
    expect(() => createDesk({ path, calendarFiles: fileWith({ ...TABLE, seasons: [] }) })).toThrow(
      ConfigError,
    )
    expect(desk.calendarBook.history('city')).toHaveLength(1)
  })
})

describe('R058: the list of Đ9.6, whose two days are working days', () => {
  /** Urgent on Friday afternoon: until Tuesday 10 March 17:00. */
  function urgentCase(): string {
    const draft = fillDraft(desk, { urgent: true })
    return desk.tickets.receive(draft.code, draft.version, OPERATOR).code
  }
  const due = () => desk.dossiers.page({}, SUPERVISOR).items.map(({ dueText }) => dueText)
  const told = (code: string) =>
    caseOf(code)
      .events.filter(({ type }) => type === 'dossierRecomputed')
      .map(({ detail }) => detail)

  it('is due by the new calendar with the save, and the case says by which paper, once', () => {
    const code = urgentCase()
    expect(due()).toEqual(['17:00 T3 10/03'])
    save(withDays(off('2026-03-09')))
    expect(due()).toEqual(['17:00 T4 11/03'])
    desk.dossiers.recount()
    expect(told(code)).toEqual([
      {
        oldDueAt: '2026-03-10T10:00:00.000Z',
        newDueAt: '2026-03-11T10:00:00.000Z',
        calendarName: desk.calendars.of(null).calendar.name,
        number: 2,
        reason: REASON,
        article: 'Đ9.6',
      },
    ])
  })

  it('stays as it was where it was over or taken off, and where the save was refused; compiled it moves too', () => {
    const late = urgentCase()
    desk.pass(6 * 86_400_000) // Thursday
    const off1 = urgentCase()
    const compiled = urgentCase()
    const rows = desk.dossiers.page({}, SUPERVISOR).items
    const idOf = (code: string) => rows.find(({ ticketCode }) => ticketCode === code)?.id ?? 0
    desk.dossiers.set(idOf(off1), { removed: true, why: 'Nhầm' }, SUPERVISOR)
    desk.compiling.compile({ itemIds: [idOf(compiled)] }, SUPERVISOR)
    expect(() => save(withDays(off('2026-03-16')), 99)).toThrow()
    save(withDays(off('2026-03-16')))
    expect([late, off1].flatMap(told)).toEqual([])
    expect(told(compiled)).toMatchObject([{ newDueAt: '2026-03-17T10:00:00.000Z' }])
  })
})
