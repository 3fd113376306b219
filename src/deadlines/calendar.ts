import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../config.ts'
import { problemText } from './calendar-problem-policy.ts'
import { checkTables, CITY_CALENDAR, type CheckedTables, type TableSource } from './calendar-tables.ts'
import type { WorkingCalendar } from './working-time-policy.ts'

/** A file as it was found: `where` names it in complaints. */
export interface CalendarSource extends TableSource {
  readonly where: string
}

/** Where a calendar of this id is written, from the city's folder on. */
export function calendarFile(id: string): string {
  return id === CITY_CALENDAR ? 'calendar.json' : `calendars/${id}.json`
}

/** Finds `calendar.json` and `calendars/*.json` of a city, unchecked: the city's first. */
export function readCalendarFiles(cityDir: string): readonly [CalendarSource, ...CalendarSource[]] {
  const folder = join(cityDir, 'calendars')
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  const source = (where: string, id: string): CalendarSource => ({
    id,
    where,
    input: readJson(join(cityDir, where)),
  })
  const others = names.sort().map((name) => source(`calendars/${name}`, name.slice(0, -'.json'.length)))
  return [source(calendarFile(CITY_CALENDAR), CITY_CALENDAR), ...others]
}

/** Reads and checks them: the city's first. Throws one ConfigError naming file, place and problem of everything wrong. */
export function readCalendars(cityDir: string): readonly WorkingCalendar[] {
  const [city, ...others] = readCalendarFiles(cityDir)
  return parseCalendars(city, others)
}

/** The same from values, which must be as JSON.parse gives them. Throws ConfigError. */
export function parseCalendars(
  city: CalendarSource,
  others: readonly CalendarSource[],
): readonly WorkingCalendar[] {
  return mustBeSound(checkTables(city, others), [city, ...others])
}

/** Throws ConfigError with everything that is wrong, by the place each source is known by. */
export function mustBeSound(
  { calendars, problems }: CheckedTables,
  sources: readonly CalendarSource[],
): readonly WorkingCalendar[] {
  if (problems.length === 0) return calendars
  const texts = problems.map(({ problem, source }) => {
    const where = sources.find((known) => known === source)?.where ?? calendarFile(source.id)
    return problemText(problem, where)
  })
  throw new ConfigError(`bad calendar\n  ${texts.join('\n  ')}`)
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
