import { and, count, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { quickParams } from '../db/quick-params.ts'
import { type TicketState } from './contract.ts'
import { coHandlers, tickets } from './tables.ts'

export type CoHandlingStore = ReturnType<typeof createCoHandlingStore>
export type CoHandler = typeof coHandlers.$inferSelect

/** Which units work on a case beside the one that leads (Đ9.5a). */
export function createCoHandlingStore({ orm }: Db) {
  const { placeholder } = sql
  const active = and(isNull(coHandlers.endedAt), eq(coHandlers.ticketId, placeholder('ticketId')))
  // With every slip and every view of a case: prepared once.
  const activeOf = quickParams(orm.select().from(coHandlers).where(active).prepare())
  const end = quickParams(
    orm
      .update(coHandlers)
      .set({ endedAt: sql`${placeholder('endedAt')}` })
      .where(and(active, eq(coHandlers.unitId, placeholder('unitId'))))
      .returning()
      .prepare(),
  )
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
    /** How many cases in these states each unit works on now beside the one that leads; none of training. */
    countByUnit: (states: readonly TicketState[]): { readonly unitId: string; readonly cases: number }[] =>
      orm
        .select({ unitId: coHandlers.unitId, cases: count() })
        .from(coHandlers)
        .innerJoin(tickets, eq(tickets.id, coHandlers.ticketId))
        .where(
          and(isNull(coHandlers.endedAt), eq(tickets.training, false), inArray(tickets.state, [...states])),
        )
        .groupBy(coHandlers.unitId)
        .all(),
    /** Parts that these units have now in cases in these states; none of training. */
    besideOf: (unitIds: readonly string[], states: readonly TicketState[]) =>
      orm
        .select({ ticketId: coHandlers.ticketId, slipNumber: coHandlers.slipNumber })
        .from(coHandlers)
        .innerJoin(tickets, eq(tickets.id, coHandlers.ticketId))
        .where(
          and(
            isNull(coHandlers.endedAt),
            inArray(coHandlers.unitId, [...unitIds]),
            eq(tickets.training, false),
            inArray(tickets.state, [...states]),
          ),
        )
        .orderBy(coHandlers.id)
        .all(),
    /** Undefined when it was none. */
    end: (ticketId: number, unitId: string, endedAt: string): CoHandler | undefined =>
      end.get({ ticketId, unitId, endedAt }),
  }
}
