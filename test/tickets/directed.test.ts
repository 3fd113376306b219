import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { type CalendarTable } from '../../src/deadlines/contract.ts'
import { type MoveTicket } from '../../src/tickets/contract.ts'
import {
  ADMIN,
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_UNIT,
  UNIT,
} from '../support/desk.ts'

const HOUR = 3_600_000
const TABLE = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../config/haiphong/calendar.json'), 'utf8'),
) as CalendarTable
const refused = (code: string) => expect.objectContaining({ code }) as Error

let desk: Desk
beforeEach(() => {
  desk = createDesk() // Monday 02/03/2026 08:00
})
afterEach(() => desk.close())

const view = (code: string, who: Person = CITY_OFFICE) => desk.tickets.view(code, who)
const move = (code: string, who: Person, asked: Omit<MoveTicket, 'version'>) =>
  desk.tickets.move(code, { version: view(code).version, ...asked }, who)

/** Led by the City Office since Monday at eight. */
function led(): string {
  const { code, version } = fillDraft(desk)
  desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
  move(code, CITY_OFFICE, { action: 'takeLead', leadReason: 'forChairman' })
  return code
}
const direct = (code: string, more: Partial<MoveTicket> = {}) =>
  move(code, CITY_OFFICE, {
    action: 'direct',
    unitId: UNIT,
    directive: 'Sửa dứt điểm, báo cáo lãnh đạo.',
    documentNo: '9/TB',
    documentDate: '2026-03-02',
    dueAt: '2026-03-04T10:00:00+07:00',
    ...more,
  })
const sent = (code: string) =>
  (
    desk.db.raw
      .prepare(
        'SELECT template, to_name AS who, text_vi AS text FROM outbox WHERE ticket_code = ? ORDER BY id',
      )
      .all(code) as { template: string; who: string | null; text: string }[]
  ).map(({ template, who, text }) => ({ template, who: who ?? 'citizen', text }))
const running = (code: string) => view(code).deadlines.find(({ state }) => state === 'running')
const until = (local: string): void => {
  desk.pass(Date.parse(`${local}:00+07:00`) - desk.now().getTime())
  desk.deadlines.sweep()
}

it('R057 (Đ9.5): a directive gives the unit the time it names, on that article, and says how long that is', () => {
  const code = led()
  direct(code)
  expect(running(code)).toMatchObject({
    kind: 'directed',
    article: 'Đ9.5',
    dueAt: '2026-03-04T03:00:00.000Z',
    // Two working hours before.
    warnAt: '2026-03-04T01:00:00.000Z',
    explanation:
      'Lãnh đạo thành phố ấn định: trả lời trước 10:00 T4 04/03, tức 18 giờ làm việc từ 08:00 T2 02/03',
  })
  expect(view(code).dueAt).toBe('2026-03-04T03:00:00.000Z')
})

it('R057: officers and head read the directive and its time in the SMS; the slip has its words and document', () => {
  const code = led()
  direct(code)
  const slips = sent(code).filter(({ template }) => template === 'slipDirected')
  const people = desk.directory.unit(UNIT)?.people ?? []
  expect(slips.map(({ who }) => who).sort()).toEqual(people.map(({ name }) => name).sort())
  expect(slips[0]?.text).toContain('CHỈ ĐẠO của Lãnh đạo TP, văn bản 9/TB')
  expect(slips[0]?.text).toContain('Sửa dứt điểm, báo cáo lãnh đạo')
  expect(slips[0]?.text).toContain('Hạn trả lời 10h00 T4 04/03')
  const paper = desk.tickets.slipPaper(code, 2, OFFICER)
  expect(paper).toMatchObject({
    note: 'Sửa dứt điểm, báo cáo lãnh đạo.',
    directive: { documentNo: '9/TB', documentDate: '2026-03-02' },
    dueText: '10:00 T4 04/03',
    dueWords: 'thời hạn theo chỉ đạo',
  })
  expect(paper.legalBasis).toMatch(/^Điều 9 khoản 5, /)
  const said = view(code).events.find(({ type }) => type === 'directed')
  expect(said?.detail).toMatchObject({ dueAt: '2026-03-04T03:00:00.000Z', documentNo: '9/TB' })
})

