import { SqliteError } from 'better-sqlite3'
import { type Db } from '../db/open.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import { createReporterCover } from './personal-data-policy.ts'
import { searchText } from './search-policy.ts'
import { type Ticket } from './ticket.ts'

/** What the full texts are made of: a step that changes none of it leaves them alone. */
const INDEXED = [
  'code',
  'title',
  'content',
  'place',
  'reporterName',
  'reporterOrganisation',
  'reporterAddress',
  'reporterEmail',
  'reporterPhone',
  'phoneE164',
  'callerE164',
  'answer',
] as const satisfies readonly (keyof Ticket)[]

/** After a change; several changes of a case that follow each other are one text. */
const REST_MS = 200
/** Written at a stretch, some ms; then whatever else waits has its turn. */
const AT_A_STRETCH = 50

/**
 * The full texts of cases, written a moment after the case itself. A transaction with a full text takes eight times as long to commit
 * as one without, and a case changes several times within a second: when its call comes in, is filed, is sent on. Which texts are
 * out of date is a row of the same transaction as the change, so that none is forgotten, whoever dies; and whoever searches has
 * them written first (`catchUp`), so that nobody finds less than there is.
 */
export function createSearchIndex(
  { raw, transaction }: Pick<Db, 'raw' | 'transaction'>,
  find: (ticketId: number) => Ticket | undefined,
) {
  const mark = raw.prepare('INSERT INTO search_stale (ticket_id) VALUES (?) ON CONFLICT DO NOTHING')
  const oldest = raw.prepare('SELECT ticket_id FROM search_stale ORDER BY ticket_id LIMIT ?').pluck()
  const unmark = raw.prepare('DELETE FROM search_stale WHERE ticket_id = ?')
  const drop = raw.prepare('DELETE FROM ticket_search WHERE rowid = ?')
  const add = raw.prepare('INSERT INTO ticket_search (rowid, folded, exact) VALUES (?, ?, ?)')
  // The same without who reported, for those who are not told: a search must not tell them either (Đ12.1, Đ12.2).
  const dropCase = raw.prepare('DELETE FROM case_search WHERE rowid = ?')
  const addCase = raw.prepare('INSERT INTO case_search (rowid, folded, exact) VALUES (?, ?, ?)')
  let timer: ReturnType<typeof setTimeout> | undefined

  function write(ticket: Ticket): void {
    const { id, code, title, content, place, answer } = ticket
    const whole = searchText(
      [
        code,
        title,
        content,
        place,
        ticket.reporterName,
        ticket.reporterOrganisation,
        ticket.reporterAddress,
        ticket.reporterEmail,
        answer,
      ],
      [ticket.phoneE164 ?? ticket.reporterPhone, ticket.callerE164],
    )
    drop.run(id)
    add.run(id, foldVietnamese(whole), whole)
    const { freeText } = createReporterCover(ticket)
    const matter = searchText([code, ...[title, content, place, answer ?? ''].map(freeText)], [])
    dropCase.run(id)
    addCase.run(id, foldVietnamese(matter), matter)
  }

  /** True where more may be left. */
  function writeSome(): boolean {
    if (oldest.get(1) === undefined) return false
    return transaction(() => {
      const ids = oldest.all(AT_A_STRETCH) as number[]
      for (const id of ids) {
        const ticket = find(id)
        if (ticket !== undefined) write(ticket)
        unmark.run(id)
      }
      return ids.length === AT_A_STRETCH
    })
  }

  function soon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      // Closed meanwhile: the rows are there for the next start.
      if (!raw.open) return
      try {
        if (writeSome()) soon()
      } catch {
        // A disk that is full, or somebody else who writes: with the next change, or search, or start.
      }
    }, REST_MS).unref()
  }

  return {
    /** In the transaction of the change; `before` is undefined for a new case. */
    changed: (after: Ticket, before?: Ticket): void => {
      if (before !== undefined && INDEXED.every((key) => after[key] === before[key])) return
      mark.run(after.id)
      soon()
    },
    /** Before a search. Where nothing can be written, on a full disk, what was written until now is found. */
    catchUp: (): void => {
      try {
        while (writeSome());
      } catch (cause) {
        if (!(cause instanceof SqliteError)) throw cause
      }
    },
  }
}
