import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  max,
  notInArray,
  type SQL,
  sql,
} from 'drizzle-orm'
import { type Db } from '../db/open.ts'
import { perColumns } from '../db/per-columns.ts'
import { quickParams } from '../db/quick-params.ts'
import { rowReader } from '../db/row-reader.ts'
import { createAlikeReads } from './alike-store.ts'
import { createCaseLists } from './list-store.ts'
import { createSearchIndex } from './search-store.ts'
import {
  officerHandovers,
  slipOpenings,
  slips,
  ticketAttachments,
  ticketCalls,
  ticketEvents,
  tickets,
} from './tables.ts'
import { type TicketState } from './contract.ts'
import {
  type AttachmentRecord,
  type NewTicket,
  type SlipRecord,
  type Ticket,
  type TicketEventRecord,
  type TicketPatch,
} from './ticket.ts'

const { code, state, title, confidential, unitId, dueAt, createdAt, callerE164 } = getTableColumns(tickets)
const { reporterName, reporterAddress, reporterType } = getTableColumns(tickets)
const CALLER = { reporterName, reporterAddress, reporterType }
/** What a pop shows of a number's cases. */
const HISTORY = { ...CALLER, code, state, title, confidential, unitId, dueAt, createdAt, callerE164 }

type NewSlip = typeof slips.$inferInsert

export type TicketStore = ReturnType<typeof createTicketStore>

