import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PARTIES } from '../../src/console/transfers/parties.ts'
import { TRANSFER_PARTIES, TRANSFER_STATES, type TransferState } from '../../src/transfers/contract.ts'
import { groupsIn } from '../../src/transfers/parties-policy.ts'
import {
  type CallPast,
  type Span,
  timelineOf,
  type TransferPast,
  type TransferPastEvent,
} from '../../src/transfers/timeline-policy.ts'

const HA = 7
const MAI = 8
/** Seconds after nine o'clock. */
const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 2, 2) + seconds * 1_000).toISOString()
const row = (
  seconds: number,
  event: string,
  state: TransferState,
  actorId: number | null = null,
): TransferPastEvent => ({
  at: at(seconds),
  event,
  state,
  actorId,
})
const attempt = (startedAt: number, acceptedAt: number | null = null, endedAt: number | null = null) => ({
  startedAt: at(startedAt),
  acceptedAt: acceptedAt === null ? null : at(acceptedAt),
  endedAt: endedAt === null ? null : at(endedAt),
})

function aCall(changes: Partial<CallPast> = {}): CallPast {
  return {
    answeredAt: at(0),
    endedAt: null,
    endedBy: null,
    operatorId: HA,
    events: [{ at: at(0), type: 'connected', operatorId: HA }],
    ...changes,
  }
}

function aTransfer(events: readonly TransferPastEvent[], changes: Partial<TransferPast> = {}): TransferPast {
  return {
    id: 't1',
    operatorId: HA,
    startedAt: events[0]?.at ?? at(0),
    endedAt: null,
    attempts: [attempt(60)],
    events,
    ...changes,
  }
}

/** One line per stretch: seconds, who hears whom, and who ended it. */
function told(spans: readonly Span[]): string[] {
  const second = (iso: string | null) =>
    iso === null ? 'now' : String((Date.parse(iso) - Date.parse(at(0))) / 1_000)
  return spans.map(({ from, to, groups, attempt: rung, end }) => {
    const heard = groups.map(({ members, sound }) => `${members.join('+')} ${sound}`).join(', ')
    const agency = rung === null ? '' : ` #${String(rung)}`
    const ended = end === null ? '' : `; ${end.cause} by ${end.by ?? 'nobody'}`
    return `${second(from)}-${second(to)} ${heard}${agency}${ended}`
  })
}

const CONSULTED = [
  row(60, 'start', 'starting', HA),
  row(60, 'citizenIn', 'operatorAwaited'),
  row(60, 'operatorIn', 'ringing'),
  row(85, 'attemptFailed', 'ringing'),
  row(95, 'agencyIn', 'consult'),
  row(125, 'toggle', 'citizenSide', HA),
  row(135, 'merge', 'merged', HA),
]

