import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHANNELS, TICKET_KINDS, type TicketView } from '../../src/tickets/contract.ts'
import { createDesk, type Desk, fillDraft, OPERATOR, UNIT } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const received = (changes: Record<string, unknown> = {}): TicketView => {
  const draft = fillDraft(desk, changes)
  return desk.tickets.receive(draft.code, draft.version, OPERATOR)
}

describe('what a case is received with', () => {
  it.each(TICKET_KINDS)('R010 (Đ1.1): a %s is kept as what it is', (kind) => {
    const { code } = received({ kind })
    expect(desk.tickets.view(code, OPERATOR).form.kind).toBe(kind)
    expect(desk.tickets.list({ q: code }, OPERATOR).items[0]?.kind).toBe(kind)
  })

  it('R014 (Đ2.5): an organisation reports under its own name, with whoever speaks for it', () => {
    const reporter = {
      type: 'organisation',
      name: 'Vũ Thị Hạnh',
      organisation: 'Tổ dân phố số 9 Lạch Tray',
      phone: '0950 000 778',
      email: null,
      address: '9 Lạch Tray',
    }
    const { form, events } = received({ reporter })
    expect(form.reporter).toEqual(reporter)
    expect(events.find(({ type }) => type === 'received')?.detail['form']).toMatchObject({ reporter })
    // Nobody has to be named where the organisation is.
    expect(received({ reporter: { ...reporter, name: '' } }).state).toBe('received')
  })

  it.each(CHANNELS)('R035 (Đ6): a case that came by %s is the same kind of case, and says so', (channel) => {
    const opened = desk.tickets.open(channel, OPERATOR)
    expect(opened).toMatchObject({ channel, state: 'draft' })
    expect(opened.code).toMatch(/^HP\d\d-\d{6}$/)
    expect(opened.events[0]).toMatchObject({ type: 'opened', detail: { channel } })
  })

  it('R080 (Đ13.1): what the operator checked before goes to the unit with the slip, and stays', () => {
    const draft = fillDraft(desk)
    const note = 'Đã gọi tổ dân phố: cả dãy số lẻ mất điện.'
    const sent = desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note }, OPERATOR)
    expect(desk.tickets.slipPaper(sent.code, 1, OPERATOR).note).toBe(note)
  })
})
