import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CalendarTable } from '../../src/deadlines/contract.ts'
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
const corrections = (code: string) => view(code).messages.filter(({ template }) => template === 'dueEarlier')

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

    it('is corrected once to whom it went, where the new time is earlier', async () => {
      const code = sent()
      await desk.sender.drain()
      const told = view(code).messages.map(({ to }) => to)
      save(SATURDAY)
      expect(corrections(code).map(({ to }) => to)).toEqual(told)
      expect(corrections(code)[0]?.text).toMatch(/nay SOM hon: 16h00 T7 07\/03/)
      await desk.sender.drain()
      save(SATURDAY, APRIL_OFF)
      expect(corrections(code)).toHaveLength(told.length)
      expect(view(code).events.filter(({ type }) => type === 'dueEarlierSms')).toHaveLength(told.length)
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

    it('is left as it is where the new time is later, and when that goes back', async () => {
      const code = sent()
      await desk.sender.drain()
      save(MONDAY_OFF)
      save(APRIL_OFF)
      expect(corrections(code)).toEqual([])
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
