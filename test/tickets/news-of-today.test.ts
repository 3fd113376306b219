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
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_UNIT,
  UNIT,
} from '../support/desk.ts'

const TABLE = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../config/haiphong/calendar.json'), 'utf8'),
) as CalendarTable
const REPORTER = { type: 'individual', organisation: null, email: null, address: null } as const
const CORRECTED = '0950 000 778'

let desk: Desk
afterEach(() => desk.close())

const begin = (local: string): void => {
  desk = createDesk({ at: `${local}:00+07:00`, city: { citizenSms: ['forwarded'] } })
}
const view = (code: string) => desk.tickets.view(code, OPERATOR)
const move = (code: string, who: Person, asked: Omit<MoveTicket, 'version'>) =>
  desk.tickets.move(code, { version: view(code).version, ...asked }, who)
const until = async (local: string): Promise<void> => {
  await desk.sender.drain()
  desk.pass(Date.parse(`${local}:00+07:00`) - desk.now().getTime())
  desk.deadlines.sweep()
  await desk.sender.drain()
}
const sent = (changes: Record<string, unknown> = {}, unitId = UNIT): string => {
  const { code, version } = fillDraft(desk, changes)
  return desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR).code
}
const told = (code: string, ...templates: string[]) =>
  view(code)
    .messages.filter(({ template }) => templates.includes(template))
    .sort((a, b) => a.id - b.id)
const saveCalendar = (...days: CalendarTable['exceptions']) =>
  desk.calendarBook.save(
    'city',
    {
      base: desk.calendarBook.revision('city').number,
      table: { ...TABLE, exceptions: [...TABLE.exceptions, ...days] },
      reason: 'Văn bản số 1',
    },
    ADMIN,
  )
const off = (date: string) => ({ date, off: true as const, why: 'Nghỉ đột xuất' })
const ask = (code: string): void => {
  move(code, OFFICER, { action: 'accept' })
  move(code, OFFICER, { action: 'askCitizen', question: 'Cột số mấy?' })
}
const reply = (code: string): void =>
  void move(code, OPERATOR, { action: 'citizenReplied', reason: 'Cột 14' })
const correct = (code: string, phone: string): void => {
  const { version, form } = view(code)
  desk.tickets.save(code, { version, form: { reporter: { ...form.reporter, phone } } }, OPERATOR)
}
const person = (role: string) => {
  const found = desk.directory.unit(UNIT)?.people.find((one) => one.role === role)
  if (found?.id === undefined) throw new Error(`nobody is ${role}`)
  return { ...found, id: found.id }
}
/** Another officer from that day on, in the place of the one before. */
const replaceOfficer = (effectiveOn: string): void => {
  const newcomer = { name: 'Ngô Văn Mới', position: 'Chuyên viên', role: 'officer' as const }
  desk.editor.propose(
    {
      effectiveOn,
      why: 'QĐ 12/QĐ-UBND',
      change: {
        kind: 'personAdded',
        unitId: UNIT,
        replaces: person('officer').id,
        person: { ...newcomer, phone: '0950 000 333', mustPress: true, shifts: null },
      },
    },
    ADMIN,
  )
}

describe('R054: an overdue case names the end that its head knows (Đ9.4)', () => {
  it('after an answer that went back', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-03T09:00')
    move(code, HEAD, { action: 'submitAnswer', result: 'Đã thay bóng.', replied: 'hotline' })
    await until('2026-03-04T09:00')
    move(code, OPERATOR, { action: 'returnAnswer', reason: 'Chưa rõ' })
    const end = /nay la (.+?)\. /.exec(told(code, 'clockWentOn')[0]?.text ?? '')?.[1] ?? 'none'
    await until('2026-03-20T09:00')
    const office = desk.directory.unit('van-phong')?.people ?? []
    expect(told(code, 'overdue')).toHaveLength(1 + office.length)
    for (const { text } of told(code, 'overdue')) expect(text).toContain(`(han ${end})`)
  })

  it('after a calendar that moved it', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-03T08:01')
    saveCalendar(off('2026-03-05'))
    await until('2026-03-12T09:00')
    expect(told(code, 'dueMoved')[0]?.text).toContain('nay la 08h01 T5 12/03')
    expect(told(code, 'overdue')[0]?.text).toContain('(han 08h01 T5 12/03)')
  })
})

