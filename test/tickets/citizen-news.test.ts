import { afterEach, describe, expect, it } from 'vitest'
import { type TicketView } from '../../src/tickets/contract.ts'
import { createDesk, type Desk, fillDraft, OFFICER, OPERATOR, OTHER_UNIT, UNIT } from '../support/desk.ts'

let desk: Desk
afterEach(() => desk.close())

const CITIZEN = '0950 000 777'
const toCitizen = ({ messages }: TicketView) => messages.filter(({ to }) => to === CITIZEN)
const send = (code: string, version: number, unitId: string): TicketView =>
  desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR)

describe('news for the citizen (R040, R048)', () => {
  it('say that the case was received, with its code and whom to call', () => {
    desk = createDesk({ city: { citizenSms: ['received', 'forwarded'] } })
    const { code, version } = fillDraft(desk)
    const [news, ...more] = toCitizen(desk.tickets.receive(code, version, OPERATOR))
    expect(more).toEqual([])
    expect(news).toMatchObject({
      template: 'received',
      segments: 1,
      text: `1022HP: Da tiep nhan phan anh ${code}. Hoi ket qua: goi 0225.1022, doc ma nay.`,
    })
  })

  it('say with whom it is and until when, again for each unit, and not when the clock passes it to a head', () => {
    desk = createDesk({ city: { citizenSms: ['received', 'forwarded'] } })
    const { code, version } = fillDraft(desk)
    const sent = send(code, version, UNIT)
    expect(toCitizen(sent)).toMatchObject([{ template: 'forwarded', segments: 1 }])
    expect(toCitizen(sent)[0]?.text).toBe(
      `1022HP: Phan anh ${code} da chuyen Chieu sang, du kien tra loi 08h00 T3 03/03. Hoi them: goi 0225.1022, doc ma nay.`,
    )
    const again = send(code, sent.version, OTHER_UNIT)
    expect(toCitizen(again).map(({ template }) => template)).toEqual(['forwarded', 'forwarded'])
    desk.pass(48 * 3_600_000)
    desk.deadlines.sweep()
    const escalated = desk.tickets.view(code, OPERATOR)
    expect(escalated.state).toBe('escalated')
    expect(toCitizen(escalated)).toHaveLength(2)
  })

  it('are left out where the city says nothing of them, or nobody can be reached', () => {
    desk = createDesk()
    const quiet = fillDraft(desk)
    expect(toCitizen(send(quiet.code, quiet.version, UNIT))).toEqual([])
    void desk.close()
    desk = createDesk({ city: { citizenSms: ['forwarded'] } })
    const reporter = { type: 'individual', name: 'Đại', organisation: null, phone: null, address: null }
    const nobody = fillDraft(desk, { reporter: { ...reporter, email: 'dai@example.vn' } })
    expect(send(nobody.code, nobody.version, UNIT).messages.map(({ template }) => template)).toEqual([
      'slipOfficer',
    ])
  })

  it('a slip of two parts says more, and never who reported it (R068)', () => {
    desk = createDesk({ city: { longSlips: true } })
    const { code, version } = fillDraft(desk)
    const [slip] = send(code, version, UNIT).messages
    expect(slip).toMatchObject({ template: 'slipOfficerLong', segments: 2 })
    expect(slip?.text).toContain('Nguoi phan anh: xem tren he thong')
    expect(slip?.text).not.toMatch(/Pham Van Dai|0950 ?000 ?777/)
    expect(desk.tickets.view(code, OFFICER).state).toBe('assigned')
  })
})
