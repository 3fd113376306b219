import type { DeadlineKind, WorkingLeft } from './contract.ts'
import type { DeadlineClock, DueTime } from './deadline-keeper.ts'
import { DEADLINE_RULES, type DeadlineRow, isNamed, stateOf } from './deadline-policy.ts'
import { explainedDue, momentText, type Span } from './explanation-policy.ts'
import { WORDS } from './explanation-words-policy.ts'
import type { OnCalendarEnded, WorkingCalendars } from './service.ts'
import {
  addWithPauses,
  addWorkingDays,
  addWorkingMinutes,
  CalendarEnded,
  type CompiledCalendar,
  type CountedStretch,
  type Pause,
  subtractWorkingMinutes,
  stretchesBetween,
  workingMinutesBetween,
} from './working-time-policy.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Ends of clocks from the calendars of city and units. Where a year is not confirmed, no date is invented. */
export function createDeadlineClock(
  calendars: WorkingCalendars,
  onCalendarEnded: OnCalendarEnded,
): DeadlineClock {
  const calendarOf = (kind: DeadlineKind, unitId: string | null): CompiledCalendar =>
    calendars.of(DEADLINE_RULES[kind].calendar === 'unit' ? unitId : null)

  /** The one that it began by, whichever its unit has now: only another table of that one counts it anew (A19). */
  const calendarOfRow = ({ calendarId, kind, unitId }: DeadlineRow): CompiledCalendar =>
    calendars.byId(calendarId) ?? calendarOf(kind, unitId)

  /** `find` throws CalendarEnded where the calendar does. */
  function counted(
    kind: DeadlineKind,
    compiled: CompiledCalendar,
    startMs: number,
    find: () => { readonly dueMs: number; readonly explanation: string },
  ): DueTime {
    const { id: calendarId, version: calendarVersion } = compiled.calendar
    try {
      const { dueMs, explanation } = find()
      return {
        dueAt: new Date(dueMs),
        warnAt: warned(kind, compiled, startMs, dueMs),
        calendarId,
        calendarVersion,
        explanation,
      }
    } catch (cause) {
      if (!(cause instanceof CalendarEnded)) throw cause
      onCalendarEnded(cause.year, calendarId)
      return { dueAt: null, warnAt: null, calendarId, calendarVersion, explanation: cause.message }
    }
  }

  /** A day that somebody named stands in any year; only when to remind of it is counted. */
  function warned(
    kind: DeadlineKind,
    compiled: CompiledCalendar,
    startMs: number,
    dueMs: number,
  ): Date | null {
    try {
      return warnAt(kind, compiled, startMs, dueMs)
    } catch (cause) {
      if (!(cause instanceof CalendarEnded)) throw cause
      onCalendarEnded(cause.year, compiled.calendar.id)
      return null
    }
  }

  /** Working minutes; none are counted in a year that nobody vouches for. */
  function minutesBetween(compiled: CompiledCalendar, fromMs: number, toMs: number): number {
    try {
      return workingMinutesBetween(compiled, fromMs, toMs)
    } catch (cause) {
      if (!(cause instanceof CalendarEnded)) throw cause
      onCalendarEnded(cause.year, compiled.calendar.id)
      return 0
    }
  }

  /** When a clock of that kind ends that began then, with what passed while it stood still left out. */
  function dueBy(
    compiled: CompiledCalendar,
    { kind, startedAt, chosen, pauses = [] }: CountedClock,
  ): DueTime {
    const startMs = startedAt.getTime()
    return counted(kind, compiled, startMs, () => {
      if (chosen !== undefined) {
        const dueMs = afterPauses(compiled, chosen.getTime(), pauses)
        return { dueMs, explanation: namedWords(compiled, kind, { startMs, dueMs }) }
      }
      const { calendarDays } = DEADLINE_RULES[kind]
      if (calendarDays !== undefined) {
        const dueMs = startMs + calendarDays * DAY_MS
        const until = momentText(new Date(dueMs))
        return { dueMs, explanation: `${String(calendarDays)} ngày từ ${momentText(startedAt)} → ${until}` }
      }
      const span = spanOf(kind)
      const due = explainedDue(compiled, { startMs, span, pauses }, 'vi')
      if (!('days' in span) || pauses.length === 0) return due
      // Whole days know no pause: what was left at each goes on after it, and the words end with when that is.
      const dueMs = movedByAll(compiled, due.dueMs, pauses)
      return { dueMs, explanation: `${due.explanation}; hạn mới ${momentText(new Date(dueMs))}` }
    })
  }

  return {
    due: ({ unitId, ...clock }) => dueBy(calendarOf(clock.kind, unitId), clock),
    versionOf: (calendarId) => calendars.byId(calendarId)?.calendar.version,
    recount(row) {
      const compiled = calendars.byId(row.calendarId)
      const known = compiled === undefined ? undefined : clockOf(row)
      return compiled === undefined || known === undefined ? undefined : dueBy(compiled, known)
    },
    recountedDue(row) {
      const compiled = calendars.byId(row.calendarId)
      const known = compiled === undefined ? undefined : clockOf(row)
      return compiled === undefined || known === undefined ? row.dueAt : dueAlone(compiled, known)
    },
    isWorked({ kind, unitId, at }) {
      const compiled = calendarOf(kind, unitId)
      const atMs = at.getTime()
      try {
        return workingMinutesBetween(compiled, atMs - MINUTE_MS, atMs + MINUTE_MS) > 0
      } catch (cause) {
        // As `warned`: what somebody names stands in any year.
        if (cause instanceof CalendarEnded) return true
        throw cause
      }
    },
    reaches: ({ kind, unitId, at }) =>
      knownMinutes(calendarOf(kind, unitId), at.getTime() - MINUTE_MS, at.getTime()) !== null,
    between: (row, { from, to }) => minutesBetween(calendarOfRow(row), from.getTime(), to.getTime()),
    left(row, now) {
      const state = stateOf(row)
      const isOpen = state === 'running' || state === 'paused'
      if (!isOpen || row.dueAt === null || DEADLINE_RULES[row.kind].calendarDays !== undefined) return null
      const compiled = calendarOfRow(row)
      const fromMs = Date.parse(row.pausedAt ?? now.toISOString())
      return leftBetween(compiled, { fromMs, dueMs: Date.parse(row.dueAt), isPaused: state === 'paused' })
    },
    goOn(row, stoppedAt, at) {
      const compiled = calendarOfRow(row)
      const { dueAt } = row
      if (dueAt === null) return { ...unchanged(row), stoodMinutes: 0 }
      // By a calendar that came later its time was over before it stopped: that stays the end of it, and the sweep finds it.
      if (dueAt < stoppedAt.toISOString())
        return { ...unchanged(row), dueAt: new Date(dueAt), stoodMinutes: 0 }
      const stoodMinutes = Math.round(minutesBetween(compiled, stoppedAt.getTime(), at.getTime()))
      const due = counted(row.kind, compiled, Date.parse(row.startedAt), () => {
        const pause = { fromMs: stoppedAt.getTime(), toMs: at.getTime() }
        const dueMs =
          row.chosenAt === null
            ? movedBy(compiled, Date.parse(dueAt), pause)
            : afterPauses(compiled, Date.parse(dueAt), [pause])
        const stood = `dừng ${momentText(stoppedAt)} → ${momentText(at)}, hạn mới ${momentText(new Date(dueMs))}`
        return { dueMs, explanation: `${row.explanation}; ${stood}` }
      })
      return { ...due, stoodMinutes }
    },
  }
}

