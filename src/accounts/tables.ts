import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { ROLES } from './contract.ts'

/** People with duties (R013); each acts under an account of their own. Times are ISO 8601, UTC. */
export const people = sqliteTable('people', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  username: text('username').notNull().unique(),
  name: text('name').notNull(),
  role: text('role', { enum: ROLES }).notNull(),
  /** Of officers and heads. No foreign key: units are configuration, and one that is gone takes nobody's account along. */
  unitId: text('unit_id'),
  /** Which of the unit's people in the directory it belongs to (Đ17.2); null where the directory names nobody like that. */
  postId: text('post_id'),
  active: integer('active', { mode: 'boolean' }).notNull(),
  passwordHash: text('password_hash').notNull(),
  mustChangePassword: integer('must_change_password', { mode: 'boolean' }).notNull(),
  createdAt: text('created_at').notNull(),
})

/** Signed-in browsers. The cookie's value is nowhere, only its SHA-256. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    personId: integer('person_id').notNull(),
    tokenHash: text('token_hash').notNull().unique(),
    csrfToken: text('csrf_token').notNull(),
    createdAt: text('created_at').notNull(),
    lastSeenAt: text('last_seen_at').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [index('sessions_by_person').on(table.personId)],
)

/** Who did what to what. Append-only: triggers refuse UPDATE and DELETE; each line has a link in `audit_links` (src/seals). */
export const audit = sqliteTable(
  'audit',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: text('at').notNull(),
    actorId: integer('actor_id'),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    detail: text('detail', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    index('audit_by_subject').on(table.subject, table.id),
    index('audit_by_actor').on(table.actorId, table.id),
    index('audit_by_action').on(table.action, table.id),
    index('audit_by_time').on(table.at, table.id),
  ],
)
