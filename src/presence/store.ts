import { eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { PresenceStore } from './service.ts'
import { presence, presenceLog } from './tables.ts'

export function createPresenceStore({ orm }: Pick<Db, 'orm'>): PresenceStore {
  return {
    all: () =>
      new Map(
        orm
          .select()
          .from(presence)
          .all()
          .map(({ personId, ...rest }) => [personId, rest]),
      ),
    find: (personId) => {
      const row = orm.select().from(presence).where(eq(presence.personId, personId)).get()
      if (row === undefined) return undefined
      const { personId: _, ...rest } = row
      return rest
    },
    save: (personId, next, note) => {
      const row = { personId, ...next }
      orm.insert(presence).values(row).onConflictDoUpdate({ target: presence.personId, set: next }).run()
      orm
        .insert(presenceLog)
        .values({ personId, at: next.since, state: next.state, reason: next.reason, note })
        .run()
    },
  }
}
