import { and, asc, count, desc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { DiscrepancyKind } from './contract.ts'
import type { Finding } from './reconcile-policy.ts'
import type { Discrepancy, ReconciliationStore } from './service.ts'
import { discrepancies, reconcileRuns } from './tables.ts'

/*
 * Compares rows of calls, cases and recordings, which are other features' tables: that these agree is what none of them can
 * see by itself. It writes its own two only.
 */

/** Within calls that began in [from, to): kind, subject, since, code. What ended before `late` must be collected by now. */
const MISMATCHES = `
WITH window AS (SELECT * FROM calls WHERE started_at >= @from AND started_at < @to)
SELECT 'callWithoutTicket' AS kind, id AS subject, started_at AS since, NULL AS code FROM window
  WHERE state = 'ended' AND ticket_id IS NULL
UNION ALL
SELECT 'ticketDiffers', window.id, window.started_at, window.ticket_code FROM window
  LEFT JOIN ticket_calls ON ticket_calls.call_id = window.id
  WHERE window.ticket_id IS NOT NULL AND ticket_calls.ticket_id IS NOT window.ticket_id
UNION ALL
SELECT 'recordingNotAsked', id, started_at, ticket_code FROM window
  WHERE state = 'ended' AND answered_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM recordings WHERE call_id = window.id AND kind = 'call')
UNION ALL
SELECT 'recordingLost', recordings.base, window.started_at, window.ticket_code FROM window
  JOIN recordings ON recordings.call_id = window.id
  WHERE window.answered_at IS NOT NULL AND recordings.kind = 'call'
    AND (recordings.state = 'damaged' OR (recordings.state = 'missing'
      AND NOT EXISTS (SELECT 1 FROM json_each(recordings.flags) WHERE value = 'tooShort')))
UNION ALL
SELECT 'recordingLate', recordings.base, window.started_at, window.ticket_code FROM window
  JOIN recordings ON recordings.call_id = window.id
  WHERE recordings.state = 'pending' AND window.ended_at < @late`

/** Links that name a call which is not there. */
const ORPHANS = `
SELECT ticket_calls.call_id AS subject, ticket_calls.at AS since, tickets.code AS code
  FROM ticket_calls LEFT JOIN tickets ON tickets.id = ticket_calls.ticket_id
  WHERE ticket_calls.at >= @from AND ticket_calls.at < @to
    AND NOT EXISTS (SELECT 1 FROM calls WHERE id = ticket_calls.call_id)`

interface Line {
  readonly kind: DiscrepancyKind
  readonly subject: string
  readonly since: string
  readonly code: string | null
}

export function createReconciliationStore({ orm, raw }: Pick<Db, 'orm' | 'raw'>): ReconciliationStore {
  const mismatches = raw.prepare<unknown[], Line>(MISMATCHES)
  const orphans = raw.prepare<unknown[], Omit<Line, 'kind'>>(ORPHANS)
  const countCalls = raw
    .prepare('SELECT count(*) FROM calls WHERE started_at >= ? AND started_at < ?')
    .pluck()
  const firstCall = raw.prepare('SELECT min(started_at) FROM calls').pluck()
  const neverEnded = raw.prepare<unknown[], Omit<Line, 'kind'>>(
    `SELECT id AS subject, started_at AS since, ticket_code AS code FROM calls
      WHERE state IN ('arriving','queued','ringing','talking','held','transferred','dialing','leavingMessage') AND started_at < ?`,
  )
  const callsOf = raw.prepare<unknown[], { id: string; answeredAt: string | null; code: string | null }>(
    `SELECT id, answered_at AS answeredAt, ticket_code AS code FROM calls WHERE id IN (SELECT value FROM json_each(?))`,
  )
  const unknown = raw
    .prepare(
      `SELECT name.value FROM json_each(?) AS name
        WHERE NOT EXISTS (SELECT 1 FROM recordings WHERE base IN
          (name.value, replace(replace(name.value, '-citizen', ''), '-operator', '')))`,
    )
    .pluck()
  const toFinding = ({ kind, subject, since, code }: Line): Finding => ({
    kind,
    subject,
    since,
    ticketCode: code,
    count: 1,
  })
  const rowOf = (found: Finding, at: string) => ({
    ...found,
    foundAt: at,
    lastSeenAt: at,
    state: 'open' as const,
  })

  return {
    mismatches: (from, to, late) => [
      ...mismatches.all({ from, to, late }).map(toFinding),
      ...orphans.all({ from, to }).map((line) => toFinding({ ...line, kind: 'ticketWithoutCall' })),
    ],
    neverEnded: (before) =>
      neverEnded.all(before).map((line) => toFinding({ ...line, kind: 'callNeverEnded' })),
    countCalls: (from, to) => Number(countCalls.get(from, to)),
    firstCallAt: () => (firstCall.get() as string | null) ?? null,
    callsOf: (ids) =>
      new Map(
        callsOf
          .all(JSON.stringify(ids))
          .map(({ id, answeredAt, code }) => [id, { isAnswered: answeredAt !== null, ticketCode: code }]),
      ),
    unknownRecordings: (names) => unknown.all(JSON.stringify(names)) as string[],
    put(found, at) {
      const { kind, subject } = found
      const same = and(eq(discrepancies.kind, kind), eq(discrepancies.subject, subject))
      const before = orm.select().from(discrepancies).where(same).get()
      if (before === undefined) {
        orm.insert(discrepancies).values(rowOf(found, at)).run()
        return true
      }
      const again = before.state === 'settled' ? { state: 'open' as const, resolvedAt: null } : {}
      orm
        .update(discrepancies)
        .set({ lastSeenAt: at, ...again })
        .where(same)
        .run()
      return before.state === 'settled'
    },
    add(found, at) {
      orm.insert(discrepancies).values(rowOf(found, at)).onConflictDoNothing().run()
    },
    open: () => orm.select().from(discrepancies).where(eq(discrepancies.state, 'open')).all(),
    settle(id, at) {
      orm
        .update(discrepancies)
        .set({ state: 'settled', resolvedAt: at })
        .where(eq(discrepancies.id, id))
        .run()
    },
    find: (id): Discrepancy | undefined =>
      orm.select().from(discrepancies).where(eq(discrepancies.id, id)).get(),
    resolve: (id, { personId, words, at }) =>
      orm
        .update(discrepancies)
        .set({ state: 'resolved', resolvedAt: at, resolvedBy: personId, words })
        .where(and(eq(discrepancies.id, id), eq(discrepancies.state, 'open')))
        .run().changes === 1,
    page(states, offset, limit) {
      const where = inArray(discrepancies.state, [...states])
      const order = states.includes('open') ? asc(discrepancies.since) : desc(discrepancies.resolvedAt)
      return {
        items: orm
          .select()
          .from(discrepancies)
          .where(where)
          .orderBy(order, asc(discrepancies.id))
          .limit(limit)
          .offset(offset)
          .all(),
        total: orm.select({ n: count() }).from(discrepancies).where(where).get()?.n ?? 0,
      }
    },
    addRun(run, place) {
      orm
        .insert(reconcileRuns)
        .values({ ...run, queueLogFile: place?.file ?? null, queueLogBytes: place?.bytes ?? 0 })
        .run()
    },
    lastRun() {
      const row = orm.select().from(reconcileRuns).orderBy(desc(reconcileRuns.id)).limit(1).get()
      if (row === undefined) return undefined
      const { queueLogFile, queueLogBytes, ...run } = row
      return {
        run,
        place: queueLogFile === null ? undefined : { file: queueLogFile, bytes: queueLogBytes },
      }
    },
  }
}