it.each([
  ['nothing named', undefined, 'DIRECTED_DUE_REQUIRED'],
  ['a time gone by', '2026-03-02T07:59:00+07:00', 'DIRECTED_DUE_PAST'],
  ['this very moment', '2026-03-02T08:00:00+07:00', 'DIRECTED_DUE_PAST'],
  ['beyond ninety days', '2026-05-31T08:01:00+07:00', 'DIRECTED_DUE_TOO_FAR'],
])('R057: %s is refused, and nothing changes', (_, dueAt, why) => {
  const code = led()
  const before = view(code)
  const { version } = before
  const asked = {
    version,
    action: 'direct',
    unitId: UNIT,
    directive: 'x',
    ...(dueAt === undefined ? {} : { dueAt }),
  } as const
  expect(() => desk.tickets.move(code, asked, CITY_OFFICE)).toThrow(refused(why))
  expect(view(code)).toEqual(before)
})

it('R057: a day of a year whose calendar nobody confirmed is refused', async () => {
  await desk.close()
  desk = createDesk({ at: '2026-12-21T08:00:00+07:00' })
  const code = led()
  expect(() => direct(code, { dueAt: '2027-01-05T10:00:00+07:00', documentDate: '2026-12-20' })).toThrow(
    refused('DIRECTED_DUE_NO_CALENDAR'),
  )
  expect(direct(code, { dueAt: '2026-12-30T10:00:00+07:00', documentDate: '2026-12-20' }).state).toBe(
    'assigned',
  )
})

it('R057, R051: who does not answer by then is reminded, breaks it, and it goes to the head; the City Office hears of it', () => {
  const code = led()
  direct(code)
  until('2026-03-04T08:00')
  expect(sent(code).filter(({ template }) => template === 'reminder')).toHaveLength(1)
  until('2026-03-04T10:00')
  expect(view(code).state).toBe('assigned')
  until('2026-03-04T10:01')
  expect(view(code).state).toBe('escalated')
  expect(running(code)).toMatchObject({ kind: 'head', article: 'Đ9.4' })
  const missed = sent(code).filter(({ template }) => template === 'directiveMissed')
  const office = desk.directory.unit('van-phong')?.people ?? []
  expect(missed.map(({ who }) => who).sort()).toEqual(office.map(({ name }) => name).sort())
  expect(missed[0]?.text).toContain('hạn 10h00 T4 04/03')
  expect(view(code).events.find(({ type }) => type === 'breached')?.detail).toEqual({
    kind: 'directed',
    dueAt: '2026-03-04T03:00:00.000Z',
  })
})

it('R057: neither the unit nor the desk changes what was directed; sent back, it comes to the City Office', () => {
  const code = led()
  direct(code)
  const { version } = view(code)
  expect(() => desk.tickets.sendSlip(code, { version, unitId: 'so-xay-dung', note: '' }, OPERATOR)).toThrow(
    refused('UNDER_DIRECTIVE'),
  )
  expect(view(code, OPERATOR).actions).not.toContain('sendSlip')
  const back = { reason: 'Không thuộc thẩm quyền' }
  expect(() => move(code, OFFICER, { action: 'bounce', ...back })).toThrow(refused('BOUNCES_USED'))
  move(code, OFFICER, { action: 'accept' })
  expect(view(code, OFFICER).actions).not.toContain('promise')
  expect(() =>
    move(code, HEAD, { action: 'promise', promisedAt: '2026-03-05T10:00:00+07:00', reason: 'x' }),
  ).toThrow(refused('UNDER_DIRECTIVE'))
})

it('R057 (Đ14.2): a unit that is not competent gives a directive back to the City Office', () => {
  const code = led()
  direct(code)
  desk.pass(HOUR)
  const back = move(code, OFFICER, { action: 'bounceToOffice', reason: 'Không thuộc thẩm quyền' })
  expect(back.state).toBe('cityOffice')
  expect(view(code).deadlines.findLast(({ kind }) => kind === 'directed')?.state).toBe('void')
})

it('R057: asking the citizen stops that clock and no earlier one; what stood still is added to the time named', () => {
  const { code, version } = fillDraft(desk)
  desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
  until('2026-03-03T08:01')
  move(code, CITY_OFFICE, { action: 'takeLead', leadReason: 'forChairman' })
  direct(code, { dueAt: '2026-03-05T10:00:00+07:00' })
  move(code, OFFICER, { action: 'accept' })
  move(code, OFFICER, { action: 'askCitizen', question: 'Cột số mấy?' })
  until('2026-03-03T10:01')
  move(code, OFFICER, { action: 'citizenReplied', reason: 'Cột 14' })
  expect(running(code)).toMatchObject({ kind: 'directed', dueAt: '2026-03-05T06:30:00.000Z' })
  move(code, OFFICER, { action: 'submitAnswer', result: 'Đã sửa.', replied: 'hotline' })
  const states = view(code).deadlines.filter(({ kind }) => kind === 'officer' || kind === 'directed')
  // The first unit’s breach is not made good by it.
  expect(states.map(({ kind, state }) => [kind, state])).toEqual([
    ['officer', 'breached'],
    ['directed', 'satisfied'],
  ])
})

