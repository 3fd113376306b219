import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { SUPERVISION_MODES, type SupervisionMode } from './contract.ts'
import type { SupervisionEnd } from './supervision-policy.ts'

/** One row per time a supervisor asked to listen, written before the PBX was asked. Times are ISO 8601, UTC. */
export const supervisions = sqliteTable(
  'supervisions',
  {
    id: text('id').primaryKey(),
    callId: text('call_id').notNull(),
    supervisorId: integer('supervisor_id').notNull(),
    operatorId: integer('operator_id').notNull(),
    /** Unique id of the operator's channel, which is listened to. */
    operatorLeg: text('operator_leg').notNull(),
    mode: text('mode', { enum: SUPERVISION_MODES }).notNull(),
    /** Each mode since when, the first from the moment the supervisor's phone was answered. */
    modes: text('modes', { mode: 'json' }).$type<readonly ModeSince[]>().notNull(),
    askedAt: text('asked_at').notNull(),
    startedAt: text('started_at'),
    endedAt: text('ended_at'),
    end: text('end').$type<SupervisionEnd>(),
  },
  (table) => [
    index('supervisions_by_call').on(table.callId),
    index('supervisions_open').on(table.endedAt, table.askedAt),
  ],
)

export interface ModeSince {
  readonly mode: SupervisionMode
  readonly from: string
}
