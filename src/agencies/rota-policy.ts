import type { LocalTime } from '../platform/clock.ts'
import type { Shift, UnitPerson } from './contract.ts'

/** Is it this person's turn now? Those without a rota are always there. `at`: the city's time. */
export function isOnDuty({ shifts }: Pick<UnitPerson, 'shifts'>, at: LocalTime): boolean {
  return shifts === undefined || shifts.some((shift) => covers(shift, at))
}

function covers({ weekdays, hours }: Shift, { weekday, hour, minute }: LocalTime): boolean {
  const [from = 0, to = 0] = hours.split('-').map(minutesOf)
  const now = hour * 60 + minute
  const yesterday = (weekday + 6) % 7
  if (from < to) return weekdays.includes(weekday) && now >= from && now < to
  // Over midnight, or all round the clock where both are the same.
  return (weekdays.includes(weekday) && now >= from) || (weekdays.includes(yesterday) && now < to)
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}
