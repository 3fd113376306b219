import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** SMS to send: the row is committed with what caused it, long before any carrier hears of it. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    template: text().notNull(),
    /** E.164, or what was written in the directory when it is no mobile number. */
    to: text('to_number').notNull(),
    toName: text('to_name'),
    text: text().notNull(),
    /** The same sentence with its marks, for people. */
    textVi: text('text_vi').notNull(),
    segments: integer().notNull(),
    state: text().notNull(),
    provider: text().notNull(),
    /** The carrier's id for it. */
    sid: text(),
    carrierStatus: text('carrier_status'),
    errorCode: text('error_code'),
    ticketCode: text('ticket_code'),
    /** Why it was written, where that must not be said twice to one person: "deadline:12". */
    occasion: text(),
    /** Goes out at any hour. */
    urgent: integer({ mode: 'boolean' }).notNull().default(false),
    training: integer({ mode: 'boolean' }).notNull().default(false),
    /** Times it was handed to the carrier, or (state unknown) looked for there. */
    attempts: integer().notNull().default(0),
    /** When the sender must look at it again; null when nothing is left to do. */
    nextAt: text('next_at'),
    /** When it was handed to the carrier last, for finding it again there. */
    handedAt: text('handed_at'),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('outbox_sid').on(table.sid),
    // One for each deadline, kind and recipient; rows without an occasion are never alike.
    uniqueIndex('outbox_once').on(table.occasion, table.template, table.to),
    index('outbox_due').on(table.nextAt),
    index('outbox_ticket').on(table.ticketCode),
    index('outbox_to').on(table.to, table.id),
  ],
)

/** Delivery reports already applied, so that a replay changes nothing. */
export const smsReceipts = sqliteTable(
  'sms_receipts',
  { sid: text().notNull(), status: text().notNull(), at: text().notNull() },
  (table) => [primaryKey({ columns: [table.sid, table.status] })],
)

/** What the simulated carrier's handsets hold. */
export const handsetMessages = sqliteTable(
  'handset_messages',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    reference: text().notNull(),
    phone: text().notNull(),
    text: text().notNull(),
    at: text().notNull(),
  },
  (table) => [
    uniqueIndex('handset_messages_reference').on(table.reference),
    index('handset_messages_phone').on(table.phone, table.id),
  ],
)
