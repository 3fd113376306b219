/**
 * Working time of an office (regulation.md 2.4). Every sum is in minutes of the city's own time, +07:00 all year;
 * instants go in and out as epoch milliseconds, so the zone of the process never matters.
 */

/** Half-open `[from, to)`, in minutes since local midnight. */
export interface Segment {
  readonly from: number
  readonly to: number
}

/** Weekly hours between two days of the year, both included; `09-15`…`04-30` runs over New Year. */
export interface Season {
  readonly fromDay: string
  readonly toDay: string
  /** Segments by weekday, 0 is Sunday; a weekday that is missing is off. */
  readonly week: Readonly<Record<number, readonly Segment[]>>
}

export interface WorkingCalendar {
  /** First and last year somebody vouches for. A computation that leaves them fails loudly. */
  readonly firstYear: number
  readonly confirmedUntil: number
  readonly seasons: readonly Season[]
  /** By local date `2026-02-16`: off, or other hours (a worked Saturday). */
  readonly exceptions: Readonly<Record<string, 'off' | readonly Segment[]>>
}

/** Why a due time is what it is: one line per stretch that counted. */
export interface CountedStretch {
  readonly date: string
  readonly from: number
  readonly to: number
}

/** A computation walked past the last confirmed year. */
export class CalendarEnded extends Error {
  override readonly name = 'CalendarEnded'
  readonly year: number

  constructor(year: number) {
    super(`chưa có lịch năm ${String(year)}`)
    this.year = year
  }
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const OFFSET_MS = 7 * 3_600_000

/** The instant at which `minutes` of working time have passed. Exhausting a segment ends at its end, not at the next start. */
export function addWorkingMinutes(
  calendar: WorkingCalendar,
  startMs: number,
  minutes: number,
  onStretch?: (stretch: CountedStretch) => void,
): number {
  if (minutes < 0) throw new RangeError('working minutes cannot be negative')
  let leftMs = minutes * MINUTE_MS
  const first = Math.floor((startMs + OFFSET_MS) / DAY_MS)
  for (let day = first; ; day += 1) {
    const midnight = day * DAY_MS - OFFSET_MS
    for (const segment of segmentsOf(calendar, day)) {
      const from = Math.max(midnight + segment.from * MINUTE_MS, startMs)
      const to = midnight + segment.to * MINUTE_MS
      if (from >= to) continue
      const until = Math.min(to, from + leftMs)
      onStretch?.({
        date: dateOf(day),
        from: (from - midnight) / MINUTE_MS,
        to: (until - midnight) / MINUTE_MS,
      })
      leftMs -= until - from
      if (leftMs <= 0) return until
    }
  }
}

/** End of the `days`-th working day after the day of `start`, which is not counted (Civil Code 2015 Art. 147.2). */
export function addWorkingDays(calendar: WorkingCalendar, startMs: number, days: number): number {
  if (!Number.isInteger(days) || days < 1) throw new RangeError('working days are a whole number from 1')
  let left = days
  for (let day = Math.floor((startMs + OFFSET_MS) / DAY_MS) + 1; ; day += 1) {
    const last = segmentsOf(calendar, day).at(-1)
    if (last === undefined) continue
    left -= 1
    if (left === 0) return day * DAY_MS - OFFSET_MS + last.to * MINUTE_MS
  }
}

/** Working minutes in `[start, end)`; 0 when the end is not after the start. */
export function workingMinutesBetween(calendar: WorkingCalendar, startMs: number, endMs: number): number {
  if (endMs <= startMs) return 0
  let sumMs = 0
  const last = Math.floor((endMs - 1 + OFFSET_MS) / DAY_MS)
  for (let day = Math.floor((startMs + OFFSET_MS) / DAY_MS); day <= last; day += 1) {
    const midnight = day * DAY_MS - OFFSET_MS
    for (const segment of segmentsOf(calendar, day)) {
      const from = Math.max(midnight + segment.from * MINUTE_MS, startMs)
      const to = Math.min(midnight + segment.to * MINUTE_MS, endMs)
      if (to > from) sumMs += to - from
    }
  }
  return sumMs / MINUTE_MS
}

/** Segments of one local day (days since 1970-01-01): exception first, then the season in force, else nothing. */
export function segmentsOf(calendar: WorkingCalendar, day: number): readonly Segment[] {
  const date = dateOf(day)
  const year = Number(date.slice(0, 4))
  if (year < calendar.firstYear || year > calendar.confirmedUntil) throw new CalendarEnded(year)
  const exception = calendar.exceptions[date]
  if (exception === 'off') return []
  if (exception !== undefined) return exception
  const monthDay = date.slice(5)
  const season = calendar.seasons.find(({ fromDay, toDay }) =>
    fromDay <= toDay ? monthDay >= fromDay && monthDay <= toDay : monthDay >= fromDay || monthDay <= toDay,
  )
  return season?.week[(day + 4) % 7] ?? [] // 1970-01-01 was a Thursday
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}
