import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { TRANSFER_STATES } from './contract.ts'
import type { Attempt } from './transfer-row.ts'

/** One row per transfer: what the PBX was asked for, written before it was asked. Times are ISO 8601, UTC. */
export const transfers = sqliteTable(
  'transfers',
  {
    id: text('id').primaryKey(),
    /** Unique id of the citizen's channel. */
    callId: text('call_id').notNull(),
    ticketCode: text('ticket_code'),
    operatorId: integer('operator_id').notNull(),
    mode: text('mode', { enum: ['consult', 'blind'] }).notNull(),
    state: text('state', { enum: TRANSFER_STATES }).notNull(),
    citizenChannel: text('citizen_channel').notNull(),
    operatorLeg: text('operator_leg').notNull(),
    operatorChannel: text('operator_channel').notNull(),
    training: integer('training', { mode: 'boolean' }).notNull(),
    attempts: text('attempts', { mode: 'json' }).$type<readonly Attempt[]>().notNull(),
    /** Index of the attempt that is or was last rung; -1 before the first. */
    current: integer('current').notNull(),
    startedAt: text('started_at').notNull(),
    endedAt: text('ended_at'),
  },
  (table) => [
    index('transfers_by_call').on(table.callId),
    index('transfers_open').on(table.endedAt, table.startedAt),
  ],
)

/** Every step of a transfer: who heard whom from when on. Append-only. */
export const transferEvents = sqliteTable(
  'transfer_events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    transferId: text('transfer_id').notNull(),
    at: text('at').notNull(),
    event: text('event').notNull(),
    state: text('state', { enum: TRANSFER_STATES }).notNull(),
    actorId: integer('actor_id'),
  },
  (table) => [index('transfer_events_by_transfer').on(table.transferId, table.id)],
)
