import type {
  CalendarDifference,
  CalendarProblem,
  ExceptionView,
  SeasonView,
} from '../../deadlines/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { weekdayOf } from './calendar-draft.ts'
import { dateText, seasonText, weekdaysText } from './calendar-words.ts'

/** One difference between two versions, as a person would tell it. */
export function differenceText({ what, day, was, season, from, to }: CalendarDifference): string {
  if (day !== undefined) {
    const values = { day: `${dateText(day.date)}/${day.date.slice(0, 4)}`, is: dayText(day) }
    return what === 'dayChanged' && was !== undefined
      ? t('calendar.diff.dayChanged', { ...values, was: dayText(was) })
      : tOr(`calendar.diff.${what}`, 'calendar.diff.dayAdded', values)
  }
  if (season !== undefined)
    return t(what === 'seasonAdded' ? 'calendar.diff.seasonAdded' : 'calendar.diff.seasonRemoved', {
      season: seasonWords(season),
    })
  const none = t('calendar.diff.none')
  return tOr(`calendar.diff.${what}`, 'calendar.diff.note', { from: from ?? none, to: to ?? none })
}

/** What is wrong with a table, with the day or the hours it is about. */
export function problemText({ code, values }: CalendarProblem): string {
  const date = values['date']
  const about = typeof date === 'string' ? `${dayName(date)}: ` : ''
  const words: Record<string, string | number> = { ...values }
  for (const name of ['from', 'to']) {
    const value = values[name]
    if (typeof value === 'string') words[name] = `${value.slice(3)}/${value.slice(0, 2)}`
  }
  const weekdays = values['weekdays']
  if (typeof weekdays === 'string') words['weekdays'] = weekdaysText(weekdays.split(', ').map(Number))
  return `${about}${t(`calendar.problem.${code}`, words)}`
}

function dayName(date: string): string {
  return Number.isNaN(Date.parse(`${date}T00:00:00Z`)) || !/^\d{4}-\d{2}-\d{2}$/.test(date)
    ? date
    : `${dateText(date)}/${date.slice(0, 4)}`
}

function dayText({ date, hours, why, confirmed }: ExceptionView): string {
  const weekend = [0, 6].includes(weekdayOf(date))
  const what =
    hours.length === 0
      ? t('calendar.off')
      : t(weekend ? 'calendar.swapped' : 'calendar.worked', { hours: hours.join(', ') })
  return `${what}, ${why}${confirmed ? '' : ` (${t('calendar.unconfirmed')})`}`
}

function seasonWords({ name, from, to, weekdays, hours }: SeasonView): string {
  return `${name}: ${seasonText(from, to)}, ${weekdaysText(weekdays)}, ${hours.join(', ')}`
}
