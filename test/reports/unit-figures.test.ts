import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { parseNumber } from '../../src/calls/phone-number.ts'
import { FIGURES, type Figure, TURN_FIGURES, type UnitFigures } from '../../src/reports/contract.ts'
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
  OTHER_UNIT,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'
import { slowFigures } from '../support/slow-figures.ts'

const HOUR_MS = 3_600_000
const DAY = { from: '2026-03-02', to: '2026-03-02' }

const send = (desk: Desk, unitId: string = UNIT): string => {
  const { code, version } = fillDraft(desk)
  return desk.tickets.sendSlip(code, { version, unitId, note: '' }, OPERATOR).code
}
const move = (desk: Desk, code: string, action: TicketMove, by: Person, given: object = {}): void => {
  const { version } = desk.tickets.view(code, SUPERVISOR)
  desk.tickets.move(code, { version, action, ...given }, by)
}
const figuresOf = (desk: Desk, period: { from: string; to: string } = DAY, unit: string = UNIT) =>
  desk.reports.units(period, CITY_OFFICE).units.find(({ unitId }) => unitId === unit)
/** The figures that are not nought. */
const some = (figures: UnitFigures | undefined): Partial<Record<Figure, number>> =>
  Object.fromEntries(
    FIGURES.map((figure) => [figure, figures?.[figure] ?? 0] as const).filter(([, n]) => n > 0),
  )

