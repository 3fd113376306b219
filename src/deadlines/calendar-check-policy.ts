import type { CalendarProblemCode } from './contract.ts'
import { dateOf, isIn, type Season, type Segment } from './working-time-policy.ts'

export type ProblemValues = Readonly<Record<string, string | number>>
/** Told everything that is wrong; `place` says where in the table, as `exceptions[3]`. */
export type Complain = (place: string, code: CalendarProblemCode, values?: ProblemValues) => void

const DAY_MINUTES = 24 * 60
/** A leap year: a season may begin or end on 29 February. */
const LEAP_DAY_ONE = Date.UTC(2024, 0, 1) / 86_400_000
const DAYS_OF_YEAR = Array.from({ length: 366 }, (_, index) => dateOf(LEAP_DAY_ONE + index).slice(5))

/** Reads `07:30-11:30` and its like: in order, apart from each other or touching, never empty, at most until 24:00. */
export function readHours(texts: readonly string[], place: string, complain: Complain): Segment[] {
  const segments: Segment[] = []
  for (const text of texts) {
    const segment = readSegment(text)
    if (segment === undefined) {
      complain(place, 'hoursNot', { text })
      continue
    }
    const last = segments.at(-1)
    if (segment.from === segment.to) complain(place, 'hoursEmpty', { text })
    else if (segment.to < segment.from) complain(place, 'hoursInverted', { text })
    else if (last !== undefined && segment.from < last.to) complain(place, 'hoursOverlap', { text })
    else segments.push(segment)
  }
  return segments
}

/** Is it a day of the year that exists, `02-29` included? */
export function isDayOfYear(text: string): boolean {
  return DAYS_OF_YEAR.includes(text)
}

/** Is it a date that exists? */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text
}

/** Every day of the year must belong to a season, and no weekday of it to two. Seasons with days that do not exist must not come here. */
export function checkSeasons(seasons: readonly Season[], complain: Complain): void {
  const uncovered = DAYS_OF_YEAR.filter((day) => !seasons.some((season) => isIn(season, day)))
  for (const [from, to] of runsOf(uncovered)) complain('seasons', 'uncovered', { from, to })
  for (const [index, one] of seasons.entries())
    for (const other of seasons.slice(index + 1)) {
      const weekdays = Object.keys(one.week).filter((weekday) => Number(weekday) in other.week)
      if (weekdays.length === 0) continue
      const shared = DAYS_OF_YEAR.filter((day) => isIn(one, day) && isIn(other, day))
      for (const [from, to] of runsOf(shared))
        complain('seasons', 'shared', {
          one: one.name,
          other: other.name,
          weekdays: weekdays.join(', '),
          from,
          to,
        })
    }
}

function readSegment(text: string): Segment | undefined {
  const found = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text)
  if (found === null) return undefined
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = found.slice(1).map(Number)
  if (fromMinute > 59 || toMinute > 59) return undefined
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute]
  return from > DAY_MINUTES || to > DAY_MINUTES ? undefined : { from, to }
}

/** First and last of each unbroken run of days of the year. */
function runsOf(days: readonly string[]): (readonly [string, string])[] {
  const runs: [string, string][] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last !== undefined && DAYS_OF_YEAR.indexOf(day) === DAYS_OF_YEAR.indexOf(last[1]) + 1) last[1] = day
    else runs.push([day, day])
  }
  return runs
}
