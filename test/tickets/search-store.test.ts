import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTicketStore } from '../../src/tickets/store.ts'
import { createDesk, type Desk, fillDraft, OPERATOR } from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  desk = createDesk()
})
afterEach(async () => {
  await desk.close()
  vi.useRealTimers()
})

const stale = (): number => desk.db.raw.prepare('SELECT count(*) FROM search_stale').pluck().get() as number
const textOf = (code: string): string | undefined =>
  desk.db.raw
    .prepare('SELECT folded FROM ticket_search WHERE rowid = (SELECT id FROM tickets WHERE code = ?)')
    .pluck()
    .get(code) as string | undefined
const found = (q: string): string[] => desk.tickets.list({ q }, OPERATOR).items.map(({ code }) => code)

it('is written a moment after the case, once for changes that follow each other', () => {
  const { code } = fillDraft(desk, { title: 'Cống tắc' })
  expect([stale(), textOf(code)]).toEqual([1, undefined])
  vi.advanceTimersByTime(200)
  expect(stale()).toBe(0)
  expect(textOf(code)).toContain('cong tac')
})

it('is written at once for whoever searches, with what was changed last', () => {
  const { code, version } = fillDraft(desk, { title: 'Cống tắc' })
  expect(found('cống')).toEqual([code])
  const { version: sent } = desk.tickets.receive(code, version, OPERATOR)
  expect(stale(), 'nothing of the text has changed').toBe(0)
  desk.tickets.answer(code, { version: sent, answer: 'Đội thoát nước đến sáng mai', source: '' }, OPERATOR)
  expect(stale()).toBe(1)
  expect(found('thoát nước')).toEqual([code])
  expect(stale()).toBe(0)
})

it('is taken up where another process marked it and died', () => {
  const { code } = fillDraft(desk, { title: 'Cống tắc' })
  vi.clearAllTimers()
  const other = createTicketStore(desk.db)
  const { items } = other.list({
    scope: { of: 'all' },
    training: false,
    folded: 'folded : "cong"*',
    words: ['cong'],
    limit: 10,
    offset: 0,
  })
  expect(items.map((ticket) => ticket.code)).toEqual([code])
})

it('takes more than one stretch where many wait', () => {
  for (let n = 0; n < 120; n += 1) fillDraft(desk, { title: `Ổ gà ${String(n)}` })
  vi.advanceTimersByTime(200)
  expect(stale()).toBe(70)
  vi.advanceTimersByTime(400)
  expect(stale()).toBe(0)
})

it('does not stop a search where nothing can be written; the rest is found when it can', () => {
  const first = fillDraft(desk, { title: 'Cống tắc' })
  expect(found('cống')).toEqual([first.code])
  const second = fillDraft(desk, { title: 'Cống vỡ' })
  desk.db.raw.pragma('query_only = ON')
  expect(found('cống')).toEqual([first.code])
  vi.advanceTimersByTime(200)
  desk.db.raw.pragma('query_only = OFF')
  expect(found('cống')).toEqual([second.code, first.code])
})
