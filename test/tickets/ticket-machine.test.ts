import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeadlineKind } from '../../src/deadlines/contract.ts'
import { TICKET_STATES, type TicketState } from '../../src/tickets/contract.ts'
import { drawTickets } from '../../src/tickets/ticket-drawing.ts'
import { type GuardFacts, isOfferable, missingFor, NOTHING_GIVEN } from '../../src/tickets/ticket-guards.ts'
import {
  actionsFor,
  clocksAfter,
  EDITABLE_STATES,
  edgeFor,
  OPEN_STATES,
  STATES,
  TICKET_EDGES,
  type TicketAction,
} from '../../src/tickets/ticket-machine.ts'

const FILLED: GuardFacts = {
  ...NOTHING_GIVEN,
  content: 'Đèn đường hỏng',
  reporterName: 'Phạm Văn Đại',
  organisation: null,
  canBeReached: true,
}
const TRIED = { given: { triedBy: 'voice', tryOutcome: 'noAnswer' } }
const ends = TICKET_STATES.filter((state) => STATES[state].isEnd)
/** Rows of regulation.md 2.2, by number: from, to. */
const ROWS: readonly (readonly [number, TicketState, TicketState, TicketAction])[] = [
  [1, 'draft', 'received', 'receive'],
  [2, 'received', 'rejected', 'reject'],
  [3, 'received', 'needsClarification', 'askClarification'],
  [4, 'needsClarification', 'received', 'clarify'],
  [5, 'needsClarification', 'closed', 'giveUpClarification'],
  [6, 'received', 'answered', 'answer'],
  [7, 'received', 'assigned', 'sendSlip'],
  [8, 'assigned', 'inProgress', 'accept'],
  [9, 'inProgress', 'awaitingCitizen', 'askCitizen'],
  [10, 'inProgress', 'verifying', 'promise'],
  [11, 'verifying', 'escalated', 'promiseMissed'],
  [12, 'assigned', 'escalated', 'officerLate'],
  [12, 'inProgress', 'escalated', 'officerLate'],
  [13, 'escalated', 'overdue', 'headLate'],
  [14, 'inProgress', 'agencyAnswered', 'submitAnswer'],
  [14, 'verifying', 'agencyAnswered', 'submitAnswer'],
  [14, 'escalated', 'agencyAnswered', 'submitAnswer'],
  [14, 'overdue', 'agencyAnswered', 'submitAnswer'],
  [14, 'cityOffice', 'agencyAnswered', 'submitAnswer'],
  [15, 'agencyAnswered', 'inProgress', 'returnAnswer'],
  [15, 'agencyAnswered', 'verifying', 'returnAnswer'],
  [15, 'agencyAnswered', 'escalated', 'returnAnswer'],
  [15, 'agencyAnswered', 'overdue', 'returnAnswer'],
  [15, 'agencyAnswered', 'cityOffice', 'returnAnswer'],
  [16, 'agencyAnswered', 'answered', 'relayAnswer'],
  [17, 'answered', 'closed', 'close'],
  [18, 'answered', 'cityOffice', 'object'],
  [18, 'closed', 'cityOffice', 'object'],
  [19, 'escalated', 'cityOffice', 'takeLead'],
  [20, 'cityOffice', 'assigned', 'direct'],
  [20, 'overdue', 'overdue', 'direct'],
  [21, 'assigned', 'received', 'bounce'],
  [21, 'assigned', 'cityOffice', 'bounceToOffice'],
  [22, 'inProgress', 'merged', 'merge'],
  [22, 'merged', 'received', 'takeOver'],
  [23, 'inProgress', 'withdrawn', 'withdraw'],
]

