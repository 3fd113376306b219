import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCalendars, readCalendars } from '../../src/deadlines/calendar.ts'
import { explainedDue, momentText } from '../../src/deadlines/explanation-policy.ts'
import { type Language } from '../../src/deadlines/explanation-words-policy.ts'
import {
  addWithPauses,
  compileCalendar,
  type CompiledCalendar,
  type Pause,
} from '../../src/deadlines/working-time-policy.ts'

const [city, duty] = readCalendars(resolve(import.meta.dirname, '../../config/haiphong')).map(
  compileCalendar,
) as [CompiledCalendar, CompiledCalendar]
const local = (text: string): number => Date.parse(`${/^\d{4}-/.test(text) ? text : `2026-${text}`}+07:00`)
const hours = (start: string, count: number, language: Language = 'vi', calendar = city): string =>
  explainedDue(calendar, { startMs: local(start), span: { minutes: count * 60 } }, language).explanation
const days = (start: string, count: number, language: Language = 'vi'): string =>
  explainedDue(city, { startMs: local(start), span: { days: count } }, language).explanation

describe('hours', () => {
  it('say which day gave how many', () => {
    expect(hours('03-06T16:45', 8)).toBe(
      '08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: 15 phút T6, 7 giờ 45 phút T2',
    )
    expect(hours('03-06T16:45', 8, 'en')).toBe(
      '08 working hours from 16:45 Fri 06/03 → 16:45 Mon 09/03: 15 min Fri, 7 h 45 min Mon',
    )
  })

  it.each([
    [0.5, '30 phút làm việc từ 08:00 T2 02/03 → 08:30 T2 02/03: 30 phút T2'],
    [1, '01 giờ làm việc từ 08:00 T2 02/03 → 09:00 T2 02/03: 1 giờ T2'],
    [1.5, '1 giờ 30 phút làm việc từ 08:00 T2 02/03 → 09:30 T2 02/03: 1 giờ 30 phút T2'],
  ])('of which there are %f are written as people write them', (count, text) => {
    expect(hours('03-02T08:00', count)).toBe(text)
  })

  it('stay readable over many days: equal days are told together, with dates where a weekday could mean two', () => {
    expect(hours('03-02T08:00', 48)).toBe(
      '48 giờ làm việc từ 08:00 T2 02/03 → 08:00 T3 10/03: ' +
        '7 giờ 30 phút T2 02/03, mỗi ngày 8 giờ trong 5 ngày làm việc T3 03/03-T2 09/03, 30 phút T3 10/03',
    )
  })

  it('name the days off that lie between, with the calendar’s reason', () => {
    expect(hours('02-13T16:00', 48)).toBe(
      '48 giờ làm việc từ 16:00 T6 13/02 → 16:00 T2 02/03: ' +
        '1 giờ T6 13/02, mỗi ngày 8 giờ trong 5 ngày làm việc T2 23/02-T6 27/02, 7 giờ T2 02/03; ' +
        'nghỉ 16/02-20/02: Tết Nguyên đán',
    )
    expect(hours('04-24T15:00', 48, 'en')).toBe(
      '48 working hours from 15:00 Fri 24/04 → 15:00 Thu 07/05: ' +
        '2 h Fri 24/04, 8 h on each of 5 working days Tue 28/04-Wed 06/05, 6 h Thu 07/05; ' +
        'off 27/04: Nghỉ bù Giỗ Tổ Hùng Vương (26/4 là Chủ nhật); off 30/04: Ngày Chiến thắng; off 01/05: Quốc tế Lao động',
    )
  })

  it('do not break a holiday in two at a weekend', () => {
    expect(hours('2024-02-07T16:00', 8)).toContain('; nghỉ 08/02-14/02: Tết Nguyên đán')
  })

  it('name a Saturday that is worked, and why', () => {
    expect(hours('08-21T15:00', 8)).toBe(
      '08 giờ làm việc từ 15:00 T6 21/08 → 15:00 T7 22/08: 2 giờ T6, 6 giờ T7; ' +
        'làm việc 22/08: Làm bù cho 31/8, chưa thấy văn bản',
    )
    // Received when that Saturday was over.
    expect(hours('08-22T18:00', 1)).not.toContain('22/08: Làm bù')
  })

  it('name a day of other hours', () => {
    const [other] = parseCalendars(
      {
        id: 'city',
        where: 'test',
        input: {
          name: 'a',
          firstYear: 2026,
          confirmedUntil: 2026,
          seasons: [
            { name: 'a', from: '01-01', to: '12-31', weekdays: [1, 2, 3, 4, 5], hours: ['08:00-12:00'] },
          ],
          exceptions: [{ date: '2026-03-03', hours: ['08:00-09:00'], why: 'Họp Hội đồng' }],
        },
      },
      [],
    ).map(compileCalendar)
    expect(hours('03-02T11:00', 3, 'vi', other)).toBe(
      '03 giờ làm việc từ 11:00 T2 02/03 → 09:00 T4 04/03: mỗi ngày 1 giờ trong 3 ngày làm việc T2-T4; ' +
        'giờ riêng 03/03: Họp Hội đồng',
    )
  })

  it('say the year where start and end are not in the same one', () => {
    expect(hours('2025-12-31T16:00', 2)).toBe(
      '02 giờ làm việc từ 16:00 T4 31/12/2025 → 08:30 T2 05/01/2026: 1 giờ T4, 1 giờ T2; ' +
        'nghỉ 01/01: Tết Dương lịch; nghỉ 02/01: Hoán đổi với 10/01 (12729/VPCP-KGVX ngày 25/12/2025)',
    )
  })

  it('of an office on duty day and night run on over weekend and Tết', () => {
    expect(hours('02-15T22:00', 8, 'vi', duty)).toBe(
      '08 giờ làm việc từ 22:00 CN 15/02 → 06:00 T2 16/02: 2 giờ CN, 6 giờ T2',
    )
  })

  it('leave seconds out where minutes add up, and tell them where they would not', () => {
    expect(hours('03-06T16:45:40', 8)).toBe(hours('03-06T16:45', 8))
    // By the minute it would be 17:00 of the same day.
    expect(hours('03-02T07:30:10', 8)).toBe(
      '08 giờ làm việc từ 07:30:10 T2 02/03 → 07:30:10 T3 03/03: 7 giờ 59 phút 50 giây T2, 10 giây T3',
    )
  })

  it('leave out what passed while the clock stood still, and say when that was (A9)', () => {
    const pauses: Pause[] = [
      { fromMs: local('03-02T10:00'), toMs: local('03-03T14:00') },
      { fromMs: local('03-20T10:00'), toMs: local('03-23T14:00') },
    ]
    const question = { startMs: local('03-02T08:00'), span: { minutes: 480 }, pauses }
    expect(explainedDue(city, question, 'vi')).toEqual({
      dueMs: local('03-04T10:30'),
      explanation:
        '08 giờ làm việc từ 08:00 T2 02/03 → 10:30 T4 04/03: 2 giờ T2, 3 giờ T3, 3 giờ T4; ' +
        'tạm dừng 10:00 T2 02/03 - 14:00 T3 03/03',
    })
  })

  it('always add up to what was asked for', () => {
    const start = fc.integer({ min: local('01-05T00:00'), max: local('10-01T00:00') })
    const pause = fc
      .tuple(start, fc.integer({ min: 0, max: 10 * 86_400_000 }))
      .map(([fromMs, length]) => ({ fromMs, toMs: fromMs + length }))
    fc.assert(
      fc.property(
        start,
        fc.integer({ min: 1, max: 6_000 }),
        fc.array(pause, { maxLength: 2 }),
        (startMs, minutes, pauses) => {
          const { dueMs, explanation } = explainedDue(city, { startMs, span: { minutes }, pauses }, 'vi')
          expect(dueMs).toBe(addWithPauses(city, startMs, minutes, pauses))
          const told = (/: (.*?)(;|$)/.exec(explanation.replace(/\d\d:\d\d(:\d\d)?/g, ''))?.[1] ?? '').split(
            ', ',
          )
          const seconds = told.map((part) => {
            const number = (unit: RegExp): number => Number(unit.exec(part)?.[1] ?? 0)
            const each = number(/(\d+) giờ/) * 3600 + number(/(\d+) phút/) * 60 + number(/(\d+) giây/)
            return each * Math.max(1, number(/trong (\d+) ngày/))
          })
          const sum = seconds.reduce((total, one) => total + one, 0)
          // Where seconds are told, each day is rounded to one.
          expect(Math.abs(sum - minutes * 60)).toBeLessThanOrEqual(explanation.includes('giây') ? 20 : 0)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('days', () => {
  it('leave out the first and are whole (A6)', () => {
    expect(days('03-06T16:45', 2)).toBe(
      '02 ngày làm việc từ 16:45 T6 06/03 → 17:00 T3 10/03: không tính ngày đầu T6, ngày 1 T2, ngày 2 T3',
    )
    expect(days('03-06T16:45', 1, 'en')).toBe(
      '01 working day from 16:45 Fri 06/03 → 17:00 Mon 09/03: first day Fri not counted, day 1 Mon',
    )
  })

  it('name what lies between, and of many only the first and the last', () => {
    expect(days('02-13T16:00', 2)).toBe(
      '02 ngày làm việc từ 16:00 T6 13/02 → 17:00 T3 24/02: ' +
        'không tính ngày đầu T6 13/02, ngày 1 T2 23/02, ngày 2 T3 24/02; nghỉ 16/02-20/02: Tết Nguyên đán',
    )
    expect(days('03-02T08:00', 20)).toBe(
      '20 ngày làm việc từ 08:00 T2 02/03 → 17:00 T2 30/03: ' +
        'không tính ngày đầu T2 02/03, ngày 1 T3 03/03 … ngày 20 T2 30/03',
    )
  })

  it('that end at midnight belong to the day before it', () => {
    const question = { startMs: local('03-06T16:45'), span: { days: 2 } }
    expect(explainedDue(duty, question, 'vi').explanation).toBe(
      '02 ngày làm việc từ 16:45 T6 06/03 → 00:00 T2 09/03: không tính ngày đầu T6, ngày 1 T7, ngày 2 CN',
    )
  })
})

it('writes a moment as people do', () => {
  expect(momentText(new Date('2026-03-06T09:45:59Z'))).toBe('16:45 T6 06/03')
})
