import {
  and,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  isNull,
  lte,
  or,
  type Placeholder,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { perColumns } from '../db/per-columns.ts'
import { quickParams } from '../db/quick-params.ts'
import { rowReader } from '../db/row-reader.ts'
import { LIST_WINDOW } from '../platform/list-bound.ts'
import { CALL_STATES } from './contract.ts'
import { type CallRow, type CallStore, MOVING_EVENTS } from './service.ts'
import { callEvents, calls, TO_RING_BACK } from './tables.ts'

const MISSED = ['abandoned', 'callback', 'voicemail'] as const
/** Named one by one, so that an index finds the few among all calls ever. */
const OPEN = CALL_STATES.filter((state) => state !== 'ended')
const MISSED_LIMIT = 500
const KEYS = Object.keys(getTableColumns(calls)) as (keyof CallRow)[]

/** What runs while a phone rings is prepared once: building and preparing the text costs more than running it. */
export function createCallStore({ orm }: Pick<Db, 'orm'>): CallStore {
  const { placeholder } = sql
  const rowOf = rowReader(calls)
  const find = quickParams(
    orm
      .select()
      .from(calls)
      .where(eq(calls.id, placeholder('id')))
      .prepare(),
  )
  const save = quickParams(
    orm
      .insert(calls)
      .values(forEachColumn((key) => placeholder(key)) as Record<keyof CallRow, Placeholder>)
      .onConflictDoUpdate({
        target: calls.id,
        set: forEachColumn((_key, name) => sql`excluded.${sql.identifier(name)}`),
      })
      .prepare(),
  )
  const update = perColumns(({ id, ...change }) =>
    orm
      .update(calls)
      .set(change as Partial<CallRow>)
      .where(sql`${calls.id} = ${id}`)
      .prepare(),
  )
  const appendEvent = quickParams(
    orm
      .insert(callEvents)
      .values({
        callId: placeholder('callId'),
        at: placeholder('at'),
        type: placeholder('type'),
        operatorId: placeholder('operatorId'),
      })
      .prepare(),
  )
  const ofNumber = quickParams(
    orm
      .select()
      .from(calls)
      .where(and(eq(calls.numberE164, placeholder('e164')), eq(calls.training, false)))
      .orderBy(desc(calls.startedAt))
      .limit(placeholder('limit'))
      .prepare(),
  )
  const ofNumberSince = orm
    .select({ id: calls.id, direction: calls.direction, outcome: calls.outcome })
    .from(calls)
    .where(
      and(
        eq(calls.numberE164, placeholder('e164')),
        gte(calls.startedAt, placeholder('since')),
        eq(calls.training, false),
      ),
    )
    .prepare()
  const missed = orm
    .select({
      ...getTableColumns(calls),
      isConfidential:
        sql`coalesce((SELECT t.confidential FROM tickets t WHERE t.id = ${calls.ticketId}), 0)`.mapWith(
          Boolean,
        ),
    })
    .from(calls)
    .where(TO_RING_BACK)
    .orderBy(desc(calls.startedAt))
    .limit(MISSED_LIMIT)
    .prepare()
  const ofTicket = orm
    .select()
    .from(calls)
    .where(eq(calls.ticketId, placeholder('ticketId')))
    .orderBy(calls.startedAt)
    .prepare()
  const answeredAfter = orm
    .select({ at: calls.answeredAt })
    .from(calls)
    .where(and(eq(calls.numberE164, placeholder('e164')), gte(calls.answeredAt, placeholder('after'))))
    .limit(1)
    .prepare()
  /** What was missed by then, and nobody has done anything about. */
  const done = (target: SQL | undefined) =>
    orm
      .update(calls)
      .set({ missedDoneAt: sql`${placeholder('at')}`, missedDoneBy: sql`${placeholder('personId')}` })
      .where(
        and(
          target,
          isNull(calls.missedDoneAt),
          inArray(calls.outcome, [...MISSED]),
          lte(calls.startedAt, placeholder('at')),
        ),
      )
      .prepare()
  const doneCall = done(eq(calls.id, placeholder('callId')))
  const doneNumber = done(
    or(eq(calls.numberE164, placeholder('e164')), eq(calls.callbackE164, placeholder('e164'))),
  )
  return {
    find: (id) => find.values({ id }).map(rowOf)[0],
    save(row, stored) {
      const change = stored === undefined ? undefined : changeOf(stored, row)
      if (change === null) return
      if (change === undefined || update(change).run(change).changes === 0) save.run(row)
    },
    appendEvent(callId, at, type, operatorId) {
      appendEvent.run({ callId, at, type, operatorId })
    },
    eventsOf: (callId) =>
      orm
        .select({ at: callEvents.at, type: callEvents.type, operatorId: callEvents.operatorId })
        .from(callEvents)
        .where(eq(callEvents.callId, callId))
        .orderBy(callEvents.id)
        .all(),
    lastMove: (callId) =>
      orm
        .select({ at: callEvents.at, type: callEvents.type })
        .from(callEvents)
        .where(and(eq(callEvents.callId, callId), inArray(callEvents.type, [...MOVING_EVENTS])))
        .orderBy(desc(callEvents.at))
        .limit(1)
        .get(),
    open: () => orm.select().from(calls).where(inArray(calls.state, OPEN)).all(),
    ofNumber: (e164, limit) => ofNumber.values({ e164, limit }).map(rowOf),
    ofNumberSince: (e164, since) => ofNumberSince.all({ e164, since }),
    missed: () => missed.all(),
    markMissedDone: (where, at, personId) =>
      'callId' in where
        ? doneCall.run({ ...where, at, personId }).changes
        : doneNumber.run({ ...where, at, personId }).changes,
    answeredAfter: (e164, after) => answeredAfter.get({ e164, after })?.at ?? null,
    ofTicket: (ticketId) => ofTicket.all({ ticketId }),
    page({ operatorId, from, until }, offset, limit) {
      const days = sql`started_at >= ${from ?? ''} AND started_at < ${until ?? '~'}`
      const walks =
        operatorId === null
          ? [sql`calls INDEXED BY calls_by_start WHERE ${days}`]
          : [sql`= ${operatorId}`, sql`IS NULL`].map(
              (whose) => sql`calls INDEXED BY calls_by_operator WHERE operator_id ${whose} AND ${days}`,
            )
      // Each walks its index and stops: with a plain OR the planner reads every call there ever was.
      const newest = walks.map(
        (walk) =>
          sql`SELECT * FROM (SELECT rowid AS row, started_at FROM ${walk} ORDER BY started_at DESC LIMIT ${LIST_WINDOW})`,
      )
      const rows = orm.all<{ row: number }>(
        sql`SELECT row FROM (${sql.join(newest, sql` UNION ALL `)}) ORDER BY started_at DESC, row DESC LIMIT ${LIST_WINDOW}`,
      )
      const shown = rows.slice(offset, offset + limit).map(({ row }) => row)
      return {
        items: orm
          .select()
          .from(calls)
          .where(sql`rowid IN (SELECT value FROM json_each(${JSON.stringify(shown)}))`)
          .orderBy(desc(calls.startedAt), sql`rowid DESC`)
          .all(),
        total: rows.length,
      }
    },
  }
}

/** What differs, with the call's id; null where nothing does. */
function changeOf(before: CallRow, after: CallRow): Record<string, unknown> | null {
  const change: Record<string, unknown> = {}
  let isChanged = false
  for (const key of KEYS) {
    if (after[key] === before[key]) continue
    change[key] = after[key]
    isChanged = true
  }
  return isChanged ? { ...change, id: after.id } : null
}

/** A value for each column of a call, made of its key in our rows and its name in the database. */
function forEachColumn<T extends Placeholder | SQL>(
  make: (key: string, name: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(getTableColumns(calls)).map(([key, { name }]) => [key, make(key, name)]),
  )
}
