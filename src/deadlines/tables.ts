import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { type CalendarTable, DEADLINE_KINDS, REVISION_ORIGINS } from './contract.ts'

/** ISO 8601 UTC. */
export interface DeadlinePause {
  readonly from: string
  readonly to: string
}

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
    /** Each time it stood still, so that it can be counted anew. Null: it did before that was written down. */
    pauses: text({ mode: 'json' }).$type<readonly DeadlinePause[]>(),
    /** The end somebody named (Đ9.3 ¶2), which no calendar moves. */
    chosenAt: text('chosen_at'),
    satisfiedAt: text('satisfied_at'),
    voidedAt: text('voided_at'),
    /** Once written it stays: the true moment, not that of its discovery. */
    breachedAt: text('breached_at'),
    detectedAt: text('detected_at'),
  },
  (table) => [
    uniqueIndex('deadlines_once').on(table.ticketId, table.kind, table.round),
    // Which open clocks were counted by another version of their calendar, and in what order they are gone through.
    index('deadlines_calendar')
      .on(table.calendarId, table.policyVersion, table.id, table.calendarVersion)
      .where(sql`${table.satisfiedAt} is null and ${table.voidedAt} is null and ${table.breachedAt} is null`),
    // Figures of units count what began in a period: by the clock that a unit's turn begins with.
    index('deadlines_began')
      .on(table.startedAt)
      .where(sql`${table.kind} in ('officer', 'directed')`),
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

/** Every version of every table of working hours, whole. Append-only: triggers refuse UPDATE and DELETE. */
export const calendarVersions = sqliteTable(
  'calendar_versions',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Folder of `config/` whose calendars these are: a database may be opened for another city by mistake. */
    city: text().notNull(),
    calendarId: text('calendar_id').notNull(),
    /** Counts from 1 for each calendar. */
    number: integer().notNull(),
    origin: text({ enum: REVISION_ORIGINS }).notNull(),
    /** As it was saved, own days only. */
    table: text('content', { mode: 'json' }).$type<CalendarTable>().notNull(),
    /** Of the table's content, whatever the order of its keys. */
    hash: text().notNull(),
    /** The paper it stands on. */
    reason: text().notNull(),
    /** Null for what came from a file. */
    actorId: integer('actor_id'),
    at: text().notNull(),
  },
  // Two admins who saved over the same version: the second is refused here at the latest.
  (table) => [uniqueIndex('calendar_versions_once').on(table.city, table.calendarId, table.number)],
)
