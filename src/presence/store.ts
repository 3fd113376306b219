import { eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { Presence } from './presence-machine.ts'
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
          .map((row) => [row.personId, presenceOf(row)]),
      ),
    find: (personId) => {
      const row = orm.select().from(presence).where(eq(presence.personId, personId)).get()
      return row === undefined ? undefined : presenceOf(row)
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

function presenceOf(row: typeof presence.$inferSelect): Presence {
  const { state, reason, since, wrapUpEndsAt, wrapUpExtended, next, callId } = row
  return { state, reason, since, wrapUpEndsAt, wrapUpExtended, next, callId }
}
