/** Stretches of the city's calendar that somebody asks about. */
export const PERIODS = ['thisMonth', 'lastMonth', 'thisQuarter', 'thisYear'] as const
export type Period = (typeof PERIODS)[number]

const OFFSET_MS = 7 * 3_600_000

/** Its first and last day, `2026-03-01`, both included. */
export function daysOf(period: Period, nowMs: number): { readonly from: string; readonly to: string } {
  const local = new Date(nowMs + OFFSET_MS)
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()]
  const quarter = month - (month % 3)
  switch (period) {
    case 'thisMonth':
      return months(year, month, 1)
    case 'lastMonth':
      return months(year, month - 1, 1)
    case 'thisQuarter':
      return months(year, quarter, 3)
    case 'thisYear':
      return months(year, 0, 12)
  }
}

/** Months from 0; below 0 is the year before. The day before the first of the next one is the last. */
function months(year: number, first: number, count: number): { from: string; to: string } {
  const iso = (at: number): string => new Date(at).toISOString().slice(0, 10)
  return { from: iso(Date.UTC(year, first, 1)), to: iso(Date.UTC(year, first + count, 0)) }
}

/** `2026-03-01` as people here write it. */
export function dayWords(day: string): string {
  return day.split('-').reverse().join('/')
}
