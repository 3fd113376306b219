import { and, asc, count, desc, eq, gte, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { quickParams } from '../db/quick-params.ts'
import type { CompilingStore } from './compiling.ts'
import type { DossierItem, DossierStore } from './service.ts'
import { dossierEntries, dossierFiles, dossierItems, dossiers } from './tables.ts'

/** Reads and writes the list of Đ9.6 and the dossiers compiled from it. The only SQL of the feature. */
export function createDossierStore({ orm }: Pick<Db, 'orm'>): DossierStore & CompilingStore {
  /** The dossier an entry is in now, if it is in one. */
  const inDossier = and(eq(dossierEntries.itemId, dossierItems.id), isNull(dossierEntries.releasedAt))
  const items = () =>
    orm
      .select({ item: dossierItems, id: dossiers.id, number: dossiers.number, sentAt: dossiers.sentAt })
      .from(dossierItems)
      .leftJoin(dossierEntries, inDossier)
      .leftJoin(dossiers, eq(dossiers.id, dossierEntries.dossierId))
  const itemOf = ({
    item,
    id,
    number,
    sentAt,
  }: ReturnType<ReturnType<typeof items>['all']>[number]): DossierItem => ({
    ...item,
    dossier: id === null || number === null ? null : { id, number, sentAt },
  })
  const mustFind = (id: number): DossierItem => {
    const row = items().where(eq(dossierItems.id, id)).get()
    if (row === undefined) throw new RangeError(`no entry ${String(id)}`)
    return itemOf(row)
  }

  const ofTicket = items()
    .where(eq(dossierItems.ticketId, sql.placeholder('ticketId')))
    .prepare()
  // Most cases are on no list, and every view of a case asks.
  const isListed = quickParams(
    orm
      .select({ id: dossierItems.id })
      .from(dossierItems)
      .where(eq(dossierItems.ticketId, sql.placeholder('ticketId')))
      .limit(1)
      .prepare(),
  )

  return {
    find: (id) => {
      const row = items().where(eq(dossierItems.id, id)).get()
      return row === undefined ? undefined : itemOf(row)
    },
    ofTicket: (ticketId) =>
      isListed.get({ ticketId }) === undefined
        ? []
        : ofTicket
            .all({ ticketId })
            .map(itemOf)
            .sort((a, b) => a.id - b.id),
    insert: (item) => mustFind(orm.insert(dossierItems).values(item).returning().get().id),
    setRemoved: (id, removal) => {
      orm.update(dossierItems).set(removal).where(eq(dossierItems.id, id)).run()
      return mustFind(id)
    },
    waiting: (now) =>
      items()
        .where(
          and(
            isNull(dossierItems.removedAt),
            isNull(dossiers.sentAt),
            or(isNull(dossierItems.dueAt), gte(dossierItems.dueAt, now)),
          ),
        )
        .all()
        .map(itemOf),
    setDue: (id, due) => {
      orm.update(dossierItems).set(due).where(eq(dossierItems.id, id)).run()
    },
    page({ show, training, now, offset, limit }) {
      const where = and(
        show === 'removed' ? isNotNull(dossierItems.removedAt) : isNull(dossierItems.removedAt),
        show === 'removed' ? undefined : isNull(dossierEntries.id),
        show === 'overdue' ? lt(dossierItems.dueAt, now) : undefined,
        training ? undefined : eq(dossierItems.training, false),
      )
      // What is due first stands first. What nobody can date is looked at as early as if it were due at once.
      const order =
        show === 'removed'
          ? [desc(dossierItems.removedAt), desc(dossierItems.id)]
          : [sql`coalesce(${dossierItems.dueAt}, ${dossierItems.startedAt})`, asc(dossierItems.id)]
      const page = items()
        .where(where)
        .orderBy(...order)
        .limit(limit)
        .offset(offset)
        .all()
        .map(itemOf)
      const total =
        orm.select({ n: count() }).from(dossierItems).leftJoin(dossierEntries, inDossier).where(where).get()
          ?.n ?? 0
      return { items: page, total }
    },

    lastNumber: (series) =>
      orm
        .select({ number: dossiers.number })
        .from(dossiers)
        .where(sql`${dossiers.number} LIKE ${`${series}-%`}`)
        .orderBy(desc(dossiers.number))
        .limit(1)
        .get()?.number ?? null,
    insertDossier: (row) => orm.insert(dossiers).values(row).returning().get(),
    dossier: (id) => orm.select().from(dossiers).where(eq(dossiers.id, id)).get(),
    setDossier: (id, change) => orm.update(dossiers).set(change).where(eq(dossiers.id, id)).returning().get(),
    history({ sentOnly, training, offset, limit }) {
      const where = and(
        sentOnly ? isNotNull(dossiers.sentAt) : undefined,
        training ? undefined : eq(dossiers.training, false),
      )
      const found = orm
        .select()
        .from(dossiers)
        .where(where)
        .orderBy(desc(dossiers.id))
        .limit(limit)
        .offset(offset)
        .all()
      return { items: found, total: orm.select({ n: count() }).from(dossiers).where(where).get()?.n ?? 0 }
    },

    addEntry: (entry) => {
      orm.insert(dossierEntries).values(entry).run()
    },
    entries: (dossierId) =>
      orm
        .select()
        .from(dossierEntries)
        .where(eq(dossierEntries.dossierId, dossierId))
        .orderBy(asc(dossierEntries.id))
        .all(),
    release: (dossierId, itemId, { at, by, why }) => {
      const which: (SQL | undefined)[] = [
        eq(dossierEntries.dossierId, dossierId),
        isNull(dossierEntries.releasedAt),
        itemId === null ? undefined : eq(dossierEntries.itemId, itemId),
      ]
      orm
        .update(dossierEntries)
        .set({ releasedAt: at, releasedBy: by, releasedWhy: why })
        .where(and(...which))
        .run()
    },

    addFile: (file) => {
      orm.insert(dossierFiles).values(file).run()
    },
    file: (dossierId, kind) =>
      orm
        .select()
        .from(dossierFiles)
        .where(and(eq(dossierFiles.dossierId, dossierId), eq(dossierFiles.kind, kind)))
        .get(),
    files: (dossierId) =>
      orm
        .select({
          kind: dossierFiles.kind,
          sha256: dossierFiles.sha256,
          sizeBytes: sql<number>`length(${dossierFiles.bytes})`,
        })
        .from(dossierFiles)
        .where(eq(dossierFiles.dossierId, dossierId))
        .orderBy(asc(dossierFiles.kind))
        .all(),
  }
}
