import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { readDirectory } from '../../src/agencies/directory-files.ts'
import {
  ADMIN,
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_OFFICER,
  UNIT,
} from '../support/desk.ts'

/** Monday 08:00 in the city; the unit for lighting ends the day after, and what it did goes to drainage. */
const LAST_DAY = '2026-03-03'
const HEIR = 'thoat-nuoc'
const HEIR_NAME = 'Công ty Thoát nước'
const DAY = 86_400_000
const HEIR_OFFICER: Person = { ...OFFICER, id: 31, username: 'heir', unitId: HEIR }
const HEIR_HEAD: Person = { ...HEAD, id: 32, username: 'heirHead', unitId: HEIR }

let desk: Desk
afterEach(() => desk.close())

function begin(at = '2026-03-02T08:00:00+07:00'): { code: string; version: number } {
  const files = readDirectory(resolve(import.meta.dirname, '../../config/haiphong'))
  for (const unit of files.units) {
    if (unit.id === UNIT) Object.assign(unit, { validTo: LAST_DAY, successorId: HEIR })
    if (unit.id === HEIR) unit.name = HEIR_NAME
  }
  desk = createDesk({ directory: files, at })
  const { code, version } = fillDraft(desk)
  return desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
}
const codes = (person: Person, query = {}): string[] =>
  desk.tickets.list(query, person).items.map(({ code }) => code)
const refused = (code: string) => expect.objectContaining({ code }) as Error

describe('R012: a case of a unit that ended', () => {
  it('is the successor’s from the day after, to read and to act on', () => {
    // In the afternoon of its last day: the eight hours go on into the successor's first.
    const { code } = begin('2026-03-03T15:00:00+07:00')
    expect(codes(HEIR_OFFICER)).toEqual([])
    expect(() => desk.tickets.view(code, HEIR_OFFICER)).toThrow(refused('TICKET_NOT_FOUND'))
    desk.pass(18 * 3_600_000)
    expect(codes(HEIR_OFFICER)).toEqual([code])
    const shown = desk.tickets.view(code, HEIR_OFFICER)
    expect(shown).toMatchObject({ sight: 'whole', unitId: UNIT, unitNowName: HEIR_NAME })
    expect(shown.slips).toHaveLength(1)
    const accepted = desk.tickets.move(code, { version: shown.version, action: 'accept' }, HEIR_OFFICER)
    expect(accepted.state).toBe('inProgress')
    expect(desk.tickets.readersOf(code)(HEIR_HEAD)).toBe(true)
    expect(desk.tickets.slipByToken('Kx7Qd2mR0001', HEIR_OFFICER)).toMatchObject({
      isOfUnit: true,
      isTheirs: true,
    })
  })

  it('is no more that of the people of the unit that is over, and never a third unit’s', () => {
    const { code } = begin()
    expect(codes(OFFICER)).toEqual([code])
    desk.pass(2 * DAY)
    for (const person of [OFFICER, HEAD, OTHER_OFFICER]) {
      expect(codes(person)).toEqual([])
      expect(() => desk.tickets.view(code, person)).toThrow(refused('TICKET_NOT_FOUND'))
    }
  })

  it('keeps the old unit and its name, and says who that is now', () => {
    const { code } = begin()
    const before = desk.tickets.view(code, OPERATOR)
    expect(before.unitNowName).toBeNull()
    desk.pass(2 * DAY)
    expect(desk.tickets.view(code, OPERATOR)).toMatchObject({
      unitId: UNIT,
      unitName: before.unitName,
      unitNowName: HEIR_NAME,
    })
  })

  it('is found with the successor, and by its own unit still', () => {
    const { code } = begin()
    expect(codes(OPERATOR, { unitId: HEIR })).toEqual([])
    desk.pass(2 * DAY)
    for (const unitId of [UNIT, HEIR]) expect(codes(OPERATOR, { unitId }), unitId).toEqual([code])
    expect(codes(OPERATOR, { unitId: 'so-xay-dung' })).toEqual([])
    expect(codes(HEIR_OFFICER, { unitId: HEIR })).toEqual([code])
  })

  it('that is confidential is not found by its unit by those who are not shown it (Đ12.1)', () => {
    const opened = begin()
    const { version } = desk.tickets.view(opened.code, OPERATOR)
    expect(version).toBeGreaterThan(1)
    desk.db.raw.prepare('UPDATE tickets SET confidential = 1 WHERE code = ?').run(opened.code)
    const other = { ...OPERATOR, id: 4 }
    expect(codes(OPERATOR, { unitId: UNIT })).toEqual([opened.code])
    expect(codes(other, { unitId: UNIT })).toEqual([])
    expect(codes(other)).toEqual([opened.code])
  })

  it('goes up to the successor’s head when the officer’s time is over (Đ9.4)', () => {
    const { code } = begin()
    desk.pass(3 * DAY)
    desk.deadlines.sweep()
    const shown = desk.tickets.view(code, OPERATOR)
    expect(shown).toMatchObject({ state: 'escalated', unitId: HEIR, unitName: HEIR_NAME })
    expect(shown.slips.map(({ unitId }) => unitId)).toEqual([UNIT, HEIR])
  })
})

