import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { TransferStore } from './service.ts'
import { transferEvents, transfers } from './tables.ts'

export function createTransferStore({ orm }: Pick<Db, 'orm'>): TransferStore {
  return {
    find: (id) => orm.select().from(transfers).where(eq(transfers.id, id)).get(),
    open: () =>
      orm.select().from(transfers).where(isNull(transfers.endedAt)).orderBy(asc(transfers.startedAt)).all(),
    running: (callId) =>
      orm
        .select()
        .from(transfers)
        .where(and(isNull(transfers.endedAt), eq(transfers.callId, callId)))
        .get(),
    ofCall: (callId) =>
      orm
        .select()
        .from(transfers)
        .where(eq(transfers.callId, callId))
        .orderBy(asc(transfers.startedAt))
        .all(),
    save: (row) => {
      orm.insert(transfers).values(row).onConflictDoUpdate({ target: transfers.id, set: row }).run()
    },
    addEvent: (event) => {
      orm.insert(transferEvents).values(event).run()
    },
  }
}
