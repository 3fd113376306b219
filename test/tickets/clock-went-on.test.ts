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
  UNIT,
} from '../support/desk.ts'

const TABLE = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../config/haiphong/calendar.json'), 'utf8'),
) as CalendarTable
const off = (date: string) => ({ date, off: true as const, why: 'Nghỉ đột xuất' })
const SATURDAY = { date: '2026-03-07', hours: ['07:30-11:30', '13:00-17:00'], why: 'Làm bù' }

let desk: Desk
afterEach(() => desk.close())

const begin = (local: string, citizenSms: ('received' | 'forwarded')[] = []): void => {
  desk = createDesk({ at: `${local}:00+07:00`, city: { citizenSms } })
}
const view = (code: string) => desk.tickets.view(code, OPERATOR)
const move = (code: string, who: Person, asked: Omit<MoveTicket, 'version'>) =>
  desk.tickets.move(code, { version: view(code).version, ...asked }, who)
/** What might go out meanwhile is with its reader by then. */
const until = async (local: string): Promise<void> => {
  await desk.sender.drain()
  desk.pass(Date.parse(`${local}:00+07:00`) - desk.now().getTime())
  await desk.sender.drain()
  desk.deadlines.sweep()
}
const sent = (unitId = UNIT): string => {
  const { code, version } = fillDraft(desk)
  return desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR).code
}
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
const told = (code: string, template: string) =>
  view(code)
    .messages.filter((message) => message.template === template)
    .sort((a, b) => a.id - b.id)
const people = (role?: string) =>
  (desk.directory.unit(UNIT)?.people ?? []).filter((one) => role === undefined || one.role === role)
const names = (some: readonly { readonly name: string }[]) => some.map(({ name }) => name)
const ask = (code: string): void => {
  move(code, OFFICER, { action: 'accept' })
  move(code, OFFICER, { action: 'askCitizen', question: 'Cột số mấy?' })
}
const reply = (code: string): void =>
  void move(code, OPERATOR, { action: 'citizenReplied', reason: 'Cột 14' })
const answer = (code: string, who = OFFICER): void =>
  void move(code, who, { action: 'submitAnswer', result: 'Đã sửa.', replied: 'hotline' })
const returned = (code: string): void =>
  void move(code, OPERATOR, { action: 'returnAnswer', reason: 'Chưa rõ' })

describe('A9: whoever was told the end of a clock that stood still hears once when it ends now', () => {
  it('R057, R102: officers and head of a directive, after the citizen was asked and replied', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    move(code, CITY_OFFICE, { action: 'takeLead', leadReason: 'forChairman' })
    const directed = { unitId: UNIT, directive: 'Sửa dứt điểm.', dueAt: '2026-03-05T10:00:00+07:00' }
    move(code, CITY_OFFICE, { action: 'direct', ...directed })
    ask(code)
    await until('2026-03-02T10:00')
    reply(code)
    expect(told(code, 'clockWentOn').map(({ toName }) => toName)).toEqual(names(people()))
    expect(told(code, 'clockWentOn')[0]).toMatchObject({ segments: 1 })
    expect(told(code, 'clockWentOn')[0]?.text).toMatch(/ tinh gio tiep, han nay la 13h30 T5 05\/03\. /)
    expect(view(code).events.find(({ type }) => type === 'clockWentOn')?.detail).toEqual({
      kind: 'directed',
      oldDueAt: '2026-03-05T03:00:00.000Z',
      newDueAt: '2026-03-05T06:30:00.000Z',
    })
    await until('2026-03-05T09:00')
    expect(told(code, 'clockWentOn')).toHaveLength(people().length)
  })

  it('R049, R102: the officers of the eight hours, where the citizen says nothing', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    ask(code)
    await until('2026-03-09T17:01')
    expect(view(code).state).toBe('inProgress')
    expect(told(code, 'clockWentOn').map(({ toName }) => toName)).toEqual(names(people('officer')))
    expect(told(code, 'clockWentOn')[0]?.text).toContain('han nay la 17h00 T3 10/03')
  })

  it('R052: the head whose answer went back; each time that it does', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    await until('2026-03-03T08:01')
    for (const hour of ['09', '10', '13', '14']) {
      await until(`2026-03-03T${hour}:00`)
      if (view(code).state === 'agencyAnswered') returned(code)
      else answer(code, HEAD)
    }
    const heads = names(people('head'))
    expect(told(code, 'clockWentOn').map(({ toName }) => toName)).toEqual([...heads, ...heads])
    expect(new Set(told(code, 'clockWentOn').map(({ text }) => text)).size).toBe(2)
  })

  it('not where no working time passed, nor where its end is over by then', async () => {
    begin('2026-03-02T18:00')
    const code = sent()
    ask(code)
    await until('2026-03-03T07:10')
    reply(code)
    expect(told(code, 'clockWentOn')).toEqual([])

    await desk.close()
    begin('2026-03-06T16:00')
    const late = sent()
    move(late, CITY_OFFICE, { action: 'takeLead', leadReason: 'forChairman' })
    const today = { unitId: UNIT, directive: 'Sửa ngay.', dueAt: '2026-03-06T17:00:00+07:00' }
    move(late, CITY_OFFICE, { action: 'direct', ...today })
    await until('2026-03-06T17:00')
    ask(late)
    await until('2026-03-13T17:01')
    expect(view(late).state).toBe('escalated')
    expect(told(late, 'clockWentOn')).toEqual([])
  })

  it('R048: in the message itself where that waits for the morning, and not once more', async () => {
    begin('2026-03-02T22:00')
    const code = sent()
    ask(code)
    desk.pass(9 * 3_600_000 - 60_000) // 06:59, and nobody has read it
    saveCalendar({ date: '2026-03-03', hours: ['05:00-11:30', '13:00-17:00'], why: 'Ca sớm' })
    reply(code)
    await until('2026-03-03T07:01')
    expect(told(code, 'clockWentOn')).toEqual([])
    expect(told(code, 'slipOfficer')[0]?.text).toContain(
      desk.deadlines.due(desk.tickets.findWithResult(code, OPERATOR)?.id ?? 0)?.smsText ?? 'none',
    )
  })

  it('A19: a calendar that moves it again afterwards is told too, by the end that they know', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    ask(code)
    await until('2026-03-02T10:00')
    reply(code)
    await until('2026-03-02T10:30')
    saveCalendar(off('2026-03-03'))
    expect(told(code, 'dueMoved').map(({ toName }) => toName)).toEqual(names(people('officer')))
    expect(told(code, 'dueMoved')[0]?.text).toContain('nay la 10h00 T4 04/03')
  })

  it('R048: where the unit has no mobile somebody has to ring, and the history says so', async () => {
    begin('2026-03-02T08:00')
    const code = sent('dk-bach-long-vi')
    const officer = { ...OFFICER, unitId: 'dk-bach-long-vi' }
    move(code, officer, { action: 'accept' })
    move(code, officer, { action: 'askCitizen', question: 'Ở đâu?' })
    await until('2026-03-02T10:00')
    reply(code)
    const nobody = view(code).events.filter(({ type }) => type === 'slipNobodyTold')
    expect(nobody.at(-1)?.detail).toMatchObject({ level: 'officer', dueAt: '2026-03-03T03:00:00.000Z' })
  })
})

