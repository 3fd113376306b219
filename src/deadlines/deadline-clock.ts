import type { DeadlineKind } from './contract.ts'
import type { DeadlineClock, DueTime } from './deadline-keeper.ts'
import { DEADLINE_RULES, type DeadlineRow } from './deadline-policy.ts'
import { explainedDue, momentText, type Span } from './explanation-policy.ts'
import type { OnCalendarEnded, WorkingCalendars } from './service.ts'
import {
  addWorkingMinutes,
  CalendarEnded,
  type CompiledCalendar,
  subtractWorkingMinutes,
  workingMinutesBetween,
} from './working-time-policy.ts'

const DAY_MS = 86_400_000

/** Ends of clocks from the calendars of city and units. Where a year is not confirmed, no date is invented. */
export function createDeadlineClock(
  calendars: WorkingCalendars,
  onCalendarEnded: OnCalendarEnded,
): DeadlineClock {
  const calendarOf = (kind: DeadlineKind, unitId: string | null): CompiledCalendar =>
    calendars.of(DEADLINE_RULES[kind].calendar === 'unit' ? unitId : null)

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
        warnAt: warnAt(kind, compiled, startMs, dueMs),
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

  return {
    due({ kind, startedAt, unitId, chosen }) {
      const compiled = calendarOf(kind, unitId)
      const startMs = startedAt.getTime()
      const { workingMinutes, workingDays, calendarDays } = DEADLINE_RULES[kind]
      return counted(kind, compiled, startMs, () => {
        if (chosen !== undefined) {
          return { dueMs: chosen.getTime(), explanation: `Đơn vị hẹn trả lời trước ${momentText(chosen)}` }
        }
        if (calendarDays !== undefined) {
          const dueMs = startMs + calendarDays * DAY_MS
          const until = momentText(new Date(dueMs))
          return { dueMs, explanation: `${String(calendarDays)} ngày từ ${momentText(startedAt)} → ${until}` }
        }
        const span: Span =
          workingDays === undefined ? { minutes: workingMinutes ?? 0 } : { days: workingDays }
        return explainedDue(compiled, { startMs, span }, 'vi')
      })
    },
    between: ({ kind, unitId, from, to }) =>
      minutesBetween(calendarOf(kind, unitId), from.getTime(), to.getTime()),
    goOn(row, stoppedAt, at) {
      const compiled = calendarOf(row.kind, row.unitId)
      const { dueAt } = row
      if (dueAt === null) return { ...unchanged(row), stoodMinutes: 0 }
      const stoodMinutes = Math.round(minutesBetween(compiled, stoppedAt.getTime(), at.getTime()))
      const due = counted(row.kind, compiled, Date.parse(row.startedAt), () => {
        const left = workingMinutesBetween(compiled, stoppedAt.getTime(), Date.parse(dueAt))
        const dueMs = addWorkingMinutes(compiled, at.getTime(), left)
        const stood = `dừng ${momentText(stoppedAt)} → ${momentText(at)}, hạn mới ${momentText(new Date(dueMs))}`
        return { dueMs, explanation: `${row.explanation}; ${stood}` }
      })
      return { ...due, stoodMinutes }
    },
  }
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
