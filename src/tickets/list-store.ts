import { and, eq, gt, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import { type Db } from '../db/open.ts'
import { planOnce } from '../db/plan-once.ts'
import { type MomentRange } from '../platform/day-range.ts'
import { LIST_WINDOW } from '../platform/list-bound.ts'
import { TICKET_STATES, type TicketState } from './contract.ts'
import { BY_END, ESCALATED_FIRST, onDeskOf, RESTING_STATES } from './desk-store.ts'
import { codeRanges } from './search-policy.ts'
import { NOT_OVER, slips, tickets } from './tables.ts'
import { type Ticket, type TicketFilter } from './ticket.ts'
import { STATES_WITHOUT_UNIT } from './visibility-policy.ts'
import { CASE_SEARCH, type ScopeConditions, scopeConditions, TICKET_SEARCH } from './visibility-store.ts'

/*
 * Lists of cases, in a database of a million of them. Each list walks one or more indexes in the order it is shown in and stops after
 * LIST_WINDOW rows, which are the pages and their number at once. INDEXED BY says which index, because the planner knows nothing of how
 * many closed cases there are (nobody runs ANALYZE while phones ring) and walks all of them for a rare state.
 */

/** Matches of a full text that are held against what its reader may see, the newest: a common word has hundreds of thousands. */
const MOST_MATCHES = 5_000
const DIALECT = new SQLiteSyncDialect()

export interface CaseList {
  readonly items: Ticket[]
  /** At most LIST_WINDOW. */
  readonly total: number
  /** Only the newest matches were looked through; there may be older ones. */
  readonly isCut: boolean
}

/** Ids, the newest first, and whether there may be older ones. */
type Found = Pick<CaseList, 'isCut'> & { readonly ids: readonly number[] }

/** Rows of one index, in its order. */
interface Walk {
  readonly from: SQL
  /** Where the index leads to. */
  readonly where: SQL
  /** What else is asked of its rows, whoever reads them. */
  readonly also?: SQL | undefined
  /** What the index is in order of: the id, or grows with it. */
  readonly order: SQL
  /** Where that is not the id itself. */
  readonly id?: SQL
}

/** Ids between which all that was opened on the days asked for lies; others may lie there too. */
interface Ids {
  readonly first: number
  readonly last: number
  /** Whether one of them was opened on those days; its row is read for that near their first and last id alone. */
  readonly wasOpened: SQL | undefined
}

/** What is asked for besides the words. */
interface Bounds {
  readonly where: SQL | undefined
  readonly days: Ids | undefined
}

/** What was looked at by that index: whatever has the words with their marks has them without. */
type Looked = (index: SQL) => Set<number>

const TICKET_CODE = sql.raw('tickets_code')

/** Ids grow with the time a case was opened but for what was made up for late, or a clock that was set: by as many at most. */
const OUT_OF_ORDER = 1_000

/** Reads lists of cases. */
export function createCaseLists({ orm, raw }: Pick<Db, 'orm' | 'raw'>, catchUp: () => void) {
  const lastBefore = raw
    .prepare(
      `SELECT max(id) FROM (SELECT id FROM tickets INDEXED BY tickets_created WHERE created_at < ?
        ORDER BY created_at DESC LIMIT ${String(OUT_OF_ORDER)})`,
    )
    .pluck()
  const firstFrom = raw
    .prepare(
      `SELECT min(id) FROM (SELECT id FROM tickets INDEXED BY tickets_created WHERE created_at >= ?
        ORDER BY created_at LIMIT ${String(OUT_OF_ORDER)})`,
    )
    .pluck()
  /** Undefined: no days are asked for. */
  const idsOfDays = ({ from, until }: Partial<MomentRange>): Ids | undefined => {
    if (from == null && until == null) return undefined
    const bound = (found: unknown, otherwise: number): number =>
      typeof found === 'number' ? found : otherwise
    const none = Number.MAX_SAFE_INTEGER
    const { id, createdAt } = tickets
    return {
      first: from == null ? 0 : bound(firstFrom.get(from), none),
      last: until == null ? none : bound(lastBefore.get(until), 0),
      wasOpened: and(
        // What was opened before those days has ids up to this one, and what was opened after them from that one.
        from == null ? undefined : or(gt(id, bound(lastBefore.get(from), 0)), gte(createdAt, from)),
        until == null ? undefined : or(lt(id, bound(firstFrom.get(until), none)), lt(createdAt, until)),
      ),
    }
  }
  const codeFrom = raw.prepare('SELECT code FROM tickets WHERE id >= ? ORDER BY id LIMIT 1').pluck()
  const codeUntil = raw.prepare('SELECT code FROM tickets WHERE id <= ? ORDER BY id DESC LIMIT 1').pluck()
  /** Codes between which all of those ids have theirs: they grow together. */
  const codesOf = (days: Ids | undefined): { readonly first: string; readonly below: string } => {
    if (days === undefined) return { first: '', below: '~' }
    const [first, last] = [codeFrom.get(days.first), codeUntil.get(days.last)]
    return {
      first: typeof first === 'string' ? first : '~',
      below: typeof last === 'string' ? `${last}~` : '',
    }
  }
  const lastCodeBefore = raw.prepare('SELECT max(code) FROM tickets WHERE code < ?').pluck()

  const spelled = new Map([
    [TICKET_SEARCH, wordsOf(raw, 'ticket_search')],
    [CASE_SEARCH, wordsOf(raw, 'case_search')],
  ])

  /** "HP26", "HP25": what codes begin with. */
  const series = (): string[] => {
    const found: string[] = []
    let last = lastCodeBefore.get('~')
    while (typeof last === 'string') {
      const [name = ''] = last.split('-')
      found.push(name)
      last = lastCodeBefore.get(name)
    }
    return found
  }

  /** Of a query with one column. */
  const idsBy = (query: SQL): number[] => {
    const { sql: text, params } = DIALECT.sqlToQuery(query)
    return raw.prepare(planOnce(text)).pluck().all(params) as number[]
  }

  /** Ids, the newest first. */
  const newestOf = (walks: readonly Walk[], where: SQL | undefined): number[] => {
    if (walks.length === 0) return []
    const rows = walks.map(
      (walk) => sql`SELECT id FROM (SELECT DISTINCT ${tickets.id} AS id, ${walk.order} FROM ${walk.from}
        WHERE ${and(walk.where, walk.also, where)} ORDER BY ${walk.order} DESC LIMIT ${LIST_WINDOW})`,
    )
    return idsBy(sql`SELECT id FROM (${sql.join(rows, sql` UNION `)}) ORDER BY id DESC LIMIT ${LIST_WINDOW}`)
  }

  /** Ids, what ends first before the rest; what nothing runs for, the newest first. */
  const byEndOf = (
    live: readonly Walk[],
    resting: readonly number[],
    { where, order }: { readonly where: SQL | undefined; readonly order: SQL },
  ): number[] => {
    const rows = live.map(
      (walk) =>
        sql`SELECT ${tickets.id} AS id, ${order} AS ending FROM ${walk.from} WHERE ${and(walk.where, walk.also, where)}`,
    )
    rows.push(sql`SELECT value, '~' FROM json_each(${JSON.stringify(resting)})`)
    return idsBy(
      sql`SELECT id FROM (${sql.join(rows, sql` UNION `)}) ORDER BY ending, id DESC LIMIT ${LIST_WINDOW}`,
    )
  }

  /**
   * Ids of what may be found among the newest rows of a walk, `most` of them, without what was looked at before. All are read first and
   * then held against what may be, each by SQLite alone: one by one, to be looked at and counted here, they take twice as long.
   */
  const newestAmong = (
    { from, where, also, order, id = order }: Walk,
    {
      may,
      most,
      training,
      looked,
    }: { may: SQL | undefined; most: number; training: number; looked: Set<number> },
  ): Found & { readonly seen: number } => {
    const rows = idsBy(sql`SELECT ${id} FROM ${from} WHERE ${where} ORDER BY ${order} DESC LIMIT ${most + 1}`)
    const fresh = rows.slice(0, most).filter((row) => !looked.has(row))
    for (const row of fresh) looked.add(row)
    // In their order: a cross join takes the left side's rows one after the other (sqlite.org/optoverview.html 11).
    const ids = idsBy(
      sql`SELECT tickets.id FROM json_each(${JSON.stringify(fresh)}) AS found
        CROSS JOIN tickets INDEXED BY tickets_newest ON tickets.training = ${training} AND tickets.id = found.value
        WHERE ${and(also, may) ?? ALL} LIMIT ${LIST_WINDOW}`,
    )
    return { ids, seen: rows.length, isCut: rows.length > most && ids.length < LIST_WINDOW }
  }

  /** Ids of what has these words where its reader may search them, the newest first. */
  const matching = (
    filter: TicketFilter,
    { expression, where, days, looked }: Bounds & { expression: string; looked: Looked },
  ) => {
    const { whole, caseWords, seen } = scopeConditions(filter.scope)
    const training = Number(filter.training)
    const found: Found[] = []
    const inText = (index: SQL, may: SQL | undefined): void => {
      const walk: Walk = {
        // Practice is rare among what is found: it is looked for in all of it.
        from: filter.training
          ? sql`${index} CROSS JOIN tickets INDEXED BY tickets_newest ON tickets.training = 1 AND tickets.id = ${index}.rowid`
          : index,
        where: sql`${index} MATCH ${(spelled.get(index) ?? String)(expression)}`,
        order: sql`${index}.rowid`,
      }
      // Cheap first: most of what a unit is not to find is told by the row itself, the rest by its slips.
      found.push(
        newestAmong(within(days, walk), {
          may: and(may, where),
          most: MOST_MATCHES,
          training,
          looked: looked(index),
        }),
      )
    }
    inText(TICKET_SEARCH, whole)
    if (filter.scope.of === 'unit' || filter.scope.of === 'cityOffice') inText(CASE_SEARCH, caseWords)
    // Of what is not theirs to read they may know that it exists, by its code; the text has none of it by its beginning for those to whom
    // digits are found whole alone.
    const codes = codesOf(days)
    // One list over all series, the newest first.
    let most = MOST_MATCHES
    for (const { from, below } of codeRanges(filter.words, series())) {
      const part = newestAmong(
        {
          from: sql`tickets INDEXED BY ${TICKET_CODE}`,
          // One bound at each end: of two, an index takes the first, and walks along to the other.
          where: sql`tickets.code >= ${from > codes.first ? from : codes.first}
            AND tickets.code < ${below < codes.below ? below : codes.below}`,
          also: days?.wasOpened,
          id: sql`tickets.id`,
          order: sql`tickets.code`,
        },
        { may: and(where, seen), most, training, looked: looked(TICKET_CODE) },
      )
      found.push(part)
      most -= part.seen
      if (part.isCut || most <= 0) break
    }
    const ids = [...new Set(found.flatMap((part) => part.ids))].sort((a, b) => b - a).slice(0, LIST_WINDOW)
    return { ids, isCut: found.some((part) => part.isCut) }
  }

  /** What has the words with their marks first. */
  const search = (filter: TicketFilter, folded: string, bounds: Bounds) => {
    catchUp()
    const sets = new Map<SQL, Set<number>>()
    const looked: Looked = (index) => {
      const set = sets.get(index) ?? new Set<number>()
      sets.set(index, set)
      return set
    }
    const exact =
      filter.exact === undefined
        ? { ids: [], isCut: false }
        : matching(filter, { expression: filter.exact, ...bounds, looked })
    const first = new Set(exact.ids)
    const found =
      first.size === LIST_WINDOW ? exact : matching(filter, { expression: folded, ...bounds, looked })
    const rest = found.ids.filter((id) => !first.has(id))
    const places = filter.byEnd === true ? placesOf([...exact.ids, ...rest], orderOf(filter)) : undefined
    const inOrder = (ids: readonly number[]): number[] =>
      places === undefined ? [...ids] : [...ids].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
    const ids = [...inOrder(exact.ids), ...inOrder(rest)].slice(0, LIST_WINDOW)
    return { ids, isCut: found.isCut && ids.length < LIST_WINDOW }
  }

  /** The place of each of these by when it ends. */
  const placesOf = (ids: readonly number[], order: SQL): ReadonlyMap<number, number> =>
    new Map(
      idsBy(
        sql`SELECT id FROM tickets WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
            ORDER BY ${order}, id DESC`,
      ).map((id, place) => [id, place]),
    )

  const idsFor = (filter: TicketFilter): Found => {
    if (filter.scope.of === 'nothing') return { ids: [], isCut: false }
    const where = conditions(filter, scopeConditions(filter.scope))
    const days = idsOfDays(filter)
    if (filter.folded !== undefined) return search(filter, filter.folded, { where, days })
    const walks = (part: TicketFilter): Walk[] => walksOf(part).map((walk) => within(days, walk))
    if (filter.byEnd !== true) return { ids: newestOf(walks(filter), where), isCut: false }
    const states = filter.states ?? TICKET_STATES
    const part = (isResting: boolean): TicketFilter => ({
      ...filter,
      states: states.filter((state) => RESTING_STATES.includes(state) === isResting),
    })
    const resting = part(true)
    const live = part(false)
    return {
      ids: byEndOf(
        live.states?.length === 0 ? [] : walks(live),
        resting.states?.length === 0
          ? []
          : newestOf(walks(resting), conditions(resting, scopeConditions(filter.scope))),
        { where: conditions(live, scopeConditions(filter.scope)), order: orderOf(filter) },
      ),
      isCut: false,
    }
  }

  return {
    list(filter: TicketFilter): CaseList {
      const { ids, isCut } = idsFor(filter)
      const shown = ids.slice(filter.offset, filter.offset + filter.limit)
      const rows = new Map(
        orm
          .select()
          .from(tickets)
          .where(inArray(tickets.id, shown))
          .all()
          .map((row) => [row.id, row as Ticket]),
      )
      return { items: shown.flatMap((id) => rows.get(id) ?? []), total: ids.length, isCut }
    },
  }
}

/** The part of a walk that days lead to. Whole numbers: a full text does not look at others. */
function within(days: Ids | undefined, walk: Walk): Walk {
  if (days === undefined) return walk
  const { first, last, wasOpened } = days
  return {
    ...walk,
    where: sql`${walk.where} AND ${walk.order} >= CAST(${first} AS INTEGER) AND ${walk.order} <= CAST(${last} AS INTEGER)`,
    also: wasOpened,
  }
}

/** Parts of an expression that the full texts have no prefix index for (`prefix` in their migration ends at four letters). */
const LONG_PREFIX = /"([^"]{5,})"\*/g
/** More words than this with one beginning are left to the full text. */
const MOST_SPELLED = 8

