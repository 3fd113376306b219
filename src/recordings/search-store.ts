import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { LIST_WINDOW } from '../platform/list-bound.ts'
import { numberForms } from '../platform/number-forms-policy.ts'
import type { RecordingFilter, SearchTerm } from './search-policy.ts'

/*
 * Among a million recordings each search walks one index from the newest on, holds what it meets against the rest of what is asked, and
 * stops after LIST_WINDOW that fit or after so many that were looked at. INDEXED BY says which index: the planner knows nothing of how
 * many calls an operator took or how many cases a unit had (nobody runs ANALYZE while phones ring).
 */
const MOST_MATCHES = 3_000
const MOST_CALLS = 2_500
const MOST_CASES = 3_000
const MOST_RECORDINGS = 50_000

/** Ids grow with the time but for what was made up for late: by as many at most (list-store.ts of the cases). */
const OUT_OF_ORDER = 1_000
const DAY_MS = 86_400_000

export interface FoundRecordings {
  /** The newest first, LIST_WINDOW at most. */
  readonly ids: readonly number[]
  /** Only so many were looked at; there may be older ones. */
  readonly isCut: boolean
}

/** What leads to recordings. */
interface Walk {
  /** Rows that each stand for recordings, the newest first, when it is told how many and from which on. */
  readonly rows: (limit: number, offset?: number) => SQL
  /** So many of them are looked at. */
  readonly most: number
  /** Their name, and how they lead to recordings `r`. */
  readonly join: SQL
  /** What is left to hold against each recording. */
  readonly rest: readonly SQL[]
  /** Finding them takes longer than handing them over: they are asked for once, with one more to know whether there are more. */
  readonly isDear?: boolean
}

/** Finds recordings; the answer holds nothing for words in which there is nothing to find. */
export function createRecordingSearch({ orm }: Pick<Db, 'orm'>) {
  return (filter: RecordingFilter): FoundRecordings => {
    const walk = walkOf(filter)
    if (walk === null) return { ids: [], isCut: false }
    const { rows, most, join, rest, isDear = false } = walk
    const read = isDear ? orm.all<{ id: number }>(rows(most + 1)).map(({ id }) => id) : undefined
    const from =
      read === undefined
        ? rows(most)
        : sql`SELECT value AS id FROM json_each(${JSON.stringify(read.slice(0, most))})`
    const found = orm.all<{ id: number; at: string }>(
      sql`SELECT r.id AS id, r.started_at AS at FROM (${from}) ${join}
        WHERE ${sql.join([sql`TRUE`, ...rest], sql` AND `)} LIMIT ${LIST_WINDOW}`,
    )
    const areMore = (): boolean =>
      read === undefined ? orm.all(rows(1, most)).length > 0 : read.length > most
    const isCut = found.length < LIST_WINDOW && areMore()
    const newestFirst = found.sort((a, b) => (a.at === b.at ? b.id - a.id : a.at < b.at ? 1 : -1))
    return { ids: newestFirst.map(({ id }) => id), isCut }
  }
}

function walkOf(filter: RecordingFilter): Walk | null {
  if (filter.terms !== null) return filter.terms.length === 0 ? null : byWords(filter.terms, filter)
  if (filter.unitId !== null) return byUnit(filter.unitId, filter)
  if (filter.operatorId !== null) return byOperator(filter.operatorId, filter)
  return byTime(filter)
}

/** Longer than any part that a number is written in: only a whole number is such a word. */
const WHOLE_DIGITS = 7

/** In the words of FTS5, over `search`: number as it is written, number in digits, operator, code. */
function wantedOf(term: SearchTerm): string {
  switch (term.kind) {
    case 'begins':
      return `"${term.word}"${term.word.length === 1 ? '' : '*'}`
    case 'code':
      return `"${term.parts.join(' ')}"`
    case 'number':
      // A short one is written as it is in digits, and stands there twice; in the middle of another it does not.
      if (term.digits.length < WHOLE_DIGITS) return `^"${term.digits} ${term.digits}"`
      return `(${numberForms(term.digits)
        .map((digits) => `"${digits}"`)
        .join(' OR ')})`
  }
}

function byWords(terms: readonly SearchTerm[], filter: RecordingFilter): Walk {
  const wanted = terms.map(wantedOf).join(' AND ')
  const { from, until } = filter
  const ofDays = [
    from === null
      ? sql`TRUE`
      : sql`rowid >= (SELECT min(id) FROM (SELECT id FROM recordings INDEXED BY recordings_by_start
          WHERE started_at >= ${from} ORDER BY started_at LIMIT ${OUT_OF_ORDER}))`,
    until === null
      ? sql`TRUE`
      : sql`rowid <= (SELECT max(id) FROM (SELECT id FROM recordings INDEXED BY recordings_by_start
          WHERE started_at < ${until} ORDER BY started_at DESC LIMIT ${OUT_OF_ORDER}))`,
  ]
  return {
    rows: (limit, offset = 0) => sql`SELECT rowid AS id FROM recording_search
      WHERE recording_search MATCH ${wanted} AND ${sql.join(ofDays, sql` AND `)}
      ORDER BY rowid DESC LIMIT ${limit} OFFSET ${offset}`,
    most: MOST_MATCHES,
    isDear: true,
    join: sql`w CROSS JOIN recordings r ON r.id = w.id`,
    rest: [
      ...daysOf(filter),
      ...lengthOf(filter),
      ...operatorOf(filter),
      ...unitOf(filter),
      ...openTo(filter),
    ],
  }
}

