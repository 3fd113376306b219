/**
 * Working time of an office (regulation.md 2.4). Every sum is in the city's own time, +07:00 all year; instants go in and out as
 * epoch milliseconds, so the zone of the process never matters. A calendar is compiled once: every segment of every confirmed day
 * in order, with the working time before it, so that a sum is one look-up by day and one binary search, however long it is.
 */

/** Half-open `[from, to)`, in minutes since local midnight; `to` may be 1440. */
export interface Segment {
  readonly from: number
  readonly to: number
}

/** Weekly hours between two days of the year, both included; `10-01`…`03-31` runs over New Year. */
export interface Season {
  readonly name: string
  readonly fromDay: string
  readonly toDay: string
  /** Segments by weekday, 0 is Sunday; a weekday that is missing is off, unless another season of the same days has it. */
  readonly week: Readonly<Record<number, readonly Segment[]>>
}

/** A date that is not as its season says. */
export interface DayException {
  readonly hours: 'off' | readonly Segment[]
  readonly why: string
  /** False: expected, but nobody has published it yet. */
  readonly confirmed: boolean
}

export interface WorkingCalendar {
  readonly id: string
  readonly name: string
  /** Changes with everything that can change a sum or its explanation, and with nothing else. */
  readonly version: string
  /** Exceptions of its own apart, it has the city's. */
  readonly cityDays: boolean
  /** First and last year somebody vouches for. A computation that leaves them fails loudly. */
  readonly firstYear: number
  readonly confirmedUntil: number
  readonly seasons: readonly Season[]
  /** By local date `2026-02-16`: off, or other hours (a worked Saturday). */
  readonly exceptions: Readonly<Record<string, DayException>>
}

/** A calendar ready for sums. Arrays of instants are in order, in epoch milliseconds. */
export interface CompiledCalendar {
  readonly calendar: WorkingCalendar
  /** Local days since 1970-01-01: 1 January of the first year, and the day after the last confirmed one. */
  readonly firstDay: number
  readonly endDay: number
  readonly starts: Float64Array
  readonly ends: Float64Array
  /** Working milliseconds before each segment, and behind the last one. */
  readonly before: Float64Array
  /** By day since `firstDay`: how many segments, and how many days that have any, are earlier. */
  readonly segmentsBefore: Uint32Array
  readonly daysBefore: Uint32Array
  /** When each working day ends. */
  readonly closes: Float64Array
}

/** A stretch of working time of one local day, in minutes since its midnight. */
export interface CountedStretch {
  readonly date: string
  readonly from: number
  readonly to: number
}

/** Time that does not count, `[fromMs, toMs)`: a clock that waited for the citizen (regulation.md 2.5 A9). */
export interface Pause {
  readonly fromMs: number
  readonly toMs: number
}

/** A computation left the years somebody vouches for. The message is for people and names the year that is missing. */
export class CalendarEnded extends Error {
  override readonly name = 'CalendarEnded'
  readonly year: number
  readonly calendar: WorkingCalendar

