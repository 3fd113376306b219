import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { createTicketStore } from '../../src/tickets/store.ts'
import { type TicketQuery } from '../../src/tickets/contract.ts'
import { CITY_OFFICE, createDesk, type Desk, fillDraft, OFFICER, OPERATOR, UNIT } from '../support/desk.ts'

const DAY_MS = 86_400_000
let desk: Desk
beforeEach(() => {
  // One a day from Sunday the first: 23:30 in the city, which is another day in Greenwich.
  desk = createDesk({ at: '2026-03-01T16:30:00Z' })
  for (let day = 1; day <= 4; day += 1) {
    const draft = fillDraft(desk, { title: `Đèn đường ngày ${String(day)}` })
    if (day !== 3)
      desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
    desk.pass(DAY_MS)
  }
})
afterEach(() => desk.close())

const days = (query: TicketQuery, reader: Person = OPERATOR): number[] =>
  desk.tickets.list(query, reader).items.map(({ title }) => Number(title.at(-1)))

describe('a list of cases until a day (R021)', () => {
  it.each<[string, TicketQuery, number[]]>([
    ['until the end of a day of the city', { to: '2026-03-02' }, [2, 1]],
    ['from its beginning', { from: '2026-03-02' }, [4, 3, 2]],
    ['of one day', { from: '2026-03-03', to: '2026-03-03' }, [3]],
    ['of days before the first', { to: '2026-02-28' }, []],
    ['of days after the last', { from: '2026-03-05' }, []],
    ['together with a state', { to: '2026-03-03', state: ['draft'] }, [3]],
    ['together with what ends first', { to: '2026-03-03', byEnd: true }, [1, 2, 3]],
    ['together with words', { from: '2026-03-02', to: '2026-03-03', q: 'đường' }, [3, 2]],
    ['together with words without marks', { from: '2026-03-02', to: '2026-03-03', q: 'den duong' }, [3, 2]],
    ['together with a number', { to: '2026-03-02', phone: '0950 000 777' }, [2, 1]],
    ['together with a unit', { to: '2026-03-03', unitId: UNIT }, [2, 1]],
    ['together with whose', { from: '2026-03-03', mine: true }, [4, 3]],
  ])('%s', (_name, query, found) => {
    expect(days(query)).toEqual(found)
    expect(desk.tickets.list(query, OPERATOR).total).toBe(found.length)
  })

  it('is the same for those who see a part', () => {
    expect(days({ to: '2026-03-03' }, OFFICER)).toEqual([2, 1])
    expect(days({ to: '2026-03-03', byEnd: true }, OFFICER)).toEqual([1, 2])
    expect(days({ from: '2026-03-03' }, CITY_OFFICE)).toEqual([4])
    expect(days({ from: '2026-03-02', unseen: true }, CITY_OFFICE)).toEqual([4, 2])
    const codes = desk.tickets
      .list({ q: 'HP26', to: '2026-03-03' }, CITY_OFFICE)
      .items.map(({ code }) => code)
    expect(codes).toEqual(['HP26-000002', 'HP26-000001'])
  })

  it('leads through the same pages', () => {
    expect(days({ to: '2026-03-03', limit: 2 })).toEqual([3, 2])
    expect(days({ to: '2026-03-03', limit: 2, offset: 2 })).toEqual([1])
  })

  it('finds what was made up for late by its own day', () => {
    const store = createTicketStore(desk.db)
    const late = store.insert({
      code: 'HP26-000009',
      state: 'received',
      channel: 'phone',
      title: 'Lỡ ngày 9',
      createdAt: '2026-03-02T02:00:00.000Z',
      updatedAt: '2026-03-06T02:00:00.000Z',
    })
    expect(late.id).toBe(5)
    expect(days({ to: '2026-03-02' })).toEqual([9, 2, 1])
    expect(days({ from: '2026-03-04' })).toEqual([4])
    expect(days({ from: '2026-03-02', to: '2026-03-02', q: 'ngay' })).toEqual([9, 2])
  })

  it('finds those of its days and no others where ids and times are out of order by hundreds', () => {
    const add = desk.db.raw.prepare(
      `INSERT INTO tickets (code, state, channel, title, training, created_at, updated_at)
        VALUES (?, 'closed', 'phone', 'Loa', ?, ?, '')`,
    )
    const firstMs = Date.parse('2026-04-01T00:00:00Z')
    const cases = Array.from({ length: 4_000 }, (_, at) => ({
      code: `HP26-${String(100_000 + at)}`,
      training: at % 20 === 7 ? 1 : 0,
      // A quarter of an hour each; every seventh was made up for up to five days later.
      at: new Date(firstMs + (at - (at % 7 === 0 ? (at * 31) % 480 : 0)) * 900_000).toISOString(),
    }))
    desk.db.transaction(() => {
      for (const one of cases) add.run(one.code, one.training, one.at)
    })
    for (const index of ['ticket_search', 'case_search'])
      desk.db.raw.exec(
        `INSERT INTO ${index} (rowid, folded, exact) SELECT id, 'loa', 'loa' FROM tickets WHERE title = 'Loa'`,
      )
    for (const [from, to] of [
      ['2026-04-03', '2026-04-05'],
      ['2026-04-17', '2026-04-17'],
      ['2026-05-09', '2026-05-18'],
    ] as const) {
      const until = Date.parse(`${to}T17:00:00Z`)
      const fitting = (training: number): string[] =>
        cases
          .filter((one) => one.training === training)
          .filter(
            ({ at }) => Date.parse(at) >= Date.parse(`${from}T00:00:00+07:00`) && Date.parse(at) < until,
          )
          .map(({ code }) => code)
          .reverse()
      for (const training of [false, true]) {
        const wanted = fitting(Number(training))
        expect(wanted).not.toEqual([])
        const asked: readonly TicketQuery[] = [{}, { q: 'loa' }, { state: ['closed'] }, { q: 'hp26' }]
        for (const more of asked) {
          const query: TicketQuery = { from, to, training, limit: 1_000, ...more }
          const { items, isCut } = desk.tickets.list(query, OPERATOR)
          expect(items.map(({ code }) => code)).toEqual(wanted)
          expect(isCut).toBeUndefined()
        }
      }
    }
  })

  it.each([
    [{ to: '2026-02-30' }, 'DAY_INVALID'],
    [{ from: '2026-03-03', to: '2026-03-02' }, 'PERIOD_INVALID'],
  ])('of %j is refused in words', (query, code) => {
    expect(() => desk.tickets.list(query, OPERATOR)).toThrow(
      expect.objectContaining({ kind: 'invalid', code }),
    )
  })

  it('is asked for by address', async () => {
    const app = await desk.serve()
    const get = (query: string) => app.inject({ url: `/api/tickets?${query}`, cookies: { sid: 'operator' } })
    expect((await get('to=2026-03-01')).json()).toMatchObject({ total: 1 })
    expect((await get('to=2026-02-30')).json()).toMatchObject({ code: 'DAY_INVALID' })
    expect((await get('to=yesterday')).statusCode).toBe(422)
    await app.close()
  })
})
