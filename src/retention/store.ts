import { and, asc, between, count, desc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import { inStretches } from '../db/in-stretches.ts'
import type { Db } from '../db/open.ts'
import type { RecordingKind } from '../recordings/contract.ts'
import type { RetentionRun } from './contract.ts'
import { deletionRequests, recordingDeletions, retentionHolds, retentionRuns } from './tables.ts'

export type DeletionRow = typeof recordingDeletions.$inferSelect
export type HoldRow = typeof retentionHolds.$inferSelect
export type RequestRow = typeof deletionRequests.$inferSelect
export type RetentionStore = ReturnType<typeof createRetentionStore>

/** A recording with all that bears on how long it is kept. */
export interface KeptRow {
  readonly id: number
  readonly callId: string
  readonly kind: RecordingKind
  readonly training: 0 | 1
  readonly state: 'stored' | 'missing' | 'damaged' | 'pending' | 'deleted'
  /** JSON. */
  readonly flags: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly durationMs: number | null
  readonly sizeBytes: number | null
  readonly hasFiles: 0 | 1
  readonly direction: 'in' | 'out' | null
  readonly ticketCode: string | null
  readonly caseState: string | null
  readonly caseChangedAt: string | null
  /** Of the case that its own follows in the end: itself where it follows none. */
  readonly leadState: string | null
  readonly leadChangedAt: string | null
  readonly announcedAt: string | null
  /** Of its original alone. */
  readonly dropAnnouncedAt: string | null
  readonly isHeld: 0 | 1
  readonly isDisclosed: 0 | 1
}

/** What goes next, of one kind. */
export interface KindCount {
  readonly kind: DeletionRow['kind']
  readonly count: number
  readonly sizeBytes: number
}

/** Where a walk through recordings of one kind is. */
export interface Walk {
  readonly kind: RecordingKind
  readonly training: boolean
  readonly until: string
  readonly after: { readonly startedAt: string; readonly id: number }
}

const COLUMNS = `r.id, r.call_id AS callId, r.kind, r.training, r.state, r.flags, r.started_at AS startedAt,
  r.ended_at AS endedAt, r.duration_ms AS durationMs, r.size_bytes AS sizeBytes,
  (r.file IS NOT NULL OR r.kept <> '[]') AS hasFiles, c.direction,
  coalesce(t.code, c.ticket_code) AS ticketCode, t.state AS caseState, t.updated_at AS caseChangedAt,
  l.state AS leadState, l.updated_at AS leadChangedAt, d.announced_at AS announcedAt,
  r.drop_announced_at AS dropAnnouncedAt,
  EXISTS (SELECT 1 FROM retention_holds h WHERE h.lifted_at IS NULL AND h.recording_id = r.id)
    OR EXISTS (SELECT 1 FROM retention_holds h WHERE h.lifted_at IS NULL
      AND h.ticket_code IN (t.code, l.code, c.ticket_code)) AS isHeld,
  EXISTS (SELECT 1 FROM disclosures s WHERE s.recording_id = r.id
    AND (s.state = 'requested' OR (s.state = 'approved' AND s.expires_at > @now))) AS isDisclosed`
const JOINS = `LEFT JOIN calls c ON c.id = r.call_id
  LEFT JOIN tickets t ON t.id = c.ticket_id
  LEFT JOIN tickets l ON l.id = (
    WITH RECURSIVE up(id, follows_id) AS (
      SELECT t.id, t.follows_id
      UNION SELECT p.id, p.follows_id FROM up JOIN tickets p ON p.id = up.follows_id)
    SELECT id FROM up WHERE follows_id IS NULL)
  LEFT JOIN recording_deletions d ON d.recording_id = r.id AND d.deleted_at IS NULL`

/** What is to go, what went, what is held, and what two people decide on. The only SQL of the feature. */
export function createRetentionStore({ orm, raw }: Pick<Db, 'orm' | 'raw'>) {
  const one = raw.prepare<{ id: number; now: string }, KeptRow>(
    `SELECT ${COLUMNS} FROM recordings r ${JOINS} WHERE r.id = @id`,
  )
  const walk = raw.prepare<Record<string, unknown>, KeptRow>(
    `SELECT ${COLUMNS} FROM recordings r INDEXED BY recordings_kept ${JOINS}
      WHERE r.state <> 'deleted' AND r.training = @training AND r.kind = @kind
        AND (r.started_at, r.id) > (@startedAt, @id) AND r.started_at < @until
        AND r.state <> 'pending' AND (r.file IS NOT NULL OR r.kept <> '[]')
      ORDER BY r.started_at, r.id LIMIT @limit`,
  )
  const walkCopied = raw.prepare<Record<string, unknown>, KeptRow>(
    `SELECT ${COLUMNS} FROM recordings r INDEXED BY recordings_copied ${JOINS}
      WHERE r.state = 'stored' AND r.archive_state = 'made'
        AND (r.started_at, r.id) > (@startedAt, @id) AND r.started_at < @until
      ORDER BY r.started_at, r.id LIMIT @limit`,
  )
  const lastOnList = raw.prepare<[]>('SELECT coalesce(max(recording_id), 0) FROM recording_deletions').pluck()
  const nextByKind = raw.prepare<[number, number], KindCount>(
    `SELECT d.kind, count(*) AS count, coalesce(sum(r.size_bytes), 0) AS sizeBytes
      FROM recording_deletions d JOIN recordings r ON r.id = d.recording_id
      WHERE d.deleted_at IS NULL AND d.recording_id BETWEEN ? AND ? GROUP BY d.kind`,
  )
  const deletedCount = raw
    .prepare<[number, number]>(
      'SELECT count(*) FROM recording_deletions WHERE deleted_at IS NOT NULL AND recording_id BETWEEN ? AND ?',
    )
    .pluck()
  const isAnnounced = isNull(recordingDeletions.deletedAt)
  const isDeleted = isNotNull(recordingDeletions.deletedAt)
  return {
    kept: (id: number, now: string): KeptRow | undefined => one.get({ id, now }),
    /** Oldest first. */
    walk: ({ kind, training, until, after }: Walk, now: string, limit: number): KeptRow[] =>
      walk.all({ kind, training: training ? 1 : 0, until, ...after, now, limit }),
    /** As `walk`, of those with a copy beside their original. */
    walkCopied: ({ until, after }: Pick<Walk, 'until' | 'after'>, now: string, limit: number): KeptRow[] =>
      walkCopied.all({ until, ...after, now, limit }),
    caseExists: (code: string): boolean =>
      raw.prepare('SELECT 1 FROM tickets WHERE code = ?').get(code) !== undefined,

    /** Puts it on the list, or says that it still belongs there. */
    announce(row: Pick<DeletionRow, 'recordingId' | 'kind' | 'days' | 'basis' | 'dueAt'>, at: string): void {
      const { kind, days, basis, dueAt } = row
      orm
        .insert(recordingDeletions)
        .values({ ...row, cause: 'rule', announcedAt: at, checkedAt: at })
        .onConflictDoUpdate({
          target: recordingDeletions.recordingId,
          set: { kind, days, basis, dueAt, checkedAt: at },
          setWhere: isAnnounced,
        })
        .run()
    },
    /** Takes what no run since then found due off the list. */
    async unannounceBefore(at: string): Promise<void> {
      await inStretches(lastOnList.get() as number, (fromId, toId) => {
        orm
          .delete(recordingDeletions)
          .where(
            and(
              isAnnounced,
              lt(recordingDeletions.checkedAt, at),
              between(recordingDeletions.recordingId, fromId, toId),
            ),
          )
          .run()
      })
    },
    /** In the transaction in which row and chain say so. */
    startDeletion(
      row: Omit<typeof recordingDeletions.$inferInsert, 'announcedAt' | 'checkedAt' | 'removedAt'>,
      at: string,
    ): void {
      orm
        .insert(recordingDeletions)
        .values({ ...row, announcedAt: at, checkedAt: at })
        .onConflictDoUpdate({ target: recordingDeletions.recordingId, set: row, setWhere: isAnnounced })
        .run()
    },
    finishDeletion(recordingId: number, at: string): void {
      orm
        .update(recordingDeletions)
        .set({ removedAt: at })
        .where(eq(recordingDeletions.recordingId, recordingId))
        .run()
    },
    deletion: (recordingId: number): DeletionRow | undefined =>
      orm.select().from(recordingDeletions).where(eq(recordingDeletions.recordingId, recordingId)).get(),
    unfinished: (limit: number): DeletionRow[] =>
      orm
        .select()
        .from(recordingDeletions)
        .where(and(isDeleted, isNull(recordingDeletions.removedAt)))
        .orderBy(asc(recordingDeletions.recordingId))
        .limit(limit)
        .all(),
    next: (limit: number): DeletionRow[] =>
      orm
        .select()
        .from(recordingDeletions)
        .where(isAnnounced)
        .orderBy(asc(recordingDeletions.dueAt), asc(recordingDeletions.recordingId))
        .limit(limit)
        .all(),
    /** A look at each: after a rule became shorter that may be every recording there is, so in turns with all else. */
    async nextByKind(): Promise<KindCount[]> {
      const sums = new Map<DeletionRow['kind'], KindCount>()
      await inStretches(lastOnList.get() as number, (fromId, toId) => {
        for (const { kind, count, sizeBytes } of nextByKind.all(fromId, toId)) {
          const before = sums.get(kind) ?? { kind, count: 0, sizeBytes: 0 }
          sums.set(kind, { kind, count: before.count + count, sizeBytes: before.sizeBytes + sizeBytes })
        }
      })
      return [...sums.values()].sort((a, b) => a.kind.localeCompare(b.kind))
    },
    async deletedCount(): Promise<number> {
      let total = 0
      await inStretches(lastOnList.get() as number, (fromId, toId) => {
        total += deletedCount.get(fromId, toId) as number
      })
      return total
    },
    deleted: (limit: number): DeletionRow[] =>
      orm
        .select()
        .from(recordingDeletions)
        .where(isDeleted)
        .orderBy(desc(recordingDeletions.deletedAt), desc(recordingDeletions.recordingId))
        .limit(limit)
        .all(),

    addHold: (row: Omit<typeof retentionHolds.$inferInsert, 'id'>): HoldRow =>
      orm.insert(retentionHolds).values(row).returning().get(),
    /** In force, on that recording or that case itself. */
    holdsOn: ({ recordingId, ticketCode }: Pick<HoldRow, 'recordingId' | 'ticketCode'>): HoldRow[] =>
      orm
        .select()
        .from(retentionHolds)
        .where(
          and(
            isNull(retentionHolds.liftedAt),
            recordingId === null
              ? eq(retentionHolds.ticketCode, ticketCode ?? '')
              : eq(retentionHolds.recordingId, recordingId),
          ),
        )
        .all(),
    hold: (id: number): HoldRow | undefined =>
      orm.select().from(retentionHolds).where(eq(retentionHolds.id, id)).get(),
    lift(id: number, change: Pick<HoldRow, 'liftedBy' | 'liftedAt' | 'liftReason'>): void {
      orm.update(retentionHolds).set(change).where(eq(retentionHolds.id, id)).run()
    },
    standingHolds: (limit: number): HoldRow[] =>
      orm
        .select()
        .from(retentionHolds)
        .where(isNull(retentionHolds.liftedAt))
        .orderBy(desc(retentionHolds.id))
        .limit(limit)
        .all(),
    liftedHolds: (limit: number): HoldRow[] =>
      orm
        .select()
        .from(retentionHolds)
        .where(isNotNull(retentionHolds.liftedAt))
        .orderBy(desc(retentionHolds.id))
        .limit(limit)
        .all(),

    addRequest: (row: Omit<typeof deletionRequests.$inferInsert, 'id'>): RequestRow =>
      orm.insert(deletionRequests).values(row).returning().get(),
    request: (id: number): RequestRow | undefined =>
      orm.select().from(deletionRequests).where(eq(deletionRequests.id, id)).get(),
    updateRequest(id: number, change: Partial<RequestRow>): void {
      orm.update(deletionRequests).set(change).where(eq(deletionRequests.id, id)).run()
    },
    waitingFor: (recordingId: number): RequestRow[] =>
      orm
        .select()
        .from(deletionRequests)
        .where(and(eq(deletionRequests.recordingId, recordingId), eq(deletionRequests.state, 'requested')))
        .all(),
    /** How far what a citizen's request asked for is. */
    statesOf: (subjectRequestId: number, recordingIds: readonly number[]) =>
      orm
        .select({ state: deletionRequests.state, count: count() })
        .from(deletionRequests)
        .where(
          and(
            inArray(deletionRequests.recordingId, [...recordingIds]),
            eq(deletionRequests.subjectRequestId, subjectRequestId),
          ),
        )
        .groupBy(deletionRequests.state)
        .all(),
    /** Those that wait first, then those that are over, the newest first. */
    requests: (limit: number): RequestRow[] =>
      orm
        .select()
        .from(deletionRequests)
        .orderBy(sql`${deletionRequests.state} = 'requested' DESC`, desc(deletionRequests.id))
        .limit(limit)
        .all(),

    addRun(run: RetentionRun): void {
      orm
        .insert(retentionRuns)
        .values({ ...run, blocked: [...run.blocked] })
        .run()
    },
    lastRun: (): RetentionRun | undefined =>
      orm.select().from(retentionRuns).orderBy(desc(retentionRuns.id)).limit(1).get(),
  }
}
