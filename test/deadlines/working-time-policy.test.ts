import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCalendars, readCalendars } from '../../src/deadlines/calendar.ts'
import {
  addWithPauses,
  addWorkingDays,
  addWorkingMinutes,
  CalendarEnded,
  compileCalendar,
  type CompiledCalendar,
  type DayException,
  type Segment,
  stretchesBetween,
  subtractWorkingMinutes,
  type WorkingCalendar,
  workingMinutesBetween,
} from '../../src/deadlines/working-time-policy.ts'
import { type Slow, slowAdd, slowAddDays, slowBetween, slowSubtract } from '../support/slow-working-time.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const [city, duty] = readCalendars(resolve(ROOT, 'config/haiphong')).map(compileCalendar) as [
  CompiledCalendar,
  CompiledCalendar,
]
const local = (text: string): number => new Date(`2026-${text}:00+07:00`).getTime()
const show = (ms: number): string => new Date(ms + 7 * 3_600_000).toISOString().slice(5, 16)

/** regulation.md 2.4, all of its table: start, +1 wh, +8 wh, +48 wh, end of 2 wd. */
const VECTORS = [
  ['03-02T08:00', '03-02T09:00', '03-03T08:00', '03-10T08:00', '03-04T17:00'],
  ['03-02T07:30', '03-02T08:30', '03-02T17:00', '03-09T17:00', '03-04T17:00'],
  ['03-02T12:10', '03-02T14:00', '03-03T11:30', '03-10T11:30', '03-04T17:00'],
  ['03-02T17:00', '03-03T08:30', '03-03T17:00', '03-10T17:00', '03-04T17:00'],
  ['03-06T16:45', '03-09T08:15', '03-09T16:45', '03-16T16:45', '03-10T17:00'],
  ['03-07T10:00', '03-09T08:30', '03-09T17:00', '03-16T17:00', '03-10T17:00'],
  ['02-13T16:00', '02-13T17:00', '02-23T16:00', '03-02T16:00', '02-24T17:00'],
  ['04-24T15:00', '04-24T16:00', '04-28T15:00', '05-07T15:00', '04-29T17:00'],
  ['08-21T15:00', '08-21T16:00', '08-22T15:00', '08-28T15:00', '08-24T17:00'],
] as const

/** Hours of Huế from 2026 on. */
const [hue] = parseCalendars(
  {
    id: 'city',
    where: 'hue',
    input: {
      name: 'Huế',
      firstYear: 2026,
      confirmedUntil: 2026,
      exceptions: [],
      seasons: [
        {
          name: 'hè',
          from: '04-01',
          to: '09-30',
          weekdays: [1, 2, 3, 4, 5],
          hours: ['07:30-11:30', '13:30-17:30'],
        },
        {
          name: 'đông',
          from: '10-01',
          to: '03-31',
          weekdays: [1, 2, 3, 4, 5],
          hours: ['07:30-11:30', '13:00-17:00'],
        },
      ],
    },
  },
  [],
).map(compileCalendar) as [CompiledCalendar]

