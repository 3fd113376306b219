import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import {
  createDesk,
  type Desk,
  fillDraft,
  OFFICER,
  OPERATOR,
  OTHER_OPERATOR,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const HOUR = 3_600_000

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const version = (code: string): number => desk.tickets.view(code, SUPERVISOR).version
const receive = (changes: Record<string, unknown> = {}): string => {
  const draft = fillDraft(desk, changes)
  desk.tickets.receive(draft.code, draft.version, OPERATOR)
  return draft.code
}
const forward = (changes: Record<string, unknown> = {}): string => {
  const draft = fillDraft(desk, changes)
  desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
  return draft.code
}
const bounce = (code: string) =>
  desk.tickets.move(
    code,
    { version: version(code), action: 'bounce', reason: 'Không thuộc thẩm quyền' },
    OFFICER,
  )
const watched = (person: Person = OPERATOR) => desk.tickets.list({ desk: true }, person)
const lines = (person: Person = OPERATOR) =>
  watched(person).items.map(({ code, clock, returned }) => [
    code,
    clock?.kind ?? null,
    clock?.left?.minutes ?? null,
    returned ?? false,
  ])

describe('R042, R088: what an operator’s desk has to watch', () => {
  it('begins with what ends first, in working time, the desk’s own hour among it', () => {
    const forwarded = forward()
    desk.pass(HOUR)
    const received = receive()
    expect(lines()).toEqual([
      [received, 'clarify', 60, false],
      [forwarded, 'officer', 7 * 60, false],
    ])
    desk.pass(3 * HOUR) // 12:00, the lunch of Đ3.4: half an hour of them counted for nobody
    expect(lines().map(([code, , left]) => [code, left])).toEqual([
      [received, 0],
      [forwarded, 4 * 60 + 30],
    ])
  })

  it('has a case that a unit sent back, with an hour of its own, for whoever is free', () => {
    const code = forward()
    desk.pass(HOUR)
    bounce(code)
    const again = [[code, 'clarify', 60, true]]
    expect(lines()).toEqual(again)
    expect(lines(OTHER_OPERATOR)).toEqual(again)
    expect(desk.tickets.view(code, OPERATOR).deadlines.at(-1)).toMatchObject({
      kind: 'clarify',
      article: 'Đ8.3',
      state: 'running',
    })
    desk.tickets.sendSlip(code, { version: version(code), unitId: UNIT, note: '' }, OPERATOR)
    expect(lines()).toEqual([[code, 'officer', 480, false]])
    expect(lines(OTHER_OPERATOR)).toEqual([])
    expect(desk.tickets.view(code, OPERATOR).deadlines.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'officer void',
      'clarify satisfied',
      'officer running',
    ])
  })

  it('shows nobody a confidential case of somebody else that came back', () => {
    const code = forward({ confidential: true })
    bounce(code)
    expect(lines(OTHER_OPERATOR)).toEqual([])
    expect(watched().total).toBe(1)
  })

  it('keeps a case whose hour ran out, as late, until it is dealt with', () => {
    const code = forward()
    bounce(code)
    desk.pass(2 * HOUR)
    desk.deadlines.sweep()
    expect(watched().items[0]?.clock).toMatchObject({ kind: 'clarify', state: 'breached' })
    desk.tickets.sendSlip(code, { version: version(code), unitId: UNIT, note: '' }, OPERATOR)
    expect(desk.tickets.view(code, OPERATOR).deadlines.at(-2)).toMatchObject({
      kind: 'clarify',
      state: 'satisfied',
      breachedAt: '2026-03-02T02:00:00.000Z',
    })
  })

  it('has the hour again when the citizen has said what was unclear', () => {
    const code = receive()
    const move = (action: 'askClarification' | 'clarify', more: Record<string, string>) =>
      desk.tickets.move(code, { version: version(code), action, ...more }, OPERATOR)
    move('askClarification', { question: 'Ở đâu?' })
    expect(lines()).toEqual([])
    desk.pass(24 * HOUR)
    move('clarify', { reason: '12 Lạch Tray' })
    expect(lines()).toEqual([[code, 'clarify', 60, false]])
  })

  it('tells a list that does not show the case nothing of its clock', () => {
    const code = forward({ confidential: true })
    const row = desk.tickets.list({}, OTHER_OPERATOR).items.find((item) => item.code === code)
    expect(row).toMatchObject({ sight: 'mask', clock: null, dueAt: null })
  })
})
