import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TicketView } from '../../src/tickets/contract.ts'
import {
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

let desk: Desk
let ticket: TicketView
beforeEach(() => {
  desk = createDesk()
  const draft = fillDraft(desk)
  ticket = desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
})
afterEach(() => desk.close())

const last = (view: TicketView) => view.events.at(-1)

describe('what is done with a case meanwhile', () => {
  it('R095: measures and progress are lines of the history, and move neither state nor clock', () => {
    const noted = desk.tickets.writeNote(ticket.code, { text: ' Đã cử tổ kiểm tra ' }, OFFICER)
    expect(last(noted)).toMatchObject({
      type: 'progress',
      actorName: OFFICER.name,
      detail: { text: 'Đã cử tổ kiểm tra', unitId: UNIT },
    })
    expect(noted).toMatchObject({ state: 'assigned', version: ticket.version, deadlines: ticket.deadlines })
    for (const person of [OPERATOR, HEAD, CITY_OFFICE])
      expect(last(desk.tickets.view(ticket.code, person))?.detail['text']).toBe('Đã cử tổ kiểm tra')
  })

  it('R097: the unit says who inside it works on the case, and stays answerable', () => {
    const given = desk.tickets.writeNote(
      ticket.code,
      { text: 'Kiểm tra tủ điện', handler: 'Tổ điện số 3' },
      HEAD,
    )
    expect(given).toMatchObject({ handler: 'Tổ điện số 3', unitId: UNIT, deadlines: ticket.deadlines })
    const again = desk.tickets.writeNote(ticket.code, { text: 'Đổi người', handler: 'Tổ điện số 5' }, OFFICER)
    expect(again.handler).toBe('Tổ điện số 5')
    // Up to its head it is the same people's work.
    desk.pass(3 * 86_400_000)
    desk.deadlines.sweep()
    expect(desk.tickets.view(ticket.code, OPERATOR)).toMatchObject({
      state: 'escalated',
      handler: 'Tổ điện số 5',
    })
    // With the next unit nobody works on it yet.
    const { version } = desk.tickets.view(ticket.code, OPERATOR)
    const moved = desk.tickets.move(
      ticket.code,
      { version, action: 'reroute', unitId: OTHER_UNIT, reason: 'Đúng đơn vị' },
      CITY_OFFICE,
    )
    expect(moved.handler).toBeNull()
  })

  it.each([
    ['nothing', { text: '  ' }, OFFICER, 'NOTE_REQUIRED'],
    [
      'work given by somebody outside the unit',
      { text: 'x', handler: 'Tổ 1' },
      CITY_OFFICE,
      'ACTION_NOT_YOURS',
    ],
  ] as const)('%s is refused', (_what, note, actor, code) => {
    expect(() => desk.tickets.writeNote(ticket.code, note, actor)).toThrow(expect.objectContaining({ code }))
  })

  it('a case that is over takes no more', () => {
    desk.tickets.move(
      ticket.code,
      { version: ticket.version, action: 'withdraw', reason: 'Đã tự sửa' },
      OPERATOR,
    )
    expect(() => desk.tickets.writeNote(ticket.code, { text: 'x' }, OPERATOR)).toThrow(
      expect.objectContaining({ code: 'ACTION_NOT_POSSIBLE' }),
    )
  })
})
