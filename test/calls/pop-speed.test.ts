import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallDesk, createCallDesk, MAI } from '../support/call-desk.ts'

const ROWS = 20_000
/** The citizen of this test; everybody else called too. */
const NUMBER = '+84950000777'

let desk: CallDesk
let statements: string[]

beforeAll(() => {
  statements = []
  desk = createCallDesk({ onStatement: (sql) => void statements.push(sql) })
  const { raw } = desk.db
  // Years of a desk: every number called many times, some of it today.
  raw.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(ROWS)})
    INSERT INTO calls (id, direction, state, outcome, number_raw, number_e164, number_display, number_kind, line, training, started_at, ended_at, operator_id, missed_done_at, ticket_id)
    SELECT 'old-' || i, 'in', 'ended', CASE i % 5 WHEN 0 THEN 'abandoned' ELSE 'answered' END, '', '+8495' || printf('%07d', i % 3000),
      '', 'mobile', '1', 0, strftime('%Y-%m-%dT%H:%M:%fZ', '2026-03-02 00:59:00', '-' || i || ' minutes'), '2026-03-01T00:00:00.000Z', ${String(MAI)}, '2026-03-01T00:00:00.000Z', i FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(ROWS)})
    INSERT INTO tickets (code, state, channel, reporter_name, phone_e164, caller_e164, created_at, updated_at)
    SELECT 'XX25-' || printf('%06d', i), CASE i % 3 WHEN 0 THEN 'received' ELSE 'answered' END, 'phone', 'Người ' || (i % 7),
      '+8495' || printf('%07d', i % 3000), '+8495' || printf('%07d', i % 3000), '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' FROM n;
    ANALYZE;
  `)
}, 60_000)
afterAll(() => desk.close())

const arriveAndRing = (callId: string) => {
  desk.arrive(callId, { from: NUMBER })
  desk.calls.event(callId, { type: 'queued' }, desk.now())
  desk.calls.event(callId, { type: 'offered', operatorId: MAI }, desk.now())
}

describe('the way from ring to pop, with years of calls and tickets', () => {
  it('reads indexed rows only', () => {
    arriveAndRing('now-1')
    expect(desk.popsOf(MAI)).toMatchObject([
      { caller: { certainty: 'known' }, lastCalls: { length: 5 }, lastTickets: { length: 5 } },
    ])
    const selects = [...new Set(statements)].filter((sql) =>
      /^\s*select.* from "(calls|call_events|tickets|ticket_calls)"/i.test(sql),
    )
    expect(selects.length).toBeGreaterThan(3)
    for (const sql of selects) {
      const values = (sql.match(/\?/g) ?? []).map(() => NUMBER)
      const plan = desk.db.raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
      const scans = plan
        .map(({ detail }) => detail)
        // What waits to be rung back has an index of its own, which is as long as that.
        .filter((detail) => /^SCAN (?!CONSTANT|\(|SUBQUERY|calls USING INDEX calls_missed$)/.test(detail))
      expect(scans, sql).toEqual([])
    }
  })
})

describe('the pop of a phone that rings', () => {
  it('is told before anything is written for it', () => {
    desk.arrive('now-2', { from: NUMBER })
    desk.calls.event('now-2', { type: 'queued' }, desk.now())
    const shownAtWrite: boolean[] = []
    desk.db.raw.function('note_shown', () => {
      shownAtWrite.push(desk.popsOf(MAI).some(({ callId }) => callId === 'now-2'))
      return null
    })
    desk.db.raw.exec(`
      CREATE TEMP TRIGGER call_written BEFORE UPDATE ON calls BEGIN SELECT note_shown(); END;
      CREATE TEMP TRIGGER event_written BEFORE INSERT ON call_events BEGIN SELECT note_shown(); END;
    `)
    desk.calls.event('now-2', { type: 'offered', operatorId: MAI }, desk.now())
    desk.db.raw.exec('DROP TRIGGER call_written; DROP TRIGGER event_written')
    expect(shownAtWrite).toEqual([true, true])
  })

  it('is taken back when that cannot be written, and told again when it can', () => {
    desk.arrive('now-3', { from: NUMBER })
    desk.calls.event('now-3', { type: 'queued' }, desk.now())
    const mine = () => desk.popsOf(MAI).filter(({ callId }) => callId === 'now-3')
    desk.db.raw.exec(
      "CREATE TRIGGER full BEFORE INSERT ON call_events WHEN NEW.type = 'offered' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    )
    expect(() => {
      desk.calls.event('now-3', { type: 'offered', operatorId: MAI }, desk.now())
    }).toThrow(/disk full/)
    expect(mine()).toEqual([])
    desk.db.raw.exec('DROP TRIGGER full')
    desk.calls.ringingNow(new Map([['now-3', new Set([MAI])]]), desk.now())
    expect(mine()).toHaveLength(1)
  })
})

describe('a start with years of calls behind it', () => {
  it('finds the few that are not over by an index', () => {
    statements.length = 0
    desk.restart()
    const open = statements.filter((sql) => sql.includes('from "calls"'))
    expect(open.length).toBeGreaterThan(0)
    for (const sql of open) {
      const values = (sql.match(/\?/g) ?? []).map(() => 'queued')
      const plan = desk.db.raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
      expect(plan.map(({ detail }) => detail).join(), sql).not.toMatch(/SCAN calls/)
    }
  })
})
