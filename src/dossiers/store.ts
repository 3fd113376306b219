import { and, asc, count, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { DossierItem, DossierStore } from './service.ts'
import { dossierItems } from './tables.ts'

/** Reads and writes the list of Đ9.6. The only SQL of the feature. */
export function createDossierStore({ orm }: Pick<Db, 'orm'>): DossierStore {
  return {
    find: (id) => orm.select().from(dossierItems).where(eq(dossierItems.id, id)).get(),
    ofTicket: (ticketId) =>
      orm
        .select()
        .from(dossierItems)
        .where(eq(dossierItems.ticketId, ticketId))
        .orderBy(asc(dossierItems.id))
        .all(),
    insert: (item): DossierItem => orm.insert(dossierItems).values(item).returning().get(),
    setRemoved: (id, removal) =>
      orm.update(dossierItems).set(removal).where(eq(dossierItems.id, id)).returning().get(),
    page({ show, training, now, offset, limit }) {
      const where = and(
        show === 'removed' ? isNotNull(dossierItems.removedAt) : isNull(dossierItems.removedAt),
        show === 'overdue' ? lt(dossierItems.dueAt, now) : undefined,
        training ? undefined : eq(dossierItems.training, false),
      )
      // What is due first stands first. What nobody can date is looked at as early as if it were due at once.
      const order =
        show === 'removed'
          ? [desc(dossierItems.removedAt), desc(dossierItems.id)]
          : [sql`coalesce(${dossierItems.dueAt}, ${dossierItems.startedAt})`, asc(dossierItems.id)]
      const items = orm
        .select()
        .from(dossierItems)
        .where(where)
        .orderBy(...order)
        .limit(limit)
        .offset(offset)
        .all()
      const total = orm.select({ n: count() }).from(dossierItems).where(where).get()?.n ?? 0
      return { items, total }
    },
  }
}
