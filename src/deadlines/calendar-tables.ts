import { createHash } from 'node:crypto'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { checkSeasons, type Complain, isDate, isDayOfYear, readHours } from './calendar-check-policy.ts'
import { CalendarTable, CityTable, type CalendarProblem } from './contract.ts'
import { type DayException, type Season, segmentsOf, type WorkingCalendar } from './working-time-policy.ts'

/** A table as it was found or sent, not yet checked. */
export interface TableSource {
  readonly id: string
  /** As JSON.parse gives it, or why it is none. */
  readonly input: unknown
}

export interface CheckedTables {
  /** The city's first; only what could be read. To be used where there are no problems. */
  readonly calendars: readonly WorkingCalendar[]
  readonly problems: readonly FoundProblem[]
}

/** With the source it was found in: two may bear the same id, which is a problem of its own. */
export interface FoundProblem {
  readonly problem: CalendarProblem
  readonly source: TableSource
}

/** Id of the calendar that holds where a unit names none. */
export const CITY_CALENDAR = 'city'

/** So many years ahead of the confirmed ones days may be drafted. */
const DRAFT_YEARS = 5

/**
 * Checks the tables of a city together, because those of units have their days and years from the city's. `strict` also refuses
 * days that lie in no year of their table, as an admin's slip of the hand.
 */
export function checkTables(
  city: TableSource,
  others: readonly TableSource[],
  { strict = false }: { readonly strict?: boolean } = {},
): CheckedTables {
  const problems: FoundProblem[] = []
  const complainOf =
    (source: TableSource): Complain =>
    (place, code, values = {}) =>
      void problems.push({ source, problem: { calendarId: source.id, place, code, values } })
  const own = parseOne(CityTable, city, complainOf(city))
  const ofCity = own === undefined ? undefined : withOwnYears(own, complainOf(city))
  const read = ofCity === undefined || own === undefined ? [] : [{ calendar: ofCity, own, source: city }]
  for (const source of others) {
    const complain = complainOf(source)
    if (!/^[a-z0-9][a-z0-9-]*$/.test(source.id) || source.id === CITY_CALENDAR) complain('', 'fileName')
    const table = parseOne(CalendarTable, source, complain)
    if (table === undefined) continue
    const whole = withCityDays(table, ofCity, complain)
    if (whole !== undefined) read.push({ calendar: whole, own: table, source })
  }
  if (strict)
    for (const { calendar, own: table, source } of read) checkYears(calendar, table, complainOf(source))
  // Of hours that could not be read, nobody works.
  if (problems.length === 0) for (const { calendar, source } of read) checkWork(calendar, complainOf(source))
  return {
    calendars: read.map(({ calendar }) => ({ ...calendar, version: versionOf(calendar) })),
    problems,
  }
}

type Unversioned = Omit<WorkingCalendar, 'version'>
type Parsed = Omit<Unversioned, 'cityDays' | 'firstYear' | 'confirmedUntil'> &
  Pick<CalendarTable, 'firstYear' | 'confirmedUntil' | 'cityHolidays'>

function parseOne(
  schema: TSchema,
  { id, input: found }: Pick<TableSource, 'id' | 'input'>,
  complain: Complain,
): Parsed | undefined {
  if (found instanceof Error) {
    complain('', 'noJson', { message: found.message })
    return undefined
  }
  if (!Value.Check(schema, found)) {
    for (const { keyword, instancePath, params, message } of Value.Errors(schema, found)) {
      // Said once, by the object that has it.
      if (keyword === 'boolean') continue
      if (keyword === 'additionalProperties')
        complain(placeOf(instancePath), 'unknownKeys', { keys: unknownKeys(params) })
      else complain(placeOf(instancePath), 'shape', { message })
    }
    return undefined
  }
  const input = found as CalendarTable // a city's table is one that leaves nothing out
  const { name, firstYear, confirmedUntil, cityHolidays } = input
  return {
    id,
    name: name.normalize('NFC'),
    ...(firstYear === undefined ? {} : { firstYear }),
    ...(confirmedUntil === undefined ? {} : { confirmedUntil }),
    ...(cityHolidays === undefined ? {} : { cityHolidays }),
    seasons: readSeasons(input.seasons, complain),
    exceptions: readExceptions(input.exceptions, complain),
  }
}

function readSeasons(seasons: CalendarTable['seasons'], complain: Complain): Season[] {
  const read = seasons.map((season, index) => {
    const place = `seasons[${String(index)}]`
    const { name } = season
    const inSeason: Complain = (where, code, values = {}) => {
      complain(where, code, { name, ...values })
    }
    for (const day of [season.from, season.to])
      if (!isDayOfYear(day)) inSeason(place, 'dayOfYear', { text: day })
    const weekdays = new Set(season.weekdays)
    for (const weekday of weekdays)
      if (weekday < 0 || weekday > 6) inSeason(place, 'weekdayNone', { weekday })
    if (weekdays.size !== season.weekdays.length) inSeason(place, 'weekdayTwice')
    const hours = readHours(season.hours, place, inSeason)
    if (season.weekdays.length === 0 || season.hours.length === 0) inSeason(place, 'neverWorks')
    return {
      name: name.normalize('NFC'),
      fromDay: season.from,
      toDay: season.to,
      week: Object.fromEntries([...weekdays].map((weekday) => [weekday, hours])),
    }
  })
  if (read.every(({ fromDay, toDay }) => isDayOfYear(fromDay) && isDayOfYear(toDay)))
    checkSeasons(read, complain)
  return read
}

