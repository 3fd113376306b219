import { momentText } from './explanation-policy.ts'
import {
  addWorkingDays,
  CalendarEnded,
  compileCalendar,
  type CompiledCalendar,
  type WorkingCalendar,
  workingMinutesBetween,
} from './working-time-policy.ts'

export { createDeadlineClock } from './deadline-clock.ts'
export { createDeadlineKeeper, type DeadlineKeeper, dueAmongViews, smsDue } from './deadline-keeper.ts'
export { createDeadlineRecount, type RecountReason } from './deadline-recount.ts'
export { type DeadlineRow, isStatutory } from './deadline-policy.ts'
export { momentText } from './explanation-policy.ts'
export { CalendarEnded } from './working-time-policy.ts'

/** Whose working time counts (regulation.md 2.5 A20). */
export interface WorkingCalendars {
  /** A unit's own; the city's for null, for a unit without one, and for one that is no longer in the directory. */
  of(unitId: string | null): CompiledCalendar
  /** The city's first. */
  all(): readonly CompiledCalendar[]
  /** By its own id; undefined for one that is no longer there. */
  byId(calendarId: string): CompiledCalendar | undefined
}

/** The same where an admin may save another table. */
export interface ChangingCalendars extends WorkingCalendars {
  /** From now on these hold; answers how to go back, for a transaction that fails. */
  use(calendars: readonly WorkingCalendar[]): () => void
}

/** When something is due, in words for slips, SMS and pages. */
export interface SlipDue {
  /** The clock's row. */
  readonly deadlineId: number
  /** Null when the calendar of the year it would fall into is not confirmed: nobody invents a date. */
  readonly dueAt: string | null
  /** "16:45 T6 06/03" in the city's time, or a sentence saying why there is no date. */
  readonly text: string
  /** The same for an SMS: "16h45 T6 06/03". */
  readonly smsText: string
  /** What the regulation says: "08 giờ làm việc". */
  readonly words: string
  /** Where it goes on with this step after it stood still: its end before that. */
  readonly wentOnFrom?: string | null
}

/** When the dossier of an urgent matter must be with City Office (Đ9.6: 02 working days). */
export interface DossierClock {
  due(receivedAt: Date): Pick<SlipDue, 'dueAt' | 'text'>
}

/** Told when a sum needs a year that nobody vouches for, so that admins hear of it. */
export type OnCalendarEnded = (year: number, calendarId: string) => void

const DOSSIER_DAYS = 2
const DOSSIER_WORDS = '02 ngày làm việc'

/** Compiles every calendar once. `calendarIdOf` is the directory's word on a unit; ids are those of `calendars`, the city's first. */
export function createWorkingCalendars({
  calendars,
  calendarIdOf,
}: {
  readonly calendars: readonly WorkingCalendar[]
  readonly calendarIdOf: (unitId: string) => string | undefined
}): ChangingCalendars {
  let set = compiledSet(calendars)
  return {
    of(unitId) {
      const id = unitId === null ? undefined : calendarIdOf(unitId)
      if (id === undefined) return set.city
      const own = set.byId.get(id)
      // The directory was checked against the files: falling back to office hours would hide a mistake.
      if (own === undefined) throw new RangeError(`no calendar ${id}`)
      return own
    },
    all: () => set.compiled,
    byId: (calendarId) => set.byId.get(calendarId),
    use(changed) {
      const before = set
      set = compiledSet(changed)
      return () => {
        set = before
      }
    },
  }
}

function compiledSet(calendars: readonly WorkingCalendar[]) {
  const compiled = calendars.map(compileCalendar)
  const [city] = compiled
  if (city === undefined) throw new RangeError('a city has at least its own calendar')
  return { compiled, city, byId: new Map(compiled.map((known) => [known.calendar.id, known])) }
}

/** Due times of dossiers, in whole days: that of receipt is not counted, the last ends when the office closes. City Office keeps the city's hours. */
export function createDossierClock(
  calendars: Pick<WorkingCalendars, 'of'>,
  onCalendarEnded: OnCalendarEnded,
): DossierClock {
  return {
    due(receivedAt) {
      try {
        const due = new Date(addWorkingDays(calendars.of(null), receivedAt.getTime(), DOSSIER_DAYS))
        return { dueAt: due.toISOString(), text: momentText(due) }
      } catch (cause) {
        if (!(cause instanceof CalendarEnded)) throw cause
        onCalendarEnded(cause.year, cause.calendar.id)
        return { dueAt: null, text: `${DOSSIER_WORDS} (${cause.message})` }
      }
    },
  }
}

/** Whether the city's offices work at all in `[from, to)`. A year that nobody vouches for counts as worked: a report too many does no harm. */
export function createWorkedTime(
  calendars: Pick<WorkingCalendars, 'of'>,
  onCalendarEnded: OnCalendarEnded,
): (from: Date, to: Date) => boolean {
  return (from, to) => {
    try {
      return workingMinutesBetween(calendars.of(null), from.getTime(), to.getTime()) > 0
    } catch (cause) {
      if (!(cause instanceof CalendarEnded)) throw cause
      onCalendarEnded(cause.year, cause.calendar.id)
      return true
    }
  }
}