/** "Thời hạn theo chỉ đạo: trước 17:00 T6 06/03, tức 16 giờ làm việc từ 08:00 T4 04/03". */
function namedWords(
  compiled: CompiledCalendar,
  kind: DeadlineKind,
  { startMs, dueMs }: { readonly startMs: number; readonly dueMs: number },
): string {
  const until = momentText(new Date(dueMs))
  if (kind !== 'directed') return `Đơn vị hẹn trả lời trước ${until}`
  const named = `Lãnh đạo thành phố ấn định: trả lời trước ${until}`
  const minutes = knownMinutes(compiled, startMs, dueMs)
  if (minutes === null) return named
  return `${named}, tức ${WORDS.vi.workingTime(Math.floor(minutes))} từ ${momentText(new Date(startMs))}`
}

/** Null where the calendar does not reach: half a sum would be a wrong one. */
function knownMinutes(compiled: CompiledCalendar, fromMs: number, toMs: number): number | null {
  try {
    return workingMinutesBetween(compiled, fromMs, toMs)
  } catch (cause) {
    if (cause instanceof CalendarEnded) return null
    throw cause
  }
}

const LAID_OUT_DAYS = 3

/** Null where the calendar does not reach: half a sum would be a wrong one. */
function leftBetween(
  compiled: CompiledCalendar,
  {
    fromMs,
    dueMs,
    isPaused,
  }: { readonly fromMs: number; readonly dueMs: number; readonly isPaused: boolean },
): WorkingLeft | null {
  const at = new Date(fromMs).toISOString()
  if (dueMs <= fromMs) return { minutes: 0, at, hours: [] }
  try {
    const minutes = Math.floor(workingMinutesBetween(compiled, fromMs, dueMs))
    const untilMs = Math.min(dueMs, fromMs + LAID_OUT_DAYS * DAY_MS)
    const hours = isPaused ? [] : stretchesBetween(compiled, fromMs, untilMs).map(hoursOf)
    return { minutes, at, hours }
  } catch (cause) {
    if (cause instanceof CalendarEnded) return null
    throw cause
  }
}

