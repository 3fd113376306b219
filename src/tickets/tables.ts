import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { PDF_SIGNATURES } from './contract.ts'

/** Last number given out per series and year ("HP26", "PC26"): gaps are allowed, twice the same is not. */
export const sequences = sqliteTable('sequences', {
  name: text().primaryKey(),
  last: integer().notNull(),
})

/** Cases whose full texts are out of date (search-store.ts). */
export const searchStale = sqliteTable('search_stale', { ticketId: integer('ticket_id').primaryKey() })

/** As the partial index has it, letter for letter. */
export const NOT_OVER = sql.raw("state NOT IN ('closed', 'rejected', 'merged', 'withdrawn')")

export const tickets = sqliteTable(
  'tickets',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    code: text().notNull(),
    /** Grows with form and state; an attachment or a delivery report does not disturb whoever is typing. */
    version: integer().notNull().default(1),
    state: text().notNull(),
    channel: text().notNull(),
    training: integer({ mode: 'boolean' }).notNull().default(false),
    kind: text(),
    categoryId: text('category_id'),
    fieldId: text('field_id'),
    title: text().notNull().default(''),
    content: text().notNull().default(''),
    place: text().notNull().default(''),
    areaId: text('area_id'),
    urgent: integer({ mode: 'boolean' }).notNull().default(false),
    confidential: integer({ mode: 'boolean' }).notNull().default(false),
    reporterType: text('reporter_type').notNull().default('individual'),
    reporterName: text('reporter_name').notNull().default(''),
    reporterOrganisation: text('reporter_organisation'),
    reporterPhone: text('reporter_phone'),
    reporterEmail: text('reporter_email'),
    reporterAddress: text('reporter_address'),
    /** The reporter's number as machines compare it. */
    phoneE164: text('phone_e164'),
    phoneDisplay: text('phone_display').notNull().default(''),
    /** The number the first call came from: a name on such a ticket was given by that number itself. */
    callerE164: text('caller_e164'),
    answer: text(),
    answerSource: text('answer_source'),
    operatorId: integer('operator_id'),
    unitId: text('unit_id'),
    /** The case this one was merged into; null again when it stands on its own. */
    followsId: integer('follows_id'),
    /** The unit that a supervisor told who reported a confidential case (A15). */
    releasedTo: text('released_to'),
    /** When the City Office first took the lead (Đ9.5): it goes on reading the case when that is over. */
    officeAt: text('office_at'),
    /** The City Office reads it (visibility-policy.ts). The store and triggers keep it, so that its lists need not ask four tables of each case. */
    officeReads: integer('office_reads', { mode: 'boolean' }).notNull().default(false),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
    receivedAt: text('received_at'),
    dueAt: text('due_at'),
  },
  (table) => [
    uniqueIndex('tickets_code').on(table.code),
    // Days lead to ids by it, and those through every list (list-store.ts).
    index('tickets_created').on(table.createdAt),
    index('tickets_phone').on(table.phoneE164, table.id),
    index('tickets_caller').on(table.callerE164, table.id),
    index('tickets_list').on(table.training, table.state, table.id),
    // Behind the id: what lists hold against each row, so that they do not read it (list-store.ts).
    index('tickets_newest').on(
      table.training,
      table.id,
      table.state,
      table.unitId,
      table.operatorId,
      table.confidential,
      table.releasedTo,
      table.officeReads,
    ),
    index('tickets_operator').on(
      table.operatorId,
      table.training,
      table.id,
      table.state,
      table.unitId,
      table.confidential,
    ),
    index('tickets_unit').on(
      table.unitId,
      table.training,
      table.id,
      table.state,
      table.operatorId,
      table.confidential,
      table.releasedTo,
      table.officeReads,
    ),
    // Of all that a unit ever had, what is not over: its own list begins with it.
    index('tickets_unit_live')
      .on(table.unitId, table.training, table.id, table.state, table.dueAt)
      .where(NOT_OVER),
    index('tickets_office')
      .on(table.training, table.id)
      .where(sql`${table.officeReads} = 1`),
    index('tickets_office_state')
      .on(table.training, table.state, table.id)
      .where(sql`${table.officeReads} = 1`),
    index('tickets_follows')
      .on(table.followsId)
      .where(sql`${table.followsId} IS NOT NULL`),
  ],
)

/** Which call belongs to which ticket: every call ends as exactly one, a ticket may have many. */
export const ticketCalls = sqliteTable(
  'ticket_calls',
  {
    callId: text('call_id').primaryKey(),
    ticketId: integer('ticket_id').notNull(),
    relation: text().notNull(),
    at: text().notNull(),
  },
  (table) => [index('ticket_calls_ticket').on(table.ticketId)],
)

