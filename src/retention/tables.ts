import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import {
  type Blocker,
  DELETION_CAUSES,
  DELETION_STATES,
  RETENTION_KINDS,
  SUBJECT_KINDS,
  type SubjectRequest,
} from './contract.ts'

/**
 * What is to go and what went, one row per recording. Announced while `deletedAt` is null; from then on never deleted, and unchanged once
 * all files are gone (triggers). Times are ISO 8601 UTC.
 */
export const recordingDeletions = sqliteTable(
  'recording_deletions',
  {
    recordingId: integer('recording_id').primaryKey(),
    kind: text({ enum: RETENTION_KINDS }).notNull(),
    cause: text({ enum: DELETION_CAUSES }).notNull(),
    /** The rule; null where it went by two people. */
    days: integer(),
    basis: text(),
    requestId: integer('request_id'),
    dueAt: text('due_at').notNull(),
    announcedAt: text('announced_at').notNull(),
    /** When the job last found it due. */
    checkedAt: text('checked_at').notNull(),
    /** Row and chain say that it is gone: written before any file is removed. */
    deletedAt: text('deleted_at'),
    /** Below the recordings folder. */
    files: text({ mode: 'json' }).$type<string[]>(),
    /** All its files are gone. */
    removedAt: text('removed_at'),
  },
  (table) => [
    index('recording_deletions_next')
      .on(table.dueAt, table.recordingId)
      .where(sql`deleted_at IS NULL`),
    index('recording_deletions_unfinished')
      .on(table.recordingId)
      .where(sql`deleted_at IS NOT NULL AND removed_at IS NULL`),
    index('recording_deletions_done')
      .on(table.deletedAt, table.recordingId)
      .where(sql`deleted_at IS NOT NULL`),
  ],
)

/** Legal holds: on a recording or on all of a case. Never deleted (trigger). */
export const retentionHolds = sqliteTable(
  'retention_holds',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** One of both. */
    recordingId: integer('recording_id'),
    ticketCode: text('ticket_code'),
    reason: text().notNull(),
    setBy: integer('set_by').notNull(),
    setAt: text('set_at').notNull(),
    liftedBy: integer('lifted_by'),
    liftedAt: text('lifted_at'),
    liftReason: text('lift_reason'),
  },
  (table) => [
    index('retention_holds_recording')
      .on(table.recordingId)
      .where(sql`lifted_at IS NULL`),
    index('retention_holds_ticket')
      .on(table.ticketCode)
      .where(sql`lifted_at IS NULL`),
  ],
)

/** Requests to delete before the time, by two people. Never deleted (trigger). */
export const deletionRequests = sqliteTable(
  'deletion_requests',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Counts changes: whoever decides says which one they saw. */
    revision: integer().notNull(),
    state: text({ enum: DELETION_STATES }).notNull(),
    recordingId: integer('recording_id').notNull(),
    cause: text({ enum: ['early', 'erasure'] }).notNull(),
    /** The citizen's request it comes from. */
    subjectRequestId: integer('subject_request_id'),
    reason: text().notNull(),
    askedBy: integer('asked_by').notNull(),
    askedAt: text('asked_at').notNull(),
    decidedBy: integer('decided_by'),
    decidedAt: text('decided_at'),
    endReason: text('end_reason'),
  },
  (table) => [
    index('deletion_requests_by_recording').on(table.recordingId, table.id),
    index('deletion_requests_by_state').on(table.state, table.id),
  ],
)

/** What each nightly run came to. */
export const retentionRuns = sqliteTable('retention_runs', {
  id: integer().primaryKey({ autoIncrement: true }),
  at: text().notNull(),
  announced: integer().notNull(),
  deleted: integer().notNull(),
  blocked: text({ mode: 'json' }).$type<{ blocker: Blocker; count: number }[]>().notNull(),
  failed: integer().notNull(),
})

/** Requests of citizens about their own data; the number is the proof that it was answered. Never changed or deleted (triggers). */
export const subjectRequests = sqliteTable('subject_requests', {
  id: integer().primaryKey({ autoIncrement: true }),
  kind: text({ enum: SUBJECT_KINDS }).notNull(),
  numberE164: text('number_e164').notNull(),
  identity: text().notNull(),
  madeBy: integer('made_by').notNull(),
  madeAt: text('made_at').notNull(),
  outcome: text({ mode: 'json' }).$type<Pick<SubjectRequest, 'counts' | 'asked' | 'kept'>>().notNull(),
})