function hoursOf({ date, from, to }: CountedStretch): WorkingLeft['hours'][number] {
  const midnight = Date.parse(`${date}T00:00:00+07:00`)
  const at = (minute: number): string => new Date(midnight + minute * 60_000).toISOString()
  return { from: at(from), to: at(to) }
}

/** What was left of it when it stopped, from when it went on. Throws CalendarEnded. */
function movedBy(compiled: CompiledCalendar, dueMs: number, { fromMs, toMs }: Pause): number {
  return addWorkingMinutes(compiled, toMs, workingMinutesBetween(compiled, fromMs, dueMs))
}

function movedByAll(compiled: CompiledCalendar, dueMs: number, pauses: readonly Pause[]): number {
  return pauses.reduce((due, pause) => movedBy(compiled, due, pause), dueMs)
}

/**
 * A day that was named, later by the working time the clock stood still: never sooner, though it may lie outside working hours where it
 * never did. Throws CalendarEnded: nobody adds hours of a year that nobody vouches for.
 */
function afterPauses(compiled: CompiledCalendar, dueMs: number, pauses: readonly Pause[]): number {
  return pauses.reduce(
    (due, { fromMs, toMs }) =>
      addWorkingMinutes(compiled, due, workingMinutesBetween(compiled, fromMs, toMs)),
    dueMs,
  )
}

interface CountedClock {
  readonly kind: DeadlineKind
  readonly startedAt: Date
  readonly chosen?: Date
  readonly pauses?: readonly Pause[]
}

/** A row as it was started and stopped; undefined where that is not known. */
function clockOf(row: DeadlineRow): CountedClock | undefined {
  if (row.pauses === null || (isNamed(row.kind) && row.chosenAt === null)) return undefined
  return {
    kind: row.kind,
    startedAt: new Date(row.startedAt),
    ...(row.chosenAt === null ? {} : { chosen: new Date(row.chosenAt) }),
    pauses: row.pauses.map(pauseOf),
  }
}

/** One that ended before it began, by a clock that was set back, counts for nothing. */
function pauseOf({ from, to }: { readonly from: string; readonly to: string }): Pause {
  const fromMs = Date.parse(from)
  return { fromMs, toMs: Math.max(fromMs, Date.parse(to)) }
}

/** As `dueBy`, without the words: a hundred thousand of them are looked at before a table is saved. */
function dueAlone(
  compiled: CompiledCalendar,
  { kind, startedAt, chosen, pauses = [] }: CountedClock,
): string | null {
  const startMs = startedAt.getTime()
  const { calendarDays } = DEADLINE_RULES[kind]
  try {
    if (chosen !== undefined) return new Date(afterPauses(compiled, chosen.getTime(), pauses)).toISOString()
    if (calendarDays !== undefined) return new Date(startMs + calendarDays * DAY_MS).toISOString()
    const span = spanOf(kind)
    const dueMs =
      'days' in span
        ? movedByAll(compiled, addWorkingDays(compiled, startMs, span.days), pauses)
        : addWithPauses(compiled, startMs, span.minutes, pauses)
    return new Date(dueMs).toISOString()
  } catch (cause) {
    if (!(cause instanceof CalendarEnded)) throw cause
    return null
  }
}

function spanOf(kind: DeadlineKind): Span {
  const { workingMinutes, workingDays } = DEADLINE_RULES[kind]
  return workingDays === undefined ? { minutes: workingMinutes ?? 0 } : { days: workingDays }
}

function warnAt(kind: DeadlineKind, compiled: CompiledCalendar, startMs: number, dueMs: number): Date | null {
  const { warnMinutes } = DEADLINE_RULES[kind]
  if (warnMinutes === undefined) return null
  const atMs = subtractWorkingMinutes(compiled, dueMs, warnMinutes)
  // Nobody is reminded of what has only just begun.
  return atMs > startMs ? new Date(atMs) : null
}

function unchanged(row: DeadlineRow): DueTime {
  return {
    dueAt: null,
    warnAt: null,
    calendarId: row.calendarId,
    calendarVersion: row.calendarVersion,
    explanation: row.explanation,
  }
}
