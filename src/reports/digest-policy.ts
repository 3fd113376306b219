import { fromLocalTime, startOfLocalDay, toLocalIso, toLocalTime } from '../platform/clock.ts'
import { type PeriodQuery } from './contract.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Told from this hour on, and not in the evening. */
const FROM_HOUR = 8
const UNTIL_HOUR = 17
/** Until this day of a month the one before may be told; a message about it would surprise afterwards. */
const LAST_DAY = 5
/** Until Thursday a week may be told; on Friday the next figures are nearer. */
const LAST_WEEKDAY = 4

/** A period whose figures are told by themselves, and under which name that is remembered: "2026-10", "week:2026-10-05". */
interface DueDigest {
  readonly key: string
  readonly period: PeriodQuery
}

/**
 * What the leaders of units are to be told now (Đ13.6, R085): the month before, on its first days; the week before, on a day
 * that is worked, because nobody reads figures on a holiday. `isWorked`: whether anybody works in `[from, to)`; `weekly`: whether
 * the city tells weeks at all.
 */
export function digestsDue(
  now: Date,
  { isWorked, weekly }: { readonly isWorked: (from: Date, to: Date) => boolean; readonly weekly: boolean },
): DueDigest[] {
  const midnight = startOfLocalDay(now)
  const hours = (now.getTime() - midnight.getTime()) / HOUR_MS
  if (hours < FROM_HOUR || hours >= UNTIL_HOUR) return []
  return [...monthDue(now), ...(weekly ? weekDue(midnight, isWorked) : [])]
}

function monthDue(now: Date): DueDigest[] {
  const { year, month, day } = toLocalTime(now)
  if (day > LAST_DAY) return []
  const from = dayOf(fromLocalTime(year, month - 1, 1))
  return [{ key: from.slice(0, 7), period: { from, to: dayOf(fromLocalTime(year, month, 0)) } }]
}

function weekDue(midnight: Date, isWorked: (from: Date, to: Date) => boolean): DueDigest[] {
  // The city's noon is the same day everywhere that counts: 05:00 UTC.
  const weekday = new Date(midnight.getTime() + 12 * HOUR_MS).getUTCDay()
  if (weekday === 0 || weekday > LAST_WEEKDAY) return []
  if (!isWorked(midnight, new Date(midnight.getTime() + DAY_MS))) return []
  const monday = midnight.getTime() - (weekday - 1) * DAY_MS
  const from = dayOf(new Date(monday - 7 * DAY_MS))
  return [{ key: `week:${from}`, period: { from, to: dayOf(new Date(monday - DAY_MS)) } }]
}

/** "2026-10-05" in the city. */
function dayOf(at: Date): string {
  return toLocalIso(at).slice(0, 10)
}
