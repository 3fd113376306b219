import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CalendarTable } from '../../src/deadlines/contract.ts'
import type { MoveTicket } from '../../src/tickets/contract.ts'
import {
  ADMIN,
  createDesk,
  type Desk,
  fillDraft,
  OFFICER,
  OPERATOR,
  OTHER_UNIT,
  UNIT,
} from '../support/desk.ts'

const TABLE = JSON.parse(
  readFileSync(resolve(join(import.meta.dirname, '../../config/haiphong/calendar.json')), 'utf8'),
) as CalendarTable
const HOUR = 3_600_000
const SATURDAY = { date: '2026-03-07', hours: ['07:30-11:30', '13:00-17:00'], why: 'Làm bù' }
const MONDAY_OFF = { date: '2026-03-09', off: true as const, why: 'Nghỉ đột xuất' }
const APRIL_OFF = { date: '2026-04-06', off: true as const, why: 'Nghỉ đột xuất' }

let desk: Desk
afterEach(() => desk.close())

const save = (...days: CalendarTable['exceptions']) =>
  desk.calendarBook.save(
    'city',
    {
      base: desk.calendarBook.revision('city').number,
      table: { ...TABLE, exceptions: [...TABLE.exceptions, ...days] },
      reason: 'Văn bản số 1',
    },
    ADMIN,
  )
const sent = () => {
  const { code, version } = fillDraft(desk)
  return desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR).code
}
const view = (code: string) => desk.tickets.view(code, OPERATOR)
const act = (code: string, asked: Omit<MoveTicket, 'version'>) =>
  desk.tickets.move(code, { version: view(code).version, ...asked }, OFFICER)
/** Corrections of several cases in one. */
const together = () =>
  desk.db.raw
    .prepare(
      "SELECT to_name AS who, text_vi AS text, segments FROM outbox WHERE template = 'dueMovedMany' ORDER BY id",
    )
    .all() as { who: string; text: string; segments: number }[]
const corrections = (code: string) => view(code).messages.filter(({ template }) => template === 'dueMoved')

