import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { type CalendarTable } from '../../src/deadlines/contract.ts'
import { type MoveTicket } from '../../src/tickets/contract.ts'
import {
  ADMIN,
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  OFFICER,
  OPERATOR,
  OTHER_UNIT,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

/** Its hours are every hour of the year. */
const ROUND_THE_CLOCK = 'cong-an'
const POLICE: Person = { ...OFFICER, id: 31, username: 'police', unitId: ROUND_THE_CLOCK }
const TABLE = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../config/haiphong/calendar.json'), 'utf8'),
) as CalendarTable

let desk: Desk
afterEach(() => desk.close())

const refused = (code: string) => expect.objectContaining({ code }) as Error
const begin = (local: string): void => {
  desk = createDesk({ at: `${local}:00+07:00` })
}
/** The service is there again at that time, or was all along. */
const until = (local: string): void => {
  desk.pass(Date.parse(`${local}:00+07:00`) - desk.now().getTime())
  desk.tickets.takeOver(desk.editor.standing())
  desk.deadlines.sweep()
}
const view = (code: string, who: Person = SUPERVISOR) => desk.tickets.view(code, who)
const send = (code: string, unitId: string) =>
  desk.tickets.sendSlip(code, { version: view(code).version, unitId, note: '' }, OPERATOR)
const sent = (unitId = UNIT): string => send(fillDraft(desk).code, unitId).code
const move = (code: string, who: Person, asked: Omit<MoveTicket, 'version'>) =>
  desk.tickets.move(code, { version: view(code).version, ...asked }, who)
const clocks = (code: string, kind: string) => view(code).deadlines.filter((one) => one.kind === kind)
const ask = (code: string, who = OFFICER): void => {
  move(code, who, { action: 'accept' })
  move(code, who, { action: 'askCitizen', question: 'Cột số mấy?' })
}
const reply = (code: string) => move(code, OPERATOR, { action: 'citizenReplied', reason: 'Cột 14' })
const end = (unitId: string, successorId: string, effectiveOn: string) =>
  desk.editor.propose(
    { effectiveOn, why: 'QĐ 12/QĐ', change: { kind: 'unitClosed', unitId, successorId } },
    ADMIN,
  )

describe('Đ9.3, A10: the eight hours of a unit are given once', () => {
  it('R049: the desk cannot send the case to the unit that has it; another one gets hours of its own', () => {
    begin('2026-03-02T08:00')
    const code = sent()
    until('2026-03-02T16:00')
    const before = view(code)
    expect(() => send(code, UNIT)).toThrow(refused('UNIT_HAS_CASE'))
    expect(view(code)).toEqual(before)
    expect(send(code, OTHER_UNIT).state).toBe('assigned')
    expect(clocks(code, 'officer').map(({ state }) => state)).toEqual(['void', 'running'])
  })

  it('R012, R049: nor to the unit that took over its work, which goes on with the hours that are left', () => {
    begin('2026-03-03T15:00')
    const code = sent()
    end(UNIT, OTHER_UNIT, '2026-03-04')
    until('2026-03-04T08:00')
    expect(view(code)).toMatchObject({ state: 'assigned', unitId: UNIT })
    expect(() => send(code, OTHER_UNIT)).toThrow(refused('UNIT_HAS_CASE'))
    expect(() => move(code, CITY_OFFICE, { action: 'reroute', unitId: OTHER_UNIT, reason: 'x' })).toThrow(
      refused('SAME_UNIT'),
    )
    expect(clocks(code, 'officer')).toMatchObject([{ state: 'running', dueAt: '2026-03-04T08:00:00.000Z' }])
  })

  it('R046: putting the caller through to the unit that has it urges it, and its hours run on', () => {
    begin('2026-03-02T08:00')
    const opened = desk.tickets.openForCall(
      {
        callId: 'c1',
        direction: 'in',
        number: { raw: '0950000777', e164: '+84950000777', display: '0950 000 777', kind: 'mobile' },
        callerName: null,
        line: '02251022',
        startedAt: '2026-03-02T01:00:00.000Z',
        training: false,
      },
      OPERATOR.id,
    )
    const { code } = opened
    const { version, form } = view(code, OPERATOR)
    const words = { content: 'Trụ đèn đổ.', reporter: { ...form.reporter, name: 'Phạm Văn Đại' } }
    desk.tickets.save(code, { version, form: words }, OPERATOR)
    send(code, UNIT)
    const before = clocks(code, 'officer')
    until('2026-03-02T09:00')
    desk.tickets.slipForTransfer('c1', UNIT, OPERATOR.id)
    expect(clocks(code, 'officer').map(({ id, dueAt }) => [id, dueAt])).toEqual(
      before.map(({ id, dueAt }) => [id, dueAt]),
    )
    expect(view(code).messages.some(({ template }) => template === 'urgentOfficer')).toBe(true)
  })
})