describe('who heard whom', () => {
  it('reads from the answer to the hang-up of a call that was put through', () => {
    const spans = timelineOf(aCall({ endedAt: at(300), endedBy: 'caller' }), [
      aTransfer([...CONSULTED, row(140, 'complete', 'completing', HA), row(140, 'handedOver', 'completed')], {
        endedAt: at(140),
        attempts: [attempt(60, null, 85), attempt(85, 95, 300)],
      }),
    ])
    expect(told(spans)).toEqual([
      '0-60 operator+citizen talk; start by operator',
      '60-85 operator+agency ringing, citizen music #0; notTaken by nobody',
      '85-95 operator+agency ringing, citizen music #1; agencyTook by agency',
      '95-125 operator+agency talk, citizen music #1; toggle by operator',
      '125-135 operator+citizen talk, agency music #1; merge by operator',
      '135-140 operator+citizen+agency talk #1; complete by operator',
      '140-300 citizen+agency talk #1; left by citizen',
    ])
    expect(spans.map(({ transferId }) => transferId)).toEqual([null, 't1', 't1', 't1', 't1', 't1', 't1'])
    expect(spans[0]?.end?.actorId).toBe(HA)
  })

  it('says that the agency hung up first', () => {
    const events = [
      ...CONSULTED,
      row(140, 'operatorGone', 'completingAlone'),
      row(141, 'handedOver', 'completed'),
    ]
    const spans = timelineOf(aCall({ endedAt: at(201), endedBy: 'agency' }), [
      aTransfer(events, { endedAt: at(141), attempts: [attempt(60, 95, 200)] }),
    ])
    expect(told(spans).slice(-4)).toEqual([
      '135-140 operator+citizen+agency talk #0; left by operator',
      '140-141 citizen+agency moving #0; arrived by nobody',
      '141-200 citizen+agency talk #0; left by agency',
      '200-201 citizen moving; left by agency',
    ])
  })

  it('goes on with the operator after a return, with whoever takes the call after the queue', () => {
    const back = [
      row(60, 'start', 'starting', HA),
      row(60, 'x', 'ringing'),
      row(70, 'cancel', 'returning', HA),
    ]
    const first = aTransfer([...back, row(70, 'handedOver', 'returned')], { endedAt: at(70) })
    const second = aTransfer(
      [
        row(100, 'start', 'starting', HA),
        row(100, 'x', 'blind'),
        row(120, 'chainFailed', 'requeuing'),
        row(120, 'handedOver', 'requeued'),
      ],
      { id: 't2', endedAt: at(120), attempts: [attempt(100, null, 120)] },
    )
    const events = [
      { at: at(0), type: 'connected', operatorId: HA },
      { at: at(20), type: 'held', operatorId: null },
      { at: at(30), type: 'unheld', operatorId: null },
      { at: at(70), type: 'connected', operatorId: HA },
      { at: at(121), type: 'queued', operatorId: null },
      { at: at(150), type: 'connected', operatorId: MAI },
    ]
    const spans = timelineOf(aCall({ events }), [second, first])
    expect(told(spans)).toEqual([
      '0-20 operator+citizen talk; held by operator',
      '20-30 citizen music; unheld by operator',
      '30-60 operator+citizen talk; start by operator',
      '60-70 operator+agency ringing, citizen music #0; cancel by operator',
      '70-100 operator+citizen talk; start by operator',
      '100-120 citizen music, agency ringing #0; notTaken by nobody',
      '120-150 citizen music; answered by operator',
      '150-now operator+citizen talk',
    ])
    expect(spans.map(({ operatorId }) => operatorId)).toEqual([HA, HA, HA, HA, HA, null, null, MAI])
    expect(spans[6]?.end?.actorId).toBe(MAI)
  })

  it('lets operator and agency end their talk when the citizen hung up, whichever was told first', () => {
    const over = [row(145.02, 'citizenGone', 'afterCitizen'), row(190, 'agencyGone', 'abandoned')]
    for (const before of [CONSULTED.slice(0, 5), CONSULTED.slice(0, 6), CONSULTED]) {
      const spans = timelineOf(aCall({ endedAt: at(145), endedBy: 'caller' }), [
        aTransfer([...before, ...over], { endedAt: at(190), attempts: [attempt(60, 95, 190)] }),
      ])
      expect(told(spans).at(-2)).toContain('-145 ')
      expect(told(spans).at(-2)).toContain('; left by citizen')
      expect(told(spans).at(-1)).toBe('145-190 operator+agency talk #0; left by agency')
    }
  })

  it('is open at its end while the call runs', () => {
    const spans = timelineOf(aCall(), [aTransfer(CONSULTED.slice(0, 4))])
    expect(spans.at(-1)).toMatchObject({ to: null, end: null })
  })

  it('has nothing to tell of a call that nobody answered and nobody put through', () => {
    expect(timelineOf(aCall({ answeredAt: null, events: [] }), [])).toEqual([])
  })
})