/**
 * Writes for a long beginning the words there are with it: "duong"* → ("duong"). For a beginning the full text reads all places of all
 * its words before it gives the first, 8 ms for a common word among a million cases; a word it reads from the newest on.
 */
function wordsOf(raw: Db['raw'], index: 'ticket_search' | 'case_search'): (expression: string) => string {
  let from: ReturnType<typeof wordsFrom> | undefined
  return (expression) =>
    expression.replace(LONG_PREFIX, (whole, beginning: string) => {
      from ??= wordsFrom(raw, index)
      const words: string[] = []
      for (
        let word = from.get(beginning);
        typeof word === 'string' && word.startsWith(beginning);
        // By ">" it would step over all places of the word itself.
        word = from.get(`${word}\u0001`)
      ) {
        if (words.push(word) > MOST_SPELLED) return whole
      }
      // Nothing begins so: the word itself is in no text either.
      return words.length === 0 ? `"${beginning}"` : `(${words.map((word) => `"${word}"`).join(' OR ')})`
    })
}

/** Made by the first search: until a service serves it makes nothing, not even for itself (src/app.ts). */
function wordsFrom(raw: Db['raw'], index: 'ticket_search' | 'case_search') {
  raw.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_of_${index} USING fts5vocab(main, ${index}, instance)`,
  )
  return raw.prepare(`SELECT term FROM temp.words_of_${index} WHERE term >= ? ORDER BY term LIMIT 1`).pluck()
}

function orderOf({ escalatedFirst }: Pick<TicketFilter, 'escalatedFirst'>): SQL {
  return escalatedFirst === true ? ESCALATED_FIRST : BY_END
}

/** What is asked for and may be seen; the words apart. */
function conditions(filter: TicketFilter, { seen, whole, caseWords }: ScopeConditions): SQL | undefined {
  const list: (SQL | undefined)[] = [eq(tickets.training, filter.training)]
  // Else the walks lead to nothing that is not seen.
  if (!isWalkedByScope(filter)) list.push(seen)
  // By "+" no index is asked for each of the states: of a row that another table leads to, that is as many looks as there are states.
  if (filter.states !== undefined) list.push(sql`+${inArray(tickets.state, [...filter.states])}`)
  if (filter.operatorId !== undefined) list.push(eq(tickets.operatorId, filter.operatorId))
  if (filter.deskOf !== undefined) list.push(onDeskOf(filter.deskOf))
  if (filter.unitIds !== undefined) {
    list.push(inArray(tickets.unitId, [...filter.unitIds]))
    // Which unit has a case tells what it is about: nobody finds one by it whose unit they are not shown.
    list.push(whole === undefined ? undefined : or(whole, caseWords))
  }
  if (filter.unseen === true) list.push(UNSEEN)
  if (filter.phoneE164 !== undefined) {
    const { phoneE164 } = filter
    list.push(or(eq(tickets.phoneE164, phoneE164), eq(tickets.callerE164, phoneE164)), whole)
  }
  return and(...list)
}

const UNSEEN = sql`EXISTS (SELECT 1 FROM office_copies INDEXED BY office_copies_unseen
  WHERE office_copies.ticket_id = ${tickets.id} AND office_copies.seen_at is null)`

/** Nothing narrower is asked for than what its reader sees. */
function isWalkedByScope({ phoneE164, unseen, deskOf, unitIds, operatorId, folded }: TicketFilter): boolean {
  const narrower = [phoneE164, deskOf, unitIds, operatorId, folded]
  return unseen !== true && narrower.every((one) => one === undefined)
}

/** Indexes that lead to all of what is asked for, the narrowest first: the rest of what is asked is held against their rows. */
function walksOf(filter: TicketFilter): Walk[] {
  const { scope, states, phoneE164, deskOf, unitIds, operatorId } = filter
  const training = Number(filter.training)
  const byId = (index: string, where: SQL): Walk => ({
    from: sql`tickets INDEXED BY ${sql.raw(index)}`,
    where: sql`${where} AND tickets.training = ${training}`,
    order: sql`tickets.id`,
  })
  const joined = (table: string, index: string, where: SQL): Walk => ({
    from: sql`${sql.raw(`${table} INDEXED BY ${index}`)} CROSS JOIN tickets INDEXED BY tickets_newest
      ON tickets.training = ${training} AND tickets.id = ${sql.raw(table)}.ticket_id`,
    where,
    order: sql`${sql.raw(table)}.ticket_id`,
  })
  const ofUnit = (id: string, where: SQL = ALL, among = states): Walk =>
    among !== undefined && !among.some((state) => OVER.includes(state))
      ? byId('tickets_unit_live', sql`tickets.unit_id = ${id} AND tickets.${NOT_OVER} AND ${where}`)
      : byId('tickets_unit', sql`tickets.unit_id = ${id} AND ${where}`)
  const inStates = (index: string, list: readonly TicketState[], where: SQL): Walk[] =>
    list.map((state) => byId(index, sql`tickets.state = ${state} AND ${where}`))

  if (phoneE164 !== undefined)
    return [
      byId('tickets_phone', sql`tickets.phone_e164 = ${phoneE164}`),
      byId('tickets_caller', sql`tickets.caller_e164 = ${phoneE164}`),
    ]
  if (filter.unseen === true)
    return [joined('office_copies', 'office_copies_unseen', sql`office_copies.seen_at is null`)]
  if (deskOf !== undefined)
    return [
      byId('tickets_operator', sql`tickets.operator_id = ${deskOf}`),
      byId('tickets_list', sql`tickets.state = 'received'`),
    ]
  if (unitIds !== undefined) return unitIds.map((id) => ofUnit(id))
  if (operatorId !== undefined) return [byId('tickets_operator', sql`tickets.operator_id = ${operatorId}`)]
  if (scope.of === 'unit') {
    const held = (states ?? TICKET_STATES).filter((state) => !STATES_WITHOUT_UNIT.includes(state))
    const withThem =
      held.length === 0
        ? []
        : scope.unitIds.map((id) => ofUnit(id, sql`${inArray(tickets.state, held)}`, held))
    const hadSlip = sql`EXISTS (SELECT 1 FROM slips INDEXED BY slips_unit
      WHERE ${inArray(slips.unitId, [...scope.unitIds])} AND slips.ticket_id = tickets.id)`
    // Practice is rare among what a unit had.
    if (filter.training) return [...withThem, byId('tickets_newest', hadSlip)]
    // Most of what a unit ever had is closed: its slips lead to that soon. All else is sooner found by its state.
    return states === undefined || states.includes('closed')
      ? [...withThem, ...scope.unitIds.map((id) => joined('slips', 'slips_unit', sql`slips.unit_id = ${id}`))]
      : [...withThem, ...inStates('tickets_list', states, hadSlip)]
  }
  if (scope.of === 'cityOffice')
    return states === undefined
      ? [byId('tickets_office', OFFICE_READS)]
      : inStates('tickets_office_state', states, OFFICE_READS)
  return states === undefined ? [byId('tickets_newest', ALL)] : inStates('tickets_list', states, ALL)
}

/** What NOT_OVER leaves out. */
const OVER: readonly TicketState[] = ['closed', 'rejected', 'merged', 'withdrawn']
/** As the partial indexes have it, letter for letter. */
const OFFICE_READS = sql`${tickets.officeReads} = 1`
const ALL = sql`1`
