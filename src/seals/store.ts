import { and, asc, count, desc, eq, gt, isNotNull, lte, ne, sql } from 'drizzle-orm'
import { audit } from '../accounts/tables.ts'
import { calls } from '../calls/tables.ts'
import type { Db } from '../db/open.ts'
import { perColumns } from '../db/per-columns.ts'
import { recordings } from '../recordings/tables.ts'
import { ticketCalls, tickets } from '../tickets/tables.ts'
import { CALL_COLUMNS, type CallSaid } from './call-facts.ts'
import { type AuditLine, GENESIS, linkAudit, type RecordingSeal } from './chain.ts'
import type { ChainHead } from './contract.ts'
import { auditLinks, recordingSeals } from './tables.ts'
import { createWitnessStore } from './witness-store.ts'

export type SealStore = ReturnType<typeof createSealStore>

/** The line as it is stored, its detail the JSON text and not what it means. */
const LINE = {
  id: audit.id,
  at: audit.at,
  actorId: audit.actorId,
  action: audit.action,
  subject: audit.subject,
  detail: sql<string>`${audit.detail}`,
}

const CALL = Object.fromEntries(CALL_COLUMNS.map((name) => [name, calls[name]])) as Pick<
  typeof calls,
  (typeof CALL_COLUMNS)[number]
>

/** Both chains, and the rows they vouch for. */
export function createSealStore({ orm }: Pick<Db, 'orm'>) {
  const lastAudit = orm.select().from(auditLinks).orderBy(desc(auditLinks.seq)).limit(1).prepare()
  const newest = orm.select().from(recordingSeals).orderBy(desc(recordingSeals.seq)).limit(1).prepare()
  const ofRecording = orm
    .select()
    .from(recordingSeals)
    .where(eq(recordingSeals.recordingId, sql.placeholder('id')))
    .orderBy(desc(recordingSeals.seq))
    .limit(1)
    .prepare()

  const addLink = orm
    .insert(auditLinks)
    .values({
      seq: sql.placeholder('seq'),
      prevHash: sql.placeholder('prevHash'),
      hash: sql.placeholder('hash'),
    })
    .prepare()

  const addSeal = perColumns((row) =>
    orm
      .insert(recordingSeals)
      .values(row as unknown as RecordingSeal)
      .prepare(),
  )
  const recording = orm
    .select()
    .from(recordings)
    .where(eq(recordings.id, sql.placeholder('id')))
    .prepare()

  const callOf = orm
    .select({ ...CALL, linkedId: ticketCalls.ticketId, linkedCode: tickets.code })
    .from(calls)
    .leftJoin(ticketCalls, eq(ticketCalls.callId, calls.id))
    .leftJoin(tickets, eq(tickets.id, ticketCalls.ticketId))
    .where(eq(calls.id, sql.placeholder('callId')))
    .prepare()

  const lines = (afterId: number, limit: number): AuditLine[] =>
    orm.select(LINE).from(audit).where(gt(audit.id, afterId)).orderBy(asc(audit.id)).limit(limit).all()

  return {
    /** In the transaction that wrote the line. */
    linkLine(line: AuditLine): void {
      addLink.run({ ...linkAudit(line, lastAudit.get()?.hash ?? GENESIS) })
    },
    lastSeal: (): RecordingSeal | undefined => newest.get(),
    /** The newest link of a recording: what it says holds. */
    sealOf: (recordingId: number): RecordingSeal | undefined => ofRecording.get({ id: recordingId }),
    addSeal(link: RecordingSeal): void {
      addSeal(link).run({ ...link })
    },
    recording: (id: number) => recording.get({ id }),
    /** The call of a recording and its case, as they are now. */
    callOf: (callId: string): CallSaid | undefined => callOf.get({ callId }),
    /** In the order they were settled. */
    settled: () =>
      orm
        .select()
        .from(recordings)
        .where(and(ne(recordings.state, 'pending'), isNotNull(recordings.settledAt)))
        .orderBy(asc(recordings.settledAt), asc(recordings.id))
        .all(),
    pendingIds: (): number[] =>
      orm
        .select({ id: recordings.id })
        .from(recordings)
        .where(eq(recordings.state, 'pending'))
        .all()
        .map(({ id }) => id),
    rowsAfter: (afterId: number, limit: number) =>
      orm
        .select()
        .from(recordings)
        .where(gt(recordings.id, afterId))
        .orderBy(asc(recordings.id))
        .limit(limit)
        .all(),
    sealsAfter: (afterSeq: number, limit: number): RecordingSeal[] =>
      orm
        .select()
        .from(recordingSeals)
        .where(gt(recordingSeals.seq, afterSeq))
        .orderBy(asc(recordingSeals.seq))
        .limit(limit)
        .all(),
    lines,
    linesUpTo: (afterId: number, lastId: number): AuditLine[] =>
      orm
        .select(LINE)
        .from(audit)
        .where(and(gt(audit.id, afterId), lte(audit.id, lastId)))
        .orderBy(asc(audit.id))
        .all(),
    auditLinksAfter: (afterSeq: number, limit: number) =>
      orm
        .select()
        .from(auditLinks)
        .where(gt(auditLinks.seq, afterSeq))
        .orderBy(asc(auditLinks.seq))
        .limit(limit)
        .all(),
    /** The highest id the log ever gave, however many of its last lines were removed since. */
    everLast: (): number =>
      orm.get<{ seq: number } | undefined>(sql`SELECT seq FROM sqlite_sequence WHERE name = 'audit'`)?.seq ??
      0,
    ...createWitnessStore({ orm }),
    auditHead(): ChainHead {
      const last = lastAudit.get()
      const at =
        orm
          .select({ at: audit.at })
          .from(audit)
          .where(eq(audit.id, last?.seq ?? 0))
          .get()?.at ?? null
      const total = orm.select({ n: count() }).from(auditLinks).get()?.n ?? 0
      return { name: 'audit', seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS, at, count: total }
    },
    recordingsHead(): ChainHead {
      const last = newest.get()
      const total = orm.select({ n: count() }).from(recordingSeals).get()?.n ?? 0
      return {
        name: 'recordings',
        seq: last?.seq ?? 0,
        hash: last?.hash ?? GENESIS,
        at: last?.at ?? null,
        count: total,
      }
    },
  }
}