describe('R012: a new slip', () => {
  it('does not go to a unit that is over: the refusal names who took over', () => {
    begin()
    desk.pass(2 * DAY)
    const { code, version } = fillDraft(desk)
    expect(() => desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)).toThrow(
      expect.objectContaining({ code: 'UNIT_SUCCEEDED', subject: HEIR_NAME }) as Error,
    )
    expect(desk.tickets.view(code, OPERATOR)).toMatchObject({ state: 'draft', version })
    expect(desk.tickets.sendSlip(code, { version, unitId: HEIR, note: '' }, OPERATOR).unitId).toBe(HEIR)
  })

  it('of a clock goes out although nobody took over, so that the City Office hears of it in the end', async () => {
    const { code } = begin()
    const unit = desk.directory.unit(UNIT)
    expect(unit?.successorId).toBe(HEIR)
    await desk.close()
    const files = readDirectory(resolve(import.meta.dirname, '../../config/haiphong'))
    for (const one of files.units) if (one.id === UNIT) one.validTo = LAST_DAY
    desk = createDesk({ directory: files })
    const draft = fillDraft(desk)
    expect(draft.code).toBe(code)
    desk.tickets.sendSlip(code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
    desk.pass(3 * DAY)
    desk.deadlines.sweep()
    expect(desk.tickets.view(code, OPERATOR)).toMatchObject({ state: 'escalated', unitId: UNIT })
    desk.pass(20 * DAY)
    desk.deadlines.sweep()
    expect(desk.tickets.view(code, OPERATOR).state).toBe('overdue')
    const again = fillDraft(desk)
    expect(() =>
      desk.tickets.sendSlip(again.code, { version: again.version, unitId: UNIT, note: '' }, OPERATOR),
    ).toThrow(refused('UNIT_OVER'))
  })
})

