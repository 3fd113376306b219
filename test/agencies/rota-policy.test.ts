import { describe, expect, it } from 'vitest'
import { isOnDuty } from '../../src/agencies/rota-policy.ts'
import { toLocalTime } from '../../src/platform/clock.ts'

const at = (local: string) => toLocalTime(new Date(`${local}+07:00`))

describe('R139: a rota', () => {
  it('that is not written down is always', () => {
    expect(isOnDuty({}, at('2026-03-04T03:00'))).toBe(true)
    expect(isOnDuty({ shifts: [] }, at('2026-03-04T12:00'))).toBe(false)
  })

  it.each([
    // 2026-03-06 is a Friday
    [[5], '07:00-19:00', '2026-03-06T07:00', true],
    [[5], '07:00-19:00', '2026-03-06T18:59', true],
    [[5], '07:00-19:00', '2026-03-06T19:00', false],
    [[5], '07:00-19:00', '2026-03-07T12:00', false],
    [[5], '19:00-07:00', '2026-03-06T18:59', false],
    [[5], '19:00-07:00', '2026-03-06T23:00', true],
    [[5], '19:00-07:00', '2026-03-07T06:59', true],
    [[5], '19:00-07:00', '2026-03-07T07:00', false],
    [[5], '19:00-07:00', '2026-03-06T06:00', false],
    [[6], '19:00-07:00', '2026-03-08T06:00', true],
    [[0], '08:00-08:00', '2026-03-09T07:59', true],
    [[0], '08:00-08:00', '2026-03-09T08:00', false],
  ])('of %j, %s at %s: %s', (weekdays, hours, local, expected) => {
    expect(isOnDuty({ shifts: [{ weekdays, hours }] }, at(local))).toBe(expected)
  })
})