function readExceptions(
  exceptions: CalendarTable['exceptions'],
  complain: Complain,
): Readonly<Record<string, DayException>> {
  const read: Record<string, DayException> = {}
  for (const [index, { date, off, hours, why, confirmed = true }] of exceptions.entries()) {
    const place = `exceptions[${String(index)}]`
    const ofDay: Complain = (where, code, values = {}) => {
      complain(where, code, { date, ...values })
    }
    if (!isDate(date)) ofDay(place, 'noSuchDay')
    else if (Object.hasOwn(read, date)) ofDay(place, 'dayTwice')
    if ((off === true) === (hours !== undefined)) ofDay(place, 'offOrHours')
    if (hours?.length === 0) ofDay(place, 'noHours')
    const segments = readHours(hours ?? [], place, ofDay)
    read[date] = { hours: off === true ? 'off' : segments, why: why.normalize('NFC'), confirmed }
  }
  return read
}

/** A unit's calendar with what it takes from the city's. */
function withCityDays(
  own: Parsed,
  city: Unversioned | undefined,
  complain: Complain,
): Unversioned | undefined {
  if (own.cityHolidays === false) return withOwnYears(own, complain)
  if (city === undefined) return undefined // whose own problems are told
  const { firstYear = city.firstYear, confirmedUntil = city.confirmedUntil } = own
  if (firstYear < city.firstYear || confirmedUntil > city.confirmedUntil)
    complain('', 'yearsInherited', { first: city.firstYear, last: city.confirmedUntil })
  const { id, name, seasons } = own
  const exceptions = { ...city.exceptions, ...own.exceptions }
  return inOrder({ id, name, cityDays: true, seasons, exceptions, firstYear, confirmedUntil }, complain)
}

function withOwnYears(own: Parsed, complain: Complain): Unversioned | undefined {
  const { id, name, seasons, exceptions, firstYear, confirmedUntil } = own
  if (firstYear === undefined || confirmedUntil === undefined) {
    complain('', 'yearsMissing')
    return undefined
  }
  return inOrder({ id, name, cityDays: false, seasons, exceptions, firstYear, confirmedUntil }, complain)
}

function inOrder(calendar: Unversioned, complain: Complain): Unversioned | undefined {
  const { firstYear, confirmedUntil } = calendar
  if (firstYear <= confirmedUntil) return calendar
  complain('', 'yearsInverted', { first: firstYear, last: confirmedUntil })
  return undefined
}

/** Days of years that are none of the calendar's would never count, and nobody would notice. */
function checkYears(
  { firstYear, confirmedUntil }: Unversioned,
  { exceptions }: Parsed,
  complain: Complain,
): void {
  for (const [index, date] of Object.keys(exceptions).entries()) {
    const year = Number(date.slice(0, 4))
    if (year < firstYear || year > confirmedUntil + DRAFT_YEARS)
      complain(`exceptions[${String(index)}]`, 'outsideYears', {
        date,
        first: firstYear,
        last: confirmedUntil,
      })
  }
}

/** A year in which nobody works would push every due time out of it. */
function checkWork(calendar: Unversioned, complain: Complain): void {
  for (let year = calendar.firstYear; year <= calendar.confirmedUntil; year += 1)
    if (!worksIn(calendar, year)) complain('', 'nobodyWorks', { year })
}

function worksIn(calendar: Unversioned, year: number): boolean {
  const end = Date.UTC(year + 1, 0, 1) / 86_400_000
  for (let day = Date.UTC(year, 0, 1) / 86_400_000; day < end; day += 1)
    if (segmentsOf({ ...calendar, version: '' }, day).length > 0) return true
  return false
}

/** Of what a sum or its explanation may depend on: a draft of a year to come does not count before it is confirmed. */
function versionOf({ firstYear, confirmedUntil, seasons, exceptions }: Unversioned): string {
  const days = Object.entries(exceptions)
    .filter(([date]) => Number(date.slice(0, 4)) >= firstYear && Number(date.slice(0, 4)) <= confirmedUntil)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, { hours, why }]) => [date, hours, why])
  const weeks = seasons.map(({ fromDay, toDay, week }) => [fromDay, toDay, week])
  const text = JSON.stringify([firstYear, confirmedUntil, weeks, days])
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** `/seasons/0/hours` as `seasons[0].hours`. */
function placeOf(instancePath: string): string {
  return instancePath
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
}

function unknownKeys(params: object): string {
  const keys = 'additionalProperties' in params ? params.additionalProperties : []
  return Array.isArray(keys) ? keys.map((key) => JSON.stringify(key)).join(', ') : ''
}
