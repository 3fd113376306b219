import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { parseCalendars, readCalendars } from '../../src/deadlines/calendar.ts'
import { addWorkingMinutes, compileCalendar } from '../../src/deadlines/working-time-policy.ts'

const WHOLE_YEAR = {
  name: 'Cả năm',
  from: '01-01',
  to: '12-31',
  weekdays: [1, 2, 3, 4, 5],
  hours: ['07:30-11:30', '13:00-17:00'],
}
const GOOD = {
  name: 'Thành phố',
  firstYear: 2026,
  confirmedUntil: 2026,
  seasons: [WHOLE_YEAR],
  exceptions: [],
}
const TET = [16, 17, 18, 19, 20].map((day) => ({
  date: `2026-02-${String(day)}`,
  off: true,
  why: 'Tết Nguyên đán',
}))

const parse = (city: unknown, others: Readonly<Record<string, unknown>> = {}) =>
  parseCalendars(
    { id: 'city', where: 'calendar.json', input: city },
    Object.entries(others).map(([id, input]) => ({ id, where: `calendars/${id}.json`, input })),
  )
const problemsOf = (city: unknown, others: Readonly<Record<string, unknown>> = {}): string[] => {
  try {
    parse(city, others)
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    return cause.message.split('\n  ').slice(1)
  }
  return []
}
const season = (changes: object) => ({ ...WHOLE_YEAR, ...changes })
const withSeasons = (...seasons: object[]) => ({ ...GOOD, seasons })
const withExceptions = (...exceptions: object[]) => ({ ...GOOD, exceptions })
const sundayOf2027 = (week: number) => new Date(Date.UTC(2027, 0, 3 + 7 * week)).toISOString().slice(0, 10)
const off = (date: string) => ({ date, off: true, why: 'nghỉ' })

