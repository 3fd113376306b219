import { type DuplicateReason } from './contract.ts'
import {
  comparePlaces,
  joinPlaces,
  type Place,
  type PlaceLikeness,
  placesInText,
  readPlace,
} from './place-policy.ts'
import { likenessOfWords, pairsOf, type Rarity } from './words-policy.ts'

/** A matter, as far as two of them are compared. */
export interface Matter {
  readonly title: string
  readonly content: string
  readonly place: string
  readonly areaId: string | null
  readonly fieldId: string | null
  /** E.164, of the reporter and of the call. */
  readonly phones: readonly string[]
}

/** A matter with its texts taken apart, once for all it is compared with. */
export interface ReadMatter extends Omit<Matter, 'title' | 'content' | 'place'> {
  readonly where: Place
  readonly pairs: readonly string[]
  /** The field was not chosen but guessed from the words. */
  readonly isFieldGuessed: boolean
}

export interface Likeness {
  /** From `LIKELY` on it is offered. */
  readonly score: number
  readonly reasons: readonly DuplicateReason[]
}

/** What is alike counts for, what differs against. The sums were set on the labelled reports of test/suggestions. */
const POINTS = {
  sameName: 32,
  sameNumber: 14,
  nearNumber: 6,
  farNumber: -24,
  sameAlley: 12,
  otherAlley: -26,
  elsewhere: -26,
  sameArea: 14,
  otherArea: -30,
  sameField: 20,
  guessedField: 18,
  otherField: -22,
  /** Times the share of words in common. */
  words: 50,
  /** Not a word in common, in texts that have some. */
  noWords: -24,
  /** The same while the field is not chosen: then there is less that could be alike. */
  noWordsYet: -8,
  sameCaller: 12,
} as const

/** Days, and what that age counts. */
const AGES = [
  [1, 8],
  [3, 5],
  [7, 2],
  [30, 0],
  [Number.POSITIVE_INFINITY, -8],
] as const
const DAY_MS = 86_400_000

/** Offered from here on. */
export const LIKELY = 50
/** Words shared from this share on are a reason of their own. */
const WORTH_SAYING = 0.15
const MOST_WORDS = 2
/** Below this a text is too short to say that nothing in it is alike. */
const ENOUGH_PAIRS = 3

export function readMatter(matter: Matter, guessField: (text: string) => string | null): ReadMatter {
  const { title, content, place, areaId, fieldId, phones } = matter
  const text = content.includes(title) ? content : `${title}\n${content}`
  const where = joinPlaces(readPlace(place), placesInText(text))
  // The place counts by itself; its words in the text would count it twice.
  const named = new Set(where.names.flatMap(({ key }) => pairsOf(key)))
  return {
    areaId,
    fieldId: fieldId ?? guessField(text),
    isFieldGuessed: fieldId === null,
    phones,
    where,
    pairs: pairsOf(text).filter((pair) => !named.has(pair)),
  }
}

/** How likely two cases are about one matter, and why, the strongest reason first. */
export function compareMatters(
  here: ReadMatter,
  there: ReadMatter,
  { ageMs, rarity }: { readonly ageMs: number; readonly rarity: Rarity },
): Likeness {
  const place = comparePlaces(here.where, there.where)
  const words = likenessOfWords(here.pairs, there.pairs, rarity)
  const isSameArea = here.areaId !== null && here.areaId === there.areaId
  const isSameField = here.fieldId !== null && here.fieldId === there.fieldId
  const isSameCaller = here.phones.some((phone) => there.phones.includes(phone))
  const isGuess = here.isFieldGuessed || there.isFieldGuessed
  // One matter is one thing at one place: neither alone makes a duplicate, however much of it there is.
  const isOneThing = isSameField || words.share >= 2 * WORTH_SAYING
  const isOnePlace = place.shared !== null || isSameArea || isSameCaller
  const score =
    !isOneThing || !isOnePlace
      ? 0
      : placePoints(place) +
        differing(here.areaId, there.areaId, POINTS.sameArea, POINTS.otherArea) +
        differing(
          here.fieldId,
          there.fieldId,
          isGuess ? POINTS.guessedField : POINTS.sameField,
          isGuess ? 0 : POINTS.otherField,
        ) +
        wordPoints(words.share, here, there) +
        (isSameCaller ? POINTS.sameCaller : 0) +
        agePoints(ageMs)
  const reasons: DuplicateReason[] = []
  if (place.shared !== null) {
    const at = place.number === 'same' ? 'number' : place.alley === 'same' ? 'alley' : 'street'
    reasons.push({ kind: at, name: place.shared.shown })
  } else if (isSameArea) reasons.push({ kind: 'area' })
  if (isSameField) reasons.push({ kind: 'field' })
  if (isSameCaller) reasons.push({ kind: 'caller' })
  if (words.share >= WORTH_SAYING) reasons.push({ kind: 'words', words: words.words.slice(0, MOST_WORDS) })
  return { score, reasons }
}

function placePoints({ shared, isElsewhere, number, alley }: PlaceLikeness): number {
  if (shared === null) return isElsewhere ? POINTS.elsewhere : 0
  const byNumber = { same: POINTS.sameNumber, near: POINTS.nearNumber, far: POINTS.farNumber, unknown: 0 }
  const byAlley = { same: POINTS.sameAlley, other: POINTS.otherAlley, unknown: 0 }
  return POINTS.sameName + byNumber[number] + byAlley[alley]
}

function wordPoints(share: number, here: ReadMatter, there: ReadMatter): number {
  if (share > 0) return Math.round(POINTS.words * share)
  if (Math.min(here.pairs.length, there.pairs.length) < ENOUGH_PAIRS) return 0
  return here.isFieldGuessed ? POINTS.noWordsYet : POINTS.noWords
}

/** Points where both are known. */
function differing(here: string | null, there: string | null, same: number, other: number): number {
  if (here === null || there === null) return 0
  return here === there ? same : other
}

function agePoints(ageMs: number): number {
  return AGES.find(([days]) => ageMs <= days * DAY_MS)?.[1] ?? 0
}
