import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { quickParams } from '../db/quick-params.ts'
import { perColumns } from '../db/per-columns.ts'
import { rowReader } from '../db/row-reader.ts'
import { type SmsState } from './contract.ts'
import { type HandsetMessage, type OutboxMessage } from './service.ts'
import { handsetMessages, outbox, smsReceipts } from './tables.ts'

export type MessageStore = ReturnType<typeof createMessageStore>

/** Reads and writes the outbox, delivery reports and simulated handsets. The only SQL of the feature. */
export function createMessageStore(db: Db) {
  const { orm } = db
  const { placeholder } = sql
  const messageOf = rowReader(outbox) as (values: unknown) => OutboxMessage
  const insert = perColumns((row) =>
    orm
      .insert(outbox)
      .values(row as unknown as OutboxMessage)
      .onConflictDoNothing({ target: [outbox.occasion, outbox.template, outbox.to] })
      .prepare(),
  )
  const find = quickParams(
    orm
      .select()
      .from(outbox)
      .where(eq(outbox.id, placeholder('id')))
      .prepare(),
  )
  const ofTicket = quickParams(
    orm
      .select()
      .from(outbox)
      .where(eq(outbox.ticketCode, placeholder('code')))
      .orderBy(asc(outbox.id))
      .prepare(),
  )
  const update = perColumns(({ id, ...change }) =>
    orm
      .update(outbox)
      .set(change as Partial<OutboxMessage>)
      .where(sql`${outbox.id} = ${id}`)
      .returning()
      .prepare(),
  )
  return {
    /** Undefined when this person was told this on this occasion already. */
    insert(message: Omit<OutboxMessage, 'id'>): OutboxMessage | undefined {
      const { changes, lastInsertRowid } = insert(message).run({ ...message })
      return changes === 0 ? undefined : { ...message, id: Number(lastInsertRowid) }
    },
    saidOnce: (occasion: string, template: string, to: string): OutboxMessage | undefined =>
      orm
        .select()
        .from(outbox)
        .where(and(eq(outbox.occasion, occasion), eq(outbox.template, template), eq(outbox.to, to)))
        .get() as OutboxMessage | undefined,
    find: (id: number): OutboxMessage | undefined => find.get({ id }) as OutboxMessage | undefined,
    findBySid: (sid: string): OutboxMessage | undefined =>
      orm.select().from(outbox).where(eq(outbox.sid, sid)).get() as OutboxMessage | undefined,
    ofTicket: (code: string): OutboxMessage[] => ofTicket.values({ code }).map(messageOf),
    update(id: number, patch: Partial<OutboxMessage>): OutboxMessage {
      const row = { ...patch, id }
      return update(row).get(row) as OutboxMessage
    },
    due: (now: string, limit: number): OutboxMessage[] =>
      orm
        .select()
        .from(outbox)
        .where(lte(outbox.nextAt, now))
        .orderBy(asc(outbox.nextAt), asc(outbox.id))
        .limit(limit)
        .all() as OutboxMessage[],
    nextDueAt: (): string | null =>
      orm
        .select({ at: outbox.nextAt })
        .from(outbox)
        .where(isNotNull(outbox.nextAt))
        .orderBy(asc(outbox.nextAt))
        .limit(1)
        .get()?.at ?? null,
    /** Rows of a process that died between handing over and hearing the answer. */
    inState: (states: readonly SmsState[]): OutboxMessage[] =>
      orm
        .select()
        .from(outbox)
        .where(inArray(outbox.state, [...states]))
        .all() as OutboxMessage[],

    /** True the first time this report is seen. */
    addReceipt: (sid: string, status: string, at: string): boolean =>
      orm.insert(smsReceipts).values({ sid, status, at }).onConflictDoNothing().run().changes === 1,

    addHandsetMessage: (message: Omit<HandsetMessage, 'id'>): void => {
      orm.insert(handsetMessages).values(message).onConflictDoNothing().run()
    },
    handsetMessage: (reference: string): HandsetMessage | undefined =>
      orm.select().from(handsetMessages).where(eq(handsetMessages.reference, reference)).get(),
    /** The newest, each with the case it is about. */
    handsetMessages: (limit: number): (HandsetMessage & Pick<OutboxMessage, 'ticketCode'>)[] =>
      orm
        .select({ ...getTableColumns(handsetMessages), ticketCode: outbox.ticketCode })
        .from(handsetMessages)
        .leftJoin(outbox, eq(outbox.sid, handsetMessages.reference))
        .orderBy(desc(handsetMessages.id))
        .limit(limit)
        .all(),
    namesOf: (phones: readonly string[]): Map<string, string> =>
      new Map(
        orm
          .select({ to: outbox.to, name: outbox.toName })
          .from(outbox)
          .where(and(inArray(outbox.to, [...phones]), isNotNull(outbox.toName)))
          .orderBy(asc(outbox.id))
          .all()
          .map((row) => [row.to, row.name ?? '']),
      ),
    withoutSid: (id: number): OutboxMessage | undefined =>
      orm
        .select()
        .from(outbox)
        .where(and(eq(outbox.id, id), isNull(outbox.sid)))
        .get() as OutboxMessage | undefined,
  }
}