describe('R081, R087: a reminder by hand says how the case stands', () => {
  it('overdue: since when, in one part', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-03T08:01')
    await until('2026-03-20T09:00')
    move(code, CITY_OFFICE, { action: 'remind' })
    expect(told(code, 'reminderLate')).toMatchObject([{ segments: 1, toName: person('head').name }])
    expect(told(code, 'reminderLate')[0]?.text).toMatch(
      /QUA HAN tu 08h01 T4 11\/03\. De nghi tra loi dan ngay/,
    )
  })

  it('without a date: that there is none, and the hours of the regulation', () => {
    begin('2027-12-31T16:00')
    const code = sent()
    move(code, CITY_OFFICE, { action: 'remind' })
    expect(told(code, 'reminderUndated')).toMatchObject([{ segments: 1 }])
    expect(told(code, 'reminderUndated')[0]?.text).toContain('chua co ngay han (08 gio lam viec)')
  })

  it('on a day off before the first hour of a Monday, which a leader named: until when, and no hours', async () => {
    begin('2026-03-06T16:00')
    const code = sent()
    move(code, CITY_OFFICE, { action: 'takeLead', leadReason: 'forChairman' })
    const monday = { unitId: UNIT, directive: 'Sửa ngay.', dueAt: '2026-03-09T07:30:00+07:00' }
    move(code, CITY_OFFICE, { action: 'direct', ...monday })
    await until('2026-03-07T10:00')
    move(code, CITY_OFFICE, { action: 'remind' })
    expect(told(code, 'reminderDue')[0]?.text).toMatch(/chua tra loi dan\. Han 07h30 T2 09\/03\. /)
  })
})

describe('R068: whoever reported it is told at the number of today (Đ12.2)', () => {
  it('one that was corrected hears when to expect an answer, the one before nothing more', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-02T08:05')
    correct(code, CORRECTED)
    ask(code)
    await until('2026-03-02T14:00')
    reply(code)
    expect(told(code, 'answerLater')).toEqual([])
    expect(
      told(code, 'forwarded').map(({ to, text }) => [to, /du kien tra loi ([^.]+)/.exec(text)?.[1]]),
    ).toEqual([
      ['0950 000 777', '08h00 T3 03/03'],
      [CORRECTED, '13h55 T3 03/03'],
    ])
  })

  it('once it was told, a later end is later for it too; also where only the calendar moves it', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-02T08:05')
    correct(code, CORRECTED)
    saveCalendar(off('2026-03-03'))
    expect(told(code, 'forwarded').at(-1)).toMatchObject({ to: CORRECTED })
    await until('2026-03-02T08:30')
    saveCalendar(off('2026-03-03'), off('2026-03-04'))
    expect(told(code, 'answerLater')).toMatchObject([{ to: CORRECTED }])
  })

  it('where no SMS reaches it any more somebody has to ring, and the history says so', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-02T08:05')
    correct(code, '0225 3747 111')
    ask(code)
    await until('2026-03-02T14:00')
    reply(code)
    expect(told(code, 'answerLater', 'forwarded')).toHaveLength(1)
    expect(
      view(code)
        .events.filter(({ type }) => type === 'citizenNotReachableBySms')
        .at(-1)?.detail,
    ).toMatchObject({
      word: 'answerLater',
    })
  })

  it('R052: is not told to wait by a unit that has told them itself', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-02T08:10')
    move(code, OFFICER, { action: 'accept' })
    move(code, OFFICER, { action: 'submitAnswer', result: 'Đã thay bóng', replied: 'voice' })
    await until('2026-03-02T10:00')
    move(code, OPERATOR, { action: 'returnAnswer', reason: 'Thiếu văn bản' })
    expect(told(code, 'answerLater')).toEqual([])
    expect(told(code, 'clockWentOn')).toHaveLength(1)
  })
})