describe('the life of a case (R040-R058, R088, R094, R102)', () => {
  it.each(ROWS)('has row %i: %s → %s by %s', (_row, from, to, action) => {
    expect(edgeFor(from, action, to)?.to).toBe(to)
  })

  it('has one edge for a state and an action, each with somebody who may take it and its article', () => {
    // An answer goes back to any of the states it may have come from.
    const keys = TICKET_EDGES.map(({ from, action, to }) =>
      action === 'returnAnswer' ? `${from} ${action} ${to}` : `${from} ${action}`,
    )
    expect(new Set(keys).size).toBe(keys.length)
    const answered = TICKET_EDGES.filter(({ action }) => action === 'submitAnswer').map(({ from }) => from)
    const back = TICKET_EDGES.filter(({ action }) => action === 'returnAnswer').map(({ to }) => to)
    expect(back.sort()).toEqual(answered.sort())
    expect(actionsFor('agencyAnswered', 'operator').filter((one) => one === 'returnAnswer')).toHaveLength(1)
    for (const { actors, article } of TICKET_EDGES) {
      expect(actors.length).toBeGreaterThan(0)
      expect(article).toMatch(/^Đ\d/)
    }
  })

  it('has exactly one holder in every state that goes on, and none at an end', () => {
    for (const state of TICKET_STATES) expect(STATES[state].holder === null).toBe(STATES[state].isEnd)
  })

  it('reaches every state from the first word, and an end from every state', () => {
    const reach = (from: TicketState): Set<TicketState> => {
      const seen = new Set([from])
      for (const state of seen) for (const edge of TICKET_EDGES) if (edge.from === state) seen.add(edge.to)
      return seen
    }
    expect([...reach('draft')].sort()).toEqual([...TICKET_STATES].sort())
    for (const state of TICKET_STATES)
      expect(
        ends.some((end) => reach(state).has(end)),
        state,
      ).toBe(true)
  })

  it('leads out of an end only by the citizen’s objection (Đ9.5b, R056), or with the end of the case it follows', () => {
    for (const { from, action } of TICKET_EDGES)
      if (ends.includes(from)) expect(['closed object', 'merged takeOver']).toContain(`${from} ${action}`)
  })

  it('lets nobody of a unit touch a case that is not with a unit', () => {
    for (const { from, actors } of TICKET_EDGES)
      if (actors.includes('officer')) expect(['officer', 'head', 'citizen']).toContain(STATES[from].holder)
  })

  it('leaves what a clock decides to the clock alone', () => {
    for (const action of ['officerLate', 'headLate', 'promiseMissed', 'citizenSilent', 'takeOver'] as const)
      for (const edge of TICKET_EDGES.filter((one) => one.action === action))
        expect(edge.actors).toEqual(['system'])
  })

  it('offers what the past of the case allows and leaves out the rest', () => {
    const {
      wasReminded,
      requestsMade,
      bouncesMade,
      promisesMade,
      triesMade,
      promiseWaits,
      secret,
      isDirected,
      byCityOffice,
    } = NOTHING_GIVEN
    const { isFilled, hasCall } = NOTHING_GIVEN
    const draft = { isFilled, hasCall, secret }
    const past = {
      ...draft,
      wasReminded,
      requestsMade,
      bouncesMade,
      promisesMade,
      triesMade,
      promiseWaits,
      isDirected,
      byCityOffice,
    }
    const offered = (changes: Partial<typeof past>) =>
      actionsFor('inProgress', 'head', isOfferable({ ...past, ...changes }))
    expect(offered({})).not.toContain('approvePromise')
    expect(offered({ promiseWaits: { isToCome: true } })).toEqual(
      expect.arrayContaining(['approvePromise', 'declinePromise', 'submitAnswer']),
    )
    expect(actionsFor('inProgress', 'officer', isOfferable(past))).toContain('requestPromise')
    const asked = (of: typeof past.secret) =>
      actionsFor('overdue', 'supervisor', isOfferable({ ...past, secret: of })).filter((one) =>
        one.endsWith('Reporter'),
      )
    expect([null, 'covered' as const, 'released' as const].map(asked)).toEqual([
      [],
      ['releaseReporter'],
      ['coverReporter'],
    ])
  })

  it('says by its states who is called about an open case, and who still writes the form', () => {
    expect(OPEN_STATES).not.toContain('closed')
    expect(OPEN_STATES).not.toContain('answered')
    expect(EDITABLE_STATES.every((state) => OPEN_STATES.includes(state))).toBe(true)
    expect(actionsFor('draft', 'operator')).toEqual(expect.arrayContaining(['receive', 'save', 'attach']))
    expect(actionsFor('assigned', 'officer')).toEqual(['accept', 'bounce', 'bounceToOffice'])
    expect(actionsFor('escalated', 'system')).toEqual(['headLate'])
  })
})

it('is drawn in the README as it is', async () => {
  const readme = await readFile(resolve(import.meta.dirname, '../../README.md'), 'utf8')
  expect(readme).toContain(drawTickets())
})

