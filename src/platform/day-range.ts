import { fromLocalTime } from './clock.ts'
import { AppError } from './errors.ts'

/** Days of the city as a list is asked for them, the first and the last included: `2026-03-01`. */
export interface DayRange {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The same as moments, ISO 8601; null: no bound. */
export interface MomentRange {
  readonly from: string | null
  /** The first moment after it. */
  readonly until: string | null
}

const DAY_MS = 86_400_000

/** Throws DAY_INVALID for a day that no calendar has, PERIOD_INVALID for days of which the last comes before the first. */
export function momentsOf({ from, to }: DayRange): MomentRange {
  const first = from === undefined ? null : startOf(from)
  const last = to === undefined ? null : startOf(to)
  if (first !== null && last !== null && last < first)
    throw new AppError('invalid', 'PERIOD_INVALID', 'the period ends before it begins')
  return {
    from: first?.toISOString() ?? null,
    until: last === null ? null : new Date(last.getTime() + DAY_MS).toISOString(),
  }
}

/** The moment a day of the city begins. */
function startOf(day: string): Date {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const calendarDay = new Date(Date.UTC(year, month - 1, date))
  if (Number.isNaN(calendarDay.getTime()) || calendarDay.toISOString().slice(0, 10) !== day)
    throw new AppError('invalid', 'DAY_INVALID', 'no such day', { subject: day })
  return fromLocalTime(year, month, date)
}
