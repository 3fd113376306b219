import { desc, eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { subjectRequests } from './tables.ts'

export type SubjectRow = typeof subjectRequests.$inferSelect

/** Values as they are written, by the names of their columns. */
export type Held = Readonly<Record<string, string | number | null>>

/** What is held about a number. */
export interface HeldData {
  readonly cases: readonly Held[]
  readonly calls: readonly Held[]
  readonly recordings: readonly Held[]
  readonly messages: readonly Held[]
}

/** Rows of each list that are written out: a number with more is a call centre, and asks for the rest. */
const MOST = 5_000

export function createPersonalDataStore({ orm, raw }: Pick<Db, 'orm' | 'raw'>) {
  const all = (text: string) => {
    const statement = raw.prepare<unknown[], Held>(`${text} LIMIT ${String(MOST)}`)
    return (...values: unknown[]): Held[] => statement.all(...values)
  }
  /*
   * Where only the call came from the number, who reported may be somebody else: their name is not this person's data. Whoever asked for
   * confidentiality may have had reason to keep it from those whose telephone it was: of that case there is nothing here (Đ12.1).
   */
  const own = 'phone_e164 = @number'
  const cases = all(`SELECT code, created_at AS createdAt, state, kind, title, content, place, answer,
      CASE WHEN ${own} THEN reporter_name END AS name, CASE WHEN ${own} THEN reporter_phone END AS phone,
      CASE WHEN ${own} THEN reporter_email END AS email, CASE WHEN ${own} THEN reporter_address END AS address
    FROM tickets WHERE ${own} OR (caller_e164 = @number AND confidential = 0) ORDER BY id`)
  const calls =
    all(`SELECT id, direction, started_at AS startedAt, ended_at AS endedAt, outcome, number_display AS number,
      caller_name AS callerName, notice_version AS notice, ticket_code AS ticketCode
    FROM calls WHERE number_e164 = @number OR callback_e164 = @number ORDER BY started_at`)
  const recordings = all(`SELECT r.id, r.call_id AS callId, r.kind, r.state, r.started_at AS startedAt,
      r.duration_ms AS durationMs, r.sha256
    FROM calls c JOIN recordings r ON r.call_id = c.id
    WHERE c.number_e164 = @number OR c.callback_e164 = @number ORDER BY r.started_at`)
  const messages = all(`SELECT ticket_code AS ticketCode, created_at AS createdAt, state, text FROM outbox
    WHERE to_number = @number ORDER BY id`)
  return {
    heldAbout: (number: string): HeldData => ({
      cases: cases({ number }),
      calls: calls({ number }),
      recordings: recordings({ number }),
      messages: messages({ number }),
    }),
    add: (row: typeof subjectRequests.$inferInsert): SubjectRow =>
      orm.insert(subjectRequests).values(row).returning().get(),
    find: (id: number): SubjectRow | undefined =>
      orm.select().from(subjectRequests).where(eq(subjectRequests.id, id)).get(),
    newest: (limit: number): SubjectRow[] =>
      orm.select().from(subjectRequests).orderBy(desc(subjectRequests.id)).limit(limit).all(),
  }
}
