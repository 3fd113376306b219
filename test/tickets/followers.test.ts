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
  move('submitAnswer', { result })
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
    expect([smsOf(first), smsOf(second)]).toEqual([['result'], ['result']])
    expect(view(first).messages[0]?.text).toContain(first)
  })

  it('tells them nothing of who reported the case they follow', () => {
    const parent = forwarded()
    const child = draft('Bùi Thị Hòa', '0950 000 778')
    merge(child, parent)
    answered(parent, 'Đã sửa cho ông Phạm Văn Đại, 0950 000 777.')
    expect(view(child).messages[0]?.text).not.toMatch(/Dai|Đại|000 777/)
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
    expect(smsOf(child)).toEqual(['result'])
  })
})