describe('a calendar file that cannot be used is refused', () => {
  it.each<[string, unknown, string[]]>([
    [
      'hours that overlap',
      withSeasons(season({ hours: ['07:00-11:00', '10:00-12:00'] })),
      ['calendar.json, seasons[0] "Cả năm": "10:00-12:00" begins before the one in front of it has ended'],
    ],
    [
      'hours the wrong way round',
      withSeasons(season({ hours: ['17:00-07:30'] })),
      [
        'calendar.json, seasons[0] "Cả năm": "17:00-07:30" ends before it begins; a stretch over midnight is written as two, until 24:00 and from 00:00 of the next day',
      ],
    ],
    [
      'an empty stretch, which other programs looped on for ever (zammad #2497)',
      withSeasons(season({ hours: ['07:30-07:30'] })),
      ['calendar.json, seasons[0] "Cả năm": "07:30-07:30" is empty: it ends when it begins'],
    ],
    [
      'hours that are none',
      withSeasons(season({ hours: ['7h30-11h30', '13:00-25:00', '13:60-14:00'] })),
      ['7h30-11h30', '13:00-25:00', '13:60-14:00'].map(
        (text) =>
          `calendar.json, seasons[0] "Cả năm": "${text}" is not a stretch of hours; write it like 07:30-11:30, 24:00 at the latest`,
      ),
    ],
    [
      'a weekday that does not exist, and one given twice',
      withSeasons(season({ weekdays: [1, 1, 7, -1] })),
      [
        'calendar.json, seasons[0] "Cả năm": weekday 7 does not exist; 0 is Sunday, 1 Monday, 6 Saturday',
        'calendar.json, seasons[0] "Cả năm": weekday -1 does not exist; 0 is Sunday, 1 Monday, 6 Saturday',
        'calendar.json, seasons[0] "Cả năm": a weekday is given twice',
      ],
    ],
    [
      'a season that never works',
      withSeasons(season({ weekdays: [] }), season({ name: 'B', hours: [], weekdays: [6] })),
      ['seasons[0] "Cả năm"', 'seasons[1] "B"'].map(
        (place) =>
          `calendar.json, ${place}: it never works: it needs at least one weekday and one stretch of hours`,
      ),
    ],
    [
      'a season with days that do not exist',
      withSeasons(season({ from: '02-30', to: '4-1' })),
      ['02-30', '4-1'].map(
        (text) =>
          `calendar.json, seasons[0] "Cả năm": "${text}" is not a day of the year; write month and day like 04-01`,
      ),
    ],
    [
      'seasons that overlap, over New Year too',
      withSeasons(
        season({ name: 'hè', from: '04-01', to: '10-03' }),
        season({ name: 'đông', from: '10-01', to: '04-01' }),
      ),
      [
        'calendar.json, seasons: "hè" and "đông" both say when weekday 1, 2, 3, 4, 5 works on 04-01',
        'calendar.json, seasons: "hè" and "đông" both say when weekday 1, 2, 3, 4, 5 works from 10-01 to 10-03',
      ],
    ],
    [
      'days of the year that no season covers, the leap day among them',
      withSeasons(
        season({ name: 'a', from: '03-01', to: '09-29' }),
        season({ name: 'b', from: '10-01', to: '02-28' }),
      ),
      ['calendar.json, seasons: no season covers 02-29', 'calendar.json, seasons: no season covers 09-30'],
    ],
    [
      'a day that does not exist',
      withExceptions(off('2026-02-30'), off('30/04/2026')),
      [
        'calendar.json, exceptions[0] 2026-02-30: there is no such day; write it like 2026-02-16',
        'calendar.json, exceptions[1] 30/04/2026: there is no such day; write it like 2026-02-16',
      ],
    ],
    [
      'a day given twice',
      withExceptions(off('2026-02-03'), off('2026-02-03')),
      ['calendar.json, exceptions[1] 2026-02-03: this day is given twice'],
    ],
    [
      'neither off nor hours, or both, or no hours at all',
      withExceptions(
        { date: '2026-02-03', why: 'x' },
        { ...off('2026-02-04'), hours: ['07:30-11:30'] },
        { date: '2026-02-05', hours: [], why: 'x' },
      ),
      [
        'calendar.json, exceptions[0] 2026-02-03: give either "off": true or "hours"',
        'calendar.json, exceptions[1] 2026-02-04: give either "off": true or "hours"',
        'calendar.json, exceptions[2] 2026-02-05: no hours at all; write "off": true for a day off',
      ],
    ],
    [
      'a year in which nobody works at all',
      {
        ...withExceptions(...Array.from({ length: 53 }, (_, week) => off(sundayOf2027(week)))),
        seasons: [season({ weekdays: [0] })],
        confirmedUntil: 2027,
      },
      ['calendar.json: nobody works on any day of 2027'],
    ],
    ['an unknown key', { ...GOOD, holidays: [] }, ['calendar.json: unknown key "holidays"']],
    [
      'an exception without a reason',
      withExceptions({ date: '2026-02-03', off: true }),
      ['calendar.json, exceptions[0]: must have required properties why'],
    ],
    [
      'a last year before the first',
      { ...GOOD, confirmedUntil: 2025 },
      ['calendar.json: "confirmedUntil" 2025 is before "firstYear" 2026'],
    ],
    [
      'a year mistyped',
      { ...GOOD, confirmedUntil: 20260 },
      ['calendar.json, confirmedUntil: must be <= 2100'],
    ],
  ])('with %s', (_, file, problems) => {
    expect(problemsOf(file)).toEqual(problems)
  })

  it('with everything that is wrong in all files, in one error', () => {
    expect(
      problemsOf(withExceptions(off('2026-02-30')), {
        'mot-cua': { name: 'Một cửa', seasons: [season({ hours: ['11:30-07:30'] })], exceptions: [] },
        City: { ...GOOD, cityHolidays: false },
        truc: { name: 'Trực', cityHolidays: false, seasons: [WHOLE_YEAR], exceptions: [] },
        xa: { ...GOOD, confirmedUntil: 2027 },
        city: new Error('it cannot be read as JSON (Unexpected end)'),
      }).map((line) => line.split(';')[0]),
    ).toEqual([
      'calendar.json, exceptions[0] 2026-02-30: there is no such day',
      'calendars/mot-cua.json, seasons[0] "Cả năm": "11:30-07:30" ends before it begins',
      'calendars/City.json: name the file with small letters, digits and hyphens, and not "city.json"',
      'calendars/truc.json: without the city’s holidays it needs "firstYear" and "confirmedUntil" of its own',
      'calendars/xa.json: it takes its holidays from calendar.json, which is confirmed from 2026 to 2026: it cannot be for more years than that',
      'calendars/city.json: name the file with small letters, digits and hyphens, and not "city.json"',
      'calendars/city.json: it cannot be read as JSON (Unexpected end)',
    ])
  })
})

