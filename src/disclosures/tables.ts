import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { DISCLOSURE_MODES } from './contract.ts'
import { WRITTEN_STATES } from './disclosure-machine.ts'

/** A unit's request for a recording (Đ10.1 ¶2), and what became of it; never deleted (trigger). Times are ISO 8601 UTC. */
export const disclosures = sqliteTable(
  'disclosures',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Counts changes: whoever decides says which one they saw. */
    revision: integer().notNull(),
    state: text({ enum: WRITTEN_STATES }).notNull(),
    ticketCode: text('ticket_code').notNull(),
    recordingId: integer('recording_id').notNull(),
    unitId: text('unit_id').notNull(),
    requesterId: integer('requester_id').notNull(),
    requestedAt: text('requested_at').notNull(),
    reason: text().notNull(),
    askedMode: text('asked_mode', { enum: DISCLOSURE_MODES }).notNull(),
    askedHours: integer('asked_hours').notNull(),
    askedPeople: text('asked_people', { mode: 'json' }).$type<number[]>().notNull(),
    /** Null until it is approved. */
    mode: text({ enum: DISCLOSURE_MODES }),
    hours: integer(),
    people: text({ mode: 'json' }).$type<number[]>(),
    decidedBy: integer('decided_by'),
    decidedAt: text('decided_at'),
    expiresAt: text('expires_at'),
    endedBy: integer('ended_by'),
    endedAt: text('ended_at'),
    endReason: text('end_reason'),
  },
  (table) => [
    index('disclosures_by_ticket').on(table.ticketCode, table.id),
    index('disclosures_by_recording').on(table.recordingId, table.id),
    index('disclosures_by_state').on(table.state, table.id),
  ],
)

/** Each listening and each package. Append-only (triggers). */
export const disclosureUses = sqliteTable(
  'disclosure_uses',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    disclosureId: integer('disclosure_id').notNull(),
    personId: integer('person_id').notNull(),
    at: text().notNull(),
    what: text({ enum: DISCLOSURE_MODES }).notNull(),
    fromMs: integer('from_ms'),
    /** SHA-256 of the list of hashes that the package's signature covers. */
    packageSha256: text('package_sha256'),
  },
  (table) => [index('disclosure_uses_by_disclosure').on(table.disclosureId, table.id)],
)
