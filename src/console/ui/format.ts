import { LIST_BOUND } from './list-bound.ts'
import { t } from '../i18n/translate.ts'
import { language } from '../state/preferences.ts'

const DAY_MS = 86_400_000
/** Vietnam has had one offset since 1975 and no summer time; an Intl formatter per row and second would cost the page its frames. */
const OFFSET_MS = 7 * 3_600_000

/** 65 → "1:05", 3725 → "1:02:05". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const [hours = 0, minutes = 0, rest = 0] = parts
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${String(hours)}:${two(minutes)}:${two(rest)}` : `${String(minutes)}:${two(rest)}`
}

/** Seconds from an ISO time until `nowMs`, never negative. */
export function secondsSince(iso: string, nowMs: number): number {
  return Math.max(0, (nowMs - Date.parse(iso)) / 1_000)
}

/** "16:45" today, "16:45, T6 06/03" within the year, with the year before that; in the city's time. */
export function moment(iso: string, nowMs: number): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  const local = new Date(date.getTime() + OFFSET_MS)
  const time = `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`
  if (dayOf(date.getTime()) === dayOf(nowMs)) return time
  return `${time}, ${dayText(date, nowMs)}`
}

/** "16:45:09" in the city's time: where seconds matter. */
export function timeOfDay(iso: string): string {
  const local = new Date(Date.parse(iso) + OFFSET_MS)
  if (Number.isNaN(local.getTime())) return ''
  return [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(pad).join(':')
}

/** "2026-03-06", as a date field has it, of the city's day. */
export function dayKey(iso: string): string {
  return new Date(Date.parse(iso) + OFFSET_MS).toISOString().slice(0, 10)
}

/** "T6 06/03", with the year when it is not this one. */
export function dayText(date: Date, nowMs: number): string {
  const local = new Date(date.getTime() + OFFSET_MS)
  const weekday = t(`weekday.${String(local.getUTCDay()) as '0'}`)
  const day = `${pad(local.getUTCDate())}/${pad(local.getUTCMonth() + 1)}`
  const sameYear = local.getUTCFullYear() === new Date(nowMs + OFFSET_MS).getUTCFullYear()
  return sameYear ? `${weekday} ${day}` : `${weekday} ${day}/${String(local.getUTCFullYear())}`
}

/** "Thứ Hai, 09/03/2026" of "2026-03-09", with the time of day of "2026-03-09T16:45"; null for what is no date yet. */
export function longDay(local: string): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}))?/.exec(local)
  if (parts === null) return null
  const [, year = '', month = '', day = '', time] = parts
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  // A year that is still being typed is none yet.
  if (Number(year) < 1900 || at.getUTCDate() !== Number(day)) return null
  const words = `${t(`weekdayLong.${String(at.getUTCDay()) as '0'}`)}, ${day}/${month}/${year}`
  return time === undefined ? words : `${time}, ${words}`
}

/** "còn 2 giờ 10 phút" or "quá 3 ngày": calendar time; working time is the server's to count. */
export function span(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60)
  if (minutes < 60) return t('span.minutes', { minutes })
  if (minutes < 60 * 24) return t('span.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
  return t('span.days', { days: Math.floor(minutes / 1_440) })
}

/** "1,4 MB" with the language's decimal sign. */
export function size(bytes: number): string {
  const locale = language.value === 'vi' ? 'vi-VN' : 'en-GB'
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1_000)).toLocaleString(locale)} kB`
  return `${(bytes / 1_000_000).toLocaleString(locale, { maximumFractionDigits: 1 })} MB`
}

/** "1.000". */
export function countText(count: number): string {
  return count.toLocaleString(language.value === 'vi' ? 'vi-VN' : 'en-GB')
}

/** "hơn 1.000". */
export function moreThan(count: number): string {
  return t('count.moreThan', { count: countText(count) })
}

/** A count that was taken up to LIST_BOUND only. */
export function boundedCount(count: number): string {
  return count > LIST_BOUND ? moreThan(LIST_BOUND) : String(count)
}

/** Lower case, no marks, đ as d, so that `duong` finds "Đường". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
}

/** What a dialling field may hold, down to what the PBX takes: digits, one leading plus, star and hash. */
export function dialable(text: string): string {
  return text.replace(/[^\d+*#]/g, '').replace(/(?!^)\+/g, '')
}

function dayOf(ms: number): number {
  return Math.floor((ms + OFFSET_MS) / DAY_MS)
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