describe('Đ9.5, R019: only the City Office changes what was directed', () => {
  function directed(): string {
    begin('2026-03-02T08:00')
    const code = sent()
    move(code, CITY_OFFICE, { action: 'takeLead', leadReason: 'forChairman' })
    move(code, CITY_OFFICE, {
      action: 'direct',
      unitId: UNIT,
      directive: 'Xử lý dứt điểm.',
      dueAt: '2026-03-04T10:00:00+07:00',
    })
    return code
  }
  const attempts = (parentCode: string): readonly [Person, Omit<MoveTicket, 'version'>][] => [
    [SUPERVISOR, { action: 'reroute', unitId: OTHER_UNIT, reason: 'Nhầm đơn vị' }],
    [SUPERVISOR, { action: 'takeLead', leadReason: 'forChairman' }],
    [OPERATOR, { action: 'takeLead', leadReason: 'forChairman' }],
    [OPERATOR, { action: 'merge', parentCode }],
    [SUPERVISOR, { action: 'merge', parentCode }],
  ]

  it.each([
    ['that the unit has', '2026-03-02T09:00', 'assigned'],
    ['that went on to the head', '2026-03-04T10:01', 'escalated'],
    ['that is overdue', '2026-03-20T10:01', 'overdue'],
  ])('R019: a case %s stays what it is, and nothing else is offered', (_, local, state) => {
    const code = directed()
    const parentCode = sent()
    if (state === 'overdue') until('2026-03-04T10:01')
    until(local)
    const before = view(code)
    expect(before.state).toBe(state)
    for (const [who, asked] of attempts(parentCode)) {
      expect(() => move(code, who, asked)).toThrow(refused('UNDER_DIRECTIVE'))
      expect(view(code, who).actions).not.toContain(asked.action)
    }
    expect(view(code)).toEqual(before)
    expect(view(code, CITY_OFFICE).actions).toEqual(expect.arrayContaining(['reroute', 'takeLead']))
  })

  it('R019: neither is the answer to it merged away; the City Office itself sends it elsewhere', () => {
    const code = directed()
    const parentCode = sent()
    move(code, OFFICER, { action: 'accept' })
    move(code, OFFICER, { action: 'submitAnswer', result: 'Đã sửa.', replied: 'hotline' })
    expect(() => move(code, OPERATOR, { action: 'merge', parentCode })).toThrow(refused('UNDER_DIRECTIVE'))
    move(code, OPERATOR, { action: 'returnAnswer', reason: 'Chưa rõ' })
    move(code, CITY_OFFICE, { action: 'reroute', unitId: OTHER_UNIT, reason: 'Đúng thẩm quyền' })
    expect(view(code)).toMatchObject({ state: 'assigned', unitId: OTHER_UNIT })
    // What it gave another unit without a directive is as any other case.
    expect(move(code, OPERATOR, { action: 'merge', parentCode }).state).toBe('merged')
  })

  it('R019, R057: a citizen withdraws it all the same, and the City Office hears of it', () => {
    const code = directed()
    expect(view(code, OPERATOR).actions).toContain('withdraw')
    move(code, OPERATOR, { action: 'withdraw', reason: 'Đã tự sửa' })
    const told = view(code).messages.filter(({ template }) => template === 'directiveWithdrawn')
    const office = desk.directory.unit('van-phong')?.people ?? []
    expect(told.map(({ toName }) => toName).sort()).toEqual(office.map(({ name }) => name).sort())
    expect(told[0]).toMatchObject({ segments: 1 })
    expect(told[0]?.text).toMatch(/RUT phan anh HP26-\d{6}, da giao .+ theo chi dao cua Lanh dao TP\. /)
    // Of what nobody directed nobody is told.
    const other = sent()
    move(other, OPERATOR, { action: 'withdraw', reason: 'Đã tự sửa' })
    expect(view(other).messages.map(({ template }) => template)).not.toContain('directiveWithdrawn')
  })

  it.each([
    ['on a Sunday', '2026-03-08T03:00'],
    ['in the lunch hour', '2026-03-04T12:15'],
    ['in the evening', '2026-03-04T17:01'],
  ])('R057: no directive ends %s', (_, dueAt) => {
    begin('2026-03-02T08:00')
    const code = sent()
    move(code, CITY_OFFICE, { action: 'takeLead', leadReason: 'forChairman' })
    const direct = (unitId: string) =>
      move(code, CITY_OFFICE, { action: 'direct', unitId, directive: 'x', dueAt: `${dueAt}:00+07:00` })
    expect(() => direct(UNIT)).toThrow(refused('DIRECTED_DUE_NOT_WORKED'))
    // Of whoever is there then it may.
    expect(direct(ROUND_THE_CLOCK).state).toBe('assigned')
  })
})