describe('R012: whoever takes over hears of it', () => {
  const WHY = 'QĐ 12/QĐ-UBND'
  const end = (unitId: string, successorId: string, effectiveOn: string) =>
    desk.editor.propose({ change: { kind: 'unitClosed', unitId, successorId }, effectiveOn, why: WHY }, ADMIN)
  const run = () => {
    desk.tickets.takeOver(desk.editor.standing())
  }
  const events = (code: string, type: string) =>
    desk.tickets.view(code, OPERATOR).events.filter((event) => event.type === type)
  const fates = (code: string) =>
    desk.messages.ofTicket(code).map(({ template, toName, state }) => [template, toName, state])
  const officer = (unitId: string) =>
    desk.directory.unit(unitId)?.people.find(({ role }) => role === 'officer')?.name
  const forwarded = (): string => {
    const { code, version } = fillDraft(desk)
    return desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR).code
  }

  it('on the day, once: in the history, and by the slip’s SMS; what waits for the one before is dropped', async () => {
    desk = createDesk({ at: '2026-03-02T22:10:00+07:00' })
    const code = forwarded()
    const [before, after] = [officer(UNIT), officer(HEIR)]
    const { id } = end(UNIT, HEIR, LAST_DAY)
    run()
    expect(events(code, 'unitTookOver')).toEqual([])
    desk.pass(2 * 3_600_000)
    run()
    run()
    expect(events(code, 'unitTookOver').map(({ detail }) => detail)).toEqual([
      expect.objectContaining({ changeId: id, unitId: HEIR }),
    ])
    desk.pass(8 * 3_600_000)
    await desk.sender.drain()
    expect(fates(code)).toEqual([
      ['slipOfficer', before, 'dropped'],
      ['slipOfficer', after, 'delivered'],
    ])
    expect(events(code, 'smsDropped').map(({ detail }) => detail['why'])).toEqual(['handedOver'])
    // As after a restart, a day later: what was written is not written again.
    desk.pass(DAY)
    run()
    expect(events(code, 'unitTookOver')).toHaveLength(1)
    expect(fates(code)).toHaveLength(2)
  })

  it('after a change recorded for the same day too, and no case that is over', () => {
    desk = createDesk()
    const [open, over] = [forwarded(), forwarded()]
    const { version } = desk.tickets.view(over, OPERATOR)
    desk.tickets.move(over, { version, action: 'withdraw', reason: 'Đã xong' }, OPERATOR)
    run()
    end(UNIT, HEIR, '2026-03-02')
    run()
    expect(events(open, 'unitTookOver')).toHaveLength(1)
    expect(events(over, 'unitTookOver')).toEqual([])
  })

  it('each step of two, and whoever works beside another unit (Đ9.5a)', () => {
    desk = createDesk()
    const code = forwarded()
    const { version } = desk.tickets.view(code, OPERATOR)
    desk.tickets.addCoHandler(code, { version, unitId: HEIR, reason: 'Cùng đào đường' }, OPERATOR)
    end(HEIR, 'so-xay-dung', LAST_DAY)
    desk.pass(DAY)
    run()
    expect(events(code, 'unitTookOver').map(({ detail }) => detail)).toEqual([
      expect.objectContaining({ unitId: 'so-xay-dung', beside: true }),
    ])
    expect(fates(code)).toContainEqual(['slipCoHandler', officer('so-xay-dung'), 'pending'])
    end(UNIT, 'van-phong', '2026-03-04')
    desk.pass(DAY)
    run()
    expect(events(code, 'unitTookOver').map(({ detail }) => detail['unitId'])).toEqual([
      'so-xay-dung',
      'van-phong',
    ])
  })

  describe('by those who hold it (Đ9.4)', () => {
    /** Monday 02/03 08:00 and eight working hours: with the head by Tuesday 09:00, overdue from Wednesday 11/03 09:00. */
    const until = (local: string): void => {
      desk.pass(Date.parse(`${local}:00+07:00`) - desk.now().getTime())
      desk.deadlines.sweep()
    }
    const people = (unitId: string, role: string) =>
      desk.directory
        .unit(unitId)
        ?.people.filter((one) => one.role === role)
        .map(({ name }) => name) ?? []
    const told = (code: string) =>
      (
        desk.db.raw
          .prepare(
            "SELECT template, to_name AS who, text_vi AS text FROM outbox WHERE ticket_code = ? AND occasion LIKE 'handover:%' ORDER BY id",
          )
          .all(code) as { template: string; who: string; text: string }[]
      ).map(({ template, who, text }) => ({ template, who, text }))

    it('R054: its head reads of a case that went up what a head reads, its officers what they did', () => {
      desk = createDesk()
      const code = forwarded()
      until('2026-03-03T09:00')
      end(UNIT, HEIR, '2026-03-03')
      run()
      const sms = told(code)
      expect(sms.filter(({ template }) => template === 'slipHead').map(({ who }) => who)).toEqual(
        people(HEIR, 'head'),
      )
      expect(sms.find(({ template }) => template === 'slipHead')?.text).toMatch(
        /quá hạn, chưa trả lời dân\. Đề nghị Thủ trưởng giải quyết trước 09h00 T4 11\/03/,
      )
      expect(sms.filter(({ template }) => template === 'slipOfficer').map(({ who }) => who)).toEqual(
        people(HEIR, 'officer'),
      )
    })

    it('R054: of an overdue case both read that it is, and since when', async () => {
      desk = createDesk()
      const code = forwarded()
      until('2026-03-03T09:00')
      until('2026-03-11T09:01')
      expect(desk.tickets.view(code, OPERATOR).state).toBe('overdue')
      end(UNIT, HEIR, '2026-03-11')
      run()
      const sms = told(code)
      expect(sms.map(({ who }) => who).sort()).toEqual(
        [...people(HEIR, 'head'), ...people(HEIR, 'officer')].sort(),
      )
      for (const { template, text } of sms) {
        expect(template).toBe('overdueTakenOver')
        expect(text).toMatch(/QUÁ HẠN .*hạn cũ 09h00 T4 11\/03/)
      }
      await desk.sender.drain()
      expect(fates(code)).toContainEqual(['overdueTakenOver', people(HEIR, 'head')[0], 'delivered'])
    })

    it('R054: where no SMS reaches its head the history says so', () => {
      desk = createDesk()
      const code = forwarded()
      until('2026-03-03T09:00')
      end(UNIT, HEIR, '2026-03-03')
      for (const person of desk.directory.unit(HEIR)?.people ?? [])
        if (person.role === 'head') Object.assign(person, { phone: '0225.3842.000' })
      run()
      expect(events(code, 'slipNobodyTold').map(({ detail }) => detail)).toEqual([
        expect.objectContaining({ level: 'head' }),
      ])
    })

    it('R057: a directive reaches officers and head (Đ9.5)', () => {
      desk = createDesk()
      const code = forwarded()
      const version = () => desk.tickets.view(code, CITY_OFFICE).version
      desk.tickets.move(
        code,
        { version: version(), action: 'takeLead', leadReason: 'forChairman' },
        CITY_OFFICE,
      )
      desk.tickets.move(
        code,
        {
          version: version(),
          action: 'direct',
          unitId: UNIT,
          directive: 'Sửa dứt điểm.',
          dueAt: '2026-03-06T10:00:00+07:00',
        },
        CITY_OFFICE,
      )
      end(UNIT, HEIR, '2026-03-02')
      run()
      expect(
        told(code)
          .map(({ template, who }) => [template, who])
          .sort(),
      ).toEqual(
        [...people(HEIR, 'head'), ...people(HEIR, 'officer')].map((who) => ['slipDirected', who]).sort(),
      )
    })
  })
})
