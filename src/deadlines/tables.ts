import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { DEADLINE_KINDS } from './contract.ts'

/** One row per clock of a case and round. Times are ISO 8601 UTC, so that they sort as they follow each other. */
export const deadlines = sqliteTable(
  'deadlines',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    ticketId: integer('ticket_id').notNull(),
    kind: text({ enum: DEADLINE_KINDS }).notNull(),
    /** Counts from 1 with each new start of the same clock. */
    round: integer().notNull(),
    unitId: text('unit_id'),
    startedAt: text('started_at').notNull(),
    /** Null: the calendar of that year is not confirmed. */
    dueAt: text('due_at'),
    /** When to remind, where the policy has a time for it. */
    warnAt: text('warn_at'),
    warnedAt: text('warned_at'),
    calendarId: text('calendar_id').notNull(),
    calendarVersion: text('calendar_version').notNull(),
    policyVersion: integer('policy_version').notNull(),
    explanation: text().notNull(),
    pausedAt: text('paused_at'),
    /** Working minutes it has stood still so far (A9: gross and net are both kept). */
    pausedMinutes: integer('paused_minutes').notNull().default(0),
    satisfiedAt: text('satisfied_at'),
    voidedAt: text('voided_at'),
    /** Once written it stays: the true moment, not that of its discovery. */
    breachedAt: text('breached_at'),
    detectedAt: text('detected_at'),
  },
  (table) => [
    uniqueIndex('deadlines_once').on(table.ticketId, table.kind, table.round),
    // What the sweep reads each minute: only clocks that run.
    index('deadlines_running')
      .on(table.dueAt)
      .where(
        sql`${table.satisfiedAt} is null and ${table.voidedAt} is null and ${table.breachedAt} is null and ${table.pausedAt} is null`,
      ),
    index('deadlines_warn')
      .on(table.warnAt)
      .where(
        sql`${table.warnedAt} is null and ${table.satisfiedAt} is null and ${table.voidedAt} is null and ${table.breachedAt} is null and ${table.pausedAt} is null`,
      ),
  ],
)