describe('A9: a clock that stood still goes on with what was left', () => {
  const calendarFrom = (unitId: string, calendar: string | null, effectiveOn: string) =>
    desk.editor.propose(
      { effectiveOn, why: 'QĐ 12/QĐ', change: { kind: 'unitChanged', unitId, unit: { calendar } } },
      ADMIN,
    )

  it('R049 (A19): by the hours it began by, though its unit has others since', () => {
    begin('2026-03-06T15:00') // Friday
    const [code, running] = [sent(), sent()]
    until('2026-03-06T15:10')
    ask(code)
    calendarFrom(UNIT, 'truc-24-7', '2026-03-07')
    until('2026-03-09T09:00')
    reply(code)
    // 7 h 50 were left at 15:10 on Friday: from 9:00 on Monday that is 8:50 on Tuesday, by office hours.
    expect(clocks(code, 'officer')).toMatchObject([
      { state: 'running', dueAt: '2026-03-10T01:50:00.000Z', left: { minutes: 470 } },
    ])
    expect(clocks(running, 'officer')[0]?.dueAt).toBe('2026-03-09T08:00:00.000Z')
    // Another table of the hours it is counted by moves it, as it would have before.
    desk.calendarBook.save(
      'city',
      {
        base: desk.calendarBook.revision('city').number,
        table: {
          ...TABLE,
          exceptions: [...TABLE.exceptions, { date: '2026-03-09', off: true, why: 'Nghỉ đột xuất' }],
        },
        reason: 'Văn bản số 1',
      },
      ADMIN,
    )
    desk.recount.begin(100)
    expect(clocks(code, 'officer')[0]?.dueAt).toBe('2026-03-10T09:50:00.000Z')
  })

  it('R049: nor has a unit that was there round the clock less than it had', () => {
    begin('2026-03-06T15:00')
    const code = sent(ROUND_THE_CLOCK)
    until('2026-03-06T15:10')
    ask(code, POLICE)
    calendarFrom(ROUND_THE_CLOCK, null, '2026-03-07')
    until('2026-03-09T09:00')
    reply(code)
    // 7 h 50 from 9:00, each of them an hour.
    expect(clocks(code, 'officer')[0]).toMatchObject({
      dueAt: '2026-03-09T09:50:00.000Z',
      left: { minutes: 470 },
    })
    move(code, OPERATOR, { action: 'remind' })
    expect(view(code).messages.find(({ template }) => template === 'reminder')?.text).toContain('Con 07 gio')
  })

  it('R049: the service’s clock is set back meanwhile: it stood still for no time, and ends no sooner', () => {
    begin('2026-03-02T08:00')
    const code = sent()
    until('2026-03-02T08:10')
    ask(code)
    until('2026-03-02T10:00')
    desk.pass(-3 * 3_600_000) // 07:00
    reply(code)
    expect(clocks(code, 'officer')[0]).toMatchObject({
      state: 'running',
      dueAt: '2026-03-03T01:00:00.000Z',
    })
    expect(clocks(code, 'officer')[0]?.explanation).not.toContain('07:00')
    // Neither by another table of its hours.
    desk.calendarBook.save(
      'city',
      {
        base: desk.calendarBook.revision('city').number,
        table: {
          ...TABLE,
          exceptions: [...TABLE.exceptions, { date: '2026-03-03', off: true, why: 'Nghỉ đột xuất' }],
        },
        reason: 'Văn bản số 1',
      },
      ADMIN,
    )
    desk.recount.begin(100)
    expect(clocks(code, 'officer')[0]?.dueAt).toBe('2026-03-04T01:00:00.000Z')
  })

  it('R049, R102: past the last confirmed year it has no end, which the history says and the officers hear once', () => {
    begin('2026-12-30T15:00')
    const code = sent()
    ask(code)
    until('2026-12-31T16:00')
    reply(code)
    expect(clocks(code, 'officer')).toMatchObject([{ state: 'running', dueAt: null }])
    expect(view(code).events.find(({ type }) => type === 'clockWentOn')?.detail).toMatchObject({
      newDueAt: null,
    })
    const told = () => view(code).messages.filter(({ template }) => template === 'reminderUndated')
    const officers = desk.directory.unit(UNIT)?.people.filter(({ role }) => role === 'officer') ?? []
    expect(told().map(({ toName }) => toName)).toEqual(officers.map(({ name }) => name))
    expect(told()[0]).toMatchObject({ segments: 1 })
    expect(told()[0]?.text).toContain('chua co ngay han')
    until('2026-12-31T16:30')
    expect(told()).toHaveLength(officers.length)
  })

  it('R042, R049 (Đ18.1): from when the citizen’s time was over, however late the service looked', () => {
    begin('2026-03-02T08:00')
    const code = sent()
    until('2026-03-02T09:00')
    ask(code)
    // Their five days end on Monday 09/03 at 17:00; the service is away from then until Tuesday noon.
    until('2026-03-10T12:00')
    expect(view(code).state).toBe('inProgress')
    // Seven hours from Tuesday 07:30.
    expect(clocks(code, 'officer')).toMatchObject([{ state: 'running', dueAt: '2026-03-10T09:00:00.000Z' }])
    expect(clocks(code, 'officer')[0]?.explanation).toContain('dừng 09:00 T2 02/03 → 17:00 T2 09/03')
  })

  it('R051: and is over itself where that was too long, at its true end and found by the same sweep', () => {
    begin('2026-03-02T08:00')
    const code = sent()
    until('2026-03-02T09:00')
    ask(code)
    until('2026-03-12T14:00')
    expect(view(code).state).toBe('escalated')
    expect(clocks(code, 'officer')).toMatchObject([
      { state: 'breached', breachedAt: '2026-03-10T09:00:00.000Z' },
    ])
    expect(view(code).messages.map(({ template }) => template)).not.toContain('clockWentOn')
  })
})