describe('working time of Hải Phòng in 2026', () => {
  it.each(VECTORS)('counts from %s', (start, oneHour, eightHours, fortyEight, twoDays) => {
    const from = local(start)
    expect(show(addWorkingMinutes(city, from, 60))).toBe(oneHour)
    expect(show(addWorkingMinutes(city, from, 480))).toBe(eightHours)
    expect(show(addWorkingMinutes(city, from, 2880))).toBe(fortyEight)
    expect(show(addWorkingDays(city, from, 2))).toBe(twoDays)
  })

  it('measures the working time between two instants', () => {
    expect(workingMinutesBetween(city, local('03-06T16:00'), local('03-09T09:00'))).toBe(150)
    expect(workingMinutesBetween(city, local('03-09T09:00'), local('03-06T16:00'))).toBe(0)
  })

  it('gives a paused clock back the working time it waited', () => {
    const pause = { fromMs: local('03-02T10:00'), toMs: local('03-03T14:00') }
    expect(show(addWithPauses(city, local('03-02T08:00'), 480, [pause]))).toBe('03-04T10:30')
    const due = addWorkingMinutes(city, local('03-02T08:00'), 480)
    const waited = workingMinutesBetween(city, pause.fromMs, pause.toMs)
    expect(show(addWorkingMinutes(city, due, waited))).toBe('03-04T10:30')
  })

  it('follows the hours of the season that a day belongs to', () => {
    expect(show(addWorkingMinutes(hue, local('03-31T15:00'), 480))).toBe('04-01T15:30')
    expect(show(addWorkingMinutes(city, local('03-31T15:00'), 480))).toBe('04-01T15:00')
  })

  it('gives the head 48 working hours from the escalation, or from the unit’s receipt (A1)', () => {
    const received = local('03-02T08:00')
    const escalated = addWorkingMinutes(city, received, 480)
    expect(show(addWorkingMinutes(city, escalated, 2880))).toBe('03-11T08:00')
    expect(show(addWorkingMinutes(city, received, 2880))).toBe('03-10T08:00')
  })

  it.each([
    ['03-03T08:00', 120, '03-02T15:30'],
    ['03-09T16:45', 120, '03-09T14:45'],
    // Uses the morning up: at its beginning, not at yesterday's end.
    ['03-03T09:30', 120, '03-03T07:30'],
    ['03-02T17:00', 480, '03-02T07:30'],
    ['02-23T08:00', 60, '02-13T16:30'],
    // Over lunch, which a warning "1 h before" once fell into (glpi PR 22678).
    ['03-02T13:30', 60, '03-02T11:00'],
  ])('warns before %s by %i working minutes at %s', (due, minutes, expected) => {
    expect(show(subtractWorkingMinutes(city, local(due), minutes))).toBe(expected)
  })

  it('adding nothing moves nothing, not even out of the night', () => {
    for (const at of ['03-02T17:00', '03-07T10:00', '03-02T12:10', '03-02T08:00'])
      for (const move of [addWorkingMinutes, subtractWorkingMinutes])
        expect(show(move(city, local(at), 0))).toBe(at)
  })

  it('keeps seconds and milliseconds', () => {
    const start = local('03-06T16:45') + 12_345
    expect(addWorkingMinutes(city, start, 480)).toBe(local('03-09T16:45') + 12_345)
    expect(workingMinutesBetween(city, start, local('03-09T07:30'))).toBe((15 * 60_000 - 12_345) / 60_000)
    expect(addWorkingMinutes(city, local('03-02T08:00'), 1 / 60)).toBe(local('03-02T08:00') + 1_000)
  })

  it('tells which stretches were counted', () => {
    expect(stretchesBetween(city, local('03-06T16:45'), local('03-09T07:45'))).toEqual([
      { date: '2026-03-06', from: 16 * 60 + 45, to: 17 * 60 },
      { date: '2026-03-09', from: 7 * 60 + 30, to: 7 * 60 + 45 },
    ])
  })

  it('fails loudly past the last confirmed year, and before the first, instead of inventing a date', () => {
    const ended = (work: () => unknown): unknown => {
      try {
        return work()
      } catch (cause) {
        return cause instanceof CalendarEnded ? [cause.message, cause.year, cause.calendar.id] : cause
      }
    }
    const missing = (year: number) => [`chưa có lịch năm ${String(year)}`, year, 'city']
    const [eve, before, after] = [local('12-31T16:00'), Date.UTC(2023, 5, 1), Date.UTC(2027, 5, 1)]
    expect(ended(() => addWorkingMinutes(city, eve, 480))).toEqual(missing(2027))
    expect(ended(() => addWorkingDays(city, eve, 1))).toEqual(missing(2027))
    expect(ended(() => workingMinutesBetween(city, eve, after))).toEqual(missing(2027))
    expect(ended(() => addWorkingMinutes(city, after, 0))).toEqual(missing(2027))
    expect(ended(() => addWorkingMinutes(city, before, 1))).toEqual(missing(2023))
    expect(ended(() => subtractWorkingMinutes(city, Date.UTC(2024, 0, 2), 9_999))).toEqual(missing(2023))
    // Its last hour is still its own.
    expect(show(addWorkingMinutes(city, eve, 60))).toBe('12-31T17:00')
  })

  it('refuses what is no time', () => {
    for (const minutes of [-1, Number.NaN])
      expect(() => addWorkingMinutes(city, local('03-02T08:00'), minutes)).toThrow(RangeError)
    for (const instant of [Number.NaN, Number.POSITIVE_INFINITY, 1e300])
      expect(() => addWorkingMinutes(city, instant, 1)).toThrow(RangeError)
    for (const days of [0, -1, 1.5, Number.NaN])
      expect(() => addWorkingDays(city, local('03-02T08:00'), days)).toThrow(RangeError)
    expect(() => addWorkingMinutes(city, local('03-02T08:00'), Number.POSITIVE_INFINITY)).toThrow(
      CalendarEnded,
    )
  })

  it('counts the same whatever zone the process runs in', () => {
    const script = `
      const { readCalendars } = await import(${JSON.stringify(resolve(ROOT, 'src/deadlines/calendar.ts'))})
      const time = await import(${JSON.stringify(resolve(ROOT, 'src/deadlines/working-time-policy.ts'))})
      const { explainedDue } = await import(${JSON.stringify(resolve(ROOT, 'src/deadlines/explanation-policy.ts'))})
      const city = time.compileCalendar(readCalendars(${JSON.stringify(resolve(ROOT, 'config/haiphong'))})[0])
      const starts = ${JSON.stringify(VECTORS.map(([start]) => local(start)))}
      console.log(JSON.stringify(starts.map((ms) => [
        ...[60, 480, 2880].map((minutes) => time.addWorkingMinutes(city, ms, minutes)),
        time.addWorkingDays(city, ms, 2),
      ])))
      console.log(explainedDue(city, { startMs: starts[4], span: { minutes: 480 } }, 'vi').explanation)`
    const expected = JSON.stringify(VECTORS.map(([, ...due]) => due.map(local)))
    for (const TZ of ['UTC', 'Asia/Ho_Chi_Minh', 'America/New_York']) {
      const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { TZ },
        encoding: 'utf8',
      })
      expect({ TZ, lines: out.trim().split('\n') }).toEqual({
        TZ,
        lines: [expected, '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2'],
      })
    }
  })
})

