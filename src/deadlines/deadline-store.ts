import { and, asc, desc, eq, isNull, lt, lte, type SQL } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { DeadlineKind } from './contract.ts'
import type { DeadlineRow } from './deadline-policy.ts'
import { deadlines } from './tables.ts'

export type NewDeadline = Omit<typeof deadlines.$inferInsert, 'id'>

export interface DeadlineStore {
  add(row: NewDeadline): DeadlineRow
  update(id: number, change: Partial<Omit<DeadlineRow, 'id' | 'ticketId' | 'kind' | 'round'>>): void
  find(id: number): DeadlineRow | undefined
  /** The newest round of that clock. */
  last(ticketId: number, kind: DeadlineKind): DeadlineRow | undefined
  ofTicket(ticketId: number): DeadlineRow[]
  /** Neither met nor void: running, standing still or broken. */
  open(ticketId: number): DeadlineRow[]
  /** Running ones that ended before that moment, the oldest first. */
  due(now: string, limit: number): DeadlineRow[]
  toWarn(now: string, limit: number): DeadlineRow[]
}

export function createDeadlineStore({ orm }: Pick<Db, 'orm'>): DeadlineStore {
  const notOver = (): SQL[] => [isNull(deadlines.satisfiedAt), isNull(deadlines.voidedAt)]
  const running = (): SQL[] => [...notOver(), isNull(deadlines.breachedAt), isNull(deadlines.pausedAt)]
  return {
    add: (row) => orm.insert(deadlines).values(row).returning().get(),
    update: (id, change) => {
      orm.update(deadlines).set(change).where(eq(deadlines.id, id)).run()
    },
    find: (id) => orm.select().from(deadlines).where(eq(deadlines.id, id)).get(),
    last: (ticketId, kind) =>
      orm
        .select()
        .from(deadlines)
        .where(and(eq(deadlines.ticketId, ticketId), eq(deadlines.kind, kind)))
        .orderBy(desc(deadlines.round))
        .limit(1)
        .get(),
    ofTicket: (ticketId) =>
      orm.select().from(deadlines).where(eq(deadlines.ticketId, ticketId)).orderBy(asc(deadlines.id)).all(),
    open: (ticketId) =>
      orm
        .select()
        .from(deadlines)
        .where(and(eq(deadlines.ticketId, ticketId), ...notOver()))
        .orderBy(asc(deadlines.id))
        .all(),
    // On time up to and including the moment itself (A18).
    due: (now, limit) =>
      orm
        .select()
        .from(deadlines)
        .where(and(lt(deadlines.dueAt, now), ...running()))
        .orderBy(asc(deadlines.dueAt))
        .limit(limit)
        .all(),
    toWarn: (now, limit) =>
      orm
        .select()
        .from(deadlines)
        .where(and(lte(deadlines.warnAt, now), isNull(deadlines.warnedAt), ...running()))
        .orderBy(asc(deadlines.warnAt))
        .limit(limit)
        .all(),
  }
}
