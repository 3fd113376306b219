import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { SideLikeness } from './archive-policy.ts'
import {
  ARCHIVE_STATES,
  MASK_CAUSES,
  type MaskEnd,
  RECORDING_KINDS,
  RECORDING_STATES,
  type RecordingFlag,
} from './contract.ts'

/** Original bytes that could not be used as they are, kept beside the day's recordings. */
export interface KeptFile {
  /** Below the recordings folder. */
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** A copy for the archive, held against the original before either may go (README "Evidence"). Its link in the chain says the same. */
export interface ArchiveCopy {
  /** Below the recordings folder. */
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
  /** Of the sealed original it was made from. */
  readonly originalSha256: string
  readonly madeAt: string
  /** Program and version. */
  readonly codec: string
  /** Of each side. */
  readonly likeness: readonly SideLikeness[]
}

/** One row per recording the PBX was asked to make, from the moment it was asked. Times are ISO 8601, UTC. */
export const recordings = sqliteTable(
  'recordings',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    callId: text('call_id').notNull(),
    kind: text('kind', { enum: RECORDING_KINDS }).notNull(),
    /** Name at the PBX, without side and suffix. */
    base: text('base').notNull(),
    state: text('state', { enum: RECORDING_STATES }).notNull(),
    flags: text('flags', { mode: 'json' }).$type<RecordingFlag[]>().notNull(),
    startedAt: text('started_at').notNull(),
    /** End of the call, from which the patience with the PBX counts; null while it runs. */
    endedAt: text('ended_at'),
    training: integer('training', { mode: 'boolean' }).notNull(),
    /** Below the recordings folder. */
    file: text('file'),
    durationMs: integer('duration_ms'),
    sizeBytes: integer('size_bytes'),
    sha256: text('sha256'),
    kept: text('kept', { mode: 'json' }).$type<KeptFile[]>().notNull(),
    settledAt: text('settled_at'),
    /** When the PBX's own copy was deleted; null while there may be one. */
    releasedAt: text('released_at'),
    /** Null before a copy was made. */
    archiveState: text('archive_state', { enum: ARCHIVE_STATES }),
    archive: text('archive', { mode: 'json' }).$type<ArchiveCopy>(),
    /** Since when the original is on the list of those that go; null while it is not. */
    dropAnnouncedAt: text('drop_announced_at'),
    /** The file of a dropped original is gone. */
    originalRemovedAt: text('original_removed_at'),
    /** Folded number, operator and ticket code, for finding it. */
    search: text('search').notNull(),
  },
  (table) => [
    // A call may be put through more than once: each consultation is a recording of its own.
    uniqueIndex('recordings_by_call').on(table.callId, table.kind, table.base),
    // With the length, so that whoever looks for long ones need not read each row.
    index('recordings_by_start').on(table.startedAt, table.id, table.durationMs),
    index('recordings_by_state').on(table.state, table.id),
    index('recordings_unreleased').on(table.releasedAt, table.id),
    // What may still have to go, by what its time depends on.
    index('recordings_kept')
      .on(table.training, table.kind, table.startedAt, table.id)
      .where(sql`state <> 'deleted'`),
    index('recordings_to_copy')
      .on(table.id)
      .where(sql`state = 'stored' AND archive_state IS NULL`),
    index('recordings_copied')
      .on(table.startedAt, table.id)
      .where(sql`state = 'stored' AND archive_state = 'made'`),
    index('recordings_to_drop')
      .on(table.id)
      .where(sql`archive_state = 'dropped' AND original_removed_at IS NULL`),
  ],
)

/** What a listener wrote at a moment of a recording. Append-only: what was said about evidence stays said. */
export const recordingNotes = sqliteTable(
  'recording_notes',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    recordingId: integer('recording_id').notNull(),
    /** From the beginning of the sound. */
    atMs: integer('at_ms').notNull(),
    text: text('text').notNull(),
    authorId: integer('author_id').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('recording_notes_by_recording').on(table.recordingId, table.atMs, table.id)],
)

/** Times in which the recording of a call is silent because its operator wanted it so; null while it is. Times are ISO 8601, UTC. */
export const recordingMasks = sqliteTable(
  'recording_masks',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    callId: text('call_id').notNull(),
    operatorId: integer('operator_id').notNull(),
    cause: text('cause', { enum: MASK_CAUSES }).notNull(),
    fromAt: text('from_at').notNull(),
    untilAt: text('until_at'),
    end: text('end').$type<MaskEnd>(),
  },
  (table) => [
    index('recording_masks_by_call').on(table.callId, table.id),
    index('recording_masks_open').on(table.untilAt, table.id),
  ],
)

/** Which installation this database is (folder-mark.ts): one row for good, the same in every backup of it. */
export const installation = sqliteTable('installation', {
  /** 1: there is no second. */
  row: integer().primaryKey(),
  /** Random (UUID). */
  id: text().notNull(),
  /** When the service first ran on it, ISO 8601, UTC. */
  since: text().notNull(),
})