describe('A19: an SMS of a clock that a new calendar moves', () => {
  it('says the new time where it waits for the morning, and goes once', async () => {
    desk = createDesk({ at: '2026-03-06T15:10:00Z' }) // Friday 22:10
    const code = sent()
    const before = view(code).messages[0]?.text
    expect(before).toContain('T2 09/03')
    save(MONDAY_OFF)
    const [waiting, ...others] = view(code).messages
    expect(others).toEqual([])
    expect(waiting?.text).toContain('T3 10/03')
    expect(waiting?.text).not.toContain('T2 09/03')
    desk.pass(10 * HOUR)
    await desk.sender.drain()
    expect(desk.messageStore.handsetMessages(10).map(({ text }) => text)).toEqual([waiting?.text])
  })

  describe('that went out', () => {
    beforeEach(() => {
      desk = createDesk({ at: '2026-03-06T09:00:00Z' }) // Friday 16:00, due on Monday
    })

    it('is corrected once to whom it went', async () => {
      const code = sent()
      await desk.sender.drain()
      const told = view(code).messages.map(({ to }) => to)
      save(SATURDAY)
      expect(corrections(code).map(({ to }) => to)).toEqual(told)
      expect(corrections(code)[0]?.text).toMatch(/ nay la 16h00 T7 07\/03, do lich/)
      await desk.sender.drain()
      save(SATURDAY, APRIL_OFF)
      expect(corrections(code)).toHaveLength(told.length)
      expect(view(code).events.filter(({ type }) => type === 'dueMovedSms')).toHaveLength(told.length)
    })

    it('R012: is corrected to who took over the case, not to the unit that ended', async () => {
      const code = sent()
      const change = { kind: 'unitClosed', unitId: UNIT, successorId: OTHER_UNIT } as const
      desk.editor.propose({ change, effectiveOn: '2026-03-07', why: 'QĐ 12/QĐ-UBND' }, ADMIN)
      desk.pass(16 * HOUR) // Saturday 08:00
      desk.tickets.takeOver(desk.editor.standing())
      await desk.sender.drain()
      save(SATURDAY)
      const officers = desk.directory.unit(OTHER_UNIT)?.people.filter(({ role }) => role === 'officer') ?? []
      expect(officers.length).toBeGreaterThan(0)
      expect(corrections(code).map(({ toName }) => toName)).toEqual(officers.map(({ name }) => name))
    })

    it('is corrected where the new time is later too, and when that goes back; a day off beyond it is no news', async () => {
      const code = sent()
      await desk.sender.drain()
      save(MONDAY_OFF)
      await desk.sender.drain()
      save(MONDAY_OFF, APRIL_OFF)
      expect(corrections(code).map(({ text }) => /T\d \d\d\/\d\d/.exec(text)?.[0])).toEqual(['T3 10/03'])
      expect(corrections(code).map(({ segments }) => segments)).toEqual([1])
      save(APRIL_OFF)
      expect(corrections(code).map(({ text }) => /T\d \d\d\/\d\d/.exec(text)?.[0])).toEqual([
        'T3 10/03',
        'T2 09/03',
      ])
    })

    it('is no more corrected once it was answered, nor to a later time while the citizen is asked', async () => {
      const [answered, asked] = [sent(), sent()]
      for (const code of [answered, asked]) act(code, { action: 'accept' })
      act(answered, { action: 'submitAnswer', result: 'Đã sửa.', replied: 'hotline' })
      act(asked, { action: 'askCitizen', question: 'Cột số mấy?' })
      await desk.sender.drain()
      save(MONDAY_OFF)
      expect([corrections(answered), corrections(asked), together()]).toEqual([[], [], []])
    })

    it('is corrected in one message a person where several cases move, and each case says so', async () => {
      const codes = [sent(), sent(), sent()]
      const officers = [...new Set(view(codes[0] ?? '').messages.map(({ toName }) => toName))]
      await desk.sender.drain()
      save(MONDAY_OFF)
      expect(codes.flatMap(corrections)).toEqual([])
      expect(together().map(({ who }) => who)).toEqual(officers)
      expect(together()[0]).toMatchObject({
        text: '1022HP: Hạn của 3 phiếu đã đổi, do lịch làm việc thay đổi. Xem hạn mới: 1022.haiphong.gov.vn/tickets',
        segments: 1,
      })
      for (const code of codes)
        expect(
          view(code)
            .events.filter(({ type }) => type === 'dueMovedTogether')
            .map(({ detail }) => detail),
        ).toEqual(officers.map((toName) => expect.objectContaining({ toName, count: 3 }) as unknown))
      // They know it by now, until it moves once more.
      await desk.sender.drain()
      save(MONDAY_OFF, APRIL_OFF)
      expect(together()).toHaveLength(officers.length)
      save(APRIL_OFF)
      expect(together()).toHaveLength(2 * officers.length)
    })

    it('has one for several cases that waits for the morning, whatever else is edited at night', async () => {
      const codes = [sent(), sent()]
      await desk.sender.drain()
      desk.pass(6 * HOUR) // 22:00
      save(MONDAY_OFF)
      const before = together()
      save(MONDAY_OFF, { ...MONDAY_OFF, date: '2026-03-10' })
      expect(together()).toEqual(before)
      expect(codes.flatMap(corrections)).toEqual([])
    })

    it('is told once the calendar is counted through, though the service was away in between', async () => {
      const codes = [sent(), sent()]
      await desk.sender.drain()
      // As in two batches of one run, with no end of it yet.
      for (const code of codes) {
        const [clock] = view(code).deadlines
        const row = desk.deadlineStore.find(clock?.id ?? 0)
        if (row === undefined) throw new Error('a case with a unit has a clock')
        const dueAt = '2026-03-10T09:00:00.000Z'
        desk.deadlineStore.update(row.id, { dueAt })
        desk.tickets.recomputed({ ...row, dueAt }, row.dueAt, { calendarName: '', number: 2, reason: '' })
      }
      expect(together()).toEqual([])
      await desk.recount.run()
      await desk.recount.run()
      expect(together().map(({ text }) => text)).toEqual([expect.stringContaining('Hạn của 2 phiếu')])
      expect(desk.db.raw.prepare('SELECT * FROM due_news').all()).toEqual([])
    })

    it('Đ13.2: has the reminder that counts sent, though one went out by the old table', async () => {
      const code = sent()
      const reminders = () => view(code).messages.filter(({ template }) => template === 'reminder')
      desk.pass(64 * HOUR + 10 * 60_000) // Monday 08:10
      const at = Date.parse(view(code).deadlines[0]?.warnAt ?? '')
      desk.pass(at - desk.now().getTime() + 60_000)
      desk.deadlines.sweep()
      const first = reminders().length
      expect(first).toBeGreaterThan(0)
      await desk.sender.drain()
      save({ ...MONDAY_OFF, off: undefined, hours: ['07:30-11:30'] } as never)
      const again = Date.parse(view(code).deadlines[0]?.warnAt ?? '')
      expect(again).toBeGreaterThan(at)
      desk.pass(again - desk.now().getTime() + 60_000)
      desk.deadlines.sweep()
      desk.deadlines.sweep()
      expect(reminders()).toHaveLength(2 * first)
      expect(reminders().at(-1)?.text).toContain('T3 10/03')
    })

    it('has a correction that waits rewritten, not a second one', async () => {
      const code = sent()
      await desk.sender.drain()
      desk.pass(6 * HOUR) // 22:00
      save(SATURDAY)
      save({ ...SATURDAY, hours: ['13:00-17:00'] })
      expect(corrections(code)).toHaveLength(1)
      expect(corrections(code)[0]?.text).not.toContain('T7 07/03')
    })

    it('R048: has a slip that says when it is due now, on its page, in the case and on paper', async () => {
      const code = sent()
      const printed = view(code).slips[0]
      expect(printed?.dueNow).toBeUndefined()
      save(SATURDAY)
      const [slip] = view(code).slips
      expect(slip).toMatchObject({ dueText: printed?.dueText, dueNow: '16:00 T7 07/03' })
      const app = await desk.serve()
      const { body } = await app.inject(slip?.path ?? '')
      expect(body).toContain('<strong>Hạn nay là:</strong> 16:00 T7 07/03')
      expect(body).toContain(`Hạn trả lời ghi trên phiếu này: ${printed?.dueText ?? ''}`)
      expect(desk.tickets.slipPaper(code, 1, OFFICER).dueNow).toBe('16:00 T7 07/03')
      await app.close()
    })
  })
})
