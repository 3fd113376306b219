import { eq, lt, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { createSealStore } from '../seals/store.ts'
import type { AccountStore } from './service.ts'
import { audit, people, sessions } from './tables.ts'

export function createAccountStore(db: Pick<Db, 'orm' | 'transaction'>): AccountStore {
  const { orm } = db
  const seals = createSealStore(db)
  const byToken = orm
    .select()
    .from(sessions)
    .innerJoin(people, eq(people.id, sessions.personId))
    .where(eq(sessions.tokenHash, sql.placeholder('tokenHash')))
    .prepare()
  const byId = orm
    .select()
    .from(people)
    .where(eq(people.id, sql.placeholder('id')))
    .prepare()
  return {
    people: () => orm.select().from(people).orderBy(people.username).all(),
    byId: (id) => byId.get({ id }),
    byUsername: (username) => orm.select().from(people).where(eq(people.username, username)).get(),
    insertPerson: (row) => orm.insert(people).values(row).returning().get(),
    updatePerson: (id, change) => {
      orm.update(people).set(change).where(eq(people.id, id)).run()
    },
    insertSession: (row) => {
      orm.insert(sessions).values(row).run()
    },
    sessionByToken(tokenHash) {
      const row = byToken.get({ tokenHash })
      return row === undefined ? undefined : { session: row.sessions, person: row.people }
    },
    touchSession: (id, lastSeenAt) => {
      orm.update(sessions).set({ lastSeenAt }).where(eq(sessions.id, id)).run()
    },
    sessionsOf: (personId) => orm.select().from(sessions).where(eq(sessions.personId, personId)).all(),
    deleteSession: (id) => orm.delete(sessions).where(eq(sessions.id, id)).run().changes > 0,
    deleteExpired: (now) =>
      orm
        .delete(sessions)
        .where(lt(sessions.expiresAt, now))
        .returning({ id: sessions.id })
        .all()
        .map(({ id }) => id),
    appendAudit: ({ actorId = null, ...row }) => {
      db.transaction(() => {
        const { id } = orm
          .insert(audit)
          .values({ ...row, actorId })
          .returning({ id: audit.id })
          .get()
        seals.linkLine({ ...row, id, actorId, detail: JSON.stringify(row.detail) })
      })
    },
  }
}