describe('R101: news of a clock after a change of officers (Đ17.9)', () => {
  it('go to who came in, by a clock that goes on and by a calendar, and not to who left', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    const left = person('officer').name
    await until('2026-03-02T08:10')
    ask(code)
    replaceOfficer('2026-03-03')
    await until('2026-03-03T09:00')
    reply(code)
    expect(told(code, 'clockWentOn').map(({ toName }) => toName)).toEqual(['Ngô Văn Mới'])
    await until('2026-03-03T09:10')
    saveCalendar(off('2026-03-04'))
    expect(told(code, 'dueMoved').map(({ toName }) => toName)).toEqual(['Ngô Văn Mới'])
    expect(view(code).messages.filter(({ toName }) => toName === left)).toHaveLength(1)
  })

  it('go to an officer who is head by now, where it is with the head', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-03T08:01')
    const [officer, head] = [person('officer'), person('head')]
    const changed = { role: 'head' as const, position: 'Giám đốc' }
    const on = { effectiveOn: '2026-03-04', why: 'QĐ 12/QĐ-UBND' }
    desk.editor.propose({ ...on, change: { kind: 'personEnded', unitId: UNIT, personId: head.id } }, ADMIN)
    desk.editor.propose(
      { ...on, change: { kind: 'personChanged', unitId: UNIT, personId: officer.id, person: changed } },
      ADMIN,
    )
    await until('2026-03-04T09:00')
    move(code, HEAD, { action: 'submitAnswer', result: 'Xong', replied: 'hotline' })
    await until('2026-03-05T09:00')
    move(code, OPERATOR, { action: 'returnAnswer', reason: 'Chưa đủ' })
    expect(told(code, 'clockWentOn').map(({ toName }) => toName)).toEqual([officer.name])
  })

  it('A19: noted by day for somebody who has left when it is told, are told to nobody', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-02T08:10')
    const { id, to } = desk.db.raw
      .prepare("SELECT d.id, o.to_number AS 'to' FROM deadlines d, outbox o WHERE o.template = 'slipOfficer'")
      .get() as { id: number; to: string }
    const ticketId = desk.tickets.findWithResult(code, OPERATOR)?.id ?? 0
    replaceOfficer('2026-03-03')
    await until('2026-03-03T07:40')
    desk.db.raw
      .prepare("INSERT INTO due_news VALUES (?, ?, 'x', ?, '2026-03-04T01:00:00.000Z', 1)")
      .run(id, to, ticketId)
    desk.tickets.tellDueNews(10)
    expect(told(code, 'dueMoved')).toEqual([])
  })
})

describe('R012: whoever takes over a case whose clock stands still', () => {
  it('reads that it does, and hears the end when it goes on', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-02T08:10')
    ask(code)
    const change = { kind: 'unitClosed', unitId: UNIT, successorId: OTHER_UNIT } as const
    desk.editor.propose({ change, effectiveOn: '2026-03-03', why: 'QĐ 12/QĐ-UBND' }, ADMIN)
    await until('2026-03-03T07:40')
    desk.tickets.takeOver(desk.editor.standing())
    const officers = (desk.directory.unit(OTHER_UNIT)?.people ?? []).filter(({ role }) => role === 'officer')
    const names = officers.map(({ name }) => name)
    const slips = told(code, 'slipOfficer').filter(({ toName }) => names.includes(toName ?? ''))
    expect(slips.map(({ toName }) => toName)).toEqual(names)
    for (const { text, segments } of slips) {
      expect(text).toContain('Han tra loi dang tam dung. ')
      expect(segments).toBe(1)
    }
    await until('2026-03-03T09:00')
    reply(code)
    expect(told(code, 'clockWentOn').map(({ toName }) => toName)).toEqual(names)
  })

  it('hears it in the slip itself where that waits for the morning', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-02T08:10')
    ask(code)
    const change = { kind: 'unitClosed', unitId: UNIT, successorId: OTHER_UNIT } as const
    desk.editor.propose({ change, effectiveOn: '2026-03-03', why: 'QĐ 12/QĐ-UBND' }, ADMIN)
    await until('2026-03-03T00:10')
    desk.tickets.takeOver(desk.editor.standing())
    reply(code)
    expect(told(code, 'clockWentOn')).toEqual([])
    for (const { text } of told(code, 'slipOfficer').slice(1)) expect(text).toMatch(/Han tra loi \d\dh\d\d T/)
  })
})

