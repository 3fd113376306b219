import type { CalendarView, SeasonView } from './contract.ts'
import type { Season, Segment, WorkingCalendar } from './working-time-policy.ts'

/** A calendar as a page shows it. `city` is the one that a calendar with the city's days has them from. */
export function viewOfCalendar(
  calendar: WorkingCalendar,
  city: WorkingCalendar,
  about: Pick<CalendarView, 'units' | 'revision' | 'fileDiffers'>,
): CalendarView {
  const { id, name, version, firstYear, confirmedUntil, cityDays } = calendar
  const isOwn = (date: string): boolean => !cityDays || calendar.exceptions[date] !== city.exceptions[date]
  return {
    id,
    name,
    version,
    firstYear,
    confirmedUntil,
    cityDays,
    seasons: calendar.seasons.flatMap(viewsOfSeason),
    exceptions: Object.entries(calendar.exceptions)
      .filter(([date]) => isOwn(date))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([date, { hours, why, confirmed }]) => ({
        date,
        hours: hours === 'off' ? [] : hoursText(hours),
        why,
        confirmed,
      })),
    ...about,
  }
}

/** One line for all weekdays that have the same hours. */
function viewsOfSeason({ name, fromDay, toDay, week }: Season): SeasonView[] {
  const byHours = new Map<string, SeasonView>()
  for (const [weekday, segments] of Object.entries(week)) {
    const hours = hoursText(segments)
    const known = byHours.get(hours.join())
    if (known === undefined)
      byHours.set(hours.join(), { name, from: fromDay, to: toDay, weekdays: [Number(weekday)], hours })
    else known.weekdays.push(Number(weekday))
  }
  return [...byHours.values()]
}

function hoursText(segments: readonly Segment[]): string[] {
  return segments.map(({ from, to }) => `${clock(from)}-${clock(to)}`)
}

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
