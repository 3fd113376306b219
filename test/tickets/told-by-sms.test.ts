import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { REFUSED_INPUT } from '../../src/console/tickets/move-fields.ts'
import { type MoveTicket } from '../../src/tickets/contract.ts'
import { createDesk, type Desk, fillDraft, OFFICER, OPERATOR, UNIT } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const NOBODY_BY_SMS = [
  ['an e-mail address only', { phone: null, email: 'dai@example.vn' }],
  ['a landline', { phone: '0225 000 0099', email: null }],
] as const
const reporterWith = (reach: Record<string, unknown>) => ({
  type: 'individual',
  name: 'Phạm Văn Đại',
  organisation: null,
  address: null,
  ...reach,
})
const view = (code: string) => desk.tickets.view(code, OPERATOR)
const move = (code: string, by: typeof OPERATOR, asked: Omit<MoveTicket, 'version'>) =>
  desk.tickets.move(code, { version: view(code).version, ...asked }, by)
const types = (code: string) => view(code).events.map(({ type }) => type)
const refused = expect.objectContaining({ code: 'CITIZEN_NO_SMS' }) as unknown
const forward = (reach: Record<string, unknown>): string => {
  const { code, version } = fillDraft(desk, { reporter: reporterWith(reach) })
  desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
  move(code, OFFICER, { action: 'accept' })
  return code
}

describe.each(NOBODY_BY_SMS)('R041 R048: a reporter with %s', (_what, reach) => {
  it('cannot be told the result by SMS, but by another way', () => {
    const code = forward(reach)
    move(code, OFFICER, { action: 'submitAnswer', replied: 'hotline', result: 'Đã thay bóng.' })
    const before = view(code)
    expect(() => move(code, OPERATOR, { action: 'relayAnswer', told: 'sms' })).toThrow(refused)
    expect(view(code)).toEqual(before)
    expect(move(code, OPERATOR, { action: 'relayAnswer', told: 'voice' })).toMatchObject({
      state: 'answered',
    })
  })

  it('cannot be told by SMS that the case is not the hotline’s', () => {
    const { code } = fillDraft(desk, { reporter: reporterWith(reach) })
    const words = { action: 'reject', reason: 'Khiếu nại', redirect: 'Ban Tiếp công dân' } as const
    expect(() => move(code, OPERATOR, { ...words, told: 'sms' })).toThrow(refused)
    expect(view(code).state).toBe('draft')
    expect(move(code, OPERATOR, { ...words, told: 'voice' })).toMatchObject({ state: 'rejected' })
  })

  it('is asked by the desk: the history says that no SMS reaches them', () => {
    const code = forward(reach)
    move(code, OFFICER, { action: 'askCitizen', question: 'Cột số mấy?' })
    expect(types(code)).toContain('citizenNotReachableBySms')
    const { code: unclear, version } = fillDraft(desk, { reporter: reporterWith(reach) })
    desk.tickets.receive(unclear, version, OPERATOR)
    move(unclear, OPERATOR, { action: 'askClarification', question: 'Ở đâu?' })
    expect(types(unclear)).toContain('citizenNotReachableBySms')
  })
})

describe('R048: a reporter with a mobile', () => {
  it('is asked by SMS, and nothing else is said of it', () => {
    const code = forward({ phone: '0950 000 777', email: null })
    move(code, OFFICER, { action: 'askCitizen', question: 'Cột số mấy?' })
    expect(types(code)).not.toContain('citizenNotReachableBySms')
    expect(view(code).messages.map(({ template }) => template)).toContain('question')
  })
})

it('R041: the refusal is shown beside how the citizen was told', () => {
  expect(REFUSED_INPUT['CITIZEN_NO_SMS']).toBe('told')
})
