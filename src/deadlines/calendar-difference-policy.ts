import type { CalendarDifference, CalendarTable, ExceptionView, SeasonView } from './contract.ts'

type Day = CalendarTable['exceptions'][number]
type Season = CalendarTable['seasons'][number]

/** What the second table says otherwise than the first: days by date, then weekly hours, then years and names. */
export function differencesBetween(before: CalendarTable, after: CalendarTable): CalendarDifference[] {
  return [
    ...dayDifferences(before.exceptions, after.exceptions),
    ...missingIn(after.seasons, before.seasons).map((season) => seasonEntry('seasonRemoved', season)),
    ...missingIn(before.seasons, after.seasons).map((season) => seasonEntry('seasonAdded', season)),
    ...plain('confirmedUntil', before.confirmedUntil, after.confirmedUntil),
    ...plain('firstYear', before.firstYear, after.firstYear),
    ...plain('cityHolidays', before.cityHolidays, after.cityHolidays),
    ...plain('name', before.name, after.name),
    ...plain('note', before.note, after.note),
  ]
}

function dayDifferences(before: readonly Day[], after: readonly Day[]): CalendarDifference[] {
  const old = new Map(before.map((day) => [day.date, viewOfDay(day)]))
  const young = new Map(after.map((day) => [day.date, viewOfDay(day)]))
  const dates = [...new Set([...old.keys(), ...young.keys()])].sort()
  return dates.flatMap((date): CalendarDifference[] => {
    const [was, day] = [old.get(date), young.get(date)]
    if (day === undefined) return was === undefined ? [] : [{ what: 'dayRemoved', day: was }]
    if (was === undefined) return [{ what: 'dayAdded', day }]
    return JSON.stringify(was) === JSON.stringify(day) ? [] : [{ what: 'dayChanged', day, was }]
  })
}

function viewOfDay({ date, off, hours = [], why, confirmed = true }: Day): ExceptionView {
  return { date, hours: off === true ? [] : hours, why: why.normalize('NFC'), confirmed }
}

function seasonEntry(what: 'seasonAdded' | 'seasonRemoved', season: SeasonView): CalendarDifference {
  return { what, season }
}

function missingIn(seasons: readonly Season[], wanted: readonly Season[]): Season[] {
  const known = new Set(seasons.map(keyOf))
  return wanted.filter((season) => !known.has(keyOf(season)))
}

function keyOf({ name, from, to, weekdays, hours }: Season): string {
  return JSON.stringify([name, from, to, [...weekdays].sort(), hours])
}

function plain(
  what: 'confirmedUntil' | 'firstYear' | 'cityHolidays' | 'name' | 'note',
  before: string | number | boolean | undefined,
  after: string | number | boolean | undefined,
): CalendarDifference[] {
  if (before === after) return []
  return [
    {
      what,
      ...(before === undefined ? {} : { from: String(before) }),
      ...(after === undefined ? {} : { to: String(after) }),
    },
  ]
}
