import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { officeCopies, slips, tickets } from './tables.ts'

export type OversightStore = ReturnType<typeof createOversightStore>

/** What the City Office was given a copy of, and what of it it has seen (Đ9.2). */
export function createOversightStore({ orm }: Db) {
  const unseen = isNull(officeCopies.seenAt)
  // With every slip and every view of a case: prepared once.
  const { placeholder } = sql
  const add = orm
    .insert(officeCopies)
    .values({
      slipId: placeholder('slipId'),
      ticketId: placeholder('ticketId'),
      since: placeholder('since'),
    })
    .prepare()
  const ofTicket = orm
    .select({
      number: slips.number,
      unitName: slips.unitName,
      since: officeCopies.since,
      seenBy: officeCopies.seenBy,
      seenAt: officeCopies.seenAt,
    })
    .from(officeCopies)
    .innerJoin(slips, eq(slips.id, officeCopies.slipId))
    .where(eq(officeCopies.ticketId, placeholder('ticketId')))
    .orderBy(asc(officeCopies.slipId))
    .prepare()
  return {
    add(copy: { readonly slipId: number; readonly ticketId: number; readonly since: string }): void {
      add.run(copy)
    },
    /** Copies of a case, the oldest first. */
    ofTicket: (ticketId: number) => ofTicket.all({ ticketId }),
    /** Cases of these with a copy that nobody has seen. */
    unseenAmong: (ticketIds: readonly number[]): ReadonlySet<number> =>
      new Set(
        orm
          .selectDistinct({ ticketId: officeCopies.ticketId })
          .from(officeCopies)
          .where(and(unseen, inArray(officeCopies.ticketId, [...ticketIds])))
          .all()
          .map(({ ticketId }) => ticketId),
      ),
    /** Cases, not copies. */
    countUnseen: (training: boolean): number =>
      orm
        .select({ n: sql<number>`count(DISTINCT ${officeCopies.ticketId})` })
        .from(officeCopies)
        .innerJoin(tickets, eq(tickets.id, officeCopies.ticketId))
        .where(and(unseen, eq(tickets.training, training)))
        .get()?.n ?? 0,
    /** Who was first stays; false when there was nothing left to see. */
    markSeen: (ticketId: number, seenBy: number, seenAt: string): boolean =>
      orm
        .update(officeCopies)
        .set({ seenBy, seenAt })
        .where(and(unseen, eq(officeCopies.ticketId, ticketId)))
        .run().changes > 0,
  }
}

/** Cases with something new for the City Office, as a condition on `tickets`. */
export const HAS_UNSEEN_COPY = sql`${tickets.id} IN (SELECT ticket_id FROM office_copies WHERE seen_at IS NULL)`
