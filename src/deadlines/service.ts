import { toLocalTime } from '../platform/clock.ts'
import { dayText, momentText } from './explanation-policy.ts'
import {
  addWorkingDays,
  addWorkingMinutes,
  CalendarEnded,
  compileCalendar,
  type CompiledCalendar,
  type WorkingCalendar,
} from './working-time-policy.ts'

export { createDeadlineClock } from './deadline-clock.ts'
export { createDeadlineKeeper, type DeadlineKeeper } from './deadline-keeper.ts'
export { type DeadlineRow } from './deadline-policy.ts'

/** Whose working time counts (regulation.md 2.5 A20). */
export interface WorkingCalendars {
  /** A unit's own; the city's for null, for a unit without one, and for one that is no longer in the directory. */
  of(unitId: string | null): CompiledCalendar
  /** The city's first. */
  all(): readonly CompiledCalendar[]
}

/** When an officer must have answered (Đ9.3: 08 working hours from receipt). */
export interface SlipDue {
  /** Null when the calendar of the year it would fall into is not confirmed: nobody invents a date. */
  readonly dueAt: string | null
  /** "16:45 T6 06/03" in the city's time, or a sentence saying why there is no date. */
  readonly text: string
  /** The same for an SMS: "16h45 T6 06/03". */
  readonly smsText: string
  /** What the regulation says: "08 giờ làm việc". */
  readonly words: string
}

export interface SlipClock {
  /** By the calendar of the unit that received it. */
  due(receivedAt: Date, unitId?: string | null): SlipDue
}

/** When the dossier of an urgent matter must be with City Office (Đ9.6: 02 working days). */
export interface DossierClock {
  due(receivedAt: Date): Pick<SlipDue, 'dueAt' | 'text'>
}

/** Told when a sum needs a year that nobody vouches for, so that admins hear of it. */
export type OnCalendarEnded = (year: number, calendarId: string) => void

const OFFICER_MINUTES = 8 * 60
const OFFICER_WORDS = '08 giờ làm việc'
const DOSSIER_DAYS = 2
const DOSSIER_WORDS = '02 ngày làm việc'

/** Compiles every calendar once. `calendarIdOf` is the directory's word on a unit; ids are those of `calendars`, the city's first. */
export function createWorkingCalendars({
  calendars,
  calendarIdOf,
}: {
  readonly calendars: readonly WorkingCalendar[]
  readonly calendarIdOf: (unitId: string) => string | undefined
}): WorkingCalendars {
  const compiled = calendars.map(compileCalendar)
  const byId = new Map(compiled.map((known) => [known.calendar.id, known]))
  const [city] = compiled
  if (city === undefined) throw new RangeError('a city has at least its own calendar')
  return {
    of(unitId) {
      const id = unitId === null ? undefined : calendarIdOf(unitId)
      if (id === undefined) return city
      const own = byId.get(id)
      // The directory was checked against the files: falling back to office hours would hide a mistake.
      if (own === undefined) throw new RangeError(`no calendar ${id}`)
      return own
    },
    all: () => compiled,
  }
}

/** Due times of slips. */
export function createSlipClock(
  calendars: Pick<WorkingCalendars, 'of'>,
  onCalendarEnded: OnCalendarEnded,
): SlipClock {
  return {
    due(receivedAt, unitId = null) {
      const { dueMs, problem } = within(onCalendarEnded, () =>
        addWorkingMinutes(calendars.of(unitId), receivedAt.getTime(), OFFICER_MINUTES),
      )
      if (dueMs === null)
        return {
          dueAt: null,
          text: `${OFFICER_WORDS} (${problem})`,
          smsText: OFFICER_WORDS,
          words: OFFICER_WORDS,
        }
      const due = new Date(dueMs)
      const { hour, minute } = toLocalTime(due)
      return {
        dueAt: due.toISOString(),
        text: momentText(due),
        smsText: `${two(hour)}h${two(minute)} ${dayText(due)}`,
        words: OFFICER_WORDS,
      }
    },
  }
}

/** The same for whole days: the day of receipt is not counted, the last one ends when the office closes. City Office keeps the city's hours. */
export function createDossierClock(
  calendars: Pick<WorkingCalendars, 'of'>,
  onCalendarEnded: OnCalendarEnded,
): DossierClock {
  return {
    due(receivedAt) {
      const { dueMs, problem } = within(onCalendarEnded, () =>
        addWorkingDays(calendars.of(null), receivedAt.getTime(), DOSSIER_DAYS),
      )
      return dueMs === null
        ? { dueAt: null, text: `${DOSSIER_WORDS} (${problem})` }
        : { dueAt: new Date(dueMs).toISOString(), text: momentText(new Date(dueMs)) }
    },
  }
}

/** The instant, or why there is none: nobody vouches for that year's calendar. */
function within(
  onCalendarEnded: OnCalendarEnded,
  compute: () => number,
): { dueMs: number; problem: '' } | { dueMs: null; problem: string } {
  try {
    return { dueMs: compute(), problem: '' }
  } catch (cause) {
    if (!(cause instanceof CalendarEnded)) throw cause
    onCalendarEnded(cause.year, cause.calendar.id)
    return { dueMs: null, problem: cause.message }
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
