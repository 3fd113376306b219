import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import { createCallStore } from '../../src/calls/store.ts'
import { momentsOf } from '../../src/platform/day-range.ts'
import { filterOf } from '../../src/recordings/search-policy.ts'
import { createRecordingStore } from '../../src/recordings/store.ts'
import { TICKET_STATES, type TicketQuery } from '../../src/tickets/contract.ts'
import {
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  OFFICER,
  OPERATOR,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

/** What grows with every call: a statement that reads one of these from end to end takes seconds in a city's fifth year. */
const GROWING = 'tickets|slips|office_copies|ticket_events|deadlines|calls|recordings|outbox'
const FROM_END_TO_END = new RegExp(String.raw`^SCAN (${GROWING})\b(?! USING (COVERING )?INDEX)`)
/** As long as what waits for somebody, whatever there was before. */
const SHORT = ['calls_missed', 'office_copies_unseen']

const DAYS = { from: '2026-03-01', to: '2026-03-02' }
const QUERIES: readonly TicketQuery[] = [
  {},
  { byEnd: true },
  { offset: 950 },
  ...TICKET_STATES.map((state) => ({ state })),
  { state: [...TICKET_STATES], byEnd: true },
  { mine: true },
  { desk: true },
  { unseen: true },
  { unitId: UNIT },
  { unitId: UNIT, state: 'overdue', byEnd: true },
  { phone: '0950 000 777' },
  { training: true },
  { q: 'đường' },
  { q: 'đường', byEnd: true, state: 'closed' },
  { q: 'HP26-000001' },
  DAYS,
  { ...DAYS, byEnd: true },
  { ...DAYS, unseen: true },
  { ...DAYS, unitId: UNIT },
  { ...DAYS, q: 'đường' },
  { ...DAYS, q: 'HP26-000001' },
]

let desk: Desk
let statements: Set<string>
beforeEach(() => {
  statements = new Set()
  desk = createDesk({ onStatement: (sql) => statements.add(sql) })
  const draft = fillDraft(desk)
  desk.messageStore.addHandsetMessage({ reference: 'r1', phone: '+84950000777', text: 'Xin chào', at: '' })
  desk.tickets.sendSlip(draft.code, { version: draft.version, unitId: UNIT, note: '' }, OPERATOR)
})
afterEach(() => desk.close())

/** Asks for each list, and answers with what a plan reads from end to end, or the words of a statement that has none. */
function faults(): string[] {
  statements.clear()
  const found: string[] = []
  const ask = (work: () => unknown): void => {
    try {
      work()
    } catch (error) {
      found.push(error instanceof Error ? error.message : 'failed')
    }
  }
  const readers: readonly Person[] = [OPERATOR, SUPERVISOR, OFFICER, CITY_OFFICE]
  for (const query of QUERIES) for (const reader of readers) ask(() => desk.tickets.list(query, reader))
  ask(() => {
    const calls = createCallStore(desk.db)
    for (const operatorId of [null, OPERATOR.id])
      for (const days of [{}, DAYS]) calls.page({ ...momentsOf(days), operatorId }, 0, 50)
    calls.missed()
  })
  ask(() => {
    const recordings = createRecordingStore(desk.db)
    for (const query of [
      {},
      DAYS,
      { operatorId: 1 },
      { unitId: 'u' },
      { minSeconds: 60 },
      { ...DAYS, unitId: 'u' },
    ])
      for (const q of ['', '0950 ha']) recordings.page(filterOf({ ...query, q }), 0, 50)
  })
  ask(() => desk.tickets.callerFacts('+84950000777'))
  ask(() => desk.messages.handsets(() => true))
  for (const sql of statements) {
    // Of no rows nothing is read.
    if (!/^\s*select/i.test(sql) || /where \(?false/.test(sql)) continue
    ask(() => {
      const plan = desk.db.raw
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...(sql.match(/\?/g) ?? []).map(() => '1')) as { detail: string }[]
      for (const { detail } of plan) {
        const index = /^SCAN \w+ USING (?:COVERING )?INDEX (\w+)/.exec(detail)?.[1]
        // In its order, and left when the page is full: the statement itself says so.
        const isMeant = index === undefined || SHORT.includes(index) || sql.includes(`INDEXED BY ${index}`)
        const isOfThese = new RegExp(`^SCAN (${GROWING})\\b`).test(detail)
        if (FROM_END_TO_END.test(detail) || (isOfThese && !isMeant)) found.push(`${detail}: ${sql}`)
      }
    })
  }
  return found
}

describe('the lists and searches of the console, with years of cases', () => {
  it('read by indexes', () => {
    expect(faults()).toEqual([])
    expect(statements.size).toBeGreaterThan(40)
  })

  it.each([
    'tickets_list',
    'tickets_newest',
    'tickets_operator',
    'tickets_unit',
    'tickets_unit_live',
    'tickets_office',
    'tickets_office_state',
    'tickets_phone',
    'tickets_caller',
    'tickets_code',
    'tickets_created',
    'slips_unit',
    'office_copies_unseen',
    'calls_by_start',
    'calls_by_operator',
    'calls_missed',
    'calls_by_ticket',
    'recordings_by_start',
    'recordings_by_call',
    'outbox_to',
  ])('would not without %s, and this test says so', (index) => {
    desk.db.raw.exec(`DROP INDEX ${index}`)
    expect(faults()).not.toEqual([])
  })
})