  constructor(year: number, calendar: WorkingCalendar) {
    super(`chưa có lịch năm ${String(year)}`)
    this.year = year
    this.calendar = calendar
  }
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const OFFSET_MS = 7 * 3_600_000
/** As far as a Date reaches, less the offset. */
const LAST_INSTANT_MS = 8.64e15 - OFFSET_MS

/** Lays a calendar out for sums. Throws when it has no working time at all: nothing could ever come due by it. */
export function compileCalendar(calendar: WorkingCalendar): CompiledCalendar {
  const firstDay = Date.UTC(calendar.firstYear, 0, 1) / DAY_MS
  const endDay = Date.UTC(calendar.confirmedUntil + 1, 0, 1) / DAY_MS
  const starts: number[] = []
  const ends: number[] = []
  const before: number[] = [0]
  const segmentsBefore: number[] = [0]
  const daysBefore: number[] = [0]
  const closes: number[] = []
  let sumMs = 0
  for (let day = firstDay; day < endDay; day += 1) {
    const midnight = day * DAY_MS - OFFSET_MS
    const segments = segmentsOf(calendar, day)
    for (const { from, to } of segments) {
      starts.push(midnight + from * MINUTE_MS)
      ends.push(midnight + to * MINUTE_MS)
      sumMs += (to - from) * MINUTE_MS
      before.push(sumMs)
    }
    const close = segments.at(-1)
    if (close !== undefined) closes.push(midnight + close.to * MINUTE_MS)
    segmentsBefore.push(starts.length)
    daysBefore.push(closes.length)
  }
  if (sumMs === 0) throw new RangeError(`calendar ${calendar.id} has no working time`)
  return {
    calendar,
    firstDay,
    endDay,
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
    before: Float64Array.from(before),
    segmentsBefore: Uint32Array.from(segmentsBefore),
    daysBefore: Uint32Array.from(daysBefore),
    closes: Float64Array.from(closes),
  }
}

/**
 * The instant at which `minutes` of working time have passed, to the millisecond. Time that uses a segment up ends at its end
 * (17:00), not at the next start; no time at all ends where it began. Throws CalendarEnded.
 */
export function addWorkingMinutes(calendar: CompiledCalendar, startMs: number, minutes: number): number {
  const passedMs = workedUntil(calendar, startMs)
  const spanMs = millisecondsOf(minutes)
  if (spanMs === 0) return startMs
  const { before, starts } = calendar
  const wantedMs = passedMs + spanMs
  if (wantedMs > at(before, starts.length)) throw ended(calendar, calendar.calendar.confirmedUntil + 1)
  const index = firstReaching(before, wantedMs) - 1
  return at(starts, index) + wantedMs - at(before, index)
}

/**
 * The instant from which `minutes` of working time lie before `end`: when to warn. The mirror image of adding: time that uses a
 * segment up begins at its start (07:30), not at the end before it. Throws CalendarEnded.
 */
export function subtractWorkingMinutes(calendar: CompiledCalendar, endMs: number, minutes: number): number {
  const passedMs = workedUntil(calendar, endMs)
  const spanMs = millisecondsOf(minutes)
  if (spanMs === 0) return endMs
  const { before, starts } = calendar
  const wantedMs = passedMs - spanMs
  if (wantedMs < 0) throw ended(calendar, calendar.calendar.firstYear - 1)
  const index = firstReaching(before, wantedMs + 1) - 1
  return at(starts, index) + wantedMs - at(before, index)
}

/**
 * As addWorkingMinutes, without what passes during pauses, whatever their order and even where they overlap. A pause that begins
 * after the time is used up changes nothing. Throws CalendarEnded.
 */
export function addWithPauses(
  calendar: CompiledCalendar,
  startMs: number,
  minutes: number,
  pauses: readonly Pause[],
): number {
  let fromMs = startMs
  let leftMinutes = minutes
  for (const pause of [...pauses].sort((a, b) => a.fromMs - b.fromMs)) {
    if (pause.toMs <= fromMs) continue
    const worked = workingMinutesBetween(calendar, fromMs, pause.fromMs)
    if (leftMinutes <= worked) break
    leftMinutes -= worked
    fromMs = pause.toMs
  }
  return addWorkingMinutes(calendar, fromMs, leftMinutes)
}

/** End of the `days`-th working day after the day of `start`, which is not counted (Civil Code 2015 Art. 147.2). Throws CalendarEnded. */
export function addWorkingDays(calendar: CompiledCalendar, startMs: number, days: number): number {
  if (!Number.isSafeInteger(days) || days < 1) throw new RangeError('working days are a whole number from 1')
  const next = dayIn(calendar, startMs) - calendar.firstDay + 1
  // The very end of the last year belongs to a day that nobody vouches for.
  const close =
    calendar.closes[at(calendar.daysBefore, Math.min(next, calendar.daysBefore.length - 1)) + days - 1]
  if (close === undefined) throw ended(calendar, calendar.calendar.confirmedUntil + 1)
  return close
}

/** Working minutes in `[start, end)`, to the millisecond; 0 when the end is not after the start. Throws CalendarEnded. */
export function workingMinutesBetween(calendar: CompiledCalendar, startMs: number, endMs: number): number {
  if (endMs <= startMs) return 0
  return (workedUntil(calendar, endMs) - workedUntil(calendar, startMs)) / MINUTE_MS
}

/** Which stretches the working time in `[start, end)` is made of, in order. Throws CalendarEnded. */
export function stretchesBetween(
  calendar: CompiledCalendar,
  startMs: number,
  endMs: number,
): CountedStretch[] {
  const last = dayIn(calendar, endMs)
  const stretches: CountedStretch[] = []
  for (let day = dayIn(calendar, startMs); day <= last && day < calendar.endDay; day += 1) {
    const midnight = day * DAY_MS - OFFSET_MS
    const first = at(calendar.segmentsBefore, day - calendar.firstDay)
    for (let index = first; index < at(calendar.segmentsBefore, day - calendar.firstDay + 1); index += 1) {
      const from = Math.max(at(calendar.starts, index), startMs)
      const to = Math.min(at(calendar.ends, index), endMs)
      if (from >= to) continue
      stretches.push({
        date: dateOf(day),
        from: (from - midnight) / MINUTE_MS,
        to: (to - midnight) / MINUTE_MS,
      })
    }
  }
  return stretches
}

/** Segments of one local day (days since 1970-01-01): exception first, then the season in force, else nothing. */
export function segmentsOf(calendar: WorkingCalendar, day: number): readonly Segment[] {
  const exception = calendar.exceptions[dateOf(day)]
  if (exception === undefined) return seasonSegmentsOf(calendar, day)
  return exception.hours === 'off' ? [] : exception.hours
}

/** What the seasons alone say of a day. */
export function seasonSegmentsOf({ seasons }: WorkingCalendar, day: number): readonly Segment[] {
  const monthDay = dateOf(day).slice(5)
  const weekday = (day + 4) % 7 // 1970-01-01 was a Thursday
  const season = seasons.find((known) => isIn(known, monthDay) && known.week[weekday] !== undefined)
  return season?.week[weekday] ?? []
}

/** Is a day of the year, `02-29`, in a season? */
export function isIn({ fromDay, toDay }: Pick<Season, 'fromDay' | 'toDay'>, monthDay: string): boolean {
  return fromDay <= toDay
    ? monthDay >= fromDay && monthDay <= toDay
    : monthDay >= fromDay || monthDay <= toDay
}

/** Local day of an instant, in days since 1970-01-01. */
export function dayOf(ms: number): number {
  return Math.floor((ms + OFFSET_MS) / DAY_MS)
}

/** Words of a sum ask for the same few days again and again, and a Date takes long to write itself. */
const DATES = new Map<number, string>()
const MOST_DATES = 4_096

/** `2026-02-16` of a day since 1970-01-01. */
export function dateOf(day: number): string {
  const known = DATES.get(day)
  if (known !== undefined) return known
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10)
  if (DATES.size >= MOST_DATES) DATES.clear()
  DATES.set(day, date)
  return date
}

