import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Periods whose figures the leaders of units were told by themselves: "2026-10", "week:2026-10-05". Each once, never deleted. */
export const digestRuns = sqliteTable('digest_runs', {
  period: text().primaryKey(),
  at: text().notNull(),
  messages: integer().notNull(),
})
