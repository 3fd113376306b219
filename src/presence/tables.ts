import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { PAUSE_REASONS, PRESENCE_STATES } from './contract.ts'

/** Where each operator stands now; survives a restart of the service. */
export const presence = sqliteTable('presence', {
  personId: integer('person_id').primaryKey(),
  state: text('state', { enum: PRESENCE_STATES }).notNull(),
  reason: text('reason', { enum: PAUSE_REASONS }),
  since: text('since').notNull(),
  wrapUpEndsAt: text('wrap_up_ends_at'),
  wrapUpExtended: integer('wrap_up_extended', { mode: 'boolean' }).notNull(),
  next: text('next', { enum: ['ready', 'paused'] }).notNull(),
  callId: text('call_id'),
})

/** Every change of presence (R020). Append-only. */
export const presenceLog = sqliteTable(
  'presence_log',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    personId: integer('person_id').notNull(),
    at: text('at').notNull(),
    state: text('state', { enum: PRESENCE_STATES }).notNull(),
    reason: text('reason'),
    note: text('note'),
  },
  (table) => [index('presence_log_by_person').on(table.personId, table.at)],
)

/** Who was given a desk phone's account last, and no browser's since. Its password is derived, and stored nowhere. */
export const deskPhones = sqliteTable('desk_phones', {
  personId: integer('person_id').primaryKey(),
})
