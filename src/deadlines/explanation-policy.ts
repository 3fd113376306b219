import { toLocalTime } from '../platform/clock.ts'
import { type Language, type SpecialKind, WORDS, type Words } from './explanation-words-policy.ts'
import {
  addWithPauses,
  addWorkingDays,
  type CompiledCalendar,
  type CountedStretch,
  dateOf,
  dayOf,
  type Pause,
  seasonSegmentsOf,
  stretchesBetween,
  workingMinutesBetween,
} from './working-time-policy.ts'

/** How long something may take: working minutes from the very moment (Civil Code 2015 Art. 147.1), or whole days after the first. */
export type Span = { readonly minutes: number } | { readonly days: number }

export interface DueQuestion {
  readonly startMs: number
  readonly span: Span
  /** Not for days: they are counted whole. */
  readonly pauses?: readonly Pause[]
}

export interface ExplainedDue {
  readonly dueMs: number
  /** "08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2" */
  readonly explanation: string
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const OFFSET_MS = 7 * 3_600_000
/** Within a week a weekday alone says which day is meant. */
const UNMISTAKABLE_DAYS = 6
/** From so many equal days on, they are told together. */
const RUN_DAYS = 3
/** More days than this are told by the first and the last. */
const TOLD_DAYS = 5

/** When it is due, and why then: which days count, which days off lie between, and by whose reason. Throws CalendarEnded. */
export function explainedDue(
  calendar: CompiledCalendar,
  question: DueQuestion,
  language: Language,
): ExplainedDue {
  const dueMs = dueOf(calendar, question)
  const words = WORDS[language]
  // People count in minutes; where those would not add up, the seconds are told too.
  const rounded = { ...question, ...roundedTo(MINUTE_MS, question) }
  const adds = floorTo(MINUTE_MS, dueMs) === dueOf(calendar, rounded)
  const told = adds ? { ...rounded, dueMs: floorTo(MINUTE_MS, dueMs) } : { ...question, dueMs }
  const { startMs } = told
  const sameYear = toLocalTime(new Date(startMs)).year === toLocalTime(new Date(told.dueMs)).year
  const moment = (ms: number): string => momentWords(ms, words, !sameYear)
  const withDate = dayOf(told.dueMs) - dayOf(startMs) > UNMISTAKABLE_DAYS
  const label = (day: number): string => (withDate ? dayWords(day, words) : weekdayWord(day, words))
  const counted =
    'days' in told.span
      ? wholeDays(calendar, told, told.span.days, label, words)
      : hoursByDay(calendar, told, label, words)
  const pauses = (told.pauses ?? []).filter(({ fromMs, toMs }) => toMs > startMs && fromMs < told.dueMs)
  const parts = [
    // Nothing, where nobody works in all that time.
    ...(counted === '' ? [] : [counted]),
    ...pauses.map(({ fromMs, toMs }) => words.paused(moment(fromMs), moment(toMs))),
    ...specialDays(calendar, startMs, told.dueMs, words),
  ]
  const amount =
    'days' in told.span ? words.workingDays(told.span.days) : words.workingTime(told.span.minutes)
  return {
    dueMs,
    explanation: [`${words.from(amount, moment(startMs))} → ${moment(told.dueMs)}`, parts.join('; ')]
      .filter((part) => part !== '')
      .join(': '),
  }
}

/** Minutes of 8 hours, or of 0.25; undefined where they are not whole, or none. */
export function wholeMinutes(hours: number): number | undefined {
  // 1.1 hours are 66.00000000000001 minutes to a computer.
  const minutes = Math.round(hours * 6_000) / 100
  return Number.isInteger(minutes) && minutes > 0 ? minutes : undefined
}

/** "16:45 T6 06/03" in the city's time; seconds are left out. */
export function momentText(at: Date): string {
  return momentWords(floorTo(MINUTE_MS, at.getTime()), WORDS.vi, false)
}

function dueOf(calendar: CompiledCalendar, { startMs, span, pauses = [] }: DueQuestion): number {
  return 'days' in span
    ? addWorkingDays(calendar, startMs, span.days)
    : addWithPauses(calendar, startMs, span.minutes, pauses)
}

function roundedTo(unitMs: number, { startMs, pauses = [] }: DueQuestion): Omit<DueQuestion, 'span'> {
  return {
    startMs: floorTo(unitMs, startMs),
    pauses: pauses.map(({ fromMs, toMs }) => ({
      fromMs: floorTo(unitMs, fromMs),
      toMs: floorTo(unitMs, toMs),
    })),
  }
}

/** "15 phút T6, 7 giờ 45 phút T2"; many equal days in a row as one. */
function hoursByDay(
  calendar: CompiledCalendar,
  { startMs, dueMs, pauses = [] }: DueQuestion & { readonly dueMs: number },
  label: (day: number) => string,
  words: Words,
): string {
  const runs: { first: number; last: number; days: number; ms: number }[] = []
  for (const [day, ms] of workedByDay(calendar, startMs, dueMs, pauses)) {
    const run = runs.at(-1)
    if (run?.ms !== ms) runs.push({ first: day, last: day, days: 1, ms })
    else {
      run.last = day
      run.days += 1
    }
  }
  const parts = runs.flatMap(({ first, last, days, ms }) => {
    if (days >= RUN_DAYS) return [words.eachDay(words.time(ms), days, label(first), label(last))]
    const one = (day: number): string => `${words.time(ms)} ${label(day)}`
    return days === 1 ? [one(first)] : [one(first), one(last)]
  })
  return parts.join(', ')
}

/** Working milliseconds of each day that has any, in order, without what passed in pauses. */
function workedByDay(
  calendar: CompiledCalendar,
  startMs: number,
  dueMs: number,
  pauses: readonly Pause[],
): Map<number, number> {
  const byDay = new Map<number, number>()
  const take = (stretches: readonly CountedStretch[]): void => {
    for (const { date, from, to } of stretches) {
      const day = Date.parse(date) / DAY_MS
      byDay.set(day, (byDay.get(day) ?? 0) + (to - from) * MINUTE_MS)
    }
  }
  let fromMs = startMs
  for (const pause of [...pauses].sort((a, b) => a.fromMs - b.fromMs)) {
    if (pause.toMs <= fromMs) continue
    take(stretchesBetween(calendar, fromMs, Math.min(pause.fromMs, dueMs)))
    fromMs = pause.toMs
  }
  if (fromMs < dueMs) take(stretchesBetween(calendar, fromMs, dueMs))
  return byDay
}

/** "không tính ngày đầu T6, ngày 1 T2, ngày 2 T3" (Civil Code 2015 Art. 147.2). */
function wholeDays(
  calendar: CompiledCalendar,
  { startMs }: DueQuestion,
  days: number,
  label: (day: number) => string,
  words: Words,
): string {
  const numbers = days <= TOLD_DAYS ? Array.from({ length: days }, (_, index) => index + 1) : [1, days]
  const told = numbers.map((number) => {
    // One millisecond before the close: a day may end at 24:00, which is the next one's beginning.
    const day = dayOf(addWorkingDays(calendar, startMs, number) - 1)
    return words.dayNumber(number, label(day))
  })
  return `${words.firstDay(label(dayOf(startMs)))}, ${told.join(days <= TOLD_DAYS ? ', ' : ' … ')}`
}

/** Days off that would have been worked, and days worked that would have been off, with the calendar's reason for each. */
function specialDays(compiled: CompiledCalendar, startMs: number, dueMs: number, words: Words): string[] {
  const groups: { kind: SpecialKind; first: number; last: number; why: string }[] = []
  let unbroken = false
  for (let day = dayOf(startMs); day <= dayOf(dueMs - 1); day += 1) {
    const special = specialDay(compiled, day, startMs, dueMs)
    const group = groups.at(-1)
    if (special === 'usual') unbroken = false
    else if (special !== undefined) {
      if (unbroken && group?.kind === special.kind && group.why === special.why) group.last = day
      else groups.push({ ...special, first: day, last: day })
      unbroken = true
    }
  }
  return groups.map(({ kind, first, last, why }) =>
    words.special[kind](first === last ? shortDate(first) : `${shortDate(first)}-${shortDate(last)}`, why),
  )
}

/** Why a day is not as usual; undefined for a day nobody works anyway, which does not break a holiday in two. */
function specialDay(
  compiled: CompiledCalendar,
  day: number,
  startMs: number,
  dueMs: number,
): { readonly kind: SpecialKind; readonly why: string } | 'usual' | undefined {
  const exception = compiled.calendar.exceptions[dateOf(day)]
  const worksUsually = seasonSegmentsOf(compiled.calendar, day).length > 0
  if (exception === undefined) return worksUsually ? 'usual' : undefined
  const { hours, why } = exception
  if (hours === 'off') return worksUsually ? { kind: 'off', why } : undefined
  const midnight = day * DAY_MS - OFFSET_MS
  const [fromMs, toMs] = [Math.max(startMs, midnight), Math.min(dueMs, midnight + DAY_MS)]
  if (workingMinutesBetween(compiled, fromMs, toMs) === 0) return undefined
  return { kind: worksUsually ? 'changed' : 'worked', why }
}

function momentWords(ms: number, words: Words, withYear: boolean): string {
  const { year, hour, minute, second } = toLocalTime(new Date(ms))
  const seconds = second === 0 ? '' : `:${two(second)}`
  const day = dayWords(dayOf(ms), words)
  return `${two(hour)}:${two(minute)}${seconds} ${day}${withYear ? `/${String(year)}` : ''}`
}

/** "T6 06/03" */
function dayWords(day: number, words: Words): string {
  return `${weekdayWord(day, words)} ${shortDate(day)}`
}

/** "06/03" */
function shortDate(day: number): string {
  const date = dateOf(day)
  return `${date.slice(8)}/${date.slice(5, 7)}`
}

function weekdayWord(day: number, words: Words): string {
  return words.weekdays[(day + 4) % 7] ?? '' // 1970-01-01 was a Thursday
}

function floorTo(unitMs: number, ms: number): number {
  return Math.floor(ms / unitMs) * unitMs
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
