import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDesk, type Desk, fillDraft, OFFICER, OPERATOR } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const REPORTER = { type: 'individual', organisation: null, email: null, address: null } as const
const view = (code: string) => desk.tickets.view(code, OPERATOR)
const draft = (name: string, phone: string): string =>
  fillDraft(desk, { reporter: { ...REPORTER, name, phone } }).code
const merge = (code: string, parentCode: string) =>
  desk.tickets.move(code, { version: view(code).version, action: 'merge', parentCode }, OPERATOR)
function forwarded(): string {
  const { code, version } = fillDraft(desk)
  desk.tickets.sendSlip(code, { version, unitId: 'chieu-sang', note: '' }, OPERATOR)
  return code
}
function answered(code: string, result: string): void {
  const move = (action: 'accept' | 'submitAnswer' | 'relayAnswer', more: object, by = OFFICER): void => {
    desk.tickets.move(code, { version: view(code).version, action, ...more }, by)
  }
  move('accept', {})
  move('submitAnswer', { replied: 'hotline', result })
  move('relayAnswer', { told: 'voice' }, OPERATOR)
}
const smsOf = (code: string): string[] => view(code).messages.map(({ template }) => template)

describe('R080: a draft that is merged while its citizen talks', () => {
  it('is received first, so that it stays countable, with all that was typed', () => {
    const parent = forwarded()
    const child = draft('Bùi Thị Hòa', '0950 000 778')
    expect(merge(child, parent)).toMatchObject({ state: 'merged', receivedAt: desk.now().toISOString() })
    const received = view(child).events.find(({ type }) => type === 'received')
    expect(received?.detail).toMatchObject({ form: { place: '12 Lạch Tray' } })
  })

  it('must name somebody who can be told', () => {
    const parent = forwarded()
    const nobody = fillDraft(desk, { reporter: { ...REPORTER, name: '', phone: null } }).code
    expect(() => merge(nobody, parent)).toThrow(expect.objectContaining({ code: 'REPORTER_NAME_REQUIRED' }))
  })
})

describe('R063: the result of a case', () => {
  it('goes to whoever reported the same, through every merge, once', () => {
    const parent = forwarded()
    const [first, second] = [draft('Bùi Thị Hòa', '0950 000 778'), draft('Vũ Văn Sang', '0950 000 779')]
    desk.tickets.receive(first, view(first).version, OPERATOR)
    merge(second, first)
    merge(first, parent)
    answered(parent, 'Đã thay ba bóng đèn.')
    expect([smsOf(first), smsOf(second)]).toEqual([
      ['merged', 'result'],
      ['merged', 'result'],
    ])
    expect(view(first).messages[1]?.text).toContain(first)
  })

  it('tells them nothing of who reported the case they follow', () => {
    const parent = forwarded()
    const child = draft('Bùi Thị Hòa', '0950 000 778')
    merge(child, parent)
    answered(parent, 'Đã sửa cho ông Phạm Văn Đại, 0950 000 777.')
    const told = view(child).messages.map(({ text }) => text)
    expect(told).toHaveLength(2)
    expect(told.join()).not.toMatch(/Dai|Đại|000 777/)
  })

  it('given at once, is theirs too', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.receive(code, version, OPERATOR)
    const child = draft('Bùi Thị Hòa', '0950 000 778')
    merge(child, code)
    desk.tickets.answer(
      code,
      { version: view(code).version, answer: 'Đã có kế hoạch.', source: '' },
      OPERATOR,
    )
    expect(smsOf(child)).toEqual(['merged', 'result'])
  })
})

describe('R080: whose case is merged', () => {
  it('hears at once that theirs goes on with another, in one part and with their own code alone', () => {
    const parent = forwarded()
    const child = draft('Bùi Thị Hòa', '0950 000 778')
    merge(child, parent)
    const [told, ...more] = view(child).messages
    expect(more).toEqual([])
    expect(told).toMatchObject({ template: 'merged', segments: 1, state: 'pending', to: '0950 000 778' })
    expect(told?.text).toContain(child)
    expect(told?.text).not.toContain(parent)
  })

  it('waits for no SMS where none reaches them', () => {
    const parent = forwarded()
    const child = draft('Bùi Thị Hòa', '0225 384 2123')
    merge(child, parent)
    expect(view(child).events.map(({ type }) => type)).not.toContain('citizenNotReachableBySms')
  })
})

