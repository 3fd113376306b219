import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { SEAL_EVENTS } from './contract.ts'

/**
 * The chain of recordings: a link for each settlement, written in its transaction. Append-only: triggers refuse UPDATE and DELETE.
 * `chain.ts` says what `hash` is made of. Times are ISO 8601, UTC.
 */
export const recordingSeals = sqliteTable(
  'recording_seals',
  {
    seq: integer('seq').primaryKey(),
    at: text('at').notNull(),
    event: text('event', { enum: SEAL_EVENTS }).notNull(),
    recordingId: integer('recording_id').notNull(),
    callId: text('call_id').notNull(),
    /** As far as there was one then. */
    ticketCode: text('ticket_code'),
    kind: text('kind').notNull(),
    startedAt: text('started_at').notNull(),
    endedAt: text('ended_at'),
    settledAt: text('settled_at'),
    /** Below the recordings folder. */
    file: text('file'),
    durationMs: integer('duration_ms'),
    sizeBytes: integer('size_bytes'),
    sha256: text('sha256'),
    /** JSON of the PBX's own bytes kept beside it, as the recording's row has it. */
    kept: text('kept').notNull(),
    /** JSON of the copy for the archive, as the recording's row has it; null before there is one. */
    archive: text('archive'),
    /** As the row had them when the link was written; null in links from before they stood there. */
    training: integer('training', { mode: 'boolean' }),
    /** JSON. */
    flags: text('flags'),
    /** JSON of the call and its case (call-facts.ts), by whose hash the link names it; null in links from before they did. */
    callFacts: text('call_facts'),
    prevHash: text('prev_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [index('recording_seals_by_recording').on(table.recordingId, table.seq)],
)

/** The chain of the audit log: a link for each line, in its transaction. Append-only, as the log itself. */
export const auditLinks = sqliteTable('audit_links', {
  /** Id of the line. */
  seq: integer('seq').primaryKey(),
  prevHash: text('prev_hash').notNull(),
  hash: text('hash').notNull(),
})
