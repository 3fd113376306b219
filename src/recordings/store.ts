import { and, asc, desc, eq, gt, gte, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { perColumns } from '../db/per-columns.ts'
import { LIST_WINDOW } from '../platform/list-bound.ts'
import type { RecordingKind } from './contract.ts'
import type { RecordingFilter } from './search-policy.ts'
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
  return {
    /** False where this call already has it: the first word stands. */
    add: (row: NewRecording): boolean => add(row).run({ ...row }).changes === 1,
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
    /** Given up since then. */
    missingSince: (since: string): Pick<RecordingRow, 'id' | 'base' | 'flags'>[] =>
      orm
        .select({ id: recordings.id, base: recordings.base, flags: recordings.flags })
        .from(recordings)
        .where(and(eq(recordings.state, 'missing'), gte(recordings.settledAt, since)))
        .all(),
    /**
     * Newest first; every word must begin a part of number, operator or ticket code, one letter be it. `total` is at most LIST_WINDOW.
     */
    page(filter: RecordingFilter, offset: number, limit: number): { items: RecordingRow[]; total: number } {
      const query = windowOf(filter)
      const ids = query === null ? [] : orm.all<{ id: number }>(query).map(({ id }) => id)
      return {
        items: orm
          .select()
          .from(recordings)
          .where(inArray(recordings.id, ids.slice(offset, offset + limit)))
          .orderBy(desc(recordings.startedAt), desc(recordings.id))
          .all(),
        total: ids.length,
      }
    },
  }
}

/** Ids of what is looked for, newest first; null where the words hold nothing that could be found. */
function windowOf(filter: RecordingFilter): SQL | null {
  const parts = filter.words.flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) ?? [])
  if (filter.words.length > 0 && parts.length === 0) return null
  const conditions = sql.join(conditionsOf(filter), sql` AND `)
  if (parts.length > 0) {
    const wanted = parts.map((part) => `"${part}"${part.length === 1 ? '' : '*'}`).join(' AND ')
    return sql`SELECT r.id FROM recording_search s CROSS JOIN recordings r ON r.id = s.rowid
      WHERE s.recording_search MATCH ${wanted} AND ${conditions} ORDER BY s.rowid DESC LIMIT ${LIST_WINDOW}`
  }
  // A unit's cases lead to their calls and those to what was recorded; everything else is met on the way back in time.
  const path = filter.unitId === null ? sql`INDEXED BY recordings_by_start` : sql``
  return sql`SELECT r.id FROM recordings r ${path} WHERE ${conditions}
    ORDER BY r.started_at DESC, r.id DESC LIMIT ${LIST_WINDOW}`
}

function conditionsOf({ from, until, operatorId, unitId, minMs }: RecordingFilter): SQL[] {
  const conditions = [sql`TRUE`]
  if (from !== null) conditions.push(sql`r.started_at >= ${from}`)
  if (until !== null) conditions.push(sql`r.started_at < ${until}`)
  if (minMs !== null) conditions.push(sql`r.duration_ms >= ${minMs}`)
  if (operatorId !== null)
    conditions.push(
      sql`EXISTS (SELECT 1 FROM calls c WHERE c.id = r.call_id AND c.operator_id = ${operatorId})`,
    )
  if (unitId !== null)
    conditions.push(
      sql`r.call_id IN (SELECT c.id FROM tickets t CROSS JOIN calls c ON c.ticket_id = t.id WHERE t.unit_id = ${unitId})`,
    )
  return conditions
}
