import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { coHandlers } from './tables.ts'

export type CoHandlingStore = ReturnType<typeof createCoHandlingStore>
export type CoHandler = typeof coHandlers.$inferSelect

/** Which units work on a case beside the one that leads (Đ9.5a). */
export function createCoHandlingStore({ orm }: Db) {
  const { placeholder } = sql
  const active = and(isNull(coHandlers.endedAt), eq(coHandlers.ticketId, placeholder('ticketId')))
  // With every slip and every view of a case: prepared once.
  const activeOf = orm.select().from(coHandlers).where(active).prepare()
  const end = orm
    .update(coHandlers)
    .set({ endedAt: sql`${placeholder('endedAt')}` })
    .where(and(active, eq(coHandlers.unitId, placeholder('unitId'))))
    .returning()
    .prepare()
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
    active: (ticketId: number): CoHandler[] => activeOf.all({ ticketId }).sort((a, b) => a.id - b.id),
    /** Undefined when it was none. */
    end: (ticketId: number, unitId: string, endedAt: string): CoHandler | undefined =>
      end.get({ ticketId, unitId, endedAt }),
  }
}
