import { and, asc, count, desc, eq, gt, gte, inArray, isNull, like, ne, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { perColumns } from '../db/per-columns.ts'
import type { RecordingKind } from './contract.ts'
import { recordings } from './tables.ts'

export type RecordingRow = typeof recordings.$inferSelect
export type NewRecording = typeof recordings.$inferInsert
export type RecordingStore = ReturnType<typeof createRecordingStore>

/** Rows of recordings. The only SQL of the feature. */
export function createRecordingStore({ orm }: Pick<Db, 'orm'>) {
  const add = perColumns((row) =>
    orm
      .insert(recordings)
      .values(row as unknown as NewRecording)
      .onConflictDoNothing()
      .prepare(),
  )
  return {
    /** False where this call already has it: the first word stands. */
    add: (row: NewRecording): boolean => add(row).run({ ...row }).changes === 1,
    find: (id: number): RecordingRow | undefined =>
      orm.select().from(recordings).where(eq(recordings.id, id)).get(),
    ofCall: (callId: string): RecordingRow[] =>
      orm.select().from(recordings).where(eq(recordings.callId, callId)).orderBy(asc(recordings.id)).all(),
    ofCalls: (callIds: readonly string[]): RecordingRow[] =>
      orm
        .select()
        .from(recordings)
        .where(inArray(recordings.callId, [...callIds]))
        .orderBy(asc(recordings.startedAt), asc(recordings.id))
        .all(),
    idOf: (callId: string, kind: RecordingKind): number | null =>
      orm
        .select({ id: recordings.id })
        .from(recordings)
        .where(and(eq(recordings.callId, callId), eq(recordings.kind, kind)))
        .get()?.id ?? null,
    update(id: number, patch: Partial<NewRecording>): void {
      orm.update(recordings).set(patch).where(eq(recordings.id, id)).run()
    },
    /** Not yet settled, oldest first. */
    pending: (afterId: number, limit: number): RecordingRow[] =>
      orm
        .select()
        .from(recordings)
        .where(and(eq(recordings.state, 'pending'), gt(recordings.id, afterId)))
        .orderBy(asc(recordings.id))
        .limit(limit)
        .all(),
    /** Settled, and the PBX may still have its copy. */
    unreleased: (limit: number): RecordingRow[] =>
      orm
        .select()
        .from(recordings)
        .where(and(isNull(recordings.releasedAt), ne(recordings.state, 'pending')))
        .orderBy(asc(recordings.id))
        .limit(limit)
        .all(),
    /** Given up since then. */
    missingSince: (since: string): Pick<RecordingRow, 'id' | 'base' | 'flags'>[] =>
      orm
        .select({ id: recordings.id, base: recordings.base, flags: recordings.flags })
        .from(recordings)
        .where(and(eq(recordings.state, 'missing'), gte(recordings.settledAt, since)))
        .all(),
    /** Newest first; every word must stand in number, operator or ticket code. */
    page(words: readonly string[], offset: number, limit: number): { items: RecordingRow[]; total: number } {
      const where = and(...words.map(contains))
      return {
        items: orm
          .select()
          .from(recordings)
          .where(where)
          .orderBy(desc(recordings.startedAt), desc(recordings.id))
          .limit(limit)
          .offset(offset)
          .all(),
        total: orm.select({ total: count() }).from(recordings).where(where).get()?.total ?? 0,
      }
    },
  }
}

function contains(word: string): SQL {
  return sql`${like(recordings.search, `%${word.replace(/[\\%_]/g, '\\$&')}%`)} ESCAPE '\\'`
}
