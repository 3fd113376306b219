import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { HOLDER_STAGES } from '../../src/reports/contract.ts'
import { timesOfTurn } from '../../src/reports/holder-times.ts'
import type { TicketMove } from '../../src/tickets/contract.ts'
import { playQuarter } from '../chaos/quarter.ts'
import {
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_OFFICER,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'
import { slowHolders } from '../support/slow-holders.ts'

const HOUR_MS = 3_600_000

describe('R103: one turn', () => {
  const hour = (n: number) => new Date(Date.UTC(2026, 2, 2, n)).toISOString()
  const wall = (fromMs: number, toMs: number) => (toMs - fromMs) / 60_000
  const times = (...events: [string, number][]) =>
    timesOfTurn(
      {
        unitId: 'x',
        code: 'HP26-000001',
        startedAt: hour(0),
        events: events.map(([type, n]) => ({ type, at: hour(n) })),
      },
      wall,
    )

  it.each([
    ['nothing yet', [], {}],
    ['accepted', [['accepted', 1]], { toAccept: 60 }],
    [
      'answered and told',
      [
        ['accepted', 1],
        ['agencyAnswered', 3],
        ['answered', 4],
      ],
      { toAccept: 60, toAnswer: 120, atDesk: 60 },
    ],
    [
      'an answer without acceptance',
      [
        ['agencyAnswered', 3],
        ['answered', 4],
      ],
      { toAccept: 180, atDesk: 60 },
    ],
    [
      'the citizen asked',
      [
        ['accepted', 1],
        ['citizenAsked', 2],
        ['citizenReplied', 9],
        ['agencyAnswered', 10],
      ],
      { toAccept: 60, toAnswer: 120 },
    ],
    [
      'an answer that came back',
      [
        ['accepted', 1],
        ['agencyAnswered', 3],
        ['answerReturned', 4],
      ],
      { toAccept: 60 },
    ],
    [
      'and the next one',
      [
        ['accepted', 1],
        ['agencyAnswered', 3],
        ['answerReturned', 4],
        ['agencyAnswered', 6],
        ['answered', 9],
      ],
      { toAccept: 60, toAnswer: 240, atDesk: 240 },
    ],
    [
      'taken away',
      [
        ['accepted', 1],
        ['leadTaken', 2],
        ['agencyAnswered', 3],
        ['answered', 4],
      ],
      { toAccept: 60 },
    ],
    [
      'what is no step',
      [
        ['breached', 1],
        ['escalated', 1],
        ['accepted', 2],
        ['closed', 3],
      ],
      { toAccept: 120 },
    ],
  ] as [string, [string, number][], object][])('%s', (_, events, expected) => {
    expect(times(...events)).toEqual(expected)
  })
})

describe('R103: how long each holder had the cases of a quarter (Đ18.3)', () => {
  let desk: Desk
  const YEAR = { from: '2026-01-01', to: '2026-12-31' }
  const move = (code: string, action: TicketMove, by: Person, given: object = {}): void => {
    const { version } = desk.tickets.view(code, SUPERVISOR)
    desk.tickets.move(code, { version, action, ...given }, by)
  }
  beforeAll(async () => {
    desk = createDesk({ at: '2026-01-05T00:00:00+07:00' })
    await playQuarter(desk, { cases: 60, seed: 103 })
    const { code, version } = fillDraft(desk)
    desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
    for (const [action, by, given] of [
      ['accept', OFFICER, {}],
      ['submitAnswer', OFFICER, { replied: 'hotline', result: 'Đã xem' }],
      ['returnAnswer', OPERATOR, { reason: 'Chưa rõ' }],
      ['submitAnswer', OFFICER, { replied: 'hotline', result: 'Đã thay' }],
      ['relayAnswer', OPERATOR, { told: 'voice' }],
    ] as const) {
      desk.pass(HOUR_MS)
      move(code, action, by, given)
    }
  }, 60_000)
  afterAll(() => desk.close())

  it.each([
    ['2026-01-01', '2026-12-31'],
    ['2026-01-01', '2026-01-31'],
    ['2026-02-10', '2026-02-20'],
  ])('is what a slow count says, %s to %s', (from, to) => {
    const slow = slowHolders(desk.db, {
      from: new Date(`${from}T00:00:00+07:00`).toISOString(),
      until: new Date(Date.parse(`${to}T00:00:00+07:00`) + 24 * HOUR_MS).toISOString(),
      calendarOf: (unitId) => desk.calendars.of(unitId).calendar,
    })
    const { units } = desk.reports.holders({ from, to }, CITY_OFFICE)
    const quick = units.flatMap((unit) =>
      HOLDER_STAGES.flatMap((stage) => {
        const { count, median, longest } = unit[stage]
        return count === 0 ? [] : [[`${unit.unitId} ${stage}`, [count, median, longest]] as const]
      }),
    )
    const expected = Object.entries(slow).map(([key, minutes]) => {
      const half = minutes.length / 2
      const middle = minutes.length % 2 === 1 ? [minutes[half - 0.5]] : [minutes[half - 1], minutes[half]]
      const median = middle.reduce<number>((sum, one) => sum + (one ?? 0), 0) / middle.length
      return [key, [minutes.length, Math.round(median), Math.round(minutes.at(-1) ?? 0)]] as const
    })
    expect(Object.fromEntries(quick)).toEqual(Object.fromEntries(expected))
    expect(expected.length).toBeGreaterThan(3)
  })

  it('names the case that took longest, and leads a unit to its own alone', () => {
    const { units } = desk.reports.holders(YEAR, HEAD)
    expect(units.map(({ unitId }) => unitId)).toEqual([UNIT])
    expect(units[0]?.toAnswer.longestCode).toMatch(/^HP26-\d{6}$/)
    expect(desk.reports.holders(YEAR, { ...HEAD, unitId: null }).units).toEqual([])
    const others = desk.reports.holders(YEAR, OTHER_OFFICER).units.map(({ unitId }) => unitId)
    expect(others).not.toContain(UNIT)
  })

  it('is asked for a period that is one', async () => {
    expect(() => desk.reports.holders({ from: '2026-02-30', to: '2026-03-01' }, HEAD)).toThrow(
      expect.objectContaining({ code: 'PERIOD_INVALID' }),
    )
    const app = await desk.serve()
    const status = async (sid: string, query: string) =>
      (await app.inject({ url: `/api/reports/holders?${query}`, headers: { cookie: `sid=${sid}` } }))
        .statusCode
    const year = 'from=2026-01-01&to=2026-12-31'
    expect([
      await status('operator', year),
      await status('head', year),
      await status('head', 'from=x'),
    ]).toEqual([403, 200, 422])
    await app.close()
  })
})