/** Append-only history (R021): triggers refuse UPDATE and DELETE. */
export const ticketEvents = sqliteTable(
  'ticket_events',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    ticketId: integer('ticket_id').notNull(),
    at: text().notNull(),
    type: text().notNull(),
    actorId: integer('actor_id'),
    detail: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    index('ticket_events_ticket').on(table.ticketId, table.id),
    // Figures of units count these by their day; all others are read with their case only.
    index('ticket_events_bounced')
      .on(table.at)
      .where(sql`${table.type} = 'bounced'`),
    index('ticket_events_returned')
      .on(table.at)
      .where(sql`${table.type} = 'answerReturned'`),
  ],
)

export const ticketAttachments = sqliteTable(
  'ticket_attachments',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    ticketId: integer('ticket_id').notNull(),
    name: text().notNull(),
    mediaType: text('media_type').notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    sha256: text().notNull(),
    /** File name under `<DATA_DIR>/attachments`: random, never what the client called it. */
    file: text().notNull(),
    at: text().notNull(),
    actorId: integer('actor_id'),
    /** Whose answer it goes with; null for a file of the case. */
    unitId: text('unit_id'),
    /** The line of the history that gave that answer; null while the answer is being written. */
    answerId: integer('answer_id'),
    /** Of a PDF: what an embedded signature covers (pdf-signature.ts). */
    signature: text({ enum: PDF_SIGNATURES }),
  },
  (table) => [index('ticket_attachments_ticket').on(table.ticketId)],
)

/** A forwarding slip as it was sent (R048). `body` is the snapshot of regulation.md 6.2 and never changes. */
export const slips = sqliteTable(
  'slips',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    ticketId: integer('ticket_id').notNull(),
    number: text().notNull(),
    version: integer().notNull(),
    token: text().notNull(),
    unitId: text('unit_id').notNull(),
    unitName: text('unit_name').notNull(),
    body: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    issuedAt: text('issued_at').notNull(),
    dueAt: text('due_at'),
    operatorId: integer('operator_id'),
  },
  (table) => [
    uniqueIndex('slips_token').on(table.token),
    uniqueIndex('slips_number').on(table.number),
    uniqueIndex('slips_ticket').on(table.ticketId, table.version),
    index('slips_unit').on(table.unitId, table.ticketId),
  ],
)

/** First time somebody without an account opened the link: this, not the SMS receipt, shows that it arrived. */
export const slipOpenings = sqliteTable(
  'slip_openings',
  {
    slipId: integer('slip_id').notNull(),
    at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.slipId] })],
)

/** The City Office's copy of each slip (Đ9.2, R047): what it has not seen yet waits here. A row is written over once, by whoever sees it. */
export const officeCopies = sqliteTable(
  'office_copies',
  {
    slipId: integer('slip_id').primaryKey(),
    ticketId: integer('ticket_id').notNull(),
    since: text().notNull(),
    seenBy: integer('seen_by'),
    seenAt: text('seen_at'),
  },
  (table) => [
    index('office_copies_ticket').on(table.ticketId),
    index('office_copies_unseen')
      .on(table.ticketId)
      .where(sql`${table.seenAt} is null`),
  ],
)

/** Units that work on a case beside the one that leads (Đ9.5a, regulation.md 2.5 A11). A row ends, and is never deleted. */
export const coHandlers = sqliteTable(
  'co_handlers',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    ticketId: integer('ticket_id').notNull(),
    unitId: text('unit_id').notNull(),
    unitName: text('unit_name').notNull(),
    slipNumber: text('slip_number').notNull(),
    reason: text().notNull(),
    addedAt: text('added_at').notNull(),
    addedBy: integer('added_by').notNull(),
    /** Taken off, or it leads now; the history says which. */
    endedAt: text('ended_at'),
  },
  (table) => [
    uniqueIndex('co_handlers_once')
      .on(table.ticketId, table.unitId)
      .where(sql`${table.endedAt} is null`),
    index('co_handlers_unit')
      .on(table.unitId, table.ticketId)
      .where(sql`${table.endedAt} is null`),
  ],
)

/** Mornings on which the City Office was told what is overdue (Đ9.4 ¶2), also that nothing was: each day once. */
export const overdueReports = sqliteTable('overdue_reports', {
  /** "2026-03-02", the city's. */
  day: text().primaryKey(),
  at: text().notNull(),
  cases: integer().notNull(),
})

/** Who is still to be told that a clock ends at another time than they were told (A19), until they have been. */
export const dueNews = sqliteTable(
  'due_news',
  {
    deadlineId: integer('deadline_id').notNull(),
    /** As the outbox has the number. */
    to: text('to_number').notNull(),
    toName: text('to_name'),
    ticketId: integer('ticket_id').notNull(),
    /** The end they were told, ISO 8601 UTC; null for one without a date. */
    named: text(),
    /** Of the calendar that moved it. */
    version: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deadlineId, table.to] }),
    index('due_news_to').on(table.to, table.deadlineId),
  ],
)

/** What whoever came in by a change of the directory took over, also that it was nothing (Đ17.9): each change in force once. */
export const officerHandovers = sqliteTable('officer_handovers', {
  changeId: integer('change_id').primaryKey(),
  at: text().notNull(),
  cases: integer().notNull(),
  late: integer().notNull(),
})
