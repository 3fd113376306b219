import { eq, getTableColumns, type Placeholder, sql } from 'drizzle-orm'
import type { Person } from '../accounts/contract.ts'
import type { Db } from '../db/open.ts'
import { quickParams } from '../db/quick-params.ts'
import type { Presence } from './presence-machine.ts'
import type { PresenceStore } from './service.ts'
import type { DeskPhones } from './softphone-ari.ts'
import { deskPhones, presence, presenceLog } from './tables.ts'

/** Saved several times in each call: prepared once, and both rows in one commit. */
export function createPresenceStore({ orm, transaction }: Pick<Db, 'orm' | 'transaction'>): PresenceStore {
  const { placeholder } = sql
  const columns = getTableColumns(presence)
  const save = quickParams(
    orm
      .insert(presence)
      .values(
        Object.fromEntries(Object.keys(columns).map((key) => [key, placeholder(key)])) as Record<
          keyof typeof columns,
          Placeholder
        >,
      )
      .onConflictDoUpdate({
        target: presence.personId,
        set: Object.fromEntries(
          Object.entries(columns).map(([key, { name }]) => [key, sql`excluded.${sql.identifier(name)}`]),
        ),
      })
      .prepare(),
  )
  const addLine = quickParams(
    orm
      .insert(presenceLog)
      .values({
        personId: placeholder('personId'),
        at: placeholder('since'),
        state: placeholder('state'),
        reason: placeholder('reason'),
        note: placeholder('note'),
      })
      .prepare(),
  )
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
      transaction(() => {
        save.run({ personId, ...next })
        addLine.run({ personId, ...next, note })
      })
    },
  }
}

/** `find`: nobody who has left keeps a phone. */
export function createDeskPhones(
  { orm }: Pick<Db, 'orm'>,
  find: (personId: number) => Person | undefined,
): DeskPhones {
  return {
    all: () =>
      orm
        .select()
        .from(deskPhones)
        .all()
        .flatMap(({ personId }) => {
          const person = find(personId)
          return person?.active === true ? [person] : []
        }),
    add(personId) {
      orm.insert(deskPhones).values({ personId }).onConflictDoNothing().run()
    },
    drop(personId) {
      orm.delete(deskPhones).where(eq(deskPhones.personId, personId)).run()
    },
  }
}

function presenceOf(row: typeof presence.$inferSelect): Presence {
  const { state, reason, since, wrapUpEndsAt, wrapUpExtended, next, callId } = row
  return { state, reason, since, wrapUpEndsAt, wrapUpExtended, next, callId }
}
