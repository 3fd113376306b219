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
  // Each word is tried for an address, which takes longer than to see that there is none.
  const bare = text.includes('@')
    ? text.replace(/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu, COVER)
    : text
  return bare.replace(/\+?\d(?:[ .-]?\d){7,}/g, COVER)
}

/**
 * Covers a reporter's name, numbers, home and address of e-mail wherever they stand; other numbers, times and ids stay. More
 * than one set of facts: the reporter as known now, and as a paper has it.
 */
export function createReporterCover(...facts: readonly ReporterFacts[]) {
  // Worked out when the first text comes: most readers may see all of it, and every view asks for a cover.
  const ownNames = () => facts.flatMap((one) => knownOf(one).names)
  const isOwn = (number: string): boolean => facts.some((one) => knownOf(one).numbers.has(number))

  const text = (raw: string): string =>
    coverNames(raw, ownNames()).replace(/\+?\d(?:[ .()-]{0,2}\d){7,}/g, (found) =>
      isOwn(nationalDigits(found)) ? COVER : found,
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
    isOwnNumber: (number: string): boolean => isOwn(nationalDigits(number)),
  }
}

/** What texts are searched for. */
interface OwnWords {
  readonly names: readonly OwnName[]
  readonly numbers: ReadonlySet<string>
}

interface OwnName {
  readonly name: string
  /** As `foldText` has it. */
  readonly folded: string
}

/** One step of a case asks several times for covers of the very same facts: slip, each SMS, full text, view. */
const KNOWN = new WeakMap<ReporterFacts, OwnWords>()

function knownOf(facts: ReporterFacts): OwnWords {
  let known = KNOWN.get(facts)
  if (known === undefined) {
    known = { names: namesOf(facts), numbers: new Set(numbersOf(facts)) }
    KNOWN.set(facts, known)
  }
  return known
}

function commonStart(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return one.slice(0, length)
}

function namesOf(facts: ReporterFacts): OwnName[] {
  return [facts.reporterName, facts.reporterOrganisation, facts.reporterEmail, homeOf(facts)]
    .map((name) => (name ?? '').trim().normalize('NFC'))
    .filter((name) => Array.from(name).length >= SHORTEST_NAME)
    .map((name) => ({ name, folded: foldText(name) }))
}

/** The reporter's house. Not a mere street, and not where the unit has to go: it must read that. */
function homeOf({ reporterAddress, place = '' }: ReporterFacts): string | null {
  const home = (reporterAddress ?? '').trim()
  if (!/\d/.test(home) || home.length < SHORTEST_HOME || place.trim() === '') return null
  return foldText(place.normalize('NFC')).includes(foldText(home.normalize('NFC'))) ? null : home
}

function numbersOf({ reporterPhone, phoneE164, callerE164 }: ReporterFacts): string[] {
  return [reporterPhone, phoneE164, callerE164].map(nationalDigits).filter((own) => own !== '')
}

/** One letter is no name: it would cover half of every text. */
const SHORTEST_NAME = 3
const SHORTEST_HOME = 8

/** As it is compared: each character by itself, so that places in both texts agree. Of texts in NFC, like all here. */
function foldChars(text: string): string[] {
  return Array.from(text, foldChar)
}

/** The same in one piece. */
function foldText(text: string): string {
  let folded = ''
  for (const character of text) folded += foldChar(character)
  return folded
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

function coverNames(raw: string, names: readonly OwnName[]): string {
  const whole = raw.normalize('NFC')
  // Hardly any text has one, and what is no part of the whole is found at no place in it.
  const text = foldText(whole)
  const found = names.filter((name) => text.includes(name.folded))
  if (found.length === 0) return whole
  const characters = Array.from(whole)
  const folded = foldChars(whole)
  const isWordPart = (at: number): boolean => /[\p{L}\p{N}]/u.test(folded[at] ?? '')
  for (const { name: own } of found) {
    const name = foldChars(own)
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
