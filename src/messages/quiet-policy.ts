import { startOfLocalDay } from '../platform/clock.ts'

/** Minutes of the city's day from which on, and at which nobody's phone is to ring any more; past midnight when `to` is the smaller. */
export interface QuietHours {
  readonly fromMinute: number
  readonly toMinute: number
}

/** What of a message decides whether it may ring at night. */
export interface Haste {
  /** Somebody must act now (Đ9.1, Đ9.2). */
  readonly urgent: boolean
  /** Rings no real phone (R084), so there is nobody to wake. */
  readonly training: boolean
  /** Asked only where it is quiet: whoever is at work is not woken. */
  readonly isAtWork: () => boolean
}

const MINUTE_MS = 60_000
const DAY_MINUTES = 1440

/** "21:00" as minutes of the day; undefined for anything that is no time of a day. */
export function minuteOfDay(text: string): number | undefined {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  return parts === null ? undefined : Number(parts[1]) * 60 + Number(parts[2])
}

/** When the quiet time around `at` is over; null when it is not quiet. `from` itself is quiet, `to` no more. */
export function quietUntil(hours: QuietHours, at: Date): Date | null {
  const midnight = startOfLocalDay(at).getTime()
  const minute = (at.getTime() - midnight) / MINUTE_MS
  const { fromMinute, toMinute } = hours
  const endOf = (day: number): Date => new Date(midnight + (day * DAY_MINUTES + toMinute) * MINUTE_MS)
  if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute ? endOf(0) : null
  if (minute >= fromMinute) return endOf(1)
  return minute < toMinute ? endOf(0) : null
}

/**
 * When a message may go out at the earliest (issue 4): urgent words, and those to somebody at work, at once; all else when the city is
 * awake. Null: there are no quiet hours.
 */
export function sendAt(hours: QuietHours | null, { urgent, training, isAtWork }: Haste, at: Date): Date {
  if (hours === null || urgent || training) return at
  const until = quietUntil(hours, at)
  return until === null || isAtWork() ? at : until
}

/** Whether what has to be done by then cannot wait for the end of the quiet time: somebody wants it done at night. */
export function endsInQuiet(hours: QuietHours | null, actBy: string | null, at: Date): boolean {
  const until = hours === null || actBy === null ? null : quietUntil(hours, at)
  return until !== null && Date.parse(actBy ?? '') <= until.getTime()
}
