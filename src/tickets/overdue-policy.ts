import { startOfLocalDay, toLocalIso } from '../platform/clock.ts'

const HOUR_MS = 3_600_000
/** Overdue cases are reported each working morning (Đ9.4 ¶2; regulation.md 2.3). */
const FROM_HOUR = 8
/** A service that comes up later than this lets the next morning tell of it. */
const UNTIL_HOUR = 17

/** The city's day whose overdue cases are to be reported now, "2026-03-02"; null while it is not the time. */
export function reportDay(now: Date): string | null {
  const hours = (now.getTime() - startOfLocalDay(now).getTime()) / HOUR_MS
  return hours >= FROM_HOUR && hours < UNTIL_HOUR ? toLocalIso(now).slice(0, 10) : null
}
