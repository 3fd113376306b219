import { and, asc, desc, eq, gt, isNull, lt, lte, ne, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { perColumns } from '../db/per-columns.ts'
import { quickParams } from '../db/quick-params.ts'
import { rowReader } from '../db/row-reader.ts'
import type { DeadlineKind } from './contract.ts'
import type { DeadlineRow } from './deadline-policy.ts'
import { deadlines } from './tables.ts'

export type NewDeadline = Omit<typeof deadlines.$inferInsert, 'id'>

export interface DeadlineStore {
  /** The next round of that clock. */
  add(row: Omit<NewDeadline, 'round'>): void
  update(id: number, change: Partial<Omit<DeadlineRow, 'id' | 'ticketId' | 'kind' | 'round'>>): void
  find(id: number): DeadlineRow | undefined
  /** The newest round of that clock. */
  last(ticketId: number, kind: DeadlineKind): DeadlineRow | undefined
  ofTicket(ticketId: number): DeadlineRow[]
  /** Neither met nor void: running, standing still or broken. */
  open(ticketId: number): DeadlineRow[]
  /** Ids of running ones that ended before that moment, the oldest first. */
  due(now: string, limit: number): number[]
  /** The same of one case, in the order they began: asked before each of its steps. */
  over(ticketId: number, now: string): number[]
  /** Ids of running ones whose holder is to be reminded by that moment. */
  toWarn(now: string, limit: number): number[]
  /** The next unbroken ones that are open by that calendar and this policy, in the order of their ids. */
  openBy(asked: OpenBy): DeadlineRow[]
  /** Of those, the next that were counted by another version than this. */
  behind(asked: OpenBy & { readonly version: string }): DeadlineRow[]
}

export interface OpenBy {
  readonly calendarId: string
  readonly policyVersion: number
  readonly afterId: number
  readonly limit: number
}

/** Prepared once: cases are moved by these, and the sweep asks each minute. */
export function createDeadlineStore({ orm }: Pick<Db, 'orm'>): DeadlineStore {
  const { placeholder } = sql
  const rowOf = rowReader(deadlines)
  const notOver = (): SQL[] => [isNull(deadlines.satisfiedAt), isNull(deadlines.voidedAt)]
  const running = (): SQL[] => [...notOver(), isNull(deadlines.breachedAt), isNull(deadlines.pausedAt)]
  const ticketId = eq(deadlines.ticketId, placeholder('ticketId'))
  const ofKind = and(ticketId, eq(deadlines.kind, placeholder('kind')))
  const add = perColumns((row) =>
    orm
      .insert(deadlines)
      .values({
        ...(row as unknown as NewDeadline),
        round: sql`(SELECT coalesce(max(round), 0) + 1 FROM deadlines WHERE ticket_id = +${row['ticketId']} AND kind = +${row['kind']})`,
      })
      .prepare(),
  )
  const update = perColumns(({ id, ...change }) =>
    orm
      .update(deadlines)
      .set(change as Partial<NewDeadline>)
      .where(sql`${deadlines.id} = ${id}`)
      .prepare(),
  )
  const find = quickParams(
    orm
      .select()
      .from(deadlines)
      .where(eq(deadlines.id, placeholder('id')))
      .prepare(),
  )
  const last = quickParams(
    orm.select().from(deadlines).where(ofKind).orderBy(desc(deadlines.round)).limit(1).prepare(),
  )
  // In order of the index; few rows are put in order sooner here than by a sorter of SQLite's.
  const ofTicket = quickParams(orm.select().from(deadlines).where(ticketId).prepare())
  const open = quickParams(
    orm
      .select()
      .from(deadlines)
      .where(and(ticketId, ...notOver()))
      .prepare(),
  )
  // On time up to and including the moment itself (A18).
  const due = quickParams(
    orm
      .select({ id: deadlines.id })
      .from(deadlines)
      .where(and(lt(deadlines.dueAt, placeholder('now')), ...running()))
      .orderBy(asc(deadlines.dueAt))
      .limit(placeholder('limit'))
      .prepare(),
  )
  const over = quickParams(
    orm
      .select({ id: deadlines.id })
      .from(deadlines)
      .where(and(ticketId, lt(deadlines.dueAt, placeholder('now')), ...running()))
      .prepare(),
  )
  const toWarn = quickParams(
    orm
      .select({ id: deadlines.id })
      .from(deadlines)
      .where(and(lte(deadlines.warnAt, placeholder('now')), isNull(deadlines.warnedAt), ...running()))
      .orderBy(asc(deadlines.warnAt))
      .limit(placeholder('limit'))
      .prepare(),
  )
  const openBy = (...more: SQL[]) =>
    orm
      .select()
      .from(deadlines)
      .where(
        and(
          eq(deadlines.calendarId, placeholder('calendarId')),
          eq(deadlines.policyVersion, placeholder('policyVersion')),
          gt(deadlines.id, placeholder('afterId')),
          isNull(deadlines.breachedAt),
          ...notOver(),
          ...more,
        ),
      )
      .orderBy(asc(deadlines.id))
      .limit(placeholder('limit'))
      .prepare()
  const openInOrder = openBy()
  const behind = openBy(ne(deadlines.calendarVersion, placeholder('version')))
  return {
    add(row) {
      add(row).run(row)
    },
    update(id, change) {
      const row = { ...change, id }
      update(row).run(row)
    },
    find: (id) => find.values({ id }).map(rowOf)[0],
    last: (ticketId, kind) => last.get({ ticketId, kind }),
    ofTicket: (ticketId) => inOrder(ofTicket.values({ ticketId }).map(rowOf)),
    open: (ticketId) => inOrder(open.values({ ticketId }).map(rowOf)),
    over: (ticketId, now) =>
      over
        .all({ ticketId, now })
        .map(({ id }) => id)
        .sort((a, b) => a - b),
    due: (now, limit) => due.all({ now, limit }).map(({ id }) => id),
    toWarn: (now, limit) => toWarn.all({ now, limit }).map(({ id }) => id),
    openBy: (asked) => openInOrder.all({ ...asked }),
    behind: (asked) => behind.all({ ...asked }),
  }
}

function inOrder(rows: DeadlineRow[]): DeadlineRow[] {
  return rows.sort((a, b) => a.id - b.id)
}
