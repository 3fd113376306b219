import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { tickets } from './tables.ts'
import { type Ticket } from './ticket.ts'
import { type CaseScope } from './visibility-policy.ts'
import { CASE_SEARCH, scopeConditions } from './visibility-store.ts'

/** By what earlier cases are looked for that may be about the same matter. */
export interface AlikeFilter {
  readonly scope: CaseScope
  readonly training: boolean
  /** Folded syllables: names of places, and rare words. */
  readonly names: readonly string[]
  readonly words: readonly string[]
  readonly areaId: string | null
  /** E.164. */
  readonly phones: readonly string[]
  readonly states: readonly Ticket['state'][]
}

/** Newest of each kind of trace; together they bound what is compared, however many cases there are. */
const BY_NAME = 80
const BY_WORDS = 80
const BY_AREA = 40
const BY_PHONE = 10
/**
 * Newest cases in which words are looked for: some months of a city. What is still open longer is found by its place, its area
 * or its reporter.
 */
const WORDS_AMONG = 60_000

/** Candidates for duplicates. Whole rows of cases whose words the scope may search; nothing of the others. */
export function createAlikeReads({ orm, raw }: Db, catchUp: () => void) {
  const newest = raw.prepare('SELECT max(id) FROM tickets').pluck()
  const texts = raw.prepare('SELECT folded FROM case_search ORDER BY rowid DESC LIMIT ?').pluck()

  const inText = (phrases: readonly string[], oldestId: number, limit: number): SQL | null => {
    const expression = phrases
      .map((phrase) => phrase.replace(/[^a-z0-9 ]/g, '').trim())
      .filter((phrase) => phrase !== '')
      .map((phrase) => `"${phrase}"`)
      .join(' OR ')
    if (expression === '') return null
    return sql`SELECT rowid AS id FROM ${CASE_SEARCH} WHERE ${CASE_SEARCH} MATCH ${`folded : (${expression})`}
      AND rowid >= ${oldestId} ORDER BY rowid DESC LIMIT ${limit}`
  }
  const byPhone = (phones: readonly string[]): (SQL | null)[] =>
    phones.flatMap((phone) =>
      [tickets.phoneE164, tickets.callerE164].map(
        (column) => sql`SELECT id FROM tickets WHERE ${column} = ${phone} ORDER BY id DESC LIMIT ${BY_PHONE}`,
      ),
    )

  return {
    alike(filter: AlikeFilter): Ticket[] {
      catchUp()
      const last = Number(newest.get() ?? 0)
      const { whole, caseWords } = scopeConditions(filter.scope)
      const sources = [
        inText(filter.names, 0, BY_NAME),
        inText(filter.words, last - WORDS_AMONG, BY_WORDS),
        filter.areaId === null
          ? null
          : sql`SELECT id FROM tickets WHERE area_id = ${filter.areaId} AND id > ${last - BY_AREA * 40}
              ORDER BY id DESC LIMIT ${BY_AREA}`,
        ...byPhone(filter.phones),
      ].filter((source) => source !== null)
      if (sources.length === 0) return []
      const ids = [
        ...new Set(sources.flatMap((source) => orm.all<{ id: number }>(source).map(({ id }) => id))),
      ]
      return orm
        .select()
        .from(tickets)
        .where(
          and(
            inArray(tickets.id, ids),
            eq(tickets.training, filter.training),
            inArray(tickets.state, [...filter.states]),
            whole ?? caseWords,
          ),
        )
        .orderBy(desc(tickets.id))
        .all() as Ticket[]
    },

    /** Folded texts of the newest cases: what is rare. */
    recentTexts: (limit: number): string[] => texts.all(limit) as string[],
  }
}
