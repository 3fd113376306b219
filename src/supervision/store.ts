import { asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { supervisions } from './tables.ts'

export type SupervisionRow = typeof supervisions.$inferSelect

export interface SupervisionStore {
  find(id: string): SupervisionRow | undefined
  /** Not over, the oldest first: a handful at most. */
  open(): SupervisionRow[]
  ofCall(callId: string): SupervisionRow[]
  save(row: SupervisionRow): void
}

export function createSupervisionStore({ orm }: Pick<Db, 'orm'>): SupervisionStore {
  // Asked by every board each second.
  const open = orm
    .select()
    .from(supervisions)
    .where(isNull(supervisions.endedAt))
    .orderBy(asc(supervisions.askedAt))
    .prepare()
  const ofCall = orm
    .select()
    .from(supervisions)
    .where(eq(supervisions.callId, sql.placeholder('callId')))
    .orderBy(asc(supervisions.askedAt))
    .prepare()
  return {
    find: (id) => orm.select().from(supervisions).where(eq(supervisions.id, id)).get(),
    open: () => open.all(),
    ofCall: (callId) => ofCall.all({ callId }),
    save: (row) => {
      orm.insert(supervisions).values(row).onConflictDoUpdate({ target: supervisions.id, set: row }).run()
    },
  }
}
