import { and, asc, eq, isNull } from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { coHandlers } from './tables.ts'

export type CoHandlingStore = ReturnType<typeof createCoHandlingStore>
export type CoHandler = typeof coHandlers.$inferSelect

/** Which units work on a case beside the one that leads (Đ9.5a). */
export function createCoHandlingStore({ orm }: Db) {
  const active = isNull(coHandlers.endedAt)
  return {
    add(
      row: Pick<
        CoHandler,
        'ticketId' | 'unitId' | 'unitName' | 'slipNumber' | 'reason' | 'addedAt' | 'addedBy'
      >,
    ) {
      orm.insert(coHandlers).values(row).run()
    },
    /** Those that work on it now, in the order in which they came. */
    active: (ticketId: number): CoHandler[] =>
      orm
        .select()
        .from(coHandlers)
        .where(and(active, eq(coHandlers.ticketId, ticketId)))
        .orderBy(asc(coHandlers.id))
        .all(),
    /** Undefined when it was none. */
    end: (ticketId: number, unitId: string, endedAt: string): CoHandler | undefined =>
      orm
        .update(coHandlers)
        .set({ endedAt })
        .where(and(active, eq(coHandlers.ticketId, ticketId), eq(coHandlers.unitId, unitId)))
        .returning()
        .get(),
  }
}
