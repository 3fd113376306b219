import { asc, eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { DirectoryStore, KeptChange } from './editor.ts'
import { directoryChanges, directoryNotices, directoryWithdrawals } from './tables.ts'

/** Reads and adds to the changes of the directory; nothing of them is ever written over. */
export function createDirectoryStore({ orm }: Pick<Db, 'orm'>): DirectoryStore {
  const kept = () =>
    orm
      .select({ change: directoryChanges, withdrawal: directoryWithdrawals, notice: directoryNotices })
      .from(directoryChanges)
      .leftJoin(directoryWithdrawals, eq(directoryWithdrawals.changeId, directoryChanges.id))
      .leftJoin(directoryNotices, eq(directoryNotices.changeId, directoryChanges.id))
  return {
    all: () =>
      kept()
        .orderBy(asc(directoryChanges.id))
        .all()
        .map(({ change, withdrawal, notice }): KeptChange => ({ ...change, withdrawal, notice })),
    add: (change) =>
      orm.insert(directoryChanges).values(change).returning({ id: directoryChanges.id }).get().id,
    withdraw: (withdrawal) => {
      orm.insert(directoryWithdrawals).values(withdrawal).run()
    },
    note: (notice) => {
      orm.insert(directoryNotices).values(notice).onConflictDoNothing().run()
    },
  }
}