describe('R050: whoever reported it is told once when the answer is to be expected later than they know', () => {
  it('after they were asked and replied', async () => {
    begin('2026-03-02T08:00', ['forwarded'])
    const code = sent()
    ask(code)
    await until('2026-03-02T10:00')
    reply(code)
    expect(told(code, 'answerLater')).toMatchObject([
      {
        segments: 1,
        toName: null,
        text: `1022HP: Phan anh ${code} du kien tra loi 10h00 T3 03/03, muon hon da bao. Mong Ong/Ba thong cam. Hoi them: 0225.1022`,
      },
    ])
  })

  it('the day that the unit promised, where its answer went back', async () => {
    begin('2026-03-02T08:00')
    const code = sent()
    move(code, OFFICER, { action: 'accept' })
    move(code, OFFICER, { action: 'promise', promisedAt: '2026-03-06T10:00:00+07:00', reason: 'Vật tư' })
    await until('2026-03-03T08:00')
    answer(code)
    await until('2026-03-03T09:00')
    returned(code)
    expect(told(code, 'answerLater').map(({ text }) => /tra loi ([^,]+),/.exec(text)?.[1])).toEqual([
      '11h00 T6 06/03',
    ])
  })

  it('A19: by a calendar that moves it later, once, each case in its own words; not by one that moves it earlier', async () => {
    begin('2026-03-06T16:00', ['forwarded'])
    const codes = [sent(), sent()]
    await desk.sender.drain()
    saveCalendar(SATURDAY)
    expect(codes.flatMap((code) => told(code, 'answerLater'))).toEqual([])
    saveCalendar(off('2026-03-09'))
    for (const code of codes)
      expect(told(code, 'answerLater').map(({ text }) => /tra loi ([^,]+),/.exec(text)?.[1])).toEqual([
        '16h00 T3 10/03',
      ])
    await desk.sender.drain()
    saveCalendar(off('2026-03-09'), off('2026-04-06'))
    expect(codes.flatMap((code) => told(code, 'answerLater'))).toHaveLength(2)
  })

  it('not while it stands still, nor where no message named a time', async () => {
    begin('2026-03-02T08:00', ['forwarded'])
    const code = sent()
    ask(code)
    await until('2026-03-02T10:00')
    saveCalendar(off('2026-03-03'))
    expect(told(code, 'answerLater')).toEqual([])

    await desk.close()
    begin('2026-03-02T08:00')
    const quiet = sent()
    ask(quiet)
    await until('2026-03-02T10:00')
    reply(quiet)
    expect(told(quiet, 'answerLater')).toEqual([])
    expect(told(quiet, 'clockWentOn')).not.toEqual([])
  })

  it('not of the head’s time: what they know was broken before', async () => {
    begin('2026-03-02T08:00', ['forwarded'])
    const code = sent()
    await until('2026-03-03T08:01')
    answer(code, HEAD)
    await until('2026-03-03T10:01')
    returned(code)
    expect(view(code).state).toBe('escalated')
    expect(told(code, 'answerLater')).toEqual([])
  })
})