const DIRECTED: Partial<GuardFacts> = { given: { directive: 'x' }, isUnitNamed: true }
const directedBy = (due: Partial<NonNullable<GuardFacts['directedDue']>>): Partial<GuardFacts> => ({
  ...DIRECTED,
  directedDue: { isToCome: true, isTooFar: false, isConfirmed: true, isWorked: true, ...due },
})
const UNDER: Partial<GuardFacts> = {
  given: { reason: 'x', leadReason: 'forChairman' },
  isUnitNamed: true,
  isDirected: true,
}
const BACK: Partial<GuardFacts> = { given: { reason: 'x' }, isBounceInTime: true }

describe('what must hold before a step', () => {
  const refused = (action: TicketAction, from: TicketState, facts: Partial<GuardFacts>) =>
    missingFor(edgeFor(from, action)?.guards ?? [], { ...FILLED, ...facts })

  it.each<[string, TicketAction, TicketState, Partial<GuardFacts>, string | null]>([
    ['R040: no content', 'receive', 'draft', { content: ' ' }, 'CONTENT_REQUIRED'],
    ['R040: nobody’s name', 'receive', 'draft', { reporterName: '' }, 'REPORTER_NAME_REQUIRED'],
    [
      'R040: an organisation’s name is one',
      'receive',
      'draft',
      { reporterName: '', organisation: 'HTX Sao' },
      null,
    ],
    ['R040: no way back', 'receive', 'draft', { canBeReached: false }, 'REPORTER_CONTACT_REQUIRED'],
    ['R041: no reason', 'reject', 'received', {}, 'REASON_REQUIRED'],
    ['R041: nowhere to turn', 'reject', 'received', { given: { reason: 'x' } }, 'REDIRECT_REQUIRED'],
    ['R041: not told', 'reject', 'received', { given: { reason: 'x', redirect: 'y' } }, 'TOLD_REQUIRED'],
    ['R041', 'reject', 'received', { given: { reason: 'x', redirect: 'y', told: 'voice' } }, null],
    ['R042: no words of the reporter', 'clarify', 'needsClarification', {}, 'ADDITION_REQUIRED'],
    ['R052: none of the citizen', 'citizenReplied', 'awaitingCitizen', {}, 'ADDITION_REQUIRED'],
    ['R042: no question', 'askClarification', 'received', {}, 'QUESTION_REQUIRED'],
    ['R042: not reminded', 'giveUpClarification', 'needsClarification', {}, 'NOT_REMINDED'],
    ['R044: no answer', 'answer', 'received', { given: { result: '  ' } }, 'ANSWER_REQUIRED'],
    [
      'R102: asked once already',
      'askCitizen',
      'inProgress',
      { requestsMade: 1, given: { question: 'x' } },
      'REQUEST_USED',
    ],
    ['R102', 'askCitizen', 'inProgress', { given: { question: 'x' } }, null],
    [
      'R050: a day that is over',
      'promise',
      'inProgress',
      {
        given: { reason: 'x' },
        promise: { isToCome: false, isTooFar: false, isWorked: true, needsHead: false, byHead: false },
      },
      'PROMISE_PAST',
    ],
    [
      'R050: too long for an officer',
      'promise',
      'inProgress',
      {
        given: { reason: 'x' },
        promise: { isToCome: true, isTooFar: false, isWorked: true, needsHead: true, byHead: false },
      },
      'PROMISE_NEEDS_HEAD',
    ],
    [
      'R050: long, by the head',
      'promise',
      'inProgress',
      {
        given: { reason: 'x' },
        promise: { isToCome: true, isTooFar: false, isWorked: true, needsHead: true, byHead: true },
      },
      null,
    ],
    [
      'R050: too far for anybody',
      'promise',
      'inProgress',
      {
        given: { reason: 'x' },
        promise: { isToCome: true, isTooFar: true, isWorked: true, needsHead: true, byHead: true },
      },
      'PROMISE_TOO_FAR',
    ],
    [
      'R050: on a day off',
      'promise',
      'inProgress',
      {
        given: { reason: 'x' },
        promise: { isToCome: true, isTooFar: false, isWorked: false, needsHead: false, byHead: false },
      },
      'PROMISE_NOT_WORKED',
    ],
    [
      'R049: no word on who tells the citizen',
      'submitAnswer',
      'verifying',
      { given: { result: 'x' } },
      'REPLY_REQUIRED',
    ],
    [
      'R049: told the citizen tomorrow',
      'submitAnswer',
      'inProgress',
      { given: { result: 'x', replied: 'voice' }, replied: { isOver: false, isOfCase: true } },
      'REPLY_TO_COME',
    ],
    [
      'R049: told the citizen before the case was there',
      'submitAnswer',
      'escalated',
      { given: { result: 'x', replied: 'voice' }, replied: { isOver: true, isOfCase: false } },
      'REPLY_BEFORE_CASE',
    ],
    ['R050: after the eight hours', 'promise', 'inProgress', { isOfficerLate: true }, 'PROMISE_TOO_LATE'],
    [
      'R050: asked for after the eight hours',
      'requestPromise',
      'inProgress',
      { isOfficerLate: true },
      'PROMISE_TOO_LATE',
    ],
    ['R050: a second day', 'promise', 'inProgress', { promisesMade: 1 }, 'PROMISE_USED'],
    ['R050: none waits', 'approvePromise', 'inProgress', {}, 'NO_PROMISE_WAITS'],
    [
      'R050: one that is over',
      'approvePromise',
      'inProgress',
      { promiseWaits: { isToCome: false } },
      'PROMISE_OVER',
    ],
    [
      'R050: declined without a reason',
      'declinePromise',
      'inProgress',
      { promiseWaits: { isToCome: true } },
      'REASON_REQUIRED',
    ],
    ['R063: not told', 'relayAnswer', 'agencyAnswered', {}, 'CITIZEN_NOT_TOLD'],
    ['R063: two tries', 'relayAnswer', 'agencyAnswered', { triesMade: 2 }, 'CITIZEN_NOT_TOLD'],
    ['R063: three tries', 'relayAnswer', 'agencyAnswered', { triesMade: 3 }, null],
    ['R063: how', 'citizenUnreachable', 'agencyAnswered', {}, 'TRIED_BY_REQUIRED'],
    ['R063: why', 'citizenUnreachable', 'overdue', { given: { triedBy: 'voice' } }, 'TRY_OUTCOME_REQUIRED'],
    ['R063: when', 'citizenUnreachable', 'inProgress', TRIED, 'TRIED_AT_REQUIRED'],
    [
      'R063: a try to come',
      'citizenUnreachable',
      'agencyAnswered',
      { ...TRIED, tried: { isOver: false, isOfCase: true } },
      'TRY_TO_COME',
    ],
    [
      'R063: a try before the case',
      'citizenUnreachable',
      'agencyAnswered',
      { ...TRIED, tried: { isOver: true, isOfCase: false } },
      'TRY_BEFORE_CASE',
    ],
    ['R056: too late', 'object', 'closed', { given: { reason: 'x' } }, 'OBJECTION_TOO_LATE'],
    ['R087: reminded within the hour', 'remind', 'overdue', { isJustReminded: true }, 'REMINDED_LATELY'],
    ['R055: which of a, b, c', 'takeLead', 'escalated', {}, 'LEAD_REASON_REQUIRED'],
    ['R088: too late to send back', 'bounce', 'assigned', { given: { reason: 'x' } }, 'BOUNCE_TOO_LATE'],
    [
      'R088: sent back twice',
      'bounce',
      'assigned',
      { given: { reason: 'x' }, isBounceInTime: true, bouncesMade: 2 },
      'BOUNCES_USED',
    ],
    [
      'R088: the third goes to the City Office',
      'bounceToOffice',
      'assigned',
      { given: { reason: 'x' }, isBounceInTime: true, bouncesMade: 2 },
      null,
    ],
    [
      'R088: the same unit',
      'reroute',
      'overdue',
      { given: { reason: 'x' }, isUnitNamed: true, isItself: true },
      'SAME_UNIT',
    ],
    ['R049: the same unit gets no second time', 'sendSlip', 'assigned', { isItself: true }, 'UNIT_HAS_CASE'],
    ['R088: another one has its own', 'sendSlip', 'assigned', {}, null],
    ['R054: nothing said', 'direct', 'overdue', {}, 'DIRECTIVE_REQUIRED'],
    ['R054', 'direct', 'overdue', { given: { directive: 'x' } }, null],
    ['R057: nobody named', 'direct', 'cityOffice', { given: { directive: 'x' } }, 'UNIT_REQUIRED'],
    ['R057: no time named', 'direct', 'cityOffice', DIRECTED, 'DIRECTED_DUE_REQUIRED'],
    ['R057: a time gone by', 'direct', 'cityOffice', directedBy({ isToCome: false }), 'DIRECTED_DUE_PAST'],
    ['R057: a year mistyped', 'direct', 'cityOffice', directedBy({ isTooFar: true }), 'DIRECTED_DUE_TOO_FAR'],
    [
      'R057: no calendar',
      'direct',
      'cityOffice',
      directedBy({ isConfirmed: false }),
      'DIRECTED_DUE_NO_CALENDAR',
    ],
    [
      'R057: nobody there',
      'direct',
      'cityOffice',
      directedBy({ isWorked: false }),
      'DIRECTED_DUE_NOT_WORKED',
    ],
    ['R057', 'direct', 'cityOffice', directedBy({}), null],
    ['R057: the unit names no other day', 'promise', 'inProgress', { isDirected: true }, 'UNDER_DIRECTIVE'],
    ['R057: nor asks for one', 'requestPromise', 'inProgress', { isDirected: true }, 'UNDER_DIRECTIVE'],
    ['R057: the desk does not send it on', 'sendSlip', 'assigned', { isDirected: true }, 'UNDER_DIRECTIVE'],
    ['R019: nor to another by a supervisor', 'reroute', 'escalated', UNDER, 'UNDER_DIRECTIVE'],
    ['R057: who directed it may', 'reroute', 'escalated', { ...UNDER, byCityOffice: true }, null],
    ['R019: nor merges it away', 'merge', 'inProgress', { ...UNDER, isParentOpen: true }, 'UNDER_DIRECTIVE'],
    ['R019: nor its answer', 'merge', 'agencyAnswered', { ...UNDER, isParentOpen: true }, 'UNDER_DIRECTIVE'],
    ['R019: nor takes it from its unit', 'takeLead', 'overdue', UNDER, 'UNDER_DIRECTIVE'],
    ['R057: who directed it leads it again', 'takeLead', 'overdue', { ...UNDER, byCityOffice: true }, null],
    ['R057: the citizen withdraws it still', 'withdraw', 'inProgress', UNDER, null],
    ['R057: nor gets it back', 'bounce', 'assigned', { ...BACK, isDirected: true }, 'BOUNCES_USED'],
    ['R057: who directed it does', 'bounceToOffice', 'assigned', { ...BACK, isDirected: true }, null],
    ['R024: a parent that is over', 'merge', 'received', {}, 'PARENT_NOT_OPEN'],
  ])('%s', (_name, action, from, facts, code) => {
    expect(refused(action, from, facts)).toBe(code)
  })
})

