import { foldVietnamese } from '../platform/vietnamese-text.ts'

/** Stands where something is covered. */
const COVER = '•••'

/** What would tell who reports. */
export interface ReporterFacts {
  readonly reporterName: string
  readonly reporterOrganisation: string | null
  readonly reporterPhone: string | null
  readonly reporterEmail: string | null
  readonly phoneE164: string | null
  readonly callerE164: string | null
  readonly reporterAddress?: string | null
  /** Where the matter is. */
  readonly place?: string
}

/** Covers every telephone number and e-mail address of a free text (Đ12.2). */
export function coverContacts(text: string): string {
  return text
    .replace(/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu, COVER)
    .replace(/\+?\d(?:[ .-]?\d){7,}/g, COVER)
}

/**
 * Covers a reporter's name, numbers, home and address of e-mail wherever they stand; other numbers, times and ids stay. More
 * than one set of facts: the reporter as known now, and as a paper has it.
 */
export function createReporterCover(...facts: readonly ReporterFacts[]) {
  // Worked out when the first text comes: most readers may see all of it, and every view asks for a cover.
  let known: { readonly names: readonly string[][]; readonly numbers: ReadonlySet<string> } | undefined
  const own = () =>
    (known ??= {
      names: facts.flatMap(namesOf),
      numbers: new Set(facts.flatMap(numbersOf)),
    })

  const text = (raw: string): string =>
    coverNames(raw, own().names).replace(/\+?\d(?:[ .()-]{0,2}\d){7,}/g, (found) =>
      own().numbers.has(nationalDigits(found)) ? COVER : found,
    )

  /** Of a value of the history: every text in it; what is called `reporter` goes whole. */
  const value = (raw: unknown): unknown => {
    if (typeof raw === 'string') return text(raw)
    if (Array.isArray(raw)) return raw.map(value)
    if (raw === null || typeof raw !== 'object') return raw
    return Object.fromEntries(
      Object.entries(raw).map(([key, inner]) => [key, key === 'reporter' ? null : value(inner)]),
    )
  }

  const freeText = (raw: string): string => coverContacts(text(raw))

  return {
    text,
    value,
    freeText,
    /** A title that is the first words of the content may end in the middle of a name, where no cover knows it: it ends before. */
    headline: (title: string, content: string): string => {
      const covered = freeText(title)
      const bare = title.normalize('NFC').trim().replace(/…$/, '')
      const whole = content.normalize('NFC').trim()
      if (bare === '' || !whole.startsWith(bare)) return covered
      const [start, full] = [freeText(bare), freeText(whole)]
      return full.startsWith(start) ? covered : `${commonStart(start, full).trimEnd()}…`
    },
    isOwnNumber: (number: string): boolean => own().numbers.has(nationalDigits(number)),
  }
}

function commonStart(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return one.slice(0, length)
}

function namesOf(facts: ReporterFacts): string[][] {
  return [facts.reporterName, facts.reporterOrganisation, facts.reporterEmail, homeOf(facts)]
    .map((name) => foldChars((name ?? '').trim()))
    .filter((name) => name.length >= SHORTEST_NAME)
}

/** The reporter's house. Not a mere street, and not where the unit has to go: it must read that. */
function homeOf({ reporterAddress, place = '' }: ReporterFacts): string | null {
  const home = (reporterAddress ?? '').trim()
  if (!/\d/.test(home) || home.length < SHORTEST_HOME || place.trim() === '') return null
  return foldChars(place).join('').includes(foldChars(home).join('')) ? null : home
}

function numbersOf({ reporterPhone, phoneE164, callerE164 }: ReporterFacts): string[] {
  return [reporterPhone, phoneE164, callerE164].map(nationalDigits).filter((own) => own !== '')
}

/** One letter is no name: it would cover half of every text. */
const SHORTEST_NAME = 3
const SHORTEST_HOME = 8

/** As it is compared: each character by itself, so that places in both texts agree. */
function foldChars(text: string): string[] {
  return Array.from(text.normalize('NFC'), foldChar)
}

/** Texts of a city are made of the same few hundred characters. */
const FOLDED = new Map<string, string>()
const MOST_FOLDED = 4_096

function foldChar(character: string): string {
  const known = FOLDED.get(character)
  if (known !== undefined) return known
  const whole = foldVietnamese(character)
  const folded = whole.length === 1 ? whole : character.toLowerCase()
  if (FOLDED.size < MOST_FOLDED) FOLDED.set(character, folded)
  return folded
}

function coverNames(raw: string, names: readonly (readonly string[])[]): string {
  const characters = Array.from(raw.normalize('NFC'))
  const folded = foldChars(raw)
  const isWordPart = (at: number): boolean => /[\p{L}\p{N}]/u.test(folded[at] ?? '')
  for (const name of names) {
    for (let at = 0; at + name.length <= folded.length; at += 1) {
      if (!name.every((character, offset) => folded[at + offset] === character)) continue
      if (isWordPart(at - 1) || isWordPart(at + name.length)) continue
      characters.splice(at, name.length, COVER)
      folded.splice(at, name.length, COVER)
    }
  }
  return characters.join('')
}

/** "+84 950 000 777" and "0950 000 777" are one number. */
function nationalDigits(number: string | null): string {
  return (number ?? '').replace(/\D/g, '').replace(/^(?:84|0)/, '')
}
