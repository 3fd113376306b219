import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { DISCREPANCY_KINDS, DISCREPANCY_STATES, SOURCE_STATES } from './contract.ts'

/** What did not match, one row for each thing however often it is found. Never deleted. Times are ISO 8601, UTC. */
export const discrepancies = sqliteTable(
  'discrepancies',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    kind: text('kind', { enum: DISCREPANCY_KINDS }).notNull(),
    subject: text('subject').notNull(),
    since: text('since').notNull(),
    foundAt: text('found_at').notNull(),
    lastSeenAt: text('last_seen_at').notNull(),
    ticketCode: text('ticket_code'),
    count: integer('count').notNull(),
    state: text('state', { enum: DISCREPANCY_STATES }).notNull(),
    resolvedAt: text('resolved_at'),
    resolvedBy: integer('resolved_by'),
    words: text('words'),
  },
  (table) => [
    uniqueIndex('discrepancies_once').on(table.kind, table.subject),
    index('discrepancies_by_state').on(table.state, table.since),
  ],
)

/** One row per comparison. */
export const reconcileRuns = sqliteTable('reconcile_runs', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  startedAt: text('started_at').notNull(),
  finishedAt: text('finished_at').notNull(),
  fromAt: text('from_at').notNull(),
  toAt: text('to_at').notNull(),
  journal: text('journal', { enum: SOURCE_STATES }).notNull(),
  queueLog: text('queue_log', { enum: SOURCE_STATES }).notNull(),
  recordings: text('recordings', { enum: SOURCE_STATES }).notNull(),
  calls: integer('calls').notNull(),
  found: integer('found').notNull(),
  settled: integer('settled').notNull(),
  /** Where the next one goes on in the queue log: the file it was, and how far it was read. */
  queueLogFile: text('queue_log_file'),
  queueLogBytes: integer('queue_log_bytes').notNull(),
})
