import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { ROLES } from '../accounts/contract.ts'
import { type ChangeBody } from './contract.ts'

/** What has been changed in the directory since its files (R012, R101). Append-only: triggers refuse UPDATE and DELETE. */
export const directoryChanges = sqliteTable(
  'directory_changes',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    at: text().notNull(),
    actorId: integer('actor_id').notNull(),
    /** As it was then: who must be told of a change of people depends on whose word it was (Đ17.9). */
    actorRole: text('actor_role', { enum: ROLES }).notNull(),
    /** First day it holds, "2026-03-02" in the city. */
    effectiveOn: text('effective_on').notNull(),
    why: text().notNull(),
    /** Null for what is about no unit. */
    unitId: text('unit_id'),
    body: text({ mode: 'json' }).$type<ChangeBody>().notNull(),
  },
  (table) => [index('directory_changes_unit').on(table.unitId, table.id)],
)

/** Changes taken back before they came into force. Append-only as well. */
export const directoryWithdrawals = sqliteTable('directory_withdrawals', {
  changeId: integer('change_id').primaryKey(),
  at: text().notNull(),
  actorId: integer('actor_id').notNull(),
  why: text().notNull(),
})

/** Changes of people that the City Office has taken note of (Đ17.9). Append-only as well. */
export const directoryNotices = sqliteTable('directory_notices', {
  changeId: integer('change_id').primaryKey(),
  at: text().notNull(),
  actorId: integer('actor_id').notNull(),
})