describe('a unit’s figures (R098)', () => {
  let desk: Desk
  beforeEach(() => {
    desk = createDesk() // Monday 2 March 2026, 08:00 in the city
  })
  afterEach(() => desk.close())

  it('tell what runs, what is due soon, and what was answered on time', () => {
    const code = send(desk)
    expect(some(figuresOf(desk))).toEqual({ received: 1, running: 1, openNow: 1 })
    desk.pass(6.5 * HOUR_MS) // 14:30: five and a half hours of work since
    expect(some(figuresOf(desk))).toEqual({ received: 1, running: 1, openNow: 1 })
    desk.pass(2 * HOUR_MS) // 16:30: one working hour is left
    expect(some(figuresOf(desk))).toEqual({ received: 1, running: 1, openNow: 1, dueSoonNow: 1 })
    move(desk, code, 'accept', OFFICER)
    move(desk, code, 'submitAnswer', OFFICER, { replied: 'hotline', result: 'Đã thay bóng' })
    expect(some(figuresOf(desk))).toEqual({ received: 1, onTime: 1, awaitingRelay: 1 })
    move(desk, code, 'relayAnswer', OPERATOR, { told: 'voice' })
    expect(some(figuresOf(desk))).toEqual({ received: 1, onTime: 1 })
  })

  it('R053: keep a breach whatever is answered later, in the period in which the case came', () => {
    const code = send(desk)
    desk.pass(24 * HOUR_MS + 1)
    desk.deadlines.sweep()
    expect(some(figuresOf(desk))).toEqual({ received: 1, late: 1, openNow: 1, overdueNow: 1 })
    move(desk, code, 'submitAnswer', HEAD, { replied: 'hotline', result: 'Đã thay bóng' })
    expect(some(figuresOf(desk))).toEqual({ received: 1, late: 1, awaitingRelay: 1 })
    expect(some(figuresOf(desk, { from: '2026-03-03', to: '2026-03-09' }))).toEqual({ awaitingRelay: 1 })
  })

  it('A8: keep what was promised apart from what was on time, and count a missed day as late', () => {
    const [kept, missed] = [send(desk), send(desk)]
    for (const code of [kept, missed]) {
      move(desk, code, 'accept', OFFICER)
      move(desk, code, 'promise', OFFICER, { promisedAt: '2026-03-04T03:00:00Z', reason: 'Chờ vật tư' })
    }
    expect(some(figuresOf(desk))).toEqual({ received: 2, promised: 2, openNow: 2 })
    desk.pass(24 * HOUR_MS)
    move(desk, kept, 'submitAnswer', OFFICER, { replied: 'hotline', result: 'Đã thay' })
    desk.pass(48 * HOUR_MS)
    desk.deadlines.sweep()
    expect(some(figuresOf(desk))).toEqual({
      received: 2,
      promised: 1,
      late: 1,
      openNow: 1,
      overdueNow: 1,
      awaitingRelay: 1,
    })
  })

  it('R088: count what was given back for who gave it, and begin anew for the next unit', () => {
    const code = send(desk)
    move(desk, code, 'bounce', OFFICER, { reason: 'Không thuộc thẩm quyền' })
    expect(some(figuresOf(desk))).toEqual({ received: 1, stopped: 1, bounced: 1 })
    const { version } = desk.tickets.view(code, OPERATOR)
    desk.tickets.sendSlip(code, { version, unitId: OTHER_UNIT, note: '' }, OPERATOR)
    expect(some(figuresOf(desk))).toEqual({ received: 1, stopped: 1, bounced: 1 })
    expect(some(figuresOf(desk, DAY, OTHER_UNIT))).toEqual({ received: 1, running: 1, openNow: 1 })
  })

  it('R085, R138: count a case once that is directed back to the unit: late where it ever was, else as it went last', () => {
    const [answered, broken] = [send(desk), send(desk)]
    const back = (code: string): void => {
      move(desk, code, 'takeLead', CITY_OFFICE, { leadReason: 'forChairman' })
      const dueAt = new Date(desk.now().getTime() + 72 * HOUR_MS).toISOString()
      move(desk, code, 'direct', CITY_OFFICE, { unitId: UNIT, directive: 'Sửa dứt điểm', dueAt })
    }
    back(answered)
    expect(some(figuresOf(desk))).toEqual({ received: 2, running: 2, openNow: 2 })
    desk.pass(25 * HOUR_MS)
    desk.deadlines.sweep()
    back(broken)
    for (const code of [answered, broken]) {
      move(desk, code, 'accept', OFFICER)
      move(desk, code, 'submitAnswer', OFFICER, { replied: 'hotline', result: 'Đã thay bóng' })
    }
    const bothDays = { from: '2026-03-02', to: '2026-03-03' }
    expect(some(figuresOf(desk, bothDays))).toEqual({ received: 2, onTime: 1, late: 1, awaitingRelay: 2 })
    const listed = (figure: Figure) => desk.reports.cases(UNIT, { ...bothDays, figure }, HEAD)
    expect(listed('received')).toMatchObject({ total: 2, items: [{ code: broken }, { code: answered }] })
    expect(listed('late')).toMatchObject({ total: 1, items: [{ code: broken }] })
    // A12: what came back on another day is a round of its own there, and leaves the day before as it was.
    expect(some(figuresOf(desk))).toEqual({ received: 2, onTime: 1, late: 1, awaitingRelay: 2 })
    expect(some(figuresOf(desk, { from: '2026-03-03', to: '2026-03-03' }))).toEqual({
      received: 1,
      onTime: 1,
      awaitingRelay: 2,
    })
  })

  it('R056, A12: leave the first round of a case as it was when the citizen objects; the second is a case of its own', () => {
    const code = send(desk)
    const answer = (): void => {
      move(desk, code, 'accept', OFFICER)
      move(desk, code, 'submitAnswer', OFFICER, { replied: 'hotline', result: 'Đã thay bóng' })
      move(desk, code, 'relayAnswer', OPERATOR, { told: 'voice' })
    }
    const object = (hours: number): void => {
      desk.pass(HOUR_MS)
      move(desk, code, 'object', OPERATOR, { reason: 'Đèn vẫn hỏng' })
      const dueAt = new Date(desk.now().getTime() + hours * HOUR_MS).toISOString()
      move(desk, code, 'direct', CITY_OFFICE, { unitId: UNIT, directive: 'Làm lại', dueAt })
    }
    answer()
    expect(some(figuresOf(desk))).toEqual({ received: 1, onTime: 1 })
    object(24)
    expect(some(figuresOf(desk))).toEqual({ received: 2, onTime: 1, running: 1, openNow: 1 })
    // Within a round it is one case still: directed a second time.
    move(desk, code, 'takeLead', CITY_OFFICE, { leadReason: 'forChairman' })
    const dueAt = new Date(desk.now().getTime() + 25 * HOUR_MS).toISOString()
    move(desk, code, 'direct', CITY_OFFICE, { unitId: UNIT, directive: 'Làm lại ngay', dueAt })
    expect(some(figuresOf(desk))).toEqual({ received: 2, onTime: 1, running: 1, openNow: 1 })
    desk.pass(26 * HOUR_MS) // Tuesday
    desk.deadlines.sweep()
    expect(some(figuresOf(desk))).toEqual({ received: 2, onTime: 1, late: 1, openNow: 1, overdueNow: 1 })
    const listed = (figure: Figure) => desk.reports.cases(UNIT, { ...DAY, figure }, HEAD)
    expect(listed('received')).toMatchObject({ total: 2, items: [{ code }, { code }] })
    move(desk, code, 'submitAnswer', HEAD, { replied: 'hotline', result: 'Đã thay trụ' })
    move(desk, code, 'relayAnswer', OPERATOR, { told: 'voice' })
    object(47) // of Thursday morning
    answer()
    expect(some(figuresOf(desk))).toEqual({ received: 2, onTime: 1, late: 1 })
    const bothDays = { from: '2026-03-02', to: '2026-03-03' }
    expect(some(figuresOf(desk, bothDays))).toEqual({ received: 3, onTime: 2, late: 1 })
  })

  it('count an answer that came back, and do not call it answered', () => {
    const code = send(desk)
    move(desk, code, 'accept', OFFICER)
    move(desk, code, 'submitAnswer', OFFICER, { replied: 'hotline', result: 'Đã xem' })
    move(desk, code, 'returnAnswer', OPERATOR, { reason: 'Chưa nói xử lý ra sao' })
    expect(some(figuresOf(desk))).toEqual({ received: 1, running: 1, returned: 1, openNow: 1 })
  })

  it('R084: leave training out of everything', () => {
    const { code } = desk.tickets.openForCall(
      {
        callId: 'c1',
        direction: 'in',
        number: parseNumber('0950000777', '225'),
        callerName: null,
        line: '02251022',
        startedAt: desk.now().toISOString(),
        training: true,
      },
      OPERATOR.id,
    )
    const { version, form } = desk.tickets.view(code, OPERATOR)
    const content = { content: 'Tập huấn', reporter: { ...form.reporter, name: 'Người tập' } }
    const filled = desk.tickets.save(code, { version, form: content }, OPERATOR)
    desk.tickets.sendSlip(code, { version: filled.version, unitId: UNIT, note: '' }, OPERATOR)
    expect(figuresOf(desk)).toBeUndefined()
  })

  it('take the city’s days: a case after midnight belongs to the new one', () => {
    desk.pass(Date.parse('2026-03-03T16:59:59Z') - desk.now().getTime()) // 23:59:59
    send(desk)
    desk.pass(1_000)
    send(desk)
    const received = (day: string) => figuresOf(desk, { from: day, to: day })?.received
    expect([received('2026-03-03'), received('2026-03-04')]).toEqual([1, 1])
    expect(figuresOf(desk, { from: '2026-03-01', to: '2026-03-04' })?.received).toBe(2)
  })

  it('are a unit’s own for its people, all for the City Office and supervisors', () => {
    send(desk)
    send(desk, OTHER_UNIT)
    const seen = (person: Person) => desk.reports.units(DAY, person).units.map(({ unitId }) => unitId)
    expect([seen(HEAD), seen(OFFICER), seen(OTHER_OFFICER)]).toEqual([[UNIT], [UNIT], [OTHER_UNIT]])
    expect([seen(CITY_OFFICE).length, seen(SUPERVISOR).length]).toEqual([2, 2])
    expect(seen({ ...HEAD, unitId: null })).toEqual([])
    const nothingYet = desk.reports.units({ from: '2025-01-01', to: '2025-01-31' }, HEAD).units
    expect(nothingYet).toMatchObject([{ unitId: UNIT, received: 0, openNow: 1 }])
  })

  it('R012: of a unit that is no more count for who took its work over, and lead to its cases', () => {
    const code = send(desk, 'p-le-chan')
    send(desk, 'p-le-chan')
    // As it was before the districts ended.
    const { id } = desk.db.raw.prepare('SELECT id FROM tickets WHERE code = ?').get(code) as { id: number }
    desk.db.raw.prepare("UPDATE tickets SET unit_id = 'q-le-chan' WHERE id = ?").run(id)
    desk.db.raw.prepare("UPDATE deadlines SET unit_id = 'q-le-chan' WHERE ticket_id = ?").run(id)
    expect(desk.reports.units(DAY, CITY_OFFICE).units).toMatchObject([
      { unitId: 'p-le-chan', received: 2, openNow: 2 },
    ])
    const head = { ...HEAD, unitId: 'p-le-chan' }
    expect(desk.reports.units(DAY, head).units).toMatchObject([{ unitId: 'p-le-chan', received: 2 }])
    const { total, items } = desk.reports.cases('p-le-chan', { ...DAY, figure: 'openNow' }, head)
    expect([total, items.map((one) => one.code)]).toEqual([2, ['HP26-000002', code]])
  })

  it('lead to the cases behind them, as far as they are the reader’s', () => {
    const code = send(desk)
    const query = { ...DAY, figure: 'running' as const }
    expect(desk.reports.cases(UNIT, query, HEAD)).toMatchObject({
      total: 1,
      items: [{ code, title: 'Đèn đường hỏng', state: 'assigned' }],
    })
    expect(desk.reports.cases(UNIT, { ...query, figure: 'late' }, HEAD)).toEqual({ items: [], total: 0 })
    expect(() => desk.reports.cases(OTHER_UNIT, query, HEAD)).toThrow(
      expect.objectContaining({ code: 'UNIT_NOT_YOURS' }),
    )
  })

  it.each([
    ['2026-02-30', '2026-03-01'],
    ['2026-03-02', '2026-03-01'],
    ['2026-13-01', '2026-13-02'],
  ])('of %s to %s are refused', (from, to) => {
    expect(() => desk.reports.units({ from, to }, HEAD)).toThrow(
      expect.objectContaining({ code: 'PERIOD_INVALID' }),
    )
  })
})

