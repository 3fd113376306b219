import { type LocalTime, toLocalTime } from '../platform/clock.ts'
import { addWorkingMinutes, CalendarEnded, type WorkingCalendar } from './working-time-policy.ts'

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

const OFFICER_MINUTES = 8 * 60
const OFFICER_WORDS = '08 giờ làm việc'

/** Due times from the city's calendar. `onCalendarEnded` tells admins that a year is missing. */
export function createSlipClock(
  calendar: WorkingCalendar,
  onCalendarEnded: (year: number) => void,
): SlipClock {
  return {
    due(receivedAt) {
      try {
        const dueMs = addWorkingMinutes(calendar, receivedAt.getTime(), OFFICER_MINUTES)
        const local = toLocalTime(new Date(dueMs))
        return {
          dueAt: new Date(dueMs).toISOString(),
          text: `${two(local.hour)}:${two(local.minute)} ${dayText(local)}`,
          smsText: `${two(local.hour)}h${two(local.minute)} ${dayText(local)}`,
          words: OFFICER_WORDS,
        }
      } catch (cause) {
        if (!(cause instanceof CalendarEnded)) throw cause
        onCalendarEnded(cause.year)
        return {
          dueAt: null,
          text: `${OFFICER_WORDS} (${cause.message})`,
          smsText: OFFICER_WORDS,
          words: OFFICER_WORDS,
        }
      }
    },
  }
}

/** "T6 06/03": weekday as people write it. */
export function dayText({ weekday, day, month }: LocalTime): string {
  return `${weekday === 0 ? 'CN' : `T${String(weekday + 1)}`} ${two(day)}/${two(month)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
