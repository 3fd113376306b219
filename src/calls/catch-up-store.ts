import { desc, eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { CatchUpStore } from './catch-up.ts'
import { catchUpRuns } from './tables.ts'

export function createCatchUpStore({ orm }: Pick<Db, 'orm'>): CatchUpStore {
  return {
    add: (run) => orm.insert(catchUpRuns).values(run).returning({ id: catchUpRuns.id }).get().id,
    update(id, run) {
      orm.update(catchUpRuns).set(run).where(eq(catchUpRuns.id, id)).run()
    },
    page: (limit) => orm.select().from(catchUpRuns).orderBy(desc(catchUpRuns.id)).limit(limit).all(),
  }
}
