import { desc, eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { installation, recordings } from './tables.ts'

export interface Installation {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly since: string
}

/** Which installation a database is. */
export function createInstallationStore({ orm }: Pick<Db, 'orm'>) {
  const find = (): Installation | undefined =>
    orm.select().from(installation).where(eq(installation.row, 1)).get()
  return {
    /** Undefined where no service ran on it since installations have names. */
    find,
    /** What it is; that one if it was none yet. */
    beOrStay(fresh: Installation): Installation {
      orm
        .insert(installation)
        .values({ row: 1, ...fresh })
        .onConflictDoNothing()
        .run()
      return find() ?? fresh
    },
    /** Below the recordings folder, of the newest that can be played; undefined where there is none. */
    newestFile(): string | undefined {
      const newest = orm
        .select({ file: recordings.file, archive: recordings.archive, archiveState: recordings.archiveState })
        .from(recordings)
        .where(eq(recordings.state, 'stored'))
        .orderBy(desc(recordings.id))
        .limit(1)
        .get()
      return (newest?.archiveState === 'dropped' ? newest.archive?.file : newest?.file) ?? undefined
    },
  }
}