describe('the clocks of a case, whatever is done to it', () => {
  /** Any legal walk through the table. */
  const walk = fc.array(fc.nat(), { maxLength: 40 }).map((choices) => {
    let state: TicketState = 'draft'
    let clocks: ReadonlyMap<DeadlineKind, 'running' | 'paused'> = new Map()
    const steps = choices.flatMap((choice) => {
      const edges = TICKET_EDGES.filter(({ from }) => from === state)
      const edge = edges[choice % Math.max(1, edges.length)]
      if (edge === undefined) return []
      state = edge.to
      clocks = clocksAfter(clocks, edge)
      return [{ edge, clocks }]
    })
    return steps
  })

  it('run only in states that know them, and none runs at an end but the rating’s', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        for (const { edge, clocks } of steps)
          for (const kind of clocks.keys())
            expect(STATES[edge.to].clocks, `${edge.action} → ${edge.to}`).toContain(kind)
      }),
    )
  })

  it('leave a case with a unit under exactly one statutory clock until it is overdue (Đ9.3, Đ9.4)', () => {
    const STATUTORY: readonly DeadlineKind[] = ['officer', 'promise', 'directed', 'head']
    fc.assert(
      fc.property(walk, (steps) => {
        for (const { edge, clocks } of steps) {
          const atUnit = ['assigned', 'inProgress', 'verifying', 'awaitingCitizen', 'escalated'].includes(
            edge.to,
          )
          expect(
            STATUTORY.filter((kind) => clocks.has(kind)),
            `${edge.from} ${edge.action}`,
          ).toHaveLength(atUnit ? 1 : 0)
        }
      }),
    )
  })

  it('stand still only while the citizen is asked (A9)', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        for (const { edge, clocks } of steps)
          expect([...clocks.values()].includes('paused')).toBe(edge.to === 'awaitingCitizen')
      }),
    )
  })
})
