export const LANGUAGES = ['vi', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** Days of a calendar that are not as its season says. */
export type SpecialKind = 'off' | 'worked' | 'changed'

/** What an explanation says, by language. Arguments are ready-made words, but for numbers. */
export interface Words {
  /** From Sunday on. */
  readonly weekdays: readonly string[]
  /** Milliseconds of working time: "7 giờ 45 phút". */
  readonly time: (ms: number) => string
  /** Minutes as the regulation writes an allowance: "08 giờ làm việc". */
  readonly workingTime: (minutes: number) => string
  readonly workingDays: (days: number) => string
  readonly from: (amount: string, start: string) => string
  readonly eachDay: (time: string, days: number, first: string, last: string) => string
  readonly firstDay: (day: string) => string
  readonly dayNumber: (number: number, day: string) => string
  readonly paused: (from: string, to: string) => string
  readonly special: Readonly<Record<SpecialKind, (dates: string, why: string) => string>>
}

export const WORDS: Readonly<Record<Language, Words>> = {
  vi: {
    weekdays: ['CN', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'],
    time: (ms) => timeWords(ms, ['giờ', 'phút', 'giây']),
    workingTime: (minutes) => `${allowance(minutes, ['giờ', 'phút', 'giây'])} làm việc`,
    workingDays: (days) => `${two(days)} ngày làm việc`,
    from: (amount, start) => `${amount} từ ${start}`,
    eachDay: (time, days, first, last) =>
      `mỗi ngày ${time} trong ${String(days)} ngày làm việc ${first}-${last}`,
    firstDay: (day) => `không tính ngày đầu ${day}`,
    dayNumber: (number, day) => `ngày ${String(number)} ${day}`,
    paused: (from, to) => `tạm dừng ${from} - ${to}`,
    special: {
      off: (dates, why) => `nghỉ ${dates}: ${why}`,
      worked: (dates, why) => `làm việc ${dates}: ${why}`,
      changed: (dates, why) => `giờ riêng ${dates}: ${why}`,
    },
  },
  en: {
    weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
    time: (ms) => timeWords(ms, ['h', 'min', 's']),
    workingTime: (minutes) =>
      minutes % 60 === 0
        ? `${two(minutes / 60)} working ${minutes === 60 ? 'hour' : 'hours'}`
        : `${allowance(minutes, ['h', 'min', 's'])} of working time`,
    workingDays: (days) => `${two(days)} working ${days === 1 ? 'day' : 'days'}`,
    from: (amount, start) => `${amount} from ${start}`,
    eachDay: (time, days, first, last) => `${time} on each of ${String(days)} working days ${first}-${last}`,
    firstDay: (day) => `first day ${day} not counted`,
    dayNumber: (number, day) => `day ${String(number)} ${day}`,
    paused: (from, to) => `paused ${from} - ${to}`,
    special: {
      off: (dates, why) => `off ${dates}: ${why}`,
      worked: (dates, why) => `worked ${dates}: ${why}`,
      changed: (dates, why) => `other hours ${dates}: ${why}`,
    },
  },
}

type Units = readonly [hour: string, minute: string, second: string]

/** The regulation pads whole hours: "08 giờ làm việc" (Đ9.3). */
function allowance(minutes: number, units: Units): string {
  return minutes % 60 === 0 && minutes > 0
    ? `${two(minutes / 60)} ${units[0]}`
    : timeWords(minutes * 60_000, units)
}

/** Hours, minutes and seconds, leaving out what is nought. */
function timeWords(ms: number, [hour, minute, second]: Units): string {
  const seconds = Math.round(ms / 1_000)
  const parts = [
    [Math.floor(seconds / 3_600), hour],
    [Math.floor(seconds / 60) % 60, minute],
    [seconds % 60, second],
  ] as const
  const told = parts.filter(([value]) => value > 0).map(([value, unit]) => `${String(value)} ${unit}`)
  return told.length === 0 ? `0 ${minute}` : told.join(' ')
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
