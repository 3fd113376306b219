import { fromLocalTime } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import type { RecordingQuery } from './contract.ts'

/** What is looked for, as the store takes it. Null: whatever it is. */
export interface RecordingFilter {
  /** Of number, operator or ticket code. */
  readonly words: readonly string[]
  /** ISO 8601, the first included, the last not. */
  readonly from: string | null
  readonly until: string | null
  /** Who took the call. */
  readonly operatorId: number | null
  /** Where the call's case is. */
  readonly unitId: string | null
  readonly minMs: number | null
}

const DAY_MS = 86_400_000

/** Throws DAY_INVALID for a day that no calendar has, PERIOD_INVALID for one that ends before it begins. */
export function filterOf({
  q = '',
  from,
  to,
  operatorId,
  unitId,
  minSeconds,
}: RecordingQuery): RecordingFilter {
  const first = from === undefined ? null : startOf(from)
  const last = to === undefined ? null : startOf(to)
  if (first !== null && last !== null && last < first)
    throw new AppError('invalid', 'PERIOD_INVALID', 'the period ends before it begins')
  return {
    words: foldVietnamese(q).split(/\s+/).filter(Boolean),
    from: first?.toISOString() ?? null,
    until: last === null ? null : new Date(last.getTime() + DAY_MS).toISOString(),
    operatorId: operatorId ?? null,
    unitId: unitId ?? null,
    minMs: minSeconds === undefined ? null : minSeconds * 1_000,
  }
}

/** The moment a day of the city begins, of `2026-03-01`. */
function startOf(day: string): Date {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const calendarDay = new Date(Date.UTC(year, month - 1, date))
  if (Number.isNaN(calendarDay.getTime()) || calendarDay.toISOString().slice(0, 10) !== day)
    throw new AppError('invalid', 'DAY_INVALID', 'no such day', { subject: day })
  return fromLocalTime(year, month, date)
}
