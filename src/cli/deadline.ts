import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readDirectory } from '../agencies/directory-files.ts'
import { createDirectory } from '../agencies/service.ts'
import { readConfig } from '../config.ts'
import { calendarFile, parseCalendars, readCalendarFiles } from '../deadlines/calendar.ts'
import { explainedDue, type Span, wholeMinutes } from '../deadlines/explanation-policy.ts'
import { createWorkingCalendars } from '../deadlines/service.ts'
import { CalendarEnded, type WorkingCalendar } from '../deadlines/working-time-policy.ts'
import { parseLocalTime, toLocalIso } from '../platform/clock.ts'
import {
  ArgumentError,
  type ArgumentProblem,
  type ReadArguments,
  readArguments,
  type UsagePlan,
  usageText,
} from './arguments.ts'
import { type CommandContext, UsageError } from './command.ts'
import { type Language, LANGUAGE_OPTIONS, languageOf, sayIn } from './language.ts'
import type { StoredTables } from './stored-tables.ts'

const MAX_HOURS = 10_000
const MAX_DAYS = 1_000

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- deadline',
  about: [
    'Works out when something is due by the working calendar of the city (CITY) or of a unit, and says why then.',
    'What was saved on the pages Working hours and Directory holds (units as of today) where DATA_DIR has a database,',
    'else the files of the city.',
    'Times are the city’s own. Ends with exit code 1 past the last year whose calendar is confirmed.',
  ].join('\n'),
  options: {
    from: { value: 'TIME', about: 'when it begins, like 2026-03-06T16:45' },
    hours: { value: 'N', about: 'working hours from that moment on; 0.25 is a quarter of an hour' },
    days: { value: 'N', about: 'or whole working days after that day' },
    unit: { value: 'ID', about: 'by the hours of this unit of the directory; the city’s if not said' },
    json: { about: 'one line of JSON: due and explanation (in Vietnamese unless --en)' },
    ...LANGUAGE_OPTIONS,
  },
}

const TEXTS = {
  noUnit: {
    vi: 'Không có đơn vị "{unit}"; --unit nhận một trong: {ids}',
    en: 'There is no unit "{unit}"; --unit takes one of {ids}',
  },
  noFrom: {
    vi: 'Thiếu --from: ghi lúc bắt đầu theo giờ của thành phố, như --from 2026-03-06T16:45',
    en: '--from says when it begins, in the city’s time, like 2026-03-06T16:45',
  },
  badFrom: {
    vi: '--from phải là ngày, giờ có thật theo giờ của thành phố, như 2026-03-06T16:45; đã ghi "{given}"',
    en: '--from takes a day and time that exist, in the city’s time, like 2026-03-06T16:45, not "{given}"',
  },
  oneSpan: {
    vi: 'Hãy ghi --hours N (giờ làm việc) hoặc --days N (ngày làm việc), một trong hai',
    en: 'Give either --hours N or --days N, one of the two',
  },
  badDays: {
    vi: '--days phải là số nguyên từ 1 đến {most}, như --days 2; đã ghi "{given}"',
    en: '--days takes a whole number from 1 to {most}, not "{given}"',
  },
  badHours: {
    vi: '--hours phải là số giờ tròn phút, nhiều nhất {most}, như 8 hoặc 0.25 (một phần tư giờ); đã ghi "{given}"',
    en: '--hours takes hours that come to whole minutes, up to {most}, like 8, or 0.25 for a quarter, not "{given}"',
  },
  badOption: {
    vi: 'Lệnh không nhận các tùy chọn như đã ghi: {why}. Xem {command} --help',
    en: '{why}',
  },
  due: { vi: 'Hạn {due}', en: 'Due {due}' },
  calendar: { vi: 'Lịch: {name} ({file})', en: 'Calendar: {name} ({file})' },
  version: {
    vi: 'phiên bản {number} trên trang Lịch làm việc',
    en: 'version {number} of page Working hours',
  },
  ended: {
    vi: 'Chưa có lịch năm {year}: {file} chỉ được xác nhận từ {first} đến hết {last}. Hãy điền ngày nghỉ và ngày làm bù của năm {year} vào tệp đó rồi sửa firstYear hoặc confirmedUntil.',
    en: 'There is no calendar for {year}: {file} is confirmed from {first} to {last} only. Enter the days off and swapped days of {year} in that file, then change firstYear or confirmedUntil.',
  },
  endedEdited: {
    vi: 'Chưa có lịch năm {year}: “{name}” ({version}) chỉ được xác nhận từ {first} đến hết {last}. Quản trị viên điền và xác nhận năm {year} trên trang đó.',
    en: 'There is no calendar for {year}: “{name}” ({version}) is confirmed from {first} to {last} only. An administrator enters and confirms {year} on that page.',
  },
} as const

/** What stands after "như đã ghi"; `{given}` is the option, or what stands without one. In English the error says it. */
const PROBLEMS_VI: Readonly<Record<ArgumentProblem['kind'], string>> = {
  unknown: 'không có tùy chọn {given}',
  noValue: 'sau {given} phải có một giá trị; giá trị bắt đầu bằng dấu - thì ghi liền, như {given}=-1',
  noSwitch: '{given} không nhận giá trị',
  twice: '{given} được ghi nhiều lần',
  operands: 'chỉ nhận tùy chọn, không nhận "{given}"',
}

