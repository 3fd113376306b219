import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MoveTicket } from '../../src/tickets/contract.ts'
import { reportDay } from '../../src/tickets/overdue-policy.ts'
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
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const code = (problem: string) => expect.objectContaining({ code: problem }) as Error

let desk: Desk
beforeEach(() => {
  desk = createDesk() // Monday 02/03/2026 08:00
})
afterEach(() => desk.close())

/** Forwarded now, overdue on Wednesday of the next week: eight working hours, then 48. */
const late = (): string => {
  const draft = fillDraft(desk)
  desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
  return draft.code
}
const letRunOut = (): void => {
  desk.pass(DAY + HOUR)
  desk.deadlines.sweep()
  desk.pass(8 * DAY + 60_000) // Wednesday 11/03 09:01
  desk.deadlines.sweep()
}
const reports = () =>
  desk.db.raw
    .prepare("SELECT to_number, text FROM outbox WHERE template = 'overdueReport' ORDER BY id")
    .all() as { to_number: string; text: string }[]
const direct = (ticket: string, more: Partial<MoveTicket> = {}) => {
  const { version } = desk.tickets.view(ticket, CITY_OFFICE)
  const asked = { version, action: 'direct' as const, directive: 'Trả lời dân trong ngày.', ...more }
  return desk.tickets.move(ticket, asked, CITY_OFFICE)
}

it('R012, R054: the morning report names who does the work of a unit that has ended', () => {
  late()
  letRunOut()
  const change = { kind: 'unitClosed', unitId: UNIT, successorId: OTHER_UNIT } as const
  desk.editor.propose({ change, effectiveOn: '2026-03-12', why: 'QĐ 12/QĐ-UBND' }, ADMIN)
  desk.overdueReport.run()
  desk.pass(DAY)
  desk.overdueReport.run()
  const names = [UNIT, OTHER_UNIT].map((id) => desk.directory.unit(id)?.smsName ?? '')
  const office = desk.directory.unit('van-phong')?.people.length ?? 0
  expect(reports()).toHaveLength(2 * office)
  expect(reports()[0]?.text).toContain(`cua ${names[0] ?? ''}.`)
  expect(reports().at(-1)?.text).toContain(`cua ${names[1] ?? ''}.`)
})

describe('the hour of the report', () => {
  it.each([
    ['2026-03-02T07:59:59', null],
    ['2026-03-02T08:00:00', '2026-03-02'],
    ['2026-03-02T16:59:59', '2026-03-02'],
    ['2026-03-02T17:00:00', null],
    ['2026-03-02T23:30:00', null],
    ['2026-03-03T00:30:00', null],
  ])('at %s is %s', (local, day) => {
    expect(reportDay(new Date(`${local}+07:00`))).toBe(day)
  })
})