describe('whatever the rows say', () => {
  const moment = fc.integer({ min: 0, max: 400 }).map(at)
  const maybe = fc.option(moment, { nil: null })
  const time = fc.oneof({ weight: 20, arbitrary: moment }, { weight: 1, arbitrary: fc.constant('nonsense') })
  const event = fc.constantFrom(
    ...['start', 'toggle', 'complete', 'skip', 'citizenIn', 'agencyIn', 'attemptFailed', 'handedOver'],
    ...['citizenGone', 'operatorGone', 'agencyGone', 'moveFailed', 'unheard of'],
  )
  const aRow = fc.record<TransferPastEvent>({
    at: time,
    event,
    state: fc.constantFrom(...TRANSFER_STATES),
    actorId: fc.option(fc.constant(HA), { nil: null }),
  })
  const anyTransfer = fc
    .record({
      id: fc.constantFrom('t1', 't2'),
      operatorId: fc.constantFrom(HA, MAI),
      startedAt: moment,
      endedAt: maybe,
      attempts: fc.array(fc.record({ startedAt: maybe, acceptedAt: maybe, endedAt: maybe }), {
        maxLength: 3,
      }),
      events: fc.array(aRow, { maxLength: 12 }),
      inOrder: fc.boolean(),
    })
    .map(({ inOrder, ...transfer }): TransferPast =>
      inOrder
        ? { ...transfer, events: transfer.events.toSorted((one, other) => one.at.localeCompare(other.at)) }
        : transfer,
    )
  const anyCall = fc.record<CallPast>({
    answeredAt: maybe,
    endedAt: maybe,
    endedBy: fc.constantFrom('caller', 'operator', 'agency', 'system', null),
    operatorId: fc.constantFrom(HA, null),
    events: fc.array(
      fc.record({
        at: time,
        type: fc.constantFrom(
          'queued',
          'offered',
          'connected',
          'held',
          'unheld',
          'operatorLeft',
          'transferred',
          'x',
        ),
        operatorId: fc.constantFrom(HA, MAI, null),
      }),
      { maxLength: 10 },
    ),
  })

  function always(check: (spans: readonly Span[], call: CallPast) => void): void {
    fc.assert(
      fc.property(anyCall, fc.array(anyTransfer, { maxLength: 3 }), (call, transfers) => {
        check(timelineOf(call, transfers), call)
      }),
      { numRuns: 2_000 },
    )
  }

  it('spans are in order, none empty, each beginning where the one before ended, only the last one open', () => {
    always((spans) => {
      for (const [index, { from, to, end }] of spans.entries()) {
        expect(new Date(from).toISOString()).toBe(from)
        if (to !== null) expect(Date.parse(to)).toBeGreaterThan(Date.parse(from))
        expect(end === null).toBe(to === null)
        const next = spans[index + 1]
        if (next !== undefined) expect(to).toBe(next.from)
      }
    })
  })

  it('nobody is in two groups at once, and no group is empty', () => {
    always((spans) => {
      for (const { groups } of spans) {
        const everyone = groups.flatMap(({ members }) => members)
        expect(groups.length).toBeGreaterThan(0)
        expect(new Set(everyone).size).toBe(everyone.length)
        for (const { members } of groups) expect(members.length).toBeGreaterThan(0)
      }
    })
  })

  it('nothing goes on with the citizen after the call has ended', () => {
    always((spans, { endedAt }) => {
      if (endedAt === null) return
      for (const { groups, to, from } of spans) {
        const isLater = from >= endedAt || to === null || to > endedAt
        if (isLater) expect(groups.flatMap(({ members }) => members)).not.toContain('citizen')
      }
    })
  })

  it('two spans that follow each other differ, and doubled rows change nothing', () => {
    always((spans) => {
      const scenes = spans.map(({ groups, transferId, operatorId, attempt: rung }) =>
        JSON.stringify([groups, transferId, operatorId, rung]),
      )
      for (const [index, scene] of scenes.entries()) expect(scenes[index + 1]).not.toBe(scene)
    })
    const doubled = CONSULTED.flatMap((each) => [each, each])
    expect(timelineOf(aCall(), [aTransfer(doubled)])).toEqual(timelineOf(aCall(), [aTransfer(CONSULTED)]))
  })
})

describe('who hears whom in a state', () => {
  it('is the same on the operator’s own screen, where the operator is "you"', () => {
    const shown = (state: TransferState) =>
      groupsIn(state).map(({ members, sound }) => ({
        members: members.map((party) => (party === 'operator' ? 'you' : party)),
        sound,
      }))
    for (const state of TRANSFER_STATES) expect([state, shown(state)]).toEqual([state, PARTIES[state]])
  })

  it('names nobody twice', () => {
    for (const state of TRANSFER_STATES) {
      const everyone = groupsIn(state).flatMap(({ members }) => members)
      expect(everyone.filter((party) => TRANSFER_PARTIES.includes(party)).length).toBe(new Set(everyone).size)
    }
  })
})
