import { type Person } from '../accounts/contract.ts'
import { type Directory } from '../agencies/contract.ts'
import { type AgencyDirectory } from '../agencies/service.ts'
import { type AlikeCase, type TicketsService } from '../tickets/service.ts'
import { areaFinder } from './area-policy.ts'
import {
  type AskSuggestions,
  type Duplicate,
  type DuplicateReason,
  type Suggestions,
  type UnitSuggestion,
} from './contract.ts'
import { compareMatters, LIKELY, readMatter, type ReadMatter } from './duplicate-policy.ts'
import { fieldGuesser } from './field-policy.ts'
import { phraseOf } from './place-policy.ts'
import { asWritten, type Rarity, rareWords, rarityOf } from './words-policy.ts'

export interface SuggestionPorts {
  readonly now: () => Date
  readonly directory: Pick<AgencyDirectory, 'directory' | 'unit' | 'successorOf' | 'suggest' | 'ruleFor'>
  readonly cases: Pick<TicketsService, 'alike' | 'recentTexts'>
}

export type SuggestionsService = ReturnType<typeof createSuggestions>

const MOST_DUPLICATES = 3
/** Words by which earlier cases are looked for. */
const MOST_PHRASES = 6
/** An answered case is offered for so long: told again within it, it is likely the same (FixMyStreet #2839). */
const ANSWERED_DAYS = 14
const DAY_MS = 86_400_000
/** What is rare changes slowly. */
const RARITY_FOR_MS = 10 * 60_000
const SAMPLE = 1500

/** Likely duplicates and the unit in charge, while the citizen is still talking (Đ4.5, Đ13.1; R023, R080). */
export function createSuggestions({ now, directory, cases }: SuggestionPorts) {
  /** Prepared anew when the directory has another day or was changed. */
  let prepared: { readonly from: Directory; readonly guess: Guesser } | null = null
  const guesser = (): Guesser => {
    const from = directory.directory()
    if (prepared?.from.categories !== from.categories) prepared = { from, guess: guesserOf(from) }
    return prepared.guess
  }
  let rarity: { readonly known: Rarity; readonly untilMs: number } | null = null

  const rarityNow = (): Rarity => {
    const nowMs = now().getTime()
    if (rarity === null || nowMs >= rarity.untilMs)
      rarity = { known: rarityOf(cases.recentTexts(SAMPLE)), untilMs: nowMs + RARITY_FOR_MS }
    return rarity.known
  }

  const fieldOf = (text: string): string | null => guesser().fields(text)[0]?.fieldId ?? null

  /** Whoever types on compares with the same cases again and again. */
  const reader = keepRead((one) => readMatter(one, fieldOf))

  const duplicatesOf = (asked: AskSuggestions, areaId: string | null, viewer: Person): Duplicate[] => {
    const known = rarityNow()
    const { content, title, place, fieldId } = asked
    const draft = readMatter({ title, content, place, areaId, fieldId, phones: [] }, fieldOf)
    const nowMs = now().getTime()
    const { phones, items } = cases.alike(
      {
        code: asked.code,
        phone: asked.phone,
        names: draft.where.names.map(phraseOf),
        words: rareWords(draft.pairs, known, MOST_PHRASES),
        areaId,
        answeredSince: new Date(nowMs - ANSWERED_DAYS * DAY_MS).toISOString(),
      },
      viewer,
    )
    const here = { ...draft, phones }
    return items
      .map((one) => ({
        one,
        ...compareMatters(here, reader(one), {
          ageMs: Math.max(0, nowMs - Date.parse(one.receivedAt ?? one.createdAt)),
          rarity: known,
        }),
      }))
      .filter(({ score }) => score >= LIKELY)
      .sort((a, b) => b.score - a.score || b.one.createdAt.localeCompare(a.one.createdAt))
      .slice(0, MOST_DUPLICATES)
      .map(({ one, score, reasons }) => ({
        ...shown(one),
        score,
        reasons: reasons.map((reason) => inWordsOf(one, reason)),
      }))
  }

  const shown = (one: AlikeCase): Omit<Duplicate, 'score' | 'reasons'> => ({
    code: one.code,
    title: one.title,
    place: one.place,
    areaId: one.areaId,
    state: one.state,
    createdAt: one.createdAt,
    dueAt: one.dueAt,
    unitName: one.unitId === null ? null : (directory.unit(one.unitId)?.name ?? one.unitId),
    canMerge: one.canMerge,
  })

  const unitsFor = (matter: Pick<UnitSuggestion, 'fieldId' | 'areaId' | 'isGuess'>): UnitSuggestion[] => {
    const rule = directory.ruleFor(matter)
    const isOfPlace = rule !== null && rule.areaId !== null
    const named = (rule?.unitIds ?? []).flatMap((id) => directory.successorOf(id)?.id ?? [])
    const isLocal = rule?.unitIds.includes(LOCAL_UNIT) === true
    return directory.suggest(matter).map((unitId) => ({
      ...matter,
      unitId,
      rule: !named.includes(unitId) ? (isLocal ? 'fieldOfArea' : 'area') : isOfPlace ? 'fieldHere' : 'field',
    }))
  }

  return {
    /** Of what is typed so far. Throws TICKET_NOT_FOUND for a code that is not the viewer's to write. */
    suggest(asked: AskSuggestions, viewer: Person): Suggestions {
      const text = `${asked.title}\n${asked.content}`
      const fields = asked.fieldId === null ? guesser().fields(text) : []
      const area = asked.areaId === null ? guesser().area(`${asked.place}\n${text}`) : null
      const areaId = asked.areaId ?? area?.areaId ?? null
      const fieldId = asked.fieldId ?? fields[0]?.fieldId ?? null
      return {
        duplicates: duplicatesOf(asked, areaId, viewer),
        units: unitsFor({ fieldId, areaId, isGuess: fieldId !== asked.fieldId || areaId !== asked.areaId }),
        fields: fields.map((guess) => ({ fieldId: guess.fieldId, words: [...guess.words] })),
        area,
      }
    },
  }
}

type Guesser = ReturnType<typeof guesserOf>

function guesserOf({ categories, areas }: Directory) {
  const fields = categories.flatMap((category) => category.fields)
  return {
    fields: fieldGuesser(
      fields.map(({ id, name, keywords = [] }) => ({ fieldId: id, words: [name, ...keywords] })),
    ),
    area: areaFinder(areas),
  }
}

function inWordsOf({ title, content }: AlikeCase, reason: DuplicateReason): DuplicateReason {
  if (reason.kind !== 'words') return reason
  return { kind: 'words', words: reason.words.map((pair) => asWritten(pair, `${content}\n${title}`)) }
}

/** Reads each version of a case once; forgets the longest unused beyond a few thousand. */
function keepRead(read: (one: AlikeCase) => ReadMatter): (one: AlikeCase) => ReadMatter {
  const kept = new Map<string, ReadMatter>()
  return (one) => {
    const key = `${one.code} ${String(one.version)}`
    const matter = kept.get(key) ?? read(one)
    kept.delete(key)
    kept.set(key, matter)
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return matter
  }
}

/** Some hundred cases for each of the desks that type at one time. */
const MOST_KEPT = 4000

/** As in the directory: the field is the business of the ward, commune or special zone itself. */
const LOCAL_UNIT = '@area'
