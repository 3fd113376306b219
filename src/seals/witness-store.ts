import { asc, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { disclosures, disclosureUses } from '../disclosures/tables.ts'
import { recordingMasks, recordingNotes } from '../recordings/tables.ts'
import { deletionRequests, retentionHolds } from '../retention/tables.ts'

export type EvidenceRows = ReturnType<ReturnType<typeof createWitnessStore>['evidenceRows']>

/** Tables that the audit log vouches for, and what forbids changing them. */
export function createWitnessStore({ orm }: Pick<Db, 'orm'>) {
  return {
    evidenceRows: () => ({
      holds: orm.select().from(retentionHolds).all(),
      masks: orm.select().from(recordingMasks).all(),
      notes: orm.select().from(recordingNotes).all(),
      disclosures: orm.select().from(disclosures).all(),
      uses: orm.select().from(disclosureUses).orderBy(asc(disclosureUses.id)).all(),
      deletions: orm.select().from(deletionRequests).all(),
    }),
    /** Recordings that are training and their calls are not, or the other way round. */
    trainingAtOdds: (): number[] =>
      orm
        .all<{ id: number }>(
          sql`SELECT r.id AS id FROM recordings r JOIN calls c ON c.id = r.call_id WHERE r.training <> c.training`,
        )
        .map(({ id }) => id),
    /** Recordings whose rows say that their file is another than was sealed. */
    alteredIds: (): number[] =>
      orm
        .all<{ id: number }>(
          sql`SELECT id FROM recordings WHERE state = 'damaged' AND flags LIKE '%"altered"%' ORDER BY id`,
        )
        .map(({ id }) => id),
    /** By name, as they were made; how it is written apart. */
    triggers: (): Map<string, string> =>
      new Map(
        orm
          .all<{ name: string; made: string }>(
            sql`SELECT name, sql AS made FROM sqlite_master WHERE type = 'trigger'`,
          )
          .map(({ name, made }) => [name, made.replace(/[`"]/g, '').replace(/\s+/g, ' ')]),
      ),
  }
}
