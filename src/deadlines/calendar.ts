import { readFileSync } from 'node:fs'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { type Segment, type WorkingCalendar } from './working-time-policy.ts'

const Hours = Type.Array(Type.String({ pattern: '^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$' }))
const MonthDay = Type.String({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' })

/** `config/<city>/calendar.json`, as an admin writes it. */
const CalendarFile = Type.Object(
  {
    firstYear: Type.Integer({ minimum: 2000 }),
    confirmedUntil: Type.Integer({ minimum: 2000 }),
    seasons: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          from: MonthDay,
          to: MonthDay,
          weekdays: Type.Array(Type.Integer({ minimum: 0, maximum: 6 })),
          hours: Hours,
        },
        { additionalProperties: false },
      ),
    ),
    exceptions: Type.Array(
      Type.Object(
        {
          date: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
          off: Type.Optional(Type.Literal(true)),
          hours: Type.Optional(Hours),
          why: Type.String({ minLength: 1 }),
          /** False: expected, but nobody has published it yet. */
          confirmed: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
    ),
    note: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

/** Reads and checks the city's calendar. Throws one error naming file and place of everything wrong. */
export function readCalendar(path: string): WorkingCalendar {
  return parseCalendar(JSON.parse(readFileSync(path, 'utf8')), path)
}

export function parseCalendar(input: unknown, where: string): WorkingCalendar {
  if (!Value.Check(CalendarFile, input)) {
    const problems = Value.Errors(CalendarFile, input).map(
      (problem) => `${problem.instancePath}: ${problem.message}`,
    )
    throw new Error(`bad calendar ${where}\n  ${problems.join('\n  ')}`)
  }
  const exceptions: Record<string, 'off' | Segment[]> = {}
  for (const { date, off, hours } of input.exceptions) {
    const isDate = new Date(`${date}T00:00:00Z`)
    if (Number.isNaN(isDate.getTime()) || isDate.toISOString().slice(0, 10) !== date)
      throw new Error(`bad calendar ${where}\n  ${date}: no such day`)
    if ((off === true) === (hours !== undefined))
      throw new Error(`bad calendar ${where}\n  ${date}: give either "off" or "hours"`)
    if (date in exceptions) throw new Error(`bad calendar ${where}\n  ${date}: given twice`)
    exceptions[date] = hours === undefined ? 'off' : segments(hours, `${where} ${date}`)
  }
  return {
    firstYear: input.firstYear,
    confirmedUntil: input.confirmedUntil,
    exceptions,
    seasons: input.seasons.map((season) => {
      const hours = segments(season.hours, `${where} ${season.name}`)
      return {
        fromDay: season.from,
        toDay: season.to,
        week: Object.fromEntries(season.weekdays.map((weekday) => [weekday, hours])),
      }
    }),
  }
}

function segments(hours: readonly string[], where: string): Segment[] {
  let last = 0
  return hours.map((text) => {
    const [from = 0, to = 0] = text.split('-').map((time) => {
      const [hour = 0, minute = 0] = time.split(':').map(Number)
      return hour * 60 + minute
    })
    if (from < last || to <= from || to > 24 * 60)
      throw new Error(`bad calendar ${where}\n  ${text}: hours must be in order and must not overlap`)
    last = to
    return { from, to }
  })
}