describe('a quarter’s figures', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = createDesk({ at: '2026-01-05T00:00:00+07:00' })
    await playQuarter(desk, { cases: 120, seed: 1022 })
    // The quarter is played to its end: some that are on their way.
    for (let index = 0; index < 6; index += 1) {
      const code = send(desk, index % 2 === 0 ? UNIT : OTHER_UNIT)
      if (index < 2) move(desk, code, 'accept', OFFICER)
      if (index === 0) move(desk, code, 'submitAnswer', OFFICER, { replied: 'hotline', result: 'Đã xem' })
      if (index === 0) move(desk, code, 'returnAnswer', OPERATOR, { reason: 'Chưa rõ' })
      if (index === 1)
        move(desk, code, 'submitAnswer', OTHER_OFFICER, { replied: 'hotline', result: 'Đã xem' })
      if (index === 3) move(desk, code, 'reroute', CITY_OFFICE, { unitId: UNIT, reason: 'Đúng đơn vị' })
      desk.pass(7 * HOUR_MS)
      desk.deadlines.sweep()
    }
    send(desk)
    const { warn } = desk.db.raw
      .prepare("SELECT warn_at AS warn FROM deadlines WHERE kind = 'officer' ORDER BY id DESC LIMIT 1")
      .get() as {
      warn: string
    }
    desk.pass(Date.parse(warn) - desk.now().getTime() + 60_000)
    desk.deadlines.sweep()
  }, 60_000)
  afterAll(() => desk.close())

  const PERIODS: [string, string][] = [
    ['2026-01-01', '2026-12-31'],
    ['2026-01-01', '2026-01-31'],
    ['2026-02-01', '2026-02-28'],
    ['2026-03-01', '2026-03-31'],
    ['2026-02-16', '2026-02-16'],
  ]
  it.each(PERIODS)('R098: are what a slow count says, %s to %s', (from, to) => {
    const after = new Date(Date.parse(`${to}T00:00:00+07:00`) + 86_400_000).toISOString()
    const slow = slowFigures(desk.db, {
      from: new Date(`${from}T00:00:00+07:00`).toISOString(),
      until: after,
      now: desk.now().toISOString(),
    })
    const { units } = desk.reports.units({ from, to }, CITY_OFFICE)
    const quick = Object.fromEntries(
      units.flatMap((unit) =>
        FIGURES.filter((figure) => unit[figure] > 0).map((figure) => [
          `${unit.unitId} ${figure}`,
          unit[figure],
        ]),
      ),
    )
    expect(quick).toEqual(slow)
  })

  it('have every figure in them somewhere, or the count above proves little', () => {
    const { units } = desk.reports.units({ from: '2026-01-01', to: '2026-12-31' }, CITY_OFFICE)
    for (const figure of FIGURES)
      expect(
        units.reduce((sum, unit) => sum + unit[figure], 0),
        figure,
      ).toBeGreaterThan(0)
  })

  it('add up: each case received is one of its five parts', () => {
    const [, ...parts] = TURN_FIGURES
    for (const unit of desk.reports.units({ from: '2026-01-01', to: '2026-12-31' }, CITY_OFFICE).units)
      expect(
        parts.reduce((sum, figure) => sum + unit[figure], 0),
        unit.unitId,
      ).toBe(unit.received)
  })

  it('list exactly what they count', () => {
    const period = { from: '2026-01-01', to: '2026-12-31' }
    for (const unit of desk.reports.units(period, CITY_OFFICE).units)
      for (const figure of FIGURES) {
        const page = desk.reports.cases(unit.unitId, { ...period, figure, limit: 200 }, CITY_OFFICE)
        expect([page.total, page.items.length], `${unit.unitId} ${figure}`).toEqual([
          unit[figure],
          unit[figure],
        ])
      }
  })
})

it('R098: figures of a period walk along what began in it, not along all clocks and histories there are', async () => {
  const statements: string[] = []
  const desk = createDesk({ onStatement: (sql) => void statements.push(sql) })
  const counting = statements.filter((sql) => sql.includes('turn AS ('))
  expect(counting.length).toBeGreaterThan(2)
  const asked = { from: '', until: '', now: '', units: null, figure: '', limit: 1, offset: 0 }
  for (const sql of counting) {
    const plan = desk.db.raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(asked) as { detail: string }[]
    const walked = plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN'))
    expect(
      walked.filter((detail) => /SCAN (deadlines|officer|event|tickets|ticket_events|clock)\b/.test(detail)),
    ).toEqual([])
  }
  await desk.close()
})