describe('R080: whoever reported the same (row 22)', () => {
  const followed = async (): Promise<{ readonly parent: string; readonly child: string }> => {
    begin('2026-03-02T08:00')
    const parent = sent()
    await until('2026-03-02T08:30')
    const child = sent({ reporter: { ...REPORTER, name: 'Vũ Thị Bình', phone: '0950 000 888' } })
    await until('2026-03-02T09:00')
    move(child, OPERATOR, { action: 'merge', parentCode: parent })
    return { parent, child }
  }
  const later = (code: string) =>
    told(code, 'answerLater').map(({ to, text }) => [to, /tra loi ([^,]+),/.exec(text)?.[1]])

  it('R050: hears of a later end, by the code and at the number of their own, each time once', async () => {
    const { parent, child } = await followed()
    ask(parent)
    await until('2026-03-02T11:00')
    reply(parent)
    expect(later(child)).toEqual([['0950 000 888', '10h00 T3 03/03']])
    await until('2026-03-02T13:00')
    saveCalendar(off('2026-03-03'))
    expect(later(child).at(-1)).toEqual(['0950 000 888', '10h00 T4 04/03'])
    expect(later(child)).toHaveLength(2)
  })

  it('R050: hears of the day that the unit promises', async () => {
    const { parent, child } = await followed()
    move(parent, OFFICER, { action: 'accept' })
    move(parent, OFFICER, { action: 'promise', promisedAt: '2026-03-06T10:00:00+07:00', reason: 'Vật tư' })
    expect(later(child)).toEqual([['0950 000 888', '10h00 T6 06/03']])
  })

  it('hears nothing of one that is earlier than they were told', async () => {
    const { parent, child } = await followed()
    move(parent, OFFICER, { action: 'accept' })
    move(parent, OFFICER, { action: 'promise', promisedAt: '2026-03-02T16:00:00+07:00', reason: 'Vật tư' })
    expect(later(child)).toEqual([])
  })

  it('R059: is not put back to the desk by one who objected and gave up, once they had the result', async () => {
    const { parent, child } = await followed()
    move(parent, OFFICER, { action: 'accept' })
    move(parent, OFFICER, { action: 'submitAnswer', result: 'Đã thay bóng.', replied: 'hotline' })
    move(parent, OPERATOR, { action: 'relayAnswer', told: 'voice' })
    move(parent, OPERATOR, { action: 'object', reason: 'Vẫn hỏng' })
    const late = sent({ reporter: { ...REPORTER, name: 'Vũ Thị Cúc', phone: '0950 000 999' } })
    move(late, OPERATOR, { action: 'merge', parentCode: parent })
    move(parent, OPERATOR, { action: 'withdraw', reason: 'Thôi' })
    expect(view(child)).toMatchObject({ state: 'merged' })
    expect(told(child, 'result')).toHaveLength(1)
    // Whoever joined after the answer was never told any.
    expect(view(late)).toMatchObject({ state: 'received' })
  })

  it('R059: objects on the case that was answered: the refusal names it (Đ9.5b)', async () => {
    const { parent, child } = await followed()
    expect(() => move(child, OPERATOR, { action: 'object', reason: 'Vẫn hỏng' })).toThrow(
      expect.objectContaining({ code: 'OBJECT_ON_PARENT', subject: parent }),
    )
  })
})
