import type { CalendarTable, CalendarView, ExceptionView } from '../../deadlines/contract.ts'

export type Day = CalendarTable['exceptions'][number]
export type Season = CalendarTable['seasons'][number]

/** `rest`: nobody works by the week; `off`, `worked`, `other`: said of this date; `usual`: by the week. */
export type DayKind = 'usual' | 'rest' | 'off' | 'worked' | 'other'

/** One day as the year shows it. */
export interface DayFace {
  readonly date: string
  readonly kind: DayKind
  readonly hours: readonly string[]
  readonly why: string
  readonly confirmed: boolean
  /** The city's day, which this calendar has from it. */
  readonly inherited: boolean
}

const DAY_MS = 86_400_000
/** Alike each year (Labour Code Art. 112); Tết and Giỗ Tổ go by the moon and have to be entered. */
const FIXED_DAYS = [
  { day: '01-01', why: 'Tết Dương lịch' },
  { day: '04-30', why: 'Ngày Chiến thắng' },
  { day: '05-01', why: 'Quốc tế Lao động' },
  { day: '09-02', why: 'Quốc khánh' },
] as const
/** Between these the first day of the lunar year lies, with the days before and after. */
const TET = { from: '01-18', to: '02-25', days: 4 } as const

/** How a day is by the table; `cityDays` are the city's, where the calendar has them. */
export function faceOf(
  table: CalendarTable,
  cityDays: ReadonlyMap<string, ExceptionView>,
  date: string,
): DayFace {
  const own = table.exceptions.find((day) => day.date === date)
  const city = own === undefined ? cityDays.get(date) : undefined
  const usual = weekHours(table.seasons, date)
  const said = own === undefined ? city : { hours: own.hours ?? [], why: own.why, confirmed: own.confirmed }
  if (said === undefined)
    return {
      date,
      kind: usual.length === 0 ? 'rest' : 'usual',
      hours: usual,
      why: '',
      confirmed: true,
      inherited: false,
    }
  const kind = said.hours.length === 0 ? 'off' : usual.length === 0 ? 'worked' : 'other'
  const { hours, why, confirmed = true } = said
  return { date, kind, hours, why, confirmed, inherited: own === undefined }
}

/** Hours of a date by the week alone. */
export function weekHours(seasons: readonly Season[], date: string): readonly string[] {
  const monthDay = date.slice(5)
  const weekday = weekdayOf(date)
  return seasons.find((season) => isIn(season, monthDay) && season.weekdays.includes(weekday))?.hours ?? []
}

/** The table with one date said otherwise; null takes back what was said. Days stay in order. */
export function withDay(table: CalendarTable, date: string, day: Omit<Day, 'date'> | null): CalendarTable {
  const others = table.exceptions.filter((known) => known.date !== date)
  const exceptions = day === null ? others : [...others, { date, ...day }]
  return { ...table, exceptions: exceptions.sort((a, b) => (a.date < b.date ? -1 : 1)) }
}

/** The fixed holidays of a year as drafts; one on a weekend gives the next working day off (Labour Code Art. 111.3). */
export function withNewYear(table: CalendarTable, year: number): CalendarTable {
  return FIXED_DAYS.reduce((draft, { day, why }) => {
    const lastName = table.exceptions.find(
      ({ date, off }) => off === true && date === `${String(year - 1)}-${day}`,
    )
    const name = lastName?.why ?? why
    const date = `${String(year)}-${day}`
    const off = firstFree(draft, date)
    const reason =
      off === date ? name : `Nghỉ bù ${name} (${day.slice(3)}/${day.slice(0, 2)} là ngày nghỉ hằng tuần)`
    return withDay(draft, off, { off: true, why: reason, confirmed: false })
  }, table)
}

/** Every day of the year counts as published from now on, and due times may fall into it. */
export function withConfirmedYear(table: CalendarTable, year: number): CalendarTable {
  return {
    ...table,
    confirmedUntil: year,
    exceptions: table.exceptions.map((day) =>
      yearOf(day.date) === year ? { ...day, confirmed: true } : day,
    ),
  }
}

/** A year of an office that has holidays, without those of Tết: nobody forgets them on purpose. */
export function lacksTet(table: CalendarTable, year: number): boolean {
  if (table.exceptions.length === 0) return false
  const inTet = table.exceptions.filter(({ date, off }) => {
    const monthDay = date.slice(5)
    return off === true && yearOf(date) === year && monthDay >= TET.from && monthDay <= TET.to
  })
  return inTet.length < TET.days
}

/** Dates of a year by month, January first. */
export function monthsOf(year: number): readonly (readonly string[])[] {
  return Array.from({ length: 12 }, (_, month) => {
    const firstMs = Date.UTC(year, month, 1)
    const days = (Date.UTC(year, month + 1, 1) - firstMs) / DAY_MS
    return Array.from({ length: days }, (_, day) => dateAt(firstMs + day * DAY_MS))
  })
}

/** So many days later, or earlier. */
export function daysFrom(date: string, days: number): string {
  return dateAt(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS)
}

/** 0 is Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}

export function yearOf(date: string): number {
  return Number(date.slice(0, 4))
}

/** "07:30-11:30, 13:00-17:00" as stretches; "7h30–11h30" is understood too. */
export function hoursOfText(text: string): string[] {
  return text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const found = /^(\d{1,2})[:hg.](\d{2})?\s*(?:-|–|đến)\s*(\d{1,2})[:hg.](\d{2})?$/.exec(part)
      if (found === null) return part
      const [, fromHour = '', fromMinute = '00', toHour = '', toMinute = '00'] = found
      return `${fromHour.padStart(2, '0')}:${fromMinute}-${toHour.padStart(2, '0')}:${toMinute}`
    })
}

/** Nothing is left open that would make the hours unusable; the server has the last word. */
export function areHours(hours: readonly string[]): boolean {
  let lastEnd = ''
  for (const text of hours) {
    const found = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.exec(text)
    const [, from = '', to = ''] = found ?? []
    if (found === null || to <= from || from < lastEnd) return false
    lastEnd = to
  }
  return hours.length > 0
}

/** `01/04` as `04-01`, and back; what is no day of the year comes back as it was typed. */
export function monthDayOfText(text: string): string {
  const found = /^(\d{1,2})[/.-](\d{1,2})$/.exec(text.trim())
  return found === null
    ? text.trim()
    : `${(found[2] ?? '').padStart(2, '0')}-${(found[1] ?? '').padStart(2, '0')}`
}

export function textOfMonthDay(monthDay: string): string {
  return /^\d{2}-\d{2}$/.test(monthDay) ? `${monthDay.slice(3)}/${monthDay.slice(0, 2)}` : monthDay
}

/** First and last year that may be looked at: one ahead of what is confirmed or drafted. */
export function yearsOf(
  view: Pick<CalendarView, 'firstYear' | 'confirmedUntil'>,
  table: CalendarTable,
): number[] {
  const last = Math.max(
    view.confirmedUntil,
    table.confirmedUntil ?? 0,
    ...table.exceptions.map(({ date }) => yearOf(date)),
  )
  const first = table.firstYear ?? view.firstYear
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index)
}

function firstFree(table: CalendarTable, date: string): string {
  let day = date
  while (
    weekHours(table.seasons, day).length === 0 ||
    table.exceptions.some((known) => known.date === day && known.off === true)
  ) {
    if (yearOf(day) !== yearOf(date)) return date
    day = daysFrom(day, 1)
  }
  return day
}

function isIn({ from, to }: Season, monthDay: string): boolean {
  return from <= to ? monthDay >= from && monthDay <= to : monthDay >= from || monthDay <= to
}

function dateAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
