import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { CALL_OUTCOMES, CALL_STATES, NUMBER_KINDS } from './contract.ts'

/** As the partial index has it, letter for letter. */
export const TO_RING_BACK = sql.raw(
  "outcome IN ('abandoned', 'callback', 'voicemail') AND missed_done_at IS NULL AND training = 0",
)

/** One row per citizen's leg, keyed on the trunk channel's unique id. Times are ISO 8601, UTC. */
export const calls = sqliteTable(
  'calls',
  {
    id: text('id').primaryKey(),
    direction: text('direction', { enum: ['in', 'out'] }).notNull(),
    state: text('state', { enum: CALL_STATES }).notNull(),
    outcome: text('outcome', { enum: CALL_OUTCOMES }),
    numberRaw: text('number_raw').notNull(),
    numberE164: text('number_e164'),
    numberDisplay: text('number_display').notNull(),
    numberKind: text('number_kind', { enum: NUMBER_KINDS }).notNull(),
    callerName: text('caller_name'),
    line: text('line').notNull(),
    training: integer('training', { mode: 'boolean' }).notNull(),
    noticeVersion: text('notice_version'),
    recording: text('recording'),
    voicemailRecording: text('voicemail_recording'),
    callbackAt: text('callback_at'),
    /** Where to ring back, when the citizen keyed in another number than the one that called. */
    callbackE164: text('callback_e164'),
    operatorId: integer('operator_id'),
    ticketId: integer('ticket_id'),
    ticketCode: text('ticket_code'),
    startedAt: text('started_at').notNull(),
    queuedAt: text('queued_at'),
    answeredAt: text('answered_at'),
    endedAt: text('ended_at'),
    endedBy: text('ended_by', { enum: ['caller', 'operator', 'agency', 'system'] }),
    /** When somebody rang back, or said it needs no ringing back. */
    missedDoneAt: text('missed_done_at'),
    missedDoneBy: integer('missed_done_by'),
  },
  (table) => [
    index('calls_by_number').on(table.numberE164, table.startedAt),
    index('calls_by_callback')
      .on(table.callbackE164)
      .where(sql`callback_e164 IS NOT NULL`),
    index('calls_by_start').on(table.startedAt),
    index('calls_open').on(table.state, table.startedAt),
    index('calls_by_ticket').on(table.ticketId),
    index('calls_by_operator').on(table.operatorId, table.startedAt),
    // What waits for somebody to ring back; store.ts asks for it in these words.
    index('calls_missed').on(table.startedAt).where(TO_RING_BACK),
  ],
)

/** What happened in a call, in the order we learnt it. Append-only. */
export const callEvents = sqliteTable(
  'call_events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    callId: text('call_id').notNull(),
    at: text('at').notNull(),
    type: text('type').notNull(),
    operatorId: integer('operator_id'),
  },
  (table) => [index('call_events_by_call').on(table.callId, table.id)],
)

/** What was made up for, one row per run that made up for something. */
export const catchUpRuns = sqliteTable('catch_up_runs', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  reason: text('reason', { enum: ['start', 'reconnect'] }).notNull(),
  startedAt: text('started_at').notNull(),
  finishedAt: text('finished_at'),
  live: integer('live').notNull(),
  ended: integer('ended').notNull(),
  rebuilt: integer('rebuilt').notNull(),
  failed: integer('failed').notNull(),
  recordings: integer('recordings').notNull(),
  fromAt: text('from_at'),
  toAt: text('to_at'),
})