describe('R054: what is overdue (Đ9.4)', () => {
  it('is reported to each of the City Office, once that morning however often it is asked', () => {
    const first = late()
    late()
    letRunOut()
    desk.overdueReport.run()
    desk.overdueReport.run()
    desk.pass(HOUR)
    desk.overdueReport.run()
    const office = desk.directory.unit('van-phong')?.people ?? []
    expect(office.length).toBeGreaterThan(0)
    expect(reports()).toHaveLength(office.length)
    expect(reports()[0]?.text).toContain('2 phieu QUA HAN')
    expect(reports()[0]?.text).toContain(first)
    expect(new Set(reports().map(({ to_number: to }) => to)).size).toBe(office.length)
  })

  it('is reported again the next working morning, before eight not, and not on days off', () => {
    late()
    letRunOut()
    desk.overdueReport.run()
    const each = reports().length
    desk.pass(22 * HOUR) // Thursday 07:00
    desk.overdueReport.run()
    expect(reports()).toHaveLength(each)
    desk.pass(HOUR)
    desk.overdueReport.run()
    expect(reports()).toHaveLength(2 * each)
    desk.pass(DAY) // Friday 08:00
    desk.overdueReport.run()
    expect(reports()).toHaveLength(3 * each)
    for (let day = 0; day < 2; day += 1) {
      desk.pass(DAY)
      desk.overdueReport.run() // Saturday, Sunday
    }
    expect(reports()).toHaveLength(3 * each)
    desk.pass(DAY)
    desk.overdueReport.run() // Monday
    expect(reports()).toHaveLength(4 * each)
  })

  it('is reported on a worked Saturday', async () => {
    await desk.close()
    desk = createDesk({ at: '2026-01-10T01:00:00Z' }) // swapped for Friday 02/01
    const ticket = late()
    desk.db.raw.prepare("UPDATE tickets SET state = 'overdue' WHERE code = ?").run(ticket)
    desk.overdueReport.run()
    expect(reports().length).toBeGreaterThan(0)
  })

  it('says nothing where nothing is, nor of training; what runs out later is for the next morning', () => {
    desk.overdueReport.run()
    const ticket = late()
    desk.db.raw.prepare("UPDATE tickets SET state = 'overdue' WHERE code = ?").run(ticket)
    desk.overdueReport.run()
    expect(reports()).toEqual([])
    desk.pass(DAY)
    desk.db.raw.prepare('UPDATE tickets SET training = 1 WHERE code = ?').run(ticket)
    desk.overdueReport.run()
    expect(reports()).toEqual([])
  })

  it('is directed by the leaders’ word, document and day; the head hears of it, and it stays overdue', () => {
    const ticket = late()
    letRunOut()
    const before = desk.tickets.view(ticket, SUPERVISOR)
    expect(before.state).toBe('overdue')
    expect(before.actions).not.toContain('direct')
    direct(ticket, { documentNo: ' 812/UBND ', documentDate: '2026-03-11' })
    const after = desk.tickets.view(ticket, SUPERVISOR)
    expect(after).toMatchObject({ state: 'overdue', unitId: UNIT, deadlines: before.deadlines })
    expect(after.events.find(({ type }) => type === 'directed')?.detail).toEqual({
      directive: 'Trả lời dân trong ngày.',
      documentNo: '812/UBND',
      documentDate: '2026-03-11',
      article: 'Đ9.4',
    })
    const [sms] = desk.messages.ofTicket(ticket).filter(({ template }) => template === 'directedHead')
    expect(sms?.text).toContain('van ban 812/UBND')
    expect(sms?.toName).toBe(desk.directory.unit(UNIT)?.people.find(({ role }) => role === 'head')?.name)
    expect(desk.tickets.list({ state: 'overdue' }, CITY_OFFICE)).toMatchObject({
      overdue: 1,
      items: [
        {
          direction: { text: 'Trả lời dân trong ngày.', documentNo: '812/UBND', documentDate: '2026-03-11' },
        },
      ],
    })
    const { version } = after
    desk.tickets.move(
      ticket,
      { version, action: 'submitAnswer', replied: 'hotline', result: 'Đã sửa xong.' },
      HEAD,
    )
    expect(desk.tickets.view(ticket, SUPERVISOR).state).toBe('agencyAnswered')
  })

  it('stands with what was said, and its due time, first in the list of the unit that is late', () => {
    const ticket = late()
    letRunOut()
    const fresh = fillDraft(desk)
    desk.tickets.sendSlip(fresh.code, { version: fresh.version, unitId: UNIT, note: '' }, OPERATOR)
    const list = () => desk.tickets.list({ byEnd: true }, HEAD).items
    expect(list().map(({ code: found }) => found)).toEqual([ticket, fresh.code])
    expect(list()[0]).toMatchObject({ direction: null, clock: { kind: 'head', state: 'breached' } })
    expect(list()[0]?.clock?.dueAt).not.toBeNull()
    direct(ticket, { directive: 'Trả lời ông Phạm Văn Đại, 0950 000 777.' })
    expect(list()[0]?.direction?.text).toBe('Trả lời ông Phạm Văn Đại, 0950 000 777.')
    desk.db.raw.prepare('UPDATE tickets SET confidential = 1 WHERE code = ?').run(ticket)
    expect(list()[0]?.direction?.text).not.toMatch(/Phạm Văn Đại|0950/)
    expect(list()[1]).not.toHaveProperty('direction')
  })

  it('Đ9.4: for a head what was escalated stands before what is due sooner with an officer', () => {
    const ticket = late()
    desk.pass(DAY + HOUR)
    desk.deadlines.sweep()
    const fresh = fillDraft(desk)
    desk.tickets.sendSlip(fresh.code, { version: fresh.version, unitId: UNIT, note: '' }, OPERATOR)
    const codes = (reader: typeof HEAD) =>
      desk.tickets.list({ byEnd: true }, reader).items.map(({ code: found }) => found)
    expect(desk.tickets.view(ticket, HEAD).state).toBe('escalated')
    expect(codes(HEAD)).toEqual([ticket, fresh.code])
    expect(codes(OFFICER)).toEqual([fresh.code, ticket])
  })

  it('has no direction until there is one, and only the newest is shown', () => {
    const ticket = late()
    letRunOut()
    const shown = () => desk.tickets.list({}, CITY_OFFICE).items[0]?.direction
    expect(shown()).toBeNull()
    direct(ticket)
    direct(ticket, { directive: 'Báo cáo trước 16 giờ.' })
    expect(shown()).toMatchObject({ text: 'Báo cáo trước 16 giờ.', documentNo: null, documentDate: null })
    expect(desk.tickets.list({}, SUPERVISOR).items[0]).not.toHaveProperty('direction')
  })

  it('is not directed without a word, to another unit, or by a document of tomorrow', () => {
    const ticket = late()
    letRunOut()
    expect(() => direct(ticket, { directive: '  ' })).toThrow(code('DIRECTIVE_REQUIRED'))
    expect(() => direct(ticket, { unitId: OTHER_UNIT })).toThrow(code('DIRECT_OTHER_UNIT'))
    expect(() => direct(ticket, { documentDate: '2026-03-12' })).toThrow(code('DOCUMENT_DATE_TO_COME'))
    expect(() => direct(ticket, { documentDate: '2006-03-10' })).toThrow(code('DOCUMENT_DATE_TOO_OLD'))
    const { version } = desk.tickets.view(ticket, SUPERVISOR)
    expect(() =>
      desk.tickets.move(ticket, { version, action: 'direct', directive: 'x' }, SUPERVISOR),
    ).toThrow(code('ACTION_NOT_YOURS'))
    expect(desk.tickets.view(ticket, SUPERVISOR).version).toBe(version)
  })

  it('R057: a direction of a case that the City Office leads is kept with its document too', () => {
    const ticket = late()
    const { version } = desk.tickets.view(ticket, CITY_OFFICE)
    desk.tickets.move(ticket, { version, action: 'takeLead', leadReason: 'forChairman' }, CITY_OFFICE)
    direct(ticket, { unitId: OTHER_UNIT, documentNo: '9/TB', dueAt: '2026-03-06T16:00:00+07:00' })
    const events = desk.tickets.view(ticket, SUPERVISOR).events
    expect(events.find(({ type }) => type === 'directed')?.detail).toMatchObject({ documentNo: '9/TB' })
    expect(desk.tickets.view(ticket, SUPERVISOR)).toMatchObject({ state: 'assigned', unitId: OTHER_UNIT })
  })
})
