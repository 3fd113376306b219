/** Vietnam has one zone without daylight saving: +07:00 all year. */
const VIETNAM_OFFSET_MS = 7 * 3_600_000

/** Date parts in the city's own time, whatever zone the process runs in. */
export interface LocalTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 is Sunday. */
  readonly weekday: number
}

export function toLocalTime(at: Date): LocalTime {
  const shifted = new Date(at.getTime() + VIETNAM_OFFSET_MS)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    weekday: shifted.getUTCDay(),
  }
}

/** The instant of a local date and time. */
export function fromLocalTime(year: number, month: number, day: number, hour = 0, minute = 0): Date {
  return new Date(Date.UTC(year, month - 1, day, hour, minute) - VIETNAM_OFFSET_MS)
}

/** The local midnight that began the day of `at`. */
export function startOfLocalDay(at: Date): Date {
  const { year, month, day } = toLocalTime(at)
  return fromLocalTime(year, month, day)
}

/** The instant of `2026-03-06T16:45`, seconds or not, in the city's time; undefined for anything else, days that do not exist included. */
export function parseLocalTime(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)) return undefined
  const at = new Date(`${text}${text.length === 16 ? ':00' : ''}+07:00`)
  return !Number.isNaN(at.getTime()) && toLocalIso(at).startsWith(text) ? at : undefined
}

/** `2026-03-09T16:45:00+07:00`. Milliseconds are left out. */
export function toLocalIso(at: Date): string {
  return `${new Date(at.getTime() + VIETNAM_OFFSET_MS).toISOString().slice(0, 19)}+07:00`
}

/** "16:45 06/03/2026" in the city's time, for papers that are read years later. */
export function toPaperTime(iso: string): string {
  const { hour, minute, day, month, year } = toLocalTime(new Date(iso))
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(hour)}:${two(minute)} ${two(day)}/${two(month)}/${String(year)}`
}

/** A length for papers: "1:02:03", "2:03". */
export function toLength(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor((seconds % 3_600) / 60)
  return hours > 0
    ? `${String(hours)}:${two(minutes)}:${two(seconds % 60)}`
    : `${String(minutes)}:${two(seconds % 60)}`
}