describe('R041: a case that is not accepted', () => {
  it('is refused to everybody who reported it, with the reason and where to turn, however the first was told', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.receive(code, version, OPERATOR)
    const [first, second] = [draft('Bùi Thị Hòa', '0950 000 778'), draft('Vũ Văn Sang', '0225 384 2123')]
    merge(first, code)
    merge(second, code)
    const said = {
      reasonCode: 'outside',
      reason: 'Việc riêng của ông Phạm Văn Đại',
      redirect: 'Công an phường',
    }
    desk.tickets.move(
      code,
      { version: view(code).version, action: 'reject', told: 'voice', ...said } as never,
      OPERATOR,
    )
    expect(smsOf(code)).toEqual([])
    expect(smsOf(first)).toEqual(['merged', 'rejected'])
    expect(view(first).messages[1]?.text).toContain('Cong an phuong')
    expect(view(first).messages[1]?.text).not.toContain('Dai')
    // Nobody's phone: the desk sees that it has to ring.
    expect(view(second).events).toContainEqual(
      expect.objectContaining({ type: 'citizenNotReachableBySms', detail: { word: 'rejected' } }),
    )
  })
})

describe('R080: a case that others follow and that ends without a result', () => {
  const withdraw = (code: string) =>
    desk.tickets.move(
      code,
      { version: view(code).version, action: 'withdraw', reason: 'Đã tự xử lý' },
      OPERATOR,
    )
  const clocksOf = (code: string): string[] =>
    view(code)
      .deadlines.filter(({ state }) => state === 'running')
      .map(({ kind }) => kind)

  it('is taken over by the oldest of them, with the desk and a clock of its own; the rest follow that one', () => {
    const parent = forwarded()
    const [heir, other] = [draft('Bùi Thị Hòa', '0950 000 778'), draft('Vũ Văn Sang', '0950 000 779')]
    merge(other, parent)
    merge(heir, parent)
    withdraw(parent)
    expect(view(parent)).toMatchObject({ state: 'withdrawn' })
    expect(view(heir)).toMatchObject({ state: 'received', unitId: null })
    expect(clocksOf(heir)).toEqual(['clarify'])
    expect(view(other).state).toBe('merged')
    expect(view(heir).events.find(({ type }) => type === 'tookOver')?.detail).toMatchObject({
      parentCode: parent,
      unitId: 'chieu-sang',
    })
    expect(view(parent).events.at(-1)).toMatchObject({ type: 'takenOver', detail: { childCode: heir } })

    desk.tickets.sendSlip(heir, { version: view(heir).version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    answered(heir, 'Đã thay ba bóng đèn.')
    expect(smsOf(other)).toEqual(['merged', 'result'])
    expect(smsOf(parent).filter((template) => template === 'result')).toEqual([])
  })

  it('ends alone where nobody follows it, and gives back only those who follow it themselves', () => {
    const parent = forwarded()
    const between = fillDraft(desk).code
    const last = draft('Vũ Văn Sang', '0950 000 779')
    desk.tickets.receive(between, view(between).version, OPERATOR)
    merge(last, between)
    merge(between, parent)
    withdraw(parent)
    expect([view(between).state, view(last).state]).toEqual(['received', 'merged'])
    withdraw(between)
    expect(view(last).state).toBe('received')
    withdraw(last)
    expect(view(last).state).toBe('withdrawn')
  })

  it('so too where its citizen never answered the desk’s question (R042)', () => {
    const { code, version } = fillDraft(desk)
    desk.tickets.receive(code, version, OPERATOR)
    const child = draft('Bùi Thị Hòa', '0950 000 778')
    merge(child, code)
    desk.tickets.move(
      code,
      { version: view(code).version, action: 'askClarification', question: 'Ở đâu?' },
      OPERATOR,
    )
    for (let day = 0; day < 12; day += 1) {
      desk.pass(86_400_000)
      desk.deadlines.sweep()
    }
    expect([view(code).state, view(child).state]).toEqual(['closed', 'received'])
  })
})

it('R021: who followed whom before there was a column for it is known from the history', () => {
  const parent = forwarded()
  const child = draft('Bùi Thị Hòa', '0950 000 778')
  merge(child, parent)
  const follows = () =>
    desk.db.raw.prepare('SELECT follows_id FROM tickets WHERE code = ?').pluck().get(child)
  const before = follows()
  desk.db.raw.exec('UPDATE tickets SET follows_id = NULL')
  const migration = readFileSync(resolve(import.meta.dirname, '../../migrations/0019_followers.sql'), 'utf8')
  desk.db.raw.exec(migration.split('--> statement-breakpoint').at(-1) ?? '')
  expect(before).toEqual(expect.any(Number))
  expect(follows()).toBe(before)
})