describe('an office on duty day and night', () => {
  it('never stops, weekends, Tết and midnights included', () => {
    expect(show(addWorkingMinutes(duty, local('02-13T16:00'), 2880))).toBe('02-15T16:00')
    expect(workingMinutesBetween(duty, local('02-13T23:59'), local('02-14T00:01'))).toBe(2)
    // The end of a day that is used up is the beginning of the next one.
    expect(show(addWorkingDays(duty, local('03-06T16:45'), 2))).toBe('03-09T00:00')
  })
})

it('a calendar on which nobody ever works is refused, and waited for by nobody', () => {
  const never: WorkingCalendar = { ...city.calendar, seasons: [], exceptions: {} }
  expect(() => compileCalendar(never)).toThrow('calendar city has no working time')
})

describe('on any calendar', () => {
  const day = fc
    .array(fc.integer({ min: 0, max: 96 }), { minLength: 0, maxLength: 8 })
    .map((quarters): readonly Segment[] => {
      // Sorted pairs: at times adjacent to each other, at times until 24:00.
      const cuts = [...quarters].sort((a, b) => a - b).map((quarter) => quarter * 15)
      return cuts.flatMap((from, index) => {
        const to = cuts[index + 1]
        return index % 2 === 1 || to === undefined || to === from ? [] : [{ from, to }]
      })
    })
  const week = fc
    .array(fc.option(day, { nil: undefined }), { minLength: 7, maxLength: 7 })
    .map((days) =>
      Object.fromEntries(days.flatMap((hours, weekday) => (hours === undefined ? [] : [[weekday, hours]]))),
    )
  const dayOfYear = fc
    .integer({ min: 0, max: 365 })
    .map((index) => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(5, 10))
  const anyDate = fc
    .integer({ min: Date.UTC(2023, 11, 25) / 86_400_000, max: Date.UTC(2026, 0, 7) / 86_400_000 })
    .map((number) => new Date(number * 86_400_000).toISOString().slice(0, 10))
  /** 2024 is a leap year. Two seasons, either of which may run over New Year; whole weeks off are common. */
  const calendar = fc
    .record({
      change: fc.tuple(dayOfYear, dayOfYear).filter(([from, to]) => from !== to),
      weeks: fc.tuple(week, week),
      odd: fc.array(fc.tuple(anyDate, fc.option(day, { nil: 'off' as const })), { maxLength: 20 }),
      holiday: fc.option(fc.tuple(anyDate, fc.integer({ min: 7, max: 60 })), { nil: undefined }),
    })
    .map(({ change: [a, b], weeks: [one, other], odd, holiday }): WorkingCalendar => {
      const exceptions: Record<string, DayException> = {}
      const [first = '', length = 0] = holiday ?? []
      for (let index = 0; index < length; index += 1) {
        const date = new Date(Date.parse(first) + index * 86_400_000).toISOString().slice(0, 10)
        exceptions[date] = { hours: 'off', why: 'nghỉ', confirmed: true }
      }
      for (const [date, hours] of odd)
        exceptions[date] = {
          hours: hours === 'off' || hours.length === 0 ? 'off' : hours,
          why: 'khác',
          confirmed: true,
        }
      const dayBefore = (text: string): string =>
        new Date(Date.parse(`2024-${text}`) - 86_400_000).toISOString().slice(5, 10)
      return {
        id: 'any',
        name: 'any',
        version: '1',
        cityDays: false,
        firstYear: 2024,
        confirmedUntil: 2025,
        seasons: [
          { name: 'a', fromDay: a, toDay: dayBefore(b), week: one },
          { name: 'b', fromDay: b, toDay: dayBefore(a), week: other },
        ],
        exceptions,
      }
    })
  const instant = fc.integer({
    min: Date.UTC(2023, 11, 31) - 7 * 3_600_000,
    max: Date.UTC(2026, 0, 2) - 7 * 3_600_000,
  })
  const minutes = fc.oneof(
    fc.integer({ min: 0, max: 3_000 }),
    fc.integer({ min: 0, max: 200_000 }),
    fc.integer({ min: 0, max: 100_000_000 }).map((ms) => ms / 60_000),
  )
  const answer = (work: () => number): Slow => {
    try {
      return work()
    } catch (cause) {
      if (cause instanceof CalendarEnded) return 'ended'
      throw cause
    }
  }
  /** undefined where nobody ever works, which the slow model must agree with by never coming to an end of one minute. */
  const compiled = (table: WorkingCalendar): CompiledCalendar | undefined => {
    try {
      return compileCalendar(table)
    } catch {
      expect(slowAdd(table, Date.UTC(2024, 0, 1) - 7 * 3_600_000, 1 / 60_000)).toBe('ended')
      return undefined
    }
  }

  it('says what the definition says, walked day by day', () => {
    fc.assert(
      fc.property(
        calendar,
        instant,
        instant,
        minutes,
        fc.integer({ min: 1, max: 400 }),
        (table, a, b, n, days) => {
          const fast = compiled(table)
          if (fast === undefined) return
          expect(answer(() => addWorkingMinutes(fast, a, n))).toBe(slowAdd(table, a, n))
          expect(answer(() => subtractWorkingMinutes(fast, a, n))).toBe(slowSubtract(table, a, n))
          expect(answer(() => workingMinutesBetween(fast, a, b))).toBe(slowBetween(table, a, b))
          expect(answer(() => addWorkingDays(fast, a, days))).toBe(slowAddDays(table, a, days))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('adds exactly the working time it measures, and takes it away again', () => {
    fc.assert(
      fc.property(calendar, instant, minutes, minutes, (table, a, n, m) => {
        const fast = compiled(table)
        if (fast === undefined) return
        const until = answer(() => addWorkingMinutes(fast, a, n))
        if (until === 'ended') return
        const ms = Math.round(n * 60_000)
        expect(until).toBeGreaterThanOrEqual(a)
        expect(Math.round(workingMinutesBetween(fast, a, until) * 60_000)).toBe(ms)
        const back = subtractWorkingMinutes(fast, until, n)
        expect(back).toBeGreaterThanOrEqual(a)
        expect(Math.round(workingMinutesBetween(fast, back, until) * 60_000)).toBe(ms)
        const sum = stretchesBetween(fast, a, until).reduce((total, { from, to }) => total + (to - from), 0)
        expect(sum).toBeCloseTo(ms / 60_000, 6)
        // In two steps as in one, and never earlier for more or later.
        const twice = answer(() => addWorkingMinutes(fast, until, m))
        const total = (ms + Math.round(m * 60_000)) / 60_000
        expect(twice).toBe(answer(() => addWorkingMinutes(fast, a, total)))
        if (twice !== 'ended') expect(twice).toBeGreaterThanOrEqual(until)
      }),
      { numRuns: 500 },
    )
  })

  it('is never due earlier for what began later', () => {
    fc.assert(
      fc.property(calendar, instant, instant, minutes, (table, a, b, n) => {
        const fast = compiled(table)
        if (fast === undefined) return
        const [first, second] = [Math.min(a, b), Math.max(a, b)].map((at) =>
          answer(() => addWorkingMinutes(fast, at, n)),
        )
        if (typeof first === 'number' && typeof second === 'number')
          expect(second).toBeGreaterThanOrEqual(first)
        else if (first === 'ended' && Math.min(a, b) >= Date.UTC(2024, 0, 1) - 7 * 3_600_000)
          expect(second).toBe('ended')
      }),
      { numRuns: 500 },
    )
  })

  it('is due when the time outside all pauses is used up', () => {
    const pause = fc
      .tuple(instant, fc.integer({ min: 0, max: 10 * 86_400_000 }))
      .map(([fromMs, length]) => ({ fromMs, toMs: fromMs + length }))
    fc.assert(
      fc.property(calendar, instant, minutes, fc.array(pause, { maxLength: 4 }), (table, a, n, pauses) => {
        const fast = compiled(table)
        if (fast === undefined) return
        const due = answer(() => addWithPauses(fast, a, n, pauses))
        if (due === 'ended') return
        // Cut the time from the start into pieces at each edge; a piece counts unless a pause covers it.
        const edges = [a, due, ...pauses.flatMap(({ fromMs, toMs }) => [fromMs, toMs])]
          .filter((edge) => edge >= a && edge <= due)
          .sort((x, y) => x - y)
        const counted = edges.slice(1).reduce((sum, to, index) => {
          const from = edges[index] ?? to
          const isPaused = pauses.some(({ fromMs, toMs }) => fromMs <= from && toMs >= to)
          return isPaused ? sum : sum + workingMinutesBetween(fast, from, to)
        }, 0)
        expect(Math.round(counted * 60_000)).toBe(Math.round(n * 60_000))
      }),
      { numRuns: 500 },
    )
  })
})
