import { and, asc, count, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { quickParams } from '../db/quick-params.ts'
import { LIST_WINDOW } from '../platform/list-bound.ts'
import { officeCopies, overdueReports, slips, ticketEvents, tickets } from './tables.ts'
import { type Ticket } from './ticket.ts'

export type OversightStore = ReturnType<typeof createOversightStore>

/** What the City Office was given a copy of, and what of it it has seen (Đ9.2). */
export function createOversightStore({ orm }: Db) {
  const unseen = isNull(officeCopies.seenAt)
  // With every slip and every view of a case: prepared once.
  const { placeholder } = sql
  const add = quickParams(
    orm
      .insert(officeCopies)
      .values({
        slipId: placeholder('slipId'),
        ticketId: placeholder('ticketId'),
        since: placeholder('since'),
      })
      .prepare(),
  )
  const ofTicket = quickParams(
    orm
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
      .prepare(),
  )
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
    /** Cases, not copies; at most LIST_WINDOW. */
    countUnseen: (training: boolean): number =>
      orm.get<{ n: number }>(
        sql`SELECT count(*) AS n FROM (
          SELECT DISTINCT office_copies.ticket_id FROM office_copies INDEXED BY office_copies_unseen
            CROSS JOIN tickets INDEXED BY tickets_newest
            ON tickets.training = ${Number(training)} AND tickets.id = office_copies.ticket_id
          WHERE ${unseen} ORDER BY office_copies.ticket_id DESC LIMIT ${LIST_WINDOW})`,
      ).n,
    /** How many are overdue now, and the one that came first. Training is nobody's delay. */
    overdue(training = false): { readonly count: number; readonly oldest: Ticket | undefined } {
      const late = and(eq(tickets.training, training), eq(tickets.state, 'overdue'))
      const oldest = orm
        .select()
        .from(tickets)
        .where(late)
        .orderBy(asc(tickets.receivedAt), asc(tickets.id))
        .get()
      return {
        count: orm.select({ n: count() }).from(tickets).where(late).get()?.n ?? 0,
        oldest: oldest as Ticket | undefined,
      }
    },
    /** False when that day has its report. */
    addReport: (report: { readonly day: string; readonly at: string; readonly cases: number }): boolean =>
      orm.insert(overdueReports).values(report).onConflictDoNothing().run().changes === 1,
    /** What the leaders said last of each of these cases. */
    directions: (
      ticketIds: readonly number[],
    ): ReadonlyMap<number, { at: string; detail: Record<string, unknown> }> =>
      new Map(
        orm
          .select({ ticketId: ticketEvents.ticketId, at: ticketEvents.at, detail: ticketEvents.detail })
          .from(ticketEvents)
          .where(and(inArray(ticketEvents.ticketId, [...ticketIds]), eq(ticketEvents.type, 'directed')))
          .orderBy(asc(ticketEvents.id))
          .all()
          .map(({ ticketId, at, detail }) => [ticketId, { at, detail }]),
      ),
    /** Who was first stays; false when there was nothing left to see. */
    markSeen: (ticketId: number, seenBy: number, seenAt: string): boolean =>
      orm
        .update(officeCopies)
        .set({ seenBy, seenAt })
        .where(and(unseen, eq(officeCopies.ticketId, ticketId)))
        .run().changes > 0,
  }
}