/** Newest cases of a unit first; a call may have been put to an older case than its own day's, and is found by that. */
function byUnit(unitId: string, filter: RecordingFilter): Walk {
  const { until } = filter
  // Over midnight the case is opened on the day after the call began.
  const ofDays =
    until === null
      ? sql`TRUE`
      : sql`id <= (SELECT max(id) FROM (SELECT id FROM tickets INDEXED BY tickets_created
          WHERE created_at < ${shifted(until, DAY_MS)} ORDER BY created_at DESC LIMIT ${OUT_OF_ORDER}))`
  const half = (training: number, most: number): SQL =>
    sql`SELECT * FROM (SELECT id FROM tickets INDEXED BY tickets_unit
      WHERE unit_id = ${unitId} AND training = ${training} AND ${ofDays} ORDER BY id DESC LIMIT ${most})`
  return {
    rows: (limit, offset = 0) =>
      sql`SELECT id FROM (${half(0, limit + offset)} UNION ALL ${half(1, limit + offset)})
        ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}`,
    most: MOST_CASES,
    join: sql`w CROSS JOIN calls c INDEXED BY calls_by_ticket ON c.ticket_id = w.id
      CROSS JOIN recordings r INDEXED BY recordings_by_call ON r.call_id = c.id`,
    rest: [
      ...daysOf(filter),
      ...lengthOf(filter),
      ...(filter.operatorId === null ? [] : [sql`c.operator_id = ${filter.operatorId}`]),
    ],
  }
}

function byOperator(operatorId: number, filter: RecordingFilter): Walk {
  const { from, until } = filter
  // A consultation may begin on the day after its call.
  const since = from === null ? '' : shifted(from, -DAY_MS)
  return {
    rows: (limit, offset = 0) => sql`SELECT id FROM calls INDEXED BY calls_by_operator
      WHERE operator_id = ${operatorId} AND started_at >= ${since} AND started_at < ${until ?? '~'}
      ORDER BY started_at DESC LIMIT ${limit} OFFSET ${offset}`,
    most: MOST_CALLS,
    join: sql`w CROSS JOIN recordings r INDEXED BY recordings_by_call ON r.call_id = w.id`,
    rest: [...daysOf(filter), ...lengthOf(filter)],
  }
}

function byTime(filter: RecordingFilter): Walk {
  const { from, until } = filter
  return {
    rows: (limit, offset = 0) => sql`SELECT id, started_at, duration_ms FROM recordings
      INDEXED BY recordings_by_start WHERE started_at >= ${from ?? ''} AND started_at < ${until ?? '~'}
      ORDER BY started_at DESC, id DESC LIMIT ${limit} OFFSET ${offset}`,
    most: MOST_RECORDINGS,
    join: sql`r`,
    rest: lengthOf(filter),
  }
}

function daysOf({ from, until }: RecordingFilter): SQL[] {
  return [
    ...(from === null ? [] : [sql`r.started_at >= ${from}`]),
    ...(until === null ? [] : [sql`r.started_at < ${until}`]),
  ]
}

function lengthOf({ minMs, maxMs }: RecordingFilter): SQL[] {
  return [
    ...(minMs === null ? [] : [sql`r.duration_ms >= ${minMs}`]),
    ...(maxMs === null ? [] : [sql`r.duration_ms <= ${maxMs}`]),
  ]
}

function operatorOf({ operatorId }: RecordingFilter): SQL[] {
  if (operatorId === null) return []
  return [sql`EXISTS (SELECT 1 FROM calls c WHERE c.id = r.call_id AND c.operator_id = ${operatorId})`]
}

function unitOf({ unitId }: RecordingFilter): SQL[] {
  if (unitId === null) return []
  return [
    sql`EXISTS (SELECT 1 FROM calls c CROSS JOIN tickets t ON t.id = c.ticket_id
      WHERE c.id = r.call_id AND t.unit_id = ${unitId})`,
  ]
}

function openTo({ hidesFrom }: RecordingFilter): SQL[] {
  if (hidesFrom === undefined) return []
  return [
    sql`NOT EXISTS (SELECT 1 FROM calls c CROSS JOIN tickets t ON t.id = c.ticket_id
      WHERE c.id = r.call_id AND t.confidential = 1 AND t.operator_id IS NOT ${hidesFrom})`,
  ]
}

function shifted(iso: string, byMs: number): string {
  return new Date(Date.parse(iso) + byMs).toISOString()
}
