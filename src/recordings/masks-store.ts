import { asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { recordingMasks } from './tables.ts'

export type MaskRow = typeof recordingMasks.$inferSelect

export interface MaskStore {
  add(mask: Omit<MaskRow, 'id'>): MaskRow
  close(id: number, untilAt: string, end: MaskRow['end']): void
  open(): MaskRow[]
  /** In the order they began. */
  ofCall(callId: string): MaskRow[]
}

export function createMaskStore({ orm }: Pick<Db, 'orm'>): MaskStore {
  // Asked with every word of a call.
  const open = orm
    .select()
    .from(recordingMasks)
    .where(isNull(recordingMasks.untilAt))
    .orderBy(asc(recordingMasks.id))
    .prepare()
  const ofCall = orm
    .select()
    .from(recordingMasks)
    .where(eq(recordingMasks.callId, sql.placeholder('callId')))
    .orderBy(asc(recordingMasks.id))
    .prepare()
  return {
    add: (mask) => orm.insert(recordingMasks).values(mask).returning().all()[0] as MaskRow,
    close: (id, untilAt, end) => {
      orm.update(recordingMasks).set({ untilAt, end }).where(eq(recordingMasks.id, id)).run()
    },
    open: () => open.all(),
    ofCall: (callId) => ofCall.all({ callId }),
  }
}
