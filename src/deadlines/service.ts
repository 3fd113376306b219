import { type LocalTime, toLocalTime } from '../platform/clock.ts'
import {
  addWorkingDays,
  addWorkingMinutes,
  CalendarEnded,
  type WorkingCalendar,
} from './working-time-policy.ts'

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
  due(receivedAt: Date): SlipDue
}

/** When the dossier of an urgent matter must be with City Office (Đ9.6: 02 working days). */
export interface DossierClock {
  due(receivedAt: Date): Pick<SlipDue, 'dueAt' | 'text'>
}

const OFFICER_MINUTES = 8 * 60
const OFFICER_WORDS = '08 giờ làm việc'
const DOSSIER_DAYS = 2
const DOSSIER_WORDS = '02 ngày làm việc'

/** Due times from the city's calendar. `onCalendarEnded` tells admins that a year is missing. */
export function createSlipClock(
  calendar: WorkingCalendar,
  onCalendarEnded: (year: number) => void,
): SlipClock {
  return {
    due(receivedAt) {
      const { dueMs, problem } = within(onCalendarEnded, () =>
        addWorkingMinutes(calendar, receivedAt.getTime(), OFFICER_MINUTES),
      )
      if (dueMs === null)
        return {
          dueAt: null,
          text: `${OFFICER_WORDS} (${problem})`,
          smsText: OFFICER_WORDS,
          words: OFFICER_WORDS,
        }
      const local = toLocalTime(new Date(dueMs))
      return {
        dueAt: new Date(dueMs).toISOString(),
        text: momentText(local),
        smsText: `${two(local.hour)}h${two(local.minute)} ${dayText(local)}`,
        words: OFFICER_WORDS,
      }
    },
  }
}

/** The same for whole days: the day of receipt is not counted, the last one ends when the office closes. */
export function createDossierClock(
  calendar: WorkingCalendar,
  onCalendarEnded: (year: number) => void,
): DossierClock {
  return {
    due(receivedAt) {
      const { dueMs, problem } = within(onCalendarEnded, () =>
        addWorkingDays(calendar, receivedAt.getTime(), DOSSIER_DAYS),
      )
      return dueMs === null
        ? { dueAt: null, text: `${DOSSIER_WORDS} (${problem})` }
        : { dueAt: new Date(dueMs).toISOString(), text: momentText(toLocalTime(new Date(dueMs))) }
    },
  }
}

/** "T6 06/03": weekday as people write it. */
export function dayText({ weekday, day, month }: LocalTime): string {
  return `${weekday === 0 ? 'CN' : `T${String(weekday + 1)}`} ${two(day)}/${two(month)}`
}

/** The instant, or why there is none: nobody vouches for that year's calendar. */
function within(
  onCalendarEnded: (year: number) => void,
  compute: () => number,
): { dueMs: number; problem: '' } | { dueMs: null; problem: string } {
  try {
    return { dueMs: compute(), problem: '' }
  } catch (cause) {
    if (!(cause instanceof CalendarEnded)) throw cause
    onCalendarEnded(cause.year)
    return { dueMs: null, problem: cause.message }
  }
}

/** "16:45 T6 06/03" */
function momentText(local: LocalTime): string {
  return `${two(local.hour)}:${two(local.minute)} ${dayText(local)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
