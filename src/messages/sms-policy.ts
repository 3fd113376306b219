import { stripMarks } from '../platform/vietnamese-text.ts'

/** GSM 03.38 basic alphabet: one septet each. */
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Its extension table: two septets each. */
const GSM_EXTENDED = new Set('\f^{}\\[~]|€')

/** Stands where something personal is covered. */
const COVER = '•••'

/** Of the basic alphabet, what foldSms leaves as it is; most of every message. */
const PLAIN = /^[A-Za-z0-9 .,:;!?'"()/+*=_-]*$/

/** Vietnamese mobile prefixes after the leading 0. libphonenumber takes old landlines (031…) and old 11-digit mobiles for mobile. */
const MOBILE = /^(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}$/

export interface SmsSize {
  readonly encoding: 'gsm7' | 'ucs2'
  /** Septets or UTF-16 units. */
  readonly units: number
  readonly segments: number
}

/** How many parts a text costs: 160/153 septets, or 70/67 units once a single character is outside GSM-7. */
export function sizeSms(text: string): SmsSize {
  if (PLAIN.test(text))
    return { encoding: 'gsm7', units: text.length, segments: partsOf(text.length, 160, 153) }
  const characters = Array.from(text.normalize('NFC'))
  const septets = characters.map((character) => (GSM_EXTENDED.has(character) ? 2 : 1))
  if (characters.every((character) => GSM_BASIC.has(character) || GSM_EXTENDED.has(character)))
    return { encoding: 'gsm7', ...pack(septets, 160, 153) }
  const units = characters.map((character) => character.length)
  return { encoding: 'ucs2', ...pack(units, 70, 67) }
}

/** GSM-7 without marks; what carriers here often refuse (regulation.md 6.1) is said in words or left out. */
export function foldSms(text: string): string {
  const bare = withoutCovers(stripMarks(text.normalize('NFC')))
  if (PLAIN.test(bare)) return bare.replace(/ {2,}/g, ' ').trim()
  return bare
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u2018\u2019\u201a\u2032`´]/g, "'")
    .replace(/[\u201c-\u201e\u2033«»]/g, '"')
    .replace(/\u2026/g, '...')
    .replace(/\s*&\s*/g, ' va ')
    .replace(/\s*%/g, ' phan tram')
    .replace(/[[{<]/g, '(')
    .replace(/[\]}>]/g, ')')
    .replace(/[#\\@^~|€]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/./gu, (character) => (GSM_BASIC.has(character) ? character : ''))
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** What was covered (Đ12.2) goes with the commas and brackets that stood around it: the alphabet has no sign for it. */
function withoutCovers(text: string): string {
  if (!text.includes(COVER)) return text
  const rest = text
    .replaceAll(`(${COVER})`, COVER)
    .replace(/[\s,;]*•••/g, '')
    .replace(/\(\s*[,;]\s*/g, '(')
  return text.trimStart().startsWith(COVER) ? rest.replace(/^[\s,;:.]+/, '') : rest
}

/** E.164 of a Vietnamese mobile number however it is written; undefined for landlines, short codes and everything else. */
export function vietnamMobile(written: string): string | undefined {
  const digits = written.normalize('NFKC').replace(/[\s.\-()]/g, '')
  const national = /^(?:\+84|0084|84|0)(\d+)$/.exec(digits)?.[1]
  return national !== undefined && MOBILE.test(national) ? `+84${national}` : undefined
}

/** Cuts at a word's end. A single word that is too long is cut where it must be. */
export function cutAtWord(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const cut = text.slice(0, maxLength + 1)
  const space = cut.lastIndexOf(' ')
  return (space > 0 ? cut.slice(0, space) : text.slice(0, maxLength)).replace(/[\s,;:.(-]+$/, '')
}

/**
 * A place keeps number and street or goes ("12" is nowhere): the last part between commas has two words at least, one of them no
 * number. Of a field and a place ("Chieu sang, 12 Lach Tray") the street alone says more than the field alone.
 */
export function cutMatter(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const parts = text.split(', ')
  const kept = (from: number): string => {
    const cut = cutAtWord(parts.slice(from).join(', '), maxLength)
    const last = cut.split(', ').at(-1) ?? ''
    return last === cut || parts.includes(last) || isTelling(last)
      ? cut
      : cut.slice(0, Math.max(0, cut.length - last.length - 2))
  }
  const [whole, street] = [kept(0), kept(1)]
  const hasPlace = whole.includes(', ')
  return hasPlace || !isTelling(street) ? whole : street
}

/** The same of a place alone. */
export function cutPlace(text: string, maxLength: number): string {
  const cut = cutAtWord(text, maxLength)
  const last = cut.split(', ').at(-1) ?? ''
  return cut === text || isTelling(last) ? cut : cut.slice(0, Math.max(0, cut.length - last.length - 2))
}

function isTelling(part: string): boolean {
  const words = part.split(' ')
  return words.length > 1 && words.some((word) => /^[^\d]/.test(word))
}

/** Where every character is one unit. */
function partsOf(units: number, single: number, part: number): number {
  return units <= single ? Math.min(units, 1) : Math.ceil(units / part)
}

/** A character is never split over two parts, so parts are filled one character at a time. */
function pack(sizes: readonly number[], single: number, part: number): { units: number; segments: number } {
  const units = sizes.reduce((sum, size) => sum + size, 0)
  if (units <= single) return { units, segments: units === 0 ? 0 : 1 }
  let segments = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > part) {
      segments += 1
      used = 0
    }
    used += size
  }
  return { units, segments }
}
