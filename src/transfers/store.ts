import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { TransferStore } from './service.ts'
import { transferEvents, transfers } from './tables.ts'
import type { TimelineStore } from './timeline.ts'

/** An attempt took the call and has not ended. */
const talksOn = sql`exists (
  select 1 from json_each(${transfers.attempts})
  where json_extract(value, '$.acceptedAt') is not null and json_extract(value, '$.endedAt') is null)`

export function createTransferStore({ orm }: Pick<Db, 'orm'>): TransferStore & TimelineStore {
  // Asked with every hang-up and change of a case: building and preparing the text costs more than running it.
  const open = orm
    .select()
    .from(transfers)
    .where(isNull(transfers.endedAt))
    .orderBy(asc(transfers.startedAt))
    .prepare()
  const running = orm
    .select()
    .from(transfers)
    .where(and(isNull(transfers.endedAt), eq(transfers.callId, sql.placeholder('callId'))))
    .prepare()
  const ofCall = orm
    .select()
    .from(transfers)
    .where(eq(transfers.callId, sql.placeholder('callId')))
    .orderBy(asc(transfers.startedAt))
    .prepare()
  return {
    find: (id) => orm.select().from(transfers).where(eq(transfers.id, id)).get(),
    open: () => open.all(),
    running: (callId) => running.get({ callId }),
    runningOf: (operatorId) =>
      orm
        .select()
        .from(transfers)
        .where(and(isNull(transfers.endedAt), eq(transfers.operatorId, operatorId)))
        .orderBy(desc(transfers.startedAt))
        .all(),
    talkingOn: () =>
      orm
        .select()
        .from(transfers)
        .where(and(isNotNull(transfers.endedAt), talksOn))
        .all(),
    ofCall: (callId) => ofCall.all({ callId }),
    save: (row) => {
      orm.insert(transfers).values(row).onConflictDoUpdate({ target: transfers.id, set: row }).run()
    },
    addEvent: (event) => {
      orm.insert(transferEvents).values(event).run()
    },
    eventsOf: (transferId) =>
      orm
        .select()
        .from(transferEvents)
        .where(eq(transferEvents.transferId, transferId))
        .orderBy(asc(transferEvents.id))
        .all(),
  }
}
