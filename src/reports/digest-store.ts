import { eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { digestRuns } from './tables.ts'
import type { DigestRuns } from './unit-digest.ts'

/** Which periods were told by themselves. */
export function createDigestStore({ orm }: Pick<Db, 'orm'>): DigestRuns {
  return {
    has: (period) => orm.select().from(digestRuns).where(eq(digestRuns.period, period)).get() !== undefined,
    add: (run) => {
      orm.insert(digestRuns).values(run).run()
    },
  }
}
