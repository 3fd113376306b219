import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { DOSSIER_FILE_KINDS, DOSSIER_REASONS, DOSSIER_STATES } from './contract.ts'
import type { CasePaper } from './dossier-paper.ts'

/** The list of Đ9.6: one row per case and reason, never deleted. Times are ISO 8601 UTC. */
export const dossierItems = sqliteTable(
  'dossier_items',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    ticketId: integer('ticket_id').notNull(),
    ticketCode: text('ticket_code').notNull(),
    reason: text({ enum: DOSSIER_REASONS }).notNull(),
    callId: text('call_id'),
    agency: text(),
    /** What of its result calls for a reminder (Đ9.6). */
    why: text(),
    startedAt: text('started_at').notNull(),
    listedAt: text('listed_at').notNull(),
    dueAt: text('due_at'),
    dueText: text('due_text').notNull(),
    training: integer({ mode: 'boolean' }).notNull(),
    removedAt: text('removed_at'),
    removedBy: integer('removed_by'),
    removedWhy: text('removed_why'),
  },
  (table) => [
    uniqueIndex('dossier_items_once').on(table.ticketId, table.reason),
    index('dossier_items_due').on(table.removedAt, table.dueAt),
  ],
)

/** A compiled dossier, never deleted. Once sent it cannot be changed but for the Chairman's document, once (triggers). */
export const dossiers = sqliteTable(
  'dossiers',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    number: text().notNull(),
    state: text({ enum: DOSSIER_STATES }).notNull(),
    training: integer({ mode: 'boolean' }).notNull(),
    revision: integer().notNull(),
    /** Null: the usual words, which follow the number of cases. */
    cover: text(),
    compiledAt: text('compiled_at').notNull(),
    compiledBy: integer('compiled_by').notNull(),
    /** Of the case that is due first. */
    dueAt: text('due_at'),
    undoneAt: text('undone_at'),
    undoneBy: integer('undone_by'),
    sentAt: text('sent_at'),
    sentBy: integer('sent_by'),
    /** Sent after the due time: said once, true for ever. */
    sentLate: integer('sent_late', { mode: 'boolean' }),
    contentHash: text('content_hash'),
    documentNumber: text('document_number'),
    documentDate: text('document_date'),
    documentText: text('document_text'),
    documentAt: text('document_at'),
    documentBy: integer('document_by'),
  },
  (table) => [uniqueIndex('dossiers_number').on(table.number)],
)

/** A case in a dossier, frozen when it was compiled. `releasedAt`: taken out, or the whole dossier was undone. */
export const dossierEntries = sqliteTable(
  'dossier_entries',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    dossierId: integer('dossier_id').notNull(),
    itemId: integer('item_id').notNull(),
    paper: text({ mode: 'json' }).$type<CasePaper>().notNull(),
    releasedAt: text('released_at'),
    releasedBy: integer('released_by'),
    /** Null where the dossier was undone. */
    releasedWhy: text('released_why'),
  },
  (table) => [
    // In one dossier at a time.
    uniqueIndex('dossier_entries_once')
      .on(table.itemId)
      .where(sql`${table.releasedAt} is null`),
    index('dossier_entries_dossier').on(table.dossierId),
  ],
)

/** The files as they were sent: a later version of the printer draws others. */
export const dossierFiles = sqliteTable(
  'dossier_files',
  {
    dossierId: integer('dossier_id').notNull(),
    kind: text({ enum: DOSSIER_FILE_KINDS }).notNull(),
    sha256: text().notNull(),
    bytes: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.dossierId, table.kind] })],
)
