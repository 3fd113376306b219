import { and, count, desc, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { CALL_STATES } from './contract.ts'
import { type CallStore, MOVING_EVENTS } from './service.ts'
import { callEvents, calls } from './tables.ts'

const MISSED = ['abandoned', 'callback', 'voicemail'] as const
/** Named one by one, so that an index finds the few among all calls ever. */
const OPEN = CALL_STATES.filter((state) => state !== 'ended')
const MISSED_LIMIT = 500

export function createCallStore({ orm }: Pick<Db, 'orm'>): CallStore {
  const find = orm
    .select()
    .from(calls)
    .where(eq(calls.id, sql.placeholder('id')))
    .prepare()
  return {
    find: (id) => find.get({ id }),
    save(row) {
      orm.insert(calls).values(row).onConflictDoUpdate({ target: calls.id, set: row }).run()
    },
    appendEvent(callId, at, type, operatorId) {
      orm.insert(callEvents).values({ callId, at, type, operatorId }).run()
    },
    lastMove: (callId) =>
      orm
        .select({ at: callEvents.at, type: callEvents.type })
        .from(callEvents)
        .where(and(eq(callEvents.callId, callId), inArray(callEvents.type, [...MOVING_EVENTS])))
        .orderBy(desc(callEvents.at))
        .limit(1)
        .get(),
    open: () => orm.select().from(calls).where(inArray(calls.state, OPEN)).all(),
    ofNumber: (e164, limit) =>
      orm
        .select()
        .from(calls)
        .where(and(eq(calls.numberE164, e164), eq(calls.training, false)))
        .orderBy(desc(calls.startedAt))
        .limit(limit)
        .all(),
    ofNumberSince: (e164, since) =>
      orm
        .select({ id: calls.id, direction: calls.direction, outcome: calls.outcome })
        .from(calls)
        .where(and(eq(calls.numberE164, e164), gte(calls.startedAt, since), eq(calls.training, false)))
        .all(),
    missed: () =>
      orm
        .select()
        .from(calls)
        .where(
          and(inArray(calls.outcome, [...MISSED]), isNull(calls.missedDoneAt), eq(calls.training, false)),
        )
        .orderBy(desc(calls.startedAt))
        .limit(MISSED_LIMIT)
        .all(),
    markMissedDone(where, at, personId) {
      const target =
        'callId' in where
          ? eq(calls.id, where.callId)
          : or(eq(calls.numberE164, where.e164), eq(calls.callbackE164, where.e164))
      return orm
        .update(calls)
        .set({ missedDoneAt: at, missedDoneBy: personId })
        .where(and(target, isNull(calls.missedDoneAt), inArray(calls.outcome, [...MISSED])))
        .run().changes
    },
    ofTicket: (ticketId) =>
      orm.select().from(calls).where(eq(calls.ticketId, ticketId)).orderBy(calls.startedAt).all(),
    page(offset, limit, operatorId) {
      const where =
        operatorId === null ? undefined : or(eq(calls.operatorId, operatorId), isNull(calls.operatorId))
      return {
        items: orm
          .select()
          .from(calls)
          .where(where)
          .orderBy(desc(calls.startedAt))
          .limit(limit)
          .offset(offset)
          .all(),
        total: orm.select({ total: count() }).from(calls).where(where).get()?.total ?? 0,
      }
    },
  }
}
