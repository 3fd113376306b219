import { toLocalIso } from './clock.ts'

/** An answer may rest on a plan of some years ago (Đ5.4); before that it is a year mistyped. */
const OLDEST_DAYS = 5 * 366
const DAY_MS = 86_400_000

/** Whether a document of that day, `2026-03-02` in the city, would be older than any that is acted on. */
export function isTooOldDocument(day: string, now: Date): boolean {
  return day < toLocalIso(new Date(now.getTime() - OLDEST_DAYS * DAY_MS)).slice(0, 10)
}