/** `tongdai deadline`: needs no running service. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, values, switches } = readLine(args, context)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const json = switches.has('json')
  // Whoever reads JSON wants the same words on every machine: those that cases keep.
  const language = languageOf(switches, json ? {} : context.environment)
  const startMs = readStart(values['from'], language)
  const span = readSpan(values, language)
  // Only the city's folder is of interest here; no PBX is reached.
  const { cityDir, city } = readConfig({ ...context.environment, AMI_SECRET: 'none', ARI_SECRET: 'none' })
  const { calendars: holding, edited, changes } = await holdingTables(cityDir, city.id, context.dataDir)
  // As of today, whenever it begins: whose hours a unit has is asked of the directory as cases ask it.
  const directory = createDirectory(readDirectory(cityDir), { now: () => new Date(), changes: () => changes })
  const calendars = createWorkingCalendars({
    calendars: holding,
    calendarIdOf: (unitId) => directory.unit(unitId)?.calendar,
  })
  const unitId = values['unit'] ?? null
  if (unitId !== null && directory.unit(unitId) === undefined) {
    const ids = directory.directory().units.map(({ id }) => id)
    throw new UsageError(sayIn(language, TEXTS.noUnit, { unit: unitId, ids: ids.join(', ') }))
  }
  const folder = relative(context.home, cityDir)
  try {
    const compiled = calendars.of(unitId)
    const { dueMs, explanation } = explainedDue(compiled, { startMs, span }, language)
    const due = toLocalIso(new Date(dueMs))
    if (json) context.print(JSON.stringify({ due, explanation }))
    else {
      const { id, name } = compiled.calendar
      context.print(sayIn(language, TEXTS.due, { due: due.slice(0, 16).replace('T', ' ') }))
      context.print(explanation)
      const number = edited.get(id)
      const file =
        number === undefined ? join(folder, calendarFile(id)) : sayIn(language, TEXTS.version, { number })
      context.print(sayIn(language, TEXTS.calendar, { name, file }))
    }
    return 0
  } catch (cause) {
    if (!(cause instanceof CalendarEnded)) throw cause
    const { year, calendar } = cause
    const { firstYear: first, confirmedUntil: last } = calendar
    const whose = whoseYears(calendar, calendars.of(null).calendar)
    const number = edited.get(whose.id)
    const told =
      number === undefined
        ? sayIn(language, TEXTS.ended, { year, file: join(folder, calendarFile(whose.id)), first, last })
        : sayIn(language, TEXTS.endedEdited, {
            year,
            name: whose.name,
            version: sayIn(language, TEXTS.version, { number }),
            first,
            last,
          })
    context.complain(told)
    return 1
  }
}

/** The calendar whose years hold: a unit's that takes its days from the city ends with the city's. */
function whoseYears(calendar: WorkingCalendar, city: WorkingCalendar): WorkingCalendar {
  const { cityDays, firstYear, confirmedUntil } = calendar
  const same = firstYear === city.firstYear && confirmedUntil === city.confirmedUntil
  return cityDays && same ? city : calendar
}

/** What was saved in the browser, where there is a database that knows of it, else what the files say. */
async function holdingTables(cityDir: string, cityId: string, dataDir: string): Promise<StoredTables> {
  const files = readCalendarFiles(cityDir)
  const databasePath = join(dataDir, 'tongdai.sqlite')
  if (existsSync(databasePath)) {
    // Its packages are loaded only where there is something to read.
    const { readStoredTables } = await import('./stored-tables.ts')
    const stored = readStoredTables(databasePath, cityId, files)
    if (stored !== undefined) return stored
  }
  const [city, ...others] = files
  return { calendars: parseCalendars(city, others), edited: new Map(), changes: [] }
}

/** As `readArguments`, with what it refuses told in the reader's language. */
function readLine(args: readonly string[], { environment }: CommandContext): ReadArguments {
  try {
    return readArguments(args, USAGE)
  } catch (cause) {
    if (!(cause instanceof ArgumentError)) throw cause
    const switches = new Set(['en', 'vi'].filter((name) => args.includes(`--${name}`)))
    const language = languageOf(switches, args.includes('--json') ? {} : environment)
    const { kind, given } = cause.problem
    const why = language === 'vi' ? PROBLEMS_VI[kind].replaceAll('{given}', given) : cause.message
    throw new UsageError(sayIn(language, TEXTS.badOption, { why, command: USAGE.command }), { cause })
  }
}

function readStart(text: string | undefined, language: Language): number {
  if (text === undefined) throw new UsageError(sayIn(language, TEXTS.noFrom))
  const at = parseLocalTime(text)
  if (at === undefined) throw new UsageError(sayIn(language, TEXTS.badFrom, { given: text }))
  return at.getTime()
}

function readSpan({ hours, days }: Readonly<Record<string, string>>, language: Language): Span {
  if ((hours === undefined) === (days === undefined)) throw new UsageError(sayIn(language, TEXTS.oneSpan))
  if (days !== undefined) {
    const given = { given: days, most: MAX_DAYS }
    const number = /^\d+$/.test(days) ? Number(days) : 0
    if (number < 1 || number > MAX_DAYS) throw new UsageError(sayIn(language, TEXTS.badDays, given))
    return { days: number }
  }
  const minutes = /^\d+([.,]\d+)?$/.test(hours ?? '')
    ? wholeMinutes(Number(hours?.replace(',', '.')))
    : undefined
  if (minutes === undefined || minutes > MAX_HOURS * 60)
    throw new UsageError(sayIn(language, TEXTS.badHours, { given: hours ?? '', most: MAX_HOURS }))
  return { minutes }
}