/** Stopped at the very time that was named, for the five working days that the citizen has. */
function nothingLeft(): string {
  const code = led()
  until('2026-03-06T16:00')
  direct(code, { dueAt: '2026-03-06T17:00:00+07:00' })
  until('2026-03-06T17:00')
  move(code, OFFICER, { action: 'accept' })
  move(code, OFFICER, { action: 'askCitizen', question: 'Cột số mấy?' })
  return code
}

it('R057, R051: what goes on with no time left breaks in the sweep that sets it going, reminding nobody of what is past', () => {
  const code = nothingLeft()
  const before = sent(code).length
  until('2026-03-13T17:01')
  expect(view(code).state).toBe('escalated')
  const ends = view(code).deadlines.flatMap(({ kind, breachedAt }) =>
    breachedAt === null ? [] : [kind, breachedAt],
  )
  expect(ends).toEqual(['directed', '2026-03-13T10:00:00.000Z', 'citizen', '2026-03-13T10:00:00.000Z'])
  expect(
    new Set(
      sent(code)
        .slice(before)
        .map(({ template }) => template),
    ),
  ).toEqual(new Set(['slipHead', 'directiveMissed']))
})

it('R057, R051: nor does a step come between its going on and its end', () => {
  const code = nothingLeft()
  desk.pass(Date.parse('2026-03-13T17:00:30+07:00') - desk.now().getTime())
  expect(() => move(code, OFFICER, { action: 'citizenReplied', reason: 'Cột 14' })).toThrow(
    refused('TICKET_CHANGED'),
  )
  expect(view(code).state).toBe('escalated')
})

it('R057, A19: a calendar that is edited leaves the time that was named, and moves the reminder before it', () => {
  const code = led()
  direct(code)
  const before = running(code)
  const { number: base } = desk.calendarBook.revision('city')
  const off = { date: '2026-03-04', hours: ['09:00-11:30'], why: 'Họp toàn thể' }
  const table = { ...TABLE, exceptions: [...TABLE.exceptions, off] }
  desk.calendarBook.save('city', { base, table, reason: 'Văn bản số 1' }, ADMIN)
  expect(before).toMatchObject({ dueAt: '2026-03-04T03:00:00.000Z', warnAt: '2026-03-04T01:00:00.000Z' })
  // One of the two working hours before 10:00 is now on the afternoon before.
  expect(running(code)).toMatchObject({
    dueAt: '2026-03-04T03:00:00.000Z',
    warnAt: '2026-03-03T09:00:00.000Z',
  })
  expect(sent(code).filter(({ template }) => template === 'dueMoved')).toEqual([])
  until('2026-03-03T16:00')
  expect(sent(code).filter(({ template }) => template === 'reminder')).toHaveLength(1)
})

it('R057, R012: whoever takes over a directive gets its words and its time, not those of a slip', () => {
  const code = led()
  direct(code)
  const change = { kind: 'unitClosed', unitId: UNIT, successorId: OTHER_UNIT } as const
  desk.editor.propose({ change, effectiveOn: '2026-03-03', why: 'QĐ 12/QĐ-UBND' }, ADMIN)
  desk.pass(24 * HOUR)
  desk.tickets.takeOver(desk.editor.standing())
  const people = desk.directory.unit(OTHER_UNIT)?.people ?? []
  const told = sent(code).slice(-people.length)
  expect(told.map(({ template, who }) => [template, who])).toEqual(
    people.map(({ name }) => ['slipDirected', name]),
  )
  expect(told[0]?.text).toContain('Sửa dứt điểm, báo cáo lãnh đạo')
  expect(told[0]?.text).toContain('Hạn trả lời 10h00 T4 04/03')
})

it('R054 (Đ9.4): a directive on an overdue case takes no time, and says so instead of leaving it out', () => {
  const { code, version } = fillDraft(desk)
  desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
  until('2026-03-03T08:01')
  until('2026-03-12T08:00')
  const before = view(code)
  expect(before.state).toBe('overdue')
  const asked = { action: 'direct', directive: 'Trả lời ngay.' } as const
  expect(() => move(code, CITY_OFFICE, { ...asked, dueAt: '2026-03-13T10:00:00+07:00' })).toThrow(
    refused('DIRECTED_DUE_NOT_TAKEN'),
  )
  expect(view(code)).toEqual(before)
  expect(move(code, CITY_OFFICE, asked).state).toBe('overdue')
})
