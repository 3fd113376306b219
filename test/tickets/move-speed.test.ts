import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { type MoveTicket } from '../../src/tickets/contract.ts'
import { createDesk, type Desk, fillDraft, OFFICER, OPERATOR, UNIT } from '../support/desk.ts'

let desk: Desk
let statements: string[]
let runs: string[]

beforeEach(() => {
  statements = []
  runs = []
  desk = createDesk({
    onStatement: (sql) => void statements.push(sql),
    onRun: (sql) => void runs.push(sql),
  })
})
afterEach(() => desk.close())

/** From the first word to the end, the officer being late and the head asked. */
function playCase(result: string): string {
  const { code, version } = fillDraft(desk)
  desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
  const move = (by: Person, action: MoveTicket['action'], given: Partial<MoveTicket> = {}) =>
    desk.tickets.move(code, { version: desk.tickets.view(code, OPERATOR).version, action, ...given }, by)
  move(OFFICER, 'accept')
  desk.pass(3 * 86_400_000)
  desk.deadlines.sweep()
  move(OFFICER, 'submitAnswer', { replied: 'hotline', result })
  move(OPERATOR, 'relayAnswer', { told: 'voice' })
  desk.pass(14 * 86_400_000)
  desk.deadlines.sweep()
  return code
}

/** Case, history, files, slips, clocks, messages, calls, the list of Đ9.6, copies of the City Office, units beside. */
const MOST_OF_VIEW = 10

describe('the way of a case', () => {
  it('prepares its statements the first time, and no more', () => {
    playCase('Đã thay bóng.')
    expect(statements.length).toBeGreaterThan(20)
    statements.length = 0
    expect(desk.tickets.view(playCase('Đã thay cả cột.'), OPERATOR).state).toBe('closed')
    expect(statements, 'what every case asks is prepared once, in its store').toEqual([])
  })

  it('is shown by one look into each table, however many slips it has had', () => {
    const code = playCase('Đã thay bóng.')
    expect(desk.tickets.view(code, OPERATOR).slips.length).toBeGreaterThan(1)
    runs.length = 0
    desk.tickets.view(code, OPERATOR)
    const tables = runs.map((sql) => / from "?(\w+)/i.exec(sql)?.[1] ?? sql)
    expect(tables.sort()).toEqual([...new Set(tables)])
    expect(tables.length).toBeLessThanOrEqual(MOST_OF_VIEW)
  })

  it('takes few statements for a step, what is shown after it among them, and next to none to refuse one', () => {
    const { code, version } = fillDraft(desk)
    const counted = (step: () => void): number => {
      runs.length = 0
      step()
      return runs.length
    }
    const send = counted(
      () => void desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR),
    )
    const sent = desk.tickets.view(code, OPERATOR).version
    const accept = counted(() => void desk.tickets.move(code, { version: sent, action: 'accept' }, OFFICER))
    const refused = counted(() => {
      expect(() => desk.tickets.move(code, { version: sent, action: 'accept' }, OFFICER)).toThrow('meanwhile')
    })
    expect(send).toBeLessThanOrEqual(30)
    expect(accept).toBeLessThanOrEqual(13)
    expect(refused).toBeLessThanOrEqual(3)
  })

  it('is found by the words of its answer, though steps without new words leave the full text alone', () => {
    const code = playCase('Đã thay bóng cao áp.')
    const found = (q: string) => desk.tickets.list({ q }, OPERATOR).items.map((row) => row.code)
    expect(found('cao ap')).toEqual([code])
    expect(found('lach tray')).toEqual([code])
  })
})
