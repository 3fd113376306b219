import { beforeAll, describe, expect, it } from 'vitest'
import { type WorkingCalendar } from '../../src/deadlines/working-time-policy.ts'
import { HABIT_NAMES } from '../chaos/quarter-habits.ts'
import { mismatchesOf, type Quarter, runQuarter, sumsOf } from '../chaos/quarter.ts'

/** `npm run chaos -- --quarter 20000` plays a whole one. */
const CASES = 1_000

let quarter: Quarter
beforeAll(async () => {
  quarter = await runQuarter({ cases: CASES, seed: 587 })
}, 240_000)

describe('a quarter over Tết, a swapped Saturday and the change to summer hours', () => {
  it('goes in every case as the slow model says: state, refusals, clocks, breaches, escalations and SMS (R048-R054, R087, R088, R099, R102)', () => {
    expect(quarter.played).toHaveLength(CASES)
    expect(mismatchesOf(quarter).slice(0, 3)).toEqual([])
  })

  it('has everything in it that can happen to a case', () => {
    const { habits, states, breaches, slips, sms, attempts } = sumsOf(quarter)
    for (const habit of HABIT_NAMES) expect(habits[habit], habit).toBeGreaterThan(20)
    for (const state of ['closed', 'withdrawn', 'rejected', 'overdue'])
      expect(states[state], state).toBeGreaterThan(5)
    for (const kind of ['officer', 'promise', 'head', 'citizen', 'office', 'relay', 'clarify'])
      expect(breaches[kind], kind).toBeGreaterThan(5)
    expect(slips['head']).toBeGreaterThan(100)
    expect(attempts['refused']).toBeGreaterThan(100)
    for (const template of [
      'slipOfficer',
      'slipHead',
      'slipDirected',
      'directiveWithdrawn',
      'reminder',
      'clockWentOn',
      'answerLater',
      'overdue',
      'question',
      'promised',
      'promiseAsked',
      'result',
      'rejected',
      'received',
      'forwarded',
    ])
      expect(sms[template], template).toBeGreaterThan(3)
  })

  /** The same quarter, held against a model for which the city keeps other days. */
  const against = (bend: (city: WorkingCalendar) => WorkingCalendar): number => {
    const { world } = quarter
    const cityCalendar = bend(world.cityCalendar)
    const calendarOf = (unitId: string): WorkingCalendar =>
      world.calendarOf(unitId) === world.cityCalendar ? cityCalendar : world.calendarOf(unitId)
    return mismatchesOf({ ...quarter, world: { ...world, cityCalendar, calendarOf } }).length
  }
  const without = (isLeftOut: (date: string, hours: unknown) => boolean) => (city: WorkingCalendar) => ({
    ...city,
    exceptions: Object.fromEntries(
      Object.entries(city.exceptions).filter(([date, { hours }]) => !isLeftOut(date, hours)),
    ),
  })

  it('would go otherwise without any of these days', () => {
    expect(against(without((date) => date.startsWith('2026-02')))).toBeGreaterThan(10)
    expect(against(without((_date, hours) => hours !== 'off'))).toBeGreaterThan(0)
    const winter = (city: WorkingCalendar): WorkingCalendar => ({
      ...city,
      seasons: city.seasons.map((season) => ({ ...season, week: city.seasons[1]?.week ?? season.week })),
    })
    expect(against(winter)).toBeGreaterThan(10)
  })
})
