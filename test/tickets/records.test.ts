import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDb } from '../../src/db/open.ts'
import { createTicketStore } from '../../src/tickets/store.ts'
import { createDesk, fillDraft, OPERATOR } from '../support/desk.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')

describe('what was written once', () => {
  it.each([
    ['ticket_events', "UPDATE ticket_events SET type = 'x'"],
    ['ticket_events', 'DELETE FROM ticket_events'],
    ['ticket_events', 'INSERT OR REPLACE INTO ticket_events SELECT * FROM ticket_events'],
    ['office_copies', "UPDATE office_copies SET since = 'x'"],
    ['office_copies', 'DELETE FROM office_copies'],
    ['slips', "UPDATE slips SET number = 'x'"],
    ['slips', 'DELETE FROM slips'],
    ['slips', 'INSERT OR REPLACE INTO slips SELECT * FROM slips'],
    ['call_events', "UPDATE call_events SET type = 'x'"],
    ['call_events', 'DELETE FROM call_events'],
    ['presence_log', "UPDATE presence_log SET state = 'x'"],
    ['presence_log', 'DELETE FROM presence_log'],
  ])('in %s stays: %s', async (table, sql) => {
    const desk = createDesk()
    const draft = fillDraft(desk)
    desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    const { raw } = desk.db
    raw.exec(
      "INSERT INTO call_events (call_id, at, type) VALUES ('c1', '2026-03-02T00:00:00.000Z', 'arrived')",
    )
    raw.exec(
      "INSERT INTO presence_log (person_id, at, state) VALUES (1, '2026-03-02T00:00:00.000Z', 'ready')",
    )
    const before = raw.prepare(`SELECT * FROM ${table}`).all()
    expect(before.length).toBeGreaterThan(0)
    expect(() => raw.exec(sql)).toThrow(/append-only|never changes|written over once/)
    expect(raw.prepare(`SELECT * FROM ${table}`).all()).toEqual(before)
    await desk.close()
  })
})

describe('numbers of tickets', () => {
  it('are given out once by two processes on one database', () => {
    const folder = mkdtempSync(join(tmpdir(), 'numbers-'))
    const path = join(folder, 'a.sqlite')
    // Two connections, as a service and the command line beside it have them.
    const one = openDb(path, MIGRATIONS)
    const two = openDb(path, MIGRATIONS)
    const stores = [one, two].map((db) => ({ db, store: createTicketStore(db) }))
    const given: number[] = []
    for (let round = 0; round < 100; round += 1) {
      for (const { db, store } of stores) given.push(db.transaction(() => store.nextNumber('HP26')))
      if (round % 10 === 0) given.push(one.transaction(() => stores[0]?.store.nextNumber('HP27') ?? 0) + 1000)
    }
    expect(new Set(given).size).toBe(given.length)
    expect(given.slice(0, 3)).toEqual([1, 2, 1001])
    one.close()
    two.close()
    rmSync(folder, { recursive: true })
  })

  it('wait for each other’s transaction instead of colliding', () => {
    const folder = mkdtempSync(join(tmpdir(), 'numbers-'))
    const path = join(folder, 'a.sqlite')
    const one = openDb(path, MIGRATIONS)
    const two = openDb(path, MIGRATIONS)
    two.raw.pragma('busy_timeout = 20')
    one.transaction(() => {
      createTicketStore(one).nextNumber('HP26')
      // IMMEDIATE: the second writer is held at its begin, before it has read anything that could be stale.
      expect(() => two.transaction(() => createTicketStore(two).nextNumber('HP26'))).toThrow('locked')
    })
    expect(two.transaction(() => createTicketStore(two).nextNumber('HP26'))).toBe(2)
    one.close()
    two.close()
    rmSync(folder, { recursive: true })
  })
})
