import { and, asc, count, desc, eq, gt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { DisclosureGroup } from './contract.ts'
import { disclosures, disclosureUses } from './tables.ts'

export type DisclosureRow = typeof disclosures.$inferSelect
export type NewDisclosure = typeof disclosures.$inferInsert
export type DisclosureUseRow = typeof disclosureUses.$inferSelect
export type DisclosureStore = ReturnType<typeof createDisclosureStore>

/** Requests and what was made of them. The only SQL of the feature. */
export function createDisclosureStore({ orm }: Pick<Db, 'orm'>) {
  const find = orm
    .select()
    .from(disclosures)
    .where(eq(disclosures.id, sql.placeholder('id')))
    .prepare()
  const listed = (where: SQL | undefined, order: SQL = desc(disclosures.id)) =>
    orm.select().from(disclosures).where(where).orderBy(order)
  const howMany = (where: SQL | undefined): number =>
    orm.select({ n: count() }).from(disclosures).where(where).get()?.n ?? 0
  return {
    add: (row: NewDisclosure): DisclosureRow => orm.insert(disclosures).values(row).returning().get(),
    find: (id: number): DisclosureRow | undefined => find.get({ id }),
    update(id: number, change: Partial<NewDisclosure>): void {
      orm.update(disclosures).set(change).where(eq(disclosures.id, id)).run()
    },
    ofTicket: (ticketCode: string): DisclosureRow[] => listed(eq(disclosures.ticketCode, ticketCode)).all(),
    ofRecording: (recordingId: number): DisclosureRow[] =>
      listed(eq(disclosures.recordingId, recordingId)).all(),
    /** Those that wait in the order they were asked, others newest first. */
    page(group: DisclosureGroup, now: string, { offset, limit }: { offset: number; limit: number }) {
      const where = inGroup(group, now)
      const order = group === 'waiting' ? asc(disclosures.id) : desc(disclosures.id)
      return {
        items: listed(where, order).limit(limit).offset(offset).all(),
        total: howMany(where),
      }
    },
    waiting: (): number => howMany(eq(disclosures.state, 'requested')),
    addUse(use: Omit<DisclosureUseRow, 'id'>): void {
      orm.insert(disclosureUses).values(use).run()
    },
    usesOf: (disclosureId: number): DisclosureUseRow[] =>
      orm
        .select()
        .from(disclosureUses)
        .where(eq(disclosureUses.disclosureId, disclosureId))
        .orderBy(desc(disclosureUses.id))
        .all(),
  }
}

function inGroup(group: DisclosureGroup, now: string): SQL | undefined {
  const isApproved = eq(disclosures.state, 'approved')
  switch (group) {
    case 'waiting':
      return eq(disclosures.state, 'requested')
    case 'open':
      return and(isApproved, gt(disclosures.expiresAt, now))
    case 'over':
      return and(
        ne(disclosures.state, 'requested'),
        or(ne(disclosures.state, 'approved'), lte(disclosures.expiresAt, now)),
      )
  }
}
