import { and, asc, desc, eq, gt, gte, inArray, isNull, like, ne, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { perColumns } from '../db/per-columns.ts'
import type { RecordingKind } from './contract.ts'
import { createRecordingSearch } from './search-store.ts'
import type { RecordingFilter } from './search-policy.ts'
import { recordings } from './tables.ts'

export type RecordingRow = typeof recordings.$inferSelect
export type NewRecording = typeof recordings.$inferInsert
export type RecordingStore = ReturnType<typeof createRecordingStore>

export interface RecordingList {
  readonly items: RecordingRow[]
  /** At most LIST_WINDOW. */
  readonly total: number
  /** Only the newest were looked through; there may be older ones. */
  readonly isCut: boolean
}

/** Rows of recordings. */
export function createRecordingStore({ orm, raw }: Pick<Db, 'orm' | 'raw'>) {
  // A trigger would open a savepoint, at which all full texts of the transaction are written out (tickets/store.ts).
  const addToSearch = raw.prepare('INSERT INTO recording_search (rowid, search) VALUES (?, ?)')
  const add = perColumns((row) =>
    orm
      .insert(recordings)
      .values(row as unknown as NewRecording)
      .onConflictDoNothing()
      .prepare(),
  )
  const update = perColumns(({ id, ...change }) =>
    orm
      .update(recordings)
      .set(change as unknown as Partial<NewRecording>)
      .where(sql`${recordings.id} = ${id}`)
      .prepare(),
  )
  const find = orm
    .select()
    .from(recordings)
    .where(eq(recordings.id, sql.placeholder('id')))
    .prepare()
  const ofCall = orm
    .select()
    .from(recordings)
    .where(eq(recordings.callId, sql.placeholder('callId')))
    .orderBy(asc(recordings.id))
    .prepare()
  /** Of the calls of a JSON list: one text for however many. */
  const ofCalls = orm
    .select()
    .from(recordings)
    .where(sql`${recordings.callId} in (select value from json_each(${sql.placeholder('callIds')}))`)
    .orderBy(asc(recordings.startedAt), asc(recordings.id))
    .prepare()
  const search = createRecordingSearch({ orm })
  return {
    /** False where this call already has it: the first word stands. */
    add(row: NewRecording): boolean {
      const { changes, lastInsertRowid } = add(row).run({ ...row })
      if (changes === 1) addToSearch.run(lastInsertRowid, row.search)
      return changes === 1
    },
    find: (id: number): RecordingRow | undefined => find.get({ id }),
    ofCall: (callId: string): RecordingRow[] => ofCall.all({ callId }),
    ofCalls: (callIds: readonly string[]): RecordingRow[] =>
      ofCalls.all({ callIds: JSON.stringify(callIds) }),
    idOf: (callId: string, kind: RecordingKind): number | null =>
      orm
        .select({ id: recordings.id })
        .from(recordings)
        .where(and(eq(recordings.callId, callId), eq(recordings.kind, kind)))
        .get()?.id ?? null,
    update(id: number, patch: Partial<NewRecording>): void {
      const row = { ...patch, id }
      update(row).run(row)
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
    /** Found to be another than was sealed. */
    altered: (): RecordingRow[] =>
      orm
        .select()
        .from(recordings)
        .where(and(eq(recordings.state, 'damaged'), like(recordings.flags, '%"altered"%')))
        .orderBy(asc(recordings.id))
        .all(),
    /** Given up since then. */
    missingSince: (since: string): Pick<RecordingRow, 'id' | 'base' | 'flags'>[] =>
      orm
        .select({ id: recordings.id, base: recordings.base, flags: recordings.flags })
        .from(recordings)
        .where(and(eq(recordings.state, 'missing'), gte(recordings.settledAt, since)))
        .all(),
    /** Newest first; each word begins a part of operator or code, one letter be it, or is a whole number or code. */
    page(filter: RecordingFilter, offset: number, limit: number): RecordingList {
      const { ids, isCut } = search(filter)
      return {
        items: orm
          .select()
          .from(recordings)
          .where(inArray(recordings.id, ids.slice(offset, offset + limit)))
          .orderBy(desc(recordings.startedAt), desc(recordings.id))
          .all(),
        total: ids.length,
        isCut,
      }
    },
  }
}
