import type { PeriodQuery } from './contract.ts'

/** A period for an SMS: "T10/2026" for a whole month, else "01/10-15/10/2026". Days after `today` are not said: nothing happened in them. */
export function wordsOfPeriod({ from, to }: PeriodQuery, today: string): string {
  const last = to > today && from <= today ? today : to
  const [year = '', month = ''] = from.split('-')
  if (from.endsWith('-01') && last === lastDayOf(from)) return `T${String(Number(month))}/${year}`
  const [yearTo = '', monthTo = '', dayTo = ''] = last.split('-')
  const end = `${dayTo}/${monthTo}/${yearTo}`
  if (from === last) return end
  const start = `${from.slice(8)}/${month}`
  return year === yearTo ? `${start}-${end}` : `${start}/${year}-${end}`
}

function lastDayOf(day: string): string {
  const [year, month] = day.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}
