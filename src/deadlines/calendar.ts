import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { ConfigError } from '../config.ts'
import { checkSeasons, type Complain, isDate, isDayOfYear, readHours } from './calendar-check-policy.ts'
import { type DayException, type Season, segmentsOf, type WorkingCalendar } from './working-time-policy.ts'

/** Beyond a lifetime of tables it is a typing mistake. */
const Year = Type.Integer({ minimum: 2000, maximum: 2100 })
const Table = {
  name: Type.String({ minLength: 1, maxLength: 80 }),
  seasons: Type.Array(
    Type.Object(
      {
        name: Type.String({ minLength: 1 }),
        /** `04-01` to `09-30`, both included. Seasons may share days where their weekdays differ (Saturday mornings). */
        from: Type.String(),
        to: Type.String(),
        /** 0 is Sunday. */
        weekdays: Type.Array(Type.Integer()),
        hours: Type.Array(Type.String()),
      },
      { additionalProperties: false },
    ),
    { minItems: 1 },
  ),
  exceptions: Type.Array(
    Type.Object(
      {
        date: Type.String(),
        off: Type.Optional(Type.Literal(true)),
        hours: Type.Optional(Type.Array(Type.String())),
        why: Type.String({ minLength: 1 }),
        /** False: expected, but nobody has published it yet. */
        confirmed: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
  ),
  note: Type.Optional(Type.String()),
}

/** `config/<city>/calendar.json`, as an admin writes it. */
const CityFile = Type.Object(
  { ...Table, firstYear: Year, confirmedUntil: Year },
  { additionalProperties: false },
)

/**
 * `config/<city>/calendars/<id>.json`: hours of units that differ (regulation.md 2.5 A20). Public holidays and swaps are law and
 * the city keeps them once, so the city's exceptions hold here too, and its years, unless `cityHolidays` is false; an exception
 * of the same date replaces the city's.
 */
const UnitFile = Type.Object(
  {
    ...Table,
    cityHolidays: Type.Optional(Type.Boolean()),
    firstYear: Type.Optional(Year),
    confirmedUntil: Type.Optional(Year),
  },
  { additionalProperties: false },
)
type UnitFile = Static<typeof UnitFile>

/** A file as it was found: `where` names it in complaints. */
export interface CalendarSource {
  readonly id: string
  readonly where: string
  /** Parsed JSON, or why it is none. */
  readonly input: unknown
}

/** Id of the calendar that holds where a unit names none. */
export const CITY_CALENDAR = 'city'

/** Where a calendar of this id is written, from the city's folder on. */
export function calendarFile(id: string): string {
  return id === CITY_CALENDAR ? 'calendar.json' : `calendars/${id}.json`
}

/** Reads and checks `calendar.json` and `calendars/*.json` of a city: the city's first. Throws one ConfigError naming file, place and problem of everything wrong. */
export function readCalendars(cityDir: string): WorkingCalendar[] {
  const folder = join(cityDir, 'calendars')
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  const source = (where: string, id: string): CalendarSource => ({
    id,
    where,
    input: readJson(join(cityDir, where)),
  })
  return parseCalendars(
    source(calendarFile(CITY_CALENDAR), CITY_CALENDAR),
    names.sort().map((name) => source(`calendars/${name}`, name.slice(0, -'.json'.length))),
  )
}

/** The same from values, which must be as JSON.parse gives them. Throws ConfigError. */
export function parseCalendars(city: CalendarSource, others: readonly CalendarSource[]): WorkingCalendar[] {
  const problems: string[] = []
  const complainOf =
    ({ where }: CalendarSource): Complain =>
    (place, problem) =>
      void problems.push(`${where}${place === '' ? '' : `, ${place}`}: ${problem}`)
  const own = parseOne(CityFile, city, complainOf(city))
  const ofCity = own === undefined ? undefined : withOwnYears(own, complainOf(city))
  const read = ofCity === undefined ? [] : [{ calendar: ofCity, source: city }]
  for (const source of others) {
    const complain = complainOf(source)
    if (!/^[a-z0-9][a-z0-9-]*$/.test(source.id) || source.id === CITY_CALENDAR)
      complain('', `name the file with small letters, digits and hyphens, and not "${CITY_CALENDAR}.json"`)
    const own = parseOne(UnitFile, source, complain)
    if (own === undefined) continue
    const whole = withCityDays(own, ofCity, complain)
    if (whole !== undefined) read.push({ calendar: whole, source })
  }
  // Of hours that could not be read, nobody works.
  if (problems.length === 0) for (const { calendar, source } of read) checkWork(calendar, complainOf(source))
  if (problems.length > 0) throw new ConfigError(`bad calendar\n  ${problems.join('\n  ')}`)
  return read.map(({ calendar }) => ({ ...calendar, version: versionOf(calendar) }))
}

type Unversioned = Omit<WorkingCalendar, 'version'>
type Parsed = Omit<Unversioned, 'cityDays' | 'firstYear' | 'confirmedUntil'> &
  Pick<UnitFile, 'firstYear' | 'confirmedUntil' | 'cityHolidays'>

function parseOne(
  schema: TSchema,
  { id, input: found }: CalendarSource,
  complain: Complain,
): Parsed | undefined {
  if (found instanceof Error) {
    complain('', found.message)
    return undefined
  }
  if (!Value.Check(schema, found)) {
    for (const { keyword, instancePath, params, message } of Value.Errors(schema, found)) {
      // Said once, by the object that has it.
      if (keyword === 'boolean') continue
      complain(placeOf(instancePath), keyword === 'additionalProperties' ? unknownKeys(params) : message)
    }
    return undefined
  }
  const input = found as UnitFile // a city's file is one that leaves nothing out
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

function readSeasons(seasons: UnitFile['seasons'], complain: Complain): Season[] {
  const read = seasons.map((season, index) => {
    const place = `seasons[${String(index)}] "${season.name}"`
    for (const day of [season.from, season.to])
      if (!isDayOfYear(day))
        complain(place, `"${day}" is not a day of the year; write month and day like 04-01`)
    const weekdays = new Set(season.weekdays)
    for (const weekday of weekdays)
      if (weekday < 0 || weekday > 6)
        complain(place, `weekday ${String(weekday)} does not exist; 0 is Sunday, 1 Monday, 6 Saturday`)
    if (weekdays.size !== season.weekdays.length) complain(place, 'a weekday is given twice')
    const hours = readHours(season.hours, place, complain)
    if (season.weekdays.length === 0 || season.hours.length === 0)
      complain(place, 'it never works: it needs at least one weekday and one stretch of hours')
    return {
      name: season.name.normalize('NFC'),
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
  exceptions: UnitFile['exceptions'],
  complain: Complain,
): Readonly<Record<string, DayException>> {
  const read: Record<string, DayException> = {}
  for (const [index, { date, off, hours, why, confirmed = true }] of exceptions.entries()) {
    const place = `exceptions[${String(index)}] ${date}`
    if (!isDate(date)) complain(place, 'there is no such day; write it like 2026-02-16')
    else if (Object.hasOwn(read, date)) complain(place, 'this day is given twice')
    if ((off === true) === (hours !== undefined)) complain(place, 'give either "off": true or "hours"')
    if (hours?.length === 0) complain(place, 'no hours at all; write "off": true for a day off')
    const segments = readHours(hours ?? [], place, complain)
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
    complain(
      '',
      `it takes its holidays from calendar.json, which is confirmed from ${String(city.firstYear)} to ${String(city.confirmedUntil)}: it cannot be for more years than that`,
    )
  const { id, name, seasons } = own
  const exceptions = { ...city.exceptions, ...own.exceptions }
  return inOrder({ id, name, cityDays: true, seasons, exceptions, firstYear, confirmedUntil }, complain)
}

function withOwnYears(own: Parsed, complain: Complain): Unversioned | undefined {
  const { id, name, seasons, exceptions, firstYear, confirmedUntil } = own
  if (firstYear === undefined || confirmedUntil === undefined) {
    complain('', 'without the city’s holidays it needs "firstYear" and "confirmedUntil" of its own')
    return undefined
  }
  return inOrder({ id, name, cityDays: false, seasons, exceptions, firstYear, confirmedUntil }, complain)
}

function inOrder(calendar: Unversioned, complain: Complain): Unversioned | undefined {
  const { firstYear, confirmedUntil } = calendar
  if (firstYear <= confirmedUntil) return calendar
  complain('', `"confirmedUntil" ${String(confirmedUntil)} is before "firstYear" ${String(firstYear)}`)
  return undefined
}

/** A year in which nobody works would push every due time out of it. */
function checkWork(calendar: Unversioned, complain: Complain): void {
  for (let year = calendar.firstYear; year <= calendar.confirmedUntil; year += 1)
    if (!worksIn(calendar, year)) complain('', `nobody works on any day of ${String(year)}`)
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

/** The content of a file, or the Error that says why there is none. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new Error(`it cannot be read as JSON (${reason})`, { cause })
  }
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
  return `unknown key ${Array.isArray(keys) ? keys.map((key) => JSON.stringify(key)).join(', ') : ''}`
}
