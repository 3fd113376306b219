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