describe('a unit’s calendar', () => {
  const unitFile = { name: 'Một cửa', seasons: [season({ hours: ['07:00-11:00'] })], exceptions: [] }
  it('has the city’s years and days off, its own hours, and the last word on a date', () => {
    const [, unit] = parse(withExceptions(...TET), {
      'mot-cua': {
        ...unitFile,
        exceptions: [{ date: '2026-02-20', hours: ['08:00-09:00'], why: 'Trực Tết' }],
      },
    })
    expect(unit).toMatchObject({
      id: 'mot-cua',
      name: 'Một cửa',
      cityDays: true,
      firstYear: 2026,
      confirmedUntil: 2026,
    })
    expect(unit?.exceptions['2026-02-19']).toEqual({ hours: 'off', why: 'Tết Nguyên đán', confirmed: true })
    expect(unit?.exceptions['2026-02-20']).toMatchObject({ hours: [{ from: 480, to: 540 }] })
  })

  it('goes without the city’s days when it says so', () => {
    const [, unit] = parse(withExceptions(...TET), {
      truc: { ...unitFile, cityHolidays: false, firstYear: 2020, confirmedUntil: 2035 },
    })
    expect(unit?.exceptions).toEqual({})
    expect(unit?.cityDays).toBe(false)
    expect(unit?.confirmedUntil).toBe(2035)
  })

  it('may have other hours on some weekdays of the same season', () => {
    const [calendar] = parse(
      withSeasons(WHOLE_YEAR, season({ name: 'Sáng thứ Bảy', weekdays: [6], hours: ['07:30-11:30'] })),
    )
    if (calendar === undefined) throw new Error('no calendar')
    const friday = new Date('2026-03-06T16:00:00+07:00').getTime()
    expect(new Date(addWorkingMinutes(compileCalendar(calendar), friday, 120)).toISOString()).toBe(
      '2026-03-07T01:30:00.000Z',
    )
  })
})

describe('the version of a calendar', () => {
  const versionOf = (file: unknown) => parse(file)[0]?.version
  it('changes with hours, days off, their reasons and the years', () => {
    const versions = [
      GOOD,
      withExceptions(...TET),
      withExceptions(...TET.slice(1)),
      withExceptions(...TET.map((day) => ({ ...day, why: 'Tết' }))),
      withSeasons(season({ hours: ['07:30-11:30', '13:30-17:30'] })),
      { ...GOOD, confirmedUntil: 2027 },
    ].map(versionOf)
    expect(new Set(versions).size).toBe(versions.length)
    for (const version of versions) expect(version).toMatch(/^[0-9a-f]{12}$/)
  })

  it('stays with other names, another order, notes, and drafts of a year to come', () => {
    const one = versionOf(withExceptions(...TET))
    expect(versionOf({ ...withExceptions(...[...TET].reverse()), name: 'Khác', note: 'x' })).toBe(one)
    expect(versionOf(withExceptions(...TET, { ...off('2027-01-01'), confirmed: false }))).toBe(one)
  })
})

describe('the files of a city', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'calendars-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('are all of Hải Phòng’s, the police on duty day and night (A20)', () => {
    const calendars = readCalendars(resolve(import.meta.dirname, '../../config/haiphong'))
    expect(calendars.map(({ id, confirmedUntil }) => [id, confirmedUntil])).toEqual([
      ['city', 2026],
      ['truc-24-7', 2035],
    ])
  })

  it('are named when they are missing or broken', () => {
    expect(() => readCalendars(folder)).toThrow(/calendar\.json: it cannot be read as JSON \(ENOENT/)
    writeFileSync(join(folder, 'calendar.json'), JSON.stringify(GOOD))
    expect(readCalendars(folder).map(({ id }) => id)).toEqual(['city'])
    mkdirSync(join(folder, 'calendars'))
    writeFileSync(join(folder, 'calendars', 'truc.json'), '{')
    expect(() => readCalendars(folder)).toThrow(/calendars\/truc\.json: it cannot be read as JSON/)
  })
})
