import type { ProblemValues } from './calendar-check-policy.ts'
import type { CalendarProblem, CalendarProblemCode } from './contract.ts'

/** What is wrong with a calendar's file, in words for whoever wrote it; `where` names the file. */
export function problemText({ place, code, values }: CalendarProblem, where: string): string {
  // A season is known by its name, a day by its date.
  const named = values['name'] ?? values['date']
  const quoted = values['name'] === undefined ? String(named) : JSON.stringify(named)
  const spot = named === undefined ? place : `${place} ${quoted}`
  return `${where}${spot === '' ? '' : `, ${spot}`}: ${WORDS[code](values)}`
}

const stretch = ({ from, to }: ProblemValues, one: string, many: string): string =>
  from === to ? `${one}${String(from)}` : `${many}${String(from)} to ${String(to)}`

const WORDS: Readonly<Record<CalendarProblemCode, (values: ProblemValues) => string>> = {
  shape: ({ message = '' }) => String(message),
  unknownKeys: ({ keys = '' }) => `unknown key ${String(keys)}`,
  noJson: ({ message = '' }) => String(message),
  fileName: () => 'name the file with small letters, digits and hyphens, and not "city.json"',
  hoursNot: ({ text = '' }) =>
    `"${String(text)}" is not a stretch of hours; write it like 07:30-11:30, 24:00 at the latest`,
  hoursEmpty: ({ text = '' }) => `"${String(text)}" is empty: it ends when it begins`,
  hoursInverted: ({ text = '' }) =>
    `"${String(text)}" ends before it begins; a stretch over midnight is written as two, until 24:00 and from 00:00 of the next day`,
  hoursOverlap: ({ text = '' }) => `"${String(text)}" begins before the one in front of it has ended`,
  dayOfYear: ({ text = '' }) => `"${String(text)}" is not a day of the year; write month and day like 04-01`,
  weekdayNone: ({ weekday = '' }) =>
    `weekday ${String(weekday)} does not exist; 0 is Sunday, 1 Monday, 6 Saturday`,
  weekdayTwice: () => 'a weekday is given twice',
  neverWorks: () => 'it never works: it needs at least one weekday and one stretch of hours',
  uncovered: (values) => `no season covers ${stretch(values, '', '')}`,
  shared: (values) =>
    `"${String(values['one'])}" and "${String(values['other'])}" both say when weekday ${String(values['weekdays'])} works ${stretch(values, 'on ', 'from ')}`,
  noSuchDay: () => 'there is no such day; write it like 2026-02-16',
  dayTwice: () => 'this day is given twice',
  offOrHours: () => 'give either "off": true or "hours"',
  noHours: () => 'no hours at all; write "off": true for a day off',
  outsideYears: ({ first = '', last = '' }) =>
    `it is in no year of this calendar, which is for ${String(first)} to ${String(last)}; a draft may be a few years ahead`,
  yearsInherited: ({ first = '', last = '' }) =>
    `it takes its holidays from calendar.json, which is confirmed from ${String(first)} to ${String(last)}: it cannot be for more years than that`,
  yearsMissing: () => 'without the city’s holidays it needs "firstYear" and "confirmedUntil" of its own',
  yearsInverted: ({ first = '', last = '' }) =>
    `"confirmedUntil" ${String(last)} is before "firstYear" ${String(first)}`,
  nobodyWorks: ({ year = '' }) => `nobody works on any day of ${String(year)}`,
}
