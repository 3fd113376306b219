import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AskSuggestions } from '../../src/suggestions/contract.ts'
import { createDesk, type Desk, fillDraft, OPERATOR, OTHER_OPERATOR, SUPERVISOR } from '../support/desk.ts'

const DAY_MS = 86_400_000
let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const ASKED: AskSuggestions = {
  code: null,
  title: '',
  content: 'Đèn đường tắt mấy cột liền.',
  place: 'số 14 đ. Lạch Tray',
  areaId: 'p-gia-vien',
  fieldId: 'lighting',
  phone: null,
}
const ask = (changes: Partial<AskSuggestions> = {}, viewer = OPERATOR) =>
  desk.suggestions.suggest({ ...ASKED, ...changes }, viewer)
const codes = (changes: Partial<AskSuggestions> = {}, viewer = OPERATOR): string[] =>
  ask(changes, viewer).duplicates.map(({ code }) => code)

function received(changes: Record<string, unknown> = {}): string {
  const draft = fillDraft(desk, changes)
  return desk.tickets.receive(draft.code, draft.version, OPERATOR).code
}
function move(code: string, action: 'withdraw' | 'merge', more: Record<string, unknown>): void {
  const { version } = desk.tickets.view(code, OPERATOR)
  desk.tickets.move(code, { version, action, ...more }, OPERATOR)
}

describe('R080: likely duplicates', () => {
  it('are offered with the reason, and without who reported them', () => {
    const code = received()
    const { duplicates } = ask()
    expect(duplicates).toMatchObject([
      {
        code,
        place: '12 Lạch Tray',
        state: 'received',
        canMerge: true,
        reasons: [
          { kind: 'street', name: 'Lạch Tray' },
          { kind: 'field' },
          { kind: 'words', words: ['Đèn đường'] },
        ],
      },
    ])
    expect(JSON.stringify(duplicates)).not.toMatch(/Phạm Văn Đại|0950/)
  })

  it('name the caller as a reason, of the form or of the call', () => {
    received()
    expect(ask({ phone: '0950 000 777' }).duplicates[0]?.reasons).toContainEqual({ kind: 'caller' })
  })

  it('are neither drafts nor what was withdrawn or merged, nor the case itself', () => {
    const code = received()
    const draft = fillDraft(desk)
    expect(codes({ code: draft.code })).toEqual([code])
    move(draft.code, 'merge', { parentCode: code })
    expect(codes()).toEqual([code])
    // Whoever followed it is still owed an answer: their case is with the desk again.
    move(code, 'withdraw', { reason: 'đã tự xong' })
    expect(codes()).toEqual([draft.code])
    move(draft.code, 'withdraw', { reason: 'đã tự xong' })
    expect(codes()).toEqual([])
  })

  it('are answered ones for fourteen days, to be read; a closed one takes no follower', () => {
    const draft = fillDraft(desk)
    const { code } = desk.tickets.answer(
      draft.code,
      { version: draft.version, answer: 'Đã sửa.', source: '' },
      OPERATOR,
    )
    const { version } = desk.tickets.view(code, OPERATOR)
    desk.tickets.move(code, { version, action: 'close' }, OPERATOR)
    expect(ask().duplicates).toMatchObject([{ code, canMerge: false }])
    desk.pass(15 * DAY_MS)
    expect(codes()).toEqual([])
  })

  it('R068: keep a confidential case to whoever holds it', () => {
    const code = received({ confidential: true })
    expect(codes()).toEqual([code])
    expect(codes({}, OTHER_OPERATOR)).toEqual([])
    expect(codes({}, SUPERVISOR)).toEqual([code])
  })

  it('are of the trade: a case of practice is no duplicate of a real one', () => {
    received()
    desk.db.raw.prepare('UPDATE tickets SET training = 1').run()
    expect(codes()).toEqual([])
  })

  it('are refused for a case that the asker may not read', () => {
    const draft = fillDraft(desk, { confidential: true })
    expect(() => ask({ code: draft.code }, OTHER_OPERATOR)).toThrow(
      expect.objectContaining({ code: 'TICKET_NOT_FOUND' }),
    )
    expect(() => ask({ code: 'HP26-999999' })).toThrow(expect.objectContaining({ code: 'TICKET_NOT_FOUND' }))
  })

  it('take any text', () => {
    received()
    for (const content of ['', '"; OR * NEAR(', ' \u0000', 'x'.repeat(8000), 'đ. p. 45/ ngõ'])
      expect(Array.isArray(ask({ content, place: content.slice(0, 240) }).duplicates)).toBe(true)
  })
})

describe('R023: the unit that handles such a matter at such a place', () => {
  it('comes with its rule', () => {
    expect(ask().units).toEqual([
      { unitId: 'chieu-sang', rule: 'field', fieldId: 'lighting', areaId: 'p-gia-vien', isGuess: false },
      { unitId: 'so-xay-dung', rule: 'field', fieldId: 'lighting', areaId: 'p-gia-vien', isGuess: false },
      { unitId: 'p-gia-vien', rule: 'area', fieldId: 'lighting', areaId: 'p-gia-vien', isGuess: false },
    ])
    expect(ask({ fieldId: 'noise' }).units[0]).toMatchObject({ unitId: 'p-gia-vien', rule: 'fieldOfArea' })
  })

  it('is guessed from the words while nothing is chosen, and says so', () => {
    const { fields, area, units } = ask({
      fieldId: null,
      areaId: null,
      place: '12 Lạch Tray, P.Gia Viên',
    })
    expect(fields[0]).toEqual({ fieldId: 'lighting', words: ['đèn đường'] })
    expect(area).toEqual({ areaId: 'p-gia-vien', words: ['P. Gia Viên'] })
    expect(units[0]).toMatchObject({ unitId: 'chieu-sang', isGuess: true })
  })

  it('is no guess where field and area are chosen', () => {
    expect(ask()).toMatchObject({ fields: [], area: null })
  })
})

describe('POST /api/suggestions', () => {
  const headers = { cookie: 'sid=operator', 'x-csrf-token': 'csrf' }

  it('answers the desk, refuses unknown keys, and is bounded', async () => {
    const app = await desk.serve()
    const post = async (payload: object) =>
      app.inject({ method: 'POST', url: '/api/suggestions', headers, payload })
    const code = received()
    const reply = await post(ASKED)
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({ duplicates: [{ code }] })
    expect((await post({ ...ASKED, name: 'x' })).statusCode).toBe(422)
    const statuses = await Promise.all(Array.from({ length: 90 }, async () => (await post(ASKED)).statusCode))
    expect(statuses).toContain(429)
    await app.close()
  })
})
