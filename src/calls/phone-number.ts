import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { CallNumber, NumberKind } from './contract.ts'

const RAW_LENGTH = 64
/** Words that networks and phones send in place of a number. */
const ANONYMOUS = new Set([
  '',
  'anonymous',
  'unknown',
  'restricted',
  'unavailable',
  'private',
  'withheld',
  'asterisk',
  's',
])
/** Mobile prefixes in force since the 11-digit ones ended in 2018; the library still takes some dead ones for valid. */
const MOBILE = /^0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}$/
/** Landlines since 2017: 02 + area + number, 11 digits in all. */
const LANDLINE = /^02\d{9}$/
/** Networks of army and police, the whole country over. */
const FORCES = /^069\d{5,8}$/
/** Free-phone and premium numbers. */
const SERVICE = /^1[89]00\d{4,6}$/
const SHORT = /^\d{3,5}$/

/** Reads a caller id or a typed number by Vietnamese rules. Never throws; what cannot be dialled back has `e164: null`. */
export function parseNumber(input: string | null | undefined, areaCode: string): CallNumber {
  const raw = clean(input ?? '')
  if (ANONYMOUS.has(raw.toLowerCase())) return { raw, e164: null, display: '', kind: 'anonymous' }
  const compact = raw.replace(/[\s.()/-]/g, '')
  if (!/^\+?\d{2,20}$/.test(compact)) return { raw, e164: null, display: raw, kind: 'unknown' }
  const digits = nationalDigits(compact, areaCode)
  if (digits === undefined) return foreign(raw, compact.replace(/^00/, '+'))
  if (SHORT.test(digits)) return { raw, e164: digits, display: digits, kind: 'short' }
  if (SERVICE.test(digits)) return { raw, e164: digits, display: groupService(digits), kind: 'service' }
  if (digits === `0${areaCode}1022`)
    return { raw, e164: `+84${areaCode}1022`, display: `0${areaCode} 1022`, kind: 'service' }
  if (MOBILE.test(digits)) return national(raw, digits, 'mobile', [4, 3, 3])
  // Two-digit area codes are Hà Nội (024) and Hồ Chí Minh City (028); all others have three.
  if (LANDLINE.test(digits)) {
    return national(raw, digits, 'landline', /^02[48]/.test(digits) ? [3, 4, 4] : [4, 4, 3])
  }
  if (FORCES.test(digits)) return national(raw, digits, 'landline', [3, 3, digits.length - 6])
  return { raw, e164: null, display: raw, kind: 'unknown' }
}

/** Digits with the national 0, or undefined for a number of another country. */
function nationalDigits(compact: string, areaCode: string): string | undefined {
  const international = compact.replace(/^00/, '+')
  if (international.startsWith('+84')) return `0${international.slice(3).replace(/^0/, '')}`
  if (international.startsWith('+')) return undefined
  if (/^84\d{9,10}$/.test(international)) return `0${international.slice(2)}`
  // Some trunks drop the national 0.
  if (/^[35789]\d{8}$/.test(international)) return `0${international}`
  if (/^[2-9]\d{6}$/.test(international)) return `0${areaCode}${international}`
  return international
}

function foreign(raw: string, international: string): CallNumber {
  const parsed = parsePhoneNumberFromString(international)
  if (parsed?.isValid() !== true) return { raw, e164: null, display: raw, kind: 'unknown' }
  return { raw, e164: parsed.number, display: parsed.formatInternational(), kind: 'foreign' }
}

function national(raw: string, digits: string, kind: NumberKind, groups: readonly number[]): CallNumber {
  return { raw, e164: `+84${digits.slice(1)}`, display: group(digits, groups), kind }
}

function groupService(digits: string): string {
  return group(digits, [4, digits.length - 4])
}

function group(digits: string, sizes: readonly number[]): string {
  const parts: string[] = []
  let from = 0
  for (const size of sizes) {
    parts.push(digits.slice(from, from + size))
    from += size
  }
  return parts.join(' ')
}

function clean(input: string): string {
  return input
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\uFFFD]/gu, '')
    .trim()
    .slice(0, RAW_LENGTH)
}