/** Reads and writes tickets with their history, calls, attachments and slips. The only SQL of the feature. */
export function createTicketStore(db: Db) {
  const { orm, raw } = db
  const setFollows = raw.prepare('UPDATE tickets SET follows_id = ? WHERE id = ?')
  // UNION drops what was found before: a ring of cases would end too.
  const followerIds = raw
    .prepare(
      `WITH RECURSIVE f (id) AS (
         SELECT id FROM tickets WHERE follows_id = @of
         UNION SELECT t.id FROM f JOIN tickets t ON t.follows_id = f.id
       ) SELECT id FROM f WHERE id <> @of ORDER BY id`,
    )
    .pluck()
  const setDue = raw.prepare('UPDATE tickets SET due_at = ? WHERE id = ?')

  // A case is moved by these, and shown: prepared once.
  const { placeholder } = sql
  const ticketId = placeholder('ticketId')
  const ticketOf = rowReader(tickets) as (values: unknown) => Ticket
  const eventOf = rowReader(ticketEvents)
  const slipOf = rowReader(slips)
  const countOn = raw.prepare('UPDATE sequences SET last = last + 1 WHERE name = ?')
  const beginCount = raw.prepare('INSERT INTO sequences (name, last) VALUES (?, 1)')
  const lastNumber = raw.prepare('SELECT last FROM sequences WHERE name = ?').pluck()
  const insert = perColumns((row) =>
    orm
      .insert(tickets)
      .values(row as unknown as NewTicket)
      .prepare(),
  )
  const find = quickParams(
    orm
      .select()
      .from(tickets)
      .where(eq(tickets.id, placeholder('id')))
      .prepare(),
  )
  const findByCode = quickParams(
    orm
      .select()
      .from(tickets)
      .where(eq(tickets.code, placeholder('code')))
      .prepare(),
  )
  const idOf = raw.prepare('SELECT id FROM tickets WHERE code = ?').pluck()
  const update = perColumns(({ id, readVersion, ...change }) =>
    orm
      .update(tickets)
      .set(change as TicketPatch)
      .where(sql`${tickets.id} = ${id} AND ${tickets.version} = ${readVersion}`)
      .prepare(),
  )
  const callIds = quickParams(
    orm
      .select({ id: ticketCalls.callId, at: ticketCalls.at })
      .from(ticketCalls)
      .where(eq(ticketCalls.ticketId, ticketId))
      .prepare(),
  )
  const ticketOfCall = quickParams(
    orm
      .select({ id: ticketCalls.ticketId })
      .from(ticketCalls)
      .where(eq(ticketCalls.callId, placeholder('callId')))
      .prepare(),
  )
  const refOfCall = quickParams(
    orm
      .select({ id: tickets.id, code: tickets.code, version: tickets.version })
      .from(ticketCalls)
      .innerJoin(tickets, eq(tickets.id, ticketCalls.ticketId))
      .where(eq(ticketCalls.callId, placeholder('callId')))
      .prepare(),
  )
  const addCall = quickParams(
    orm
      .insert(ticketCalls)
      .values({
        ticketId,
        callId: placeholder('callId'),
        relation: placeholder('relation'),
        at: placeholder('at'),
      })
      .prepare(),
  )
  const addEvent = quickParams(
    orm
      .insert(ticketEvents)
      .values({
        ticketId,
        at: placeholder('at'),
        type: placeholder('type'),
        actorId: placeholder('actorId'),
        detail: placeholder('detail'),
      })
      .prepare(),
  )
  const events = quickParams(
    orm
      .select()
      .from(ticketEvents)
      .where(eq(ticketEvents.ticketId, ticketId))
      .orderBy(asc(ticketEvents.id))
      .prepare(),
  )
  const attachments = quickParams(
    orm
      .select()
      .from(ticketAttachments)
      .where(eq(ticketAttachments.ticketId, ticketId))
      .orderBy(asc(ticketAttachments.id))
      .prepare(),
  )
  const addSlip = perColumns((row) =>
    orm
      .insert(slips)
      .values(row as unknown as NewSlip)
      .prepare(),
  )
  const slipUnits = quickParams(
    orm.select({ unitId: slips.unitId }).from(slips).where(eq(slips.ticketId, ticketId)).prepare(),
  )
  const slipsOf = quickParams(
    orm.select().from(slips).where(eq(slips.ticketId, ticketId)).orderBy(asc(slips.version)).prepare(),
  )

  const leadSlip = quickParams(
    orm
      .select()
      .from(slips)
      .where(sql`${slips.ticketId} = ${ticketId} AND ${slips.body} ->> 'level' <> 'coHandler'`)
      .orderBy(desc(slips.version))
      .limit(1)
      .prepare(),
  )
  const lastVersion = orm
    .select({ last: max(slips.version) })
    .from(slips)
    .where(eq(slips.ticketId, ticketId))
    .prepare()

  const index = createSearchIndex(db, (id) => find.values({ id }).map(ticketOf)[0])

  const findOldCases = (): Ticket[] => {
    const newest = raw.prepare('SELECT rowid FROM case_search ORDER BY rowid DESC LIMIT 1').pluck().get()
    return orm
      .select()
      .from(tickets)
      .where(gt(tickets.id, typeof newest === 'number' ? newest : 0))
      .all() as Ticket[]
  }

  /** Prepared once: both run while a phone rings, and read no more than is shown. */
  const byNumber = quickParams(
    orm
      .select(HISTORY)
      .from(tickets)
      .where(
        sql`${tickets.id} IN (
          SELECT id FROM (SELECT id FROM tickets INDEXED BY tickets_phone WHERE ${ofNumber('phone_e164')})
          UNION
          SELECT id FROM (SELECT id FROM tickets INDEXED BY tickets_caller WHERE ${ofNumber('caller_e164')}))`,
      )
      .orderBy(desc(tickets.id))
      .limit(sql.placeholder('limit'))
      .prepare(),
  )
  const namedBy = quickParams(
    orm
      .select(CALLER)
      .from(tickets)
      .where(
        sql`${tickets.id} IN (
          SELECT id FROM tickets INDEXED BY tickets_caller WHERE ${ofNumber('caller_e164')})
          AND ${tickets.reporterName} <> '' AND ${tickets.confidential} = 0`,
      )
      .orderBy(desc(tickets.id))
      .limit(1)
      .prepare(),
  )

  return {
    ...createAlikeReads(db, index.catchUp),
    ...createCaseLists(db, index.catchUp),

    /** Cases of a time before the full text; ids grow, so none is older than the newest in it. Once, before all else. */
    indexOldCases(): void {
      db.transaction(() => {
        for (const ticket of findOldCases()) index.changed(ticket)
      })
    },

    /** Next number of a series ("HP26"). Unique under concurrency: nobody else writes while it runs. */
    nextNumber: (series: string): number =>
      db.transaction(() => {
        if (countOn.run(series).changes === 0) beginCount.run(series)
        return lastNumber.get(series) as number
      }),

    insert(ticket: NewTicket): Ticket {
      const officeReads = ticket.state === 'cityOffice' || ticket.officeAt != null
      const values = { ...ticket, officeReads }
      const id = Number(insert(values).run(values).lastInsertRowid)
      const row = find.values({ id }).map(ticketOf)[0]
      if (row === undefined) throw new Error('a case that was just written is not there')
      index.changed(row)
      return row
    },

    find: (id: number) => find.values({ id }).map(ticketOf)[0],
    /** Undefined for a code that no case has. */
    idOf: (code: string) => idOf.get(code) as number | undefined,
    findByCode: (code: string) => findByCode.values({ code }).map(ticketOf)[0],

    /** Writes over the version that was read, or answers undefined when somebody was faster. */
    update(ticket: Ticket, patch: TicketPatch): Ticket | undefined {
      const { id } = ticket
      const change = { ...patch, version: ticket.version + 1 }
      const row = { ...change, id, readVersion: ticket.version }
      if (update(row).run(row).changes === 0) return undefined
      const written = { ...ticket, ...change }
      index.changed(written, ticket)
      return written
    },

    /** Cases that were merged into this one, and those merged into them before, the oldest first. */
    followersOf: (ticketId: number): Ticket[] =>
      (followerIds.all({ of: ticketId }) as number[]).flatMap((id) => find.values({ id }).map(ticketOf)),
    setFollows(ticketId: number, parentId: number): void {
      setFollows.run(parentId, ticketId)
    },

    /** The end of the clock that runs; whoever is typing is not disturbed. */
    setDue(ticketId: number, dueAt: string | null): void {
      setDue.run(dueAt, ticketId)
    },

    /** How many cases in these states each unit has, training apart. */
    countByUnit: (states: readonly TicketState[]): Map<string, number> =>
      new Map(
        orm
          .select({ unitId: tickets.unitId, cases: count() })
          .from(tickets)
          .where(and(eq(tickets.training, false), inArray(tickets.state, [...states])))
          .groupBy(tickets.unitId)
          .all()
          .map(({ unitId, cases }) => [unitId ?? '', cases]),
      ),

    /** Cases in these states of these units, null: of any, the oldest first; none of training. */
    heldBy: (unitIds: readonly string[] | null, states: readonly TicketState[]): Ticket[] =>
      orm
        .select({ id: tickets.id })
        .from(tickets)
        .where(
          and(
            eq(tickets.training, false),
            inArray(tickets.state, [...states]),
            unitIds === null ? undefined : inArray(tickets.unitId, [...unitIds]),
          ),
        )
        .orderBy(tickets.id)
        .all()
        .flatMap(({ id }) => find.values({ id }).map(ticketOf)),

    /** Whether whoever came in by that change of the directory was dealt with. */
    hasHandover: (changeId: number): boolean =>
      orm.select().from(officerHandovers).where(eq(officerHandovers.changeId, changeId)).get() !== undefined,
    addHandover: (handover: typeof officerHandovers.$inferInsert): void => {
      orm.insert(officerHandovers).values(handover).run()
    },

    /** Newest first; training tickets are nobody's history. */
    byNumber: (e164: string, limit: number) =>
      byNumber.all({ e164, limit }) as Pick<Ticket, keyof typeof HISTORY>[],

    /** Who said their name at last when they called from that number, of so many calls; a name given in confidence is none. */
    namedBy: (e164: string, limit: number) =>
      namedBy.get({ e164, limit }) as Pick<Ticket, keyof typeof CALLER> | undefined,

    byCall(callId: string): Ticket | undefined {
      const [id] = (ticketOfCall.values({ callId })[0] ?? []) as readonly number[]
      return id === undefined ? undefined : find.values({ id }).map(ticketOf)[0]
    },
    /** Of the case of a call, what its lines are written under: a whole case is sixty columns to read. */
    refByCall: (callId: string): Pick<Ticket, 'id' | 'code' | 'version'> | undefined =>
      refOfCall.get({ callId }),
    addCall(
      ticketId: number,
      callId: string,
      relation: 'opened' | 'unanswered' | 'linked',
      at: string,
    ): void {
      addCall.run({ ticketId, callId, relation, at })
    },
    callIds: (ticketId: number): string[] =>
      callIds
        .all({ ticketId })
        .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
        .map((row) => row.id),

    addEvent(event: {
      ticketId: number
      at: string
      type: string
      actorId: number | null
      detail: Record<string, unknown>
    }): void {
      addEvent.run(event)
    },
    events: (ticketId: number): TicketEventRecord[] => events.values({ ticketId }).map(eventOf),

    addAttachment: (attachment: Omit<AttachmentRecord, 'id'> & { actorId: number }): AttachmentRecord =>
      orm.insert(ticketAttachments).values(attachment).returning().get(),
    /** Files of the case and of the answers given to it, the oldest first. */
    attachments: (ticketId: number): AttachmentRecord[] => attachments.all({ ticketId }),
    /** The answer is given: its files are part of it, and stay. */
    giveAttachment(id: number, answerId: number): void {
      orm.update(ticketAttachments).set({ answerId }).where(eq(ticketAttachments.id, id)).run()
    },
    /** Takes back a file of an answer that is not given yet; false for any other. */
    dropAttachment: (id: number): boolean =>
      orm
        .delete(ticketAttachments)
        .where(
          and(
            eq(ticketAttachments.id, id),
            isNull(ticketAttachments.answerId),
            isNotNull(ticketAttachments.unitId),
          ),
        )
        .run().changes === 1,

    /** Files of answers not given, of before that moment, whose case is in none of these states; the oldest first. */
    staleDrafts: (before: string, states: readonly TicketState[], limit: number): AttachmentRecord[] =>
      orm
        .select(getTableColumns(ticketAttachments))
        .from(ticketAttachments)
        .innerJoin(tickets, eq(tickets.id, ticketAttachments.ticketId))
        .where(
          and(
            isNull(ticketAttachments.answerId),
            isNotNull(ticketAttachments.unitId),
            lt(ticketAttachments.at, before),
            notInArray(tickets.state, [...states]),
          ),
        )
        .orderBy(asc(ticketAttachments.id))
        .limit(limit)
        .all(),

    /** Its id. */
    addSlip: (slip: Omit<SlipRecord, 'id'> & { operatorId: number | null }): number =>
      Number(addSlip(slip).run({ ...slip }).lastInsertRowid),
    /** Units that were ever sent a slip of this case. */
    slipUnits: (ticketId: number): string[] => [
      ...new Set(slipUnits.all({ ticketId }).map(({ unitId }) => unitId)),
    ],
    slips: (ticketId: number): SlipRecord[] => slipsOf.values({ ticketId }).map(slipOf),
    /** The newest one of the unit that leads. */
    leadSlip: (ticketId: number): SlipRecord | undefined => leadSlip.get({ ticketId }),
    /** 1 for a case without slips. */
    nextSlipVersion: (ticketId: number): number => (lastVersion.get({ ticketId })?.last ?? 0) + 1,
    slipByToken: (token: string): SlipRecord | undefined =>
      orm.select().from(slips).where(eq(slips.token, token)).get(),
    /** True the first time only. */
    noteSlipOpened: (slipId: number, at: string): boolean =>
      orm.insert(slipOpenings).values({ slipId, at }).onConflictDoNothing().run().changes === 1,
  }
}

/** The newest cases of a number, along the index that is named for the column: a number may have thousands. */
function ofNumber(column: 'phone_e164' | 'caller_e164'): SQL {
  return sql`${sql.raw(column)} = ${sql.placeholder('e164')} AND training = 0
    ORDER BY id DESC LIMIT ${sql.placeholder('limit')}`
}
