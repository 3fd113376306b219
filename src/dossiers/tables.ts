import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { DOSSIER_REASONS } from './contract.ts'

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