/** Working milliseconds from the beginning of the calendar until an instant. */
function workedUntil(calendar: CompiledCalendar, ms: number): number {
  const { starts, ends, before, segmentsBefore } = calendar
  let index = at(segmentsBefore, dayIn(calendar, ms) - calendar.firstDay)
  // At most the segments of one day are passed here.
  while (index < starts.length && at(ends, index) <= ms) index += 1
  const begunMs = index < starts.length ? ms - at(starts, index) : 0
  return at(before, index) + Math.max(0, begunMs)
}

/** The day of an instant within the confirmed years, or the day behind them for the instant at which they end. */
function dayIn(calendar: CompiledCalendar, ms: number): number {
  if (!(Math.abs(ms) <= LAST_INSTANT_MS)) throw new RangeError('not an instant')
  const day = dayOf(ms)
  const isEnd = ms === calendar.endDay * DAY_MS - OFFSET_MS
  if (day < calendar.firstDay || (day >= calendar.endDay && !isEnd))
    throw ended(calendar, new Date(ms + OFFSET_MS).getUTCFullYear())
  return day
}

/** Index of the first sum that is at least `wanted`. The last one is: callers have looked. */
function firstReaching(sums: Float64Array, wanted: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at(sums, middle) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

function millisecondsOf(minutes: number): number {
  if (!(minutes >= 0)) throw new RangeError('working minutes cannot be negative')
  return Math.round(minutes * MINUTE_MS)
}

function ended(compiled: CompiledCalendar, year: number): CalendarEnded {
  return new CalendarEnded(year, compiled.calendar)
}

/** An element that is there. */
function at(array: Float64Array | Uint32Array, index: number): number {
  return array[index] ?? Number.NaN
}
