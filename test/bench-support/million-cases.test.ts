import { asc } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { createCallStore } from '../../src/calls/store.ts'
import { calls } from '../../src/calls/tables.ts'
import { type Db } from '../../src/db/open.ts'
import { createDossierStore } from '../../src/dossiers/store.ts'
import { dossierItems } from '../../src/dossiers/tables.ts'
import { createRecordingStore } from '../../src/recordings/store.ts'
import { recordings } from '../../src/recordings/tables.ts'
import { createOversightStore } from '../../src/tickets/oversight-store.ts'
import { createTicketStore } from '../../src/tickets/store.ts'
import { officeCopies, slips, ticketCalls, tickets } from '../../src/tickets/tables.ts'
import { type Ticket } from '../../src/tickets/ticket.ts'
import { cityOf } from '../bench/search.ts'
import { createDesk, type Desk } from '../support/desk.ts'
import { fillWithCases } from './million-cases.ts'

const CASES = 700

let desks: Desk[] = []
const desk = (): Desk => {
  const made = createDesk()
  desks.push(made)
  return made
}
afterEach(async () => {
  for (const one of desks) await one.close()
  desks = []
})

async function filled(): Promise<Db> {
  const { db, ...rest } = desk()
  const city = cityOf(rest)
  await fillWithCases(db, { ...city, cases: CASES, oneByOne: 100 }, () => undefined)
  return db
}

/** The same cases as the service writes them, one after the other. */
function writtenByService({ orm }: Db): Db {
  const { db } = desk()
  const store = createTicketStore(db)
  const oversight = createOversightStore(db)
  const callStore = createCallStore(db)
  const recordingStore = createRecordingStore(db)
  const dossiers = createDossierStore(db)
  for (const row of orm.select().from(tickets).orderBy(asc(tickets.id)).all())
    store.insert({ ...row, officeReads: false } as Ticket)
  // Whoever searches has the texts written.
  store.list({
    scope: { of: 'all' },
    training: false,
    folded: 'duong',
    words: ['duong'],
    offset: 0,
    limit: 1,
  })
  for (const slip of orm.select().from(slips).orderBy(asc(slips.id)).all()) store.addSlip(slip)
  for (const copy of orm.select().from(officeCopies).orderBy(asc(officeCopies.slipId)).all()) {
    const { slipId, ticketId, since, seenBy, seenAt } = copy
    oversight.add({ slipId, ticketId, since })
    if (seenBy !== null && seenAt !== null) oversight.markSeen(ticketId, seenBy, seenAt)
  }
  for (const call of orm.select().from(calls).orderBy(asc(calls.startedAt)).all()) callStore.save(call)
  for (const { ticketId, callId, at } of orm.select().from(ticketCalls).orderBy(asc(ticketCalls.at)).all())
    store.addCall(ticketId, callId, 'opened', at)
  for (const recording of orm.select().from(recordings).orderBy(asc(recordings.id)).all())
    recordingStore.add(recording)
  for (const { id, removedAt, removedBy, removedWhy, ...item } of orm
    .select()
    .from(dossierItems)
    .orderBy(asc(dossierItems.id))
    .all()) {
    dossiers.insert(item)
    if (removedAt !== null) dossiers.setRemoved(id, { removedAt, removedBy, removedWhy })
  }
  return db
}

const rowsOf = ({ raw }: Db, table: string): unknown[] =>
  raw.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()

describe('the database that lists are measured on', () => {
  it('has the rows that the service writes of the same cases, with what its triggers write', async () => {
    const bulk = await filled()
    const own = writtenByService(bulk)
    for (const table of [
      'tickets',
      'slips',
      'office_copies',
      'calls',
      'ticket_calls',
      'recordings',
      'dossier_items',
    ])
      expect(rowsOf(bulk, table), table).toEqual(rowsOf(own, table))
    const read = bulk.raw.prepare('SELECT count(*) FROM tickets WHERE office_reads = 1').pluck().get()
    expect(read).toBeGreaterThan(CASES / 3)
    expect(read).toBeLessThan(CASES)
  })

  it('has the full texts that the service writes', async () => {
    const bulk = await filled()
    const own = writtenByService(bulk)
    for (const text of ['ticket_search', 'case_search', 'recording_search']) {
      expect(rowsOf(bulk, text), text).toEqual(rowsOf(own, text))
      bulk.raw.exec(`INSERT INTO ${text} (${text}, rank) VALUES ('integrity-check', 1)`)
      const words = text === 'recording_search' ? 'nguyen' : 'duong'
      const found = ({ raw }: Db): unknown[] =>
        raw.prepare(`SELECT rowid FROM ${text} WHERE ${text} MATCH ? ORDER BY rowid`).pluck().all(words)
      expect(found(bulk), text).toEqual(found(own))
      expect(found(bulk).length).toBeGreaterThan(50)
    }
  })

  it('has every index and trigger of the schema', async () => {
    const schemaOf = ({ raw }: Db): unknown[] =>
      raw.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name').all()
    const fresh = desk().db
    const bulk = await filled()
    expect(schemaOf(bulk)).toEqual(schemaOf(fresh))
    expect(bulk.raw.pragma('integrity_check', { simple: true })).toBe('ok')
  })
})
