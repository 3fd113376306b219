import { type DeadlineKind } from '../deadlines/contract.ts'
import { type TicketState } from './contract.ts'
import { type TicketGuard } from './ticket-guards.ts'

/** Who sets an action off. `system` is a clock that ran out. */
export type TicketActor = 'operator' | 'supervisor' | 'officer' | 'head' | 'cityOffice' | 'system'

/** Who has to do the next thing: exactly one for each state that is not an end (regulation.md 2.1). */
export type TicketHolder = 'operator' | 'citizen' | 'officer' | 'head' | 'cityOffice'

export type TicketAction =
  | 'receive'
  | 'reject'
  | 'askClarification'
  | 'clarify'
  | 'giveUpClarification'
  | 'answer'
  | 'sendSlip'
  | 'accept'
  | 'askCitizen'
  | 'citizenReplied'
  | 'citizenSilent'
  | 'promise'
  | 'requestPromise'
  | 'approvePromise'
  | 'declinePromise'
  | 'promiseMissed'
  | 'officerLate'
  | 'headLate'
  | 'submitAnswer'
  | 'returnAnswer'
  | 'relayAnswer'
  | 'citizenUnreachable'
  | 'close'
  | 'object'
  | 'remind'
  | 'takeLead'
  | 'direct'
  | 'bounce'
  | 'bounceToOffice'
  | 'reroute'
  | 'merge'
  | 'takeOver'
  | 'withdraw'
  | 'releaseReporter'
  | 'coverReporter'
  | 'discard'

/** What happens to the clocks with an edge. `void`: it ran, and counts for nobody. */
export interface ClockChange {
  readonly start?: readonly DeadlineKind[]
  readonly satisfy?: readonly DeadlineKind[]
  readonly void?: readonly DeadlineKind[]
  readonly pause?: readonly DeadlineKind[]
  readonly resume?: readonly DeadlineKind[]
}

export interface TicketEdge {
  readonly from: TicketState
  readonly action: TicketAction
  readonly to: TicketState
  readonly guards: readonly TicketGuard[]
  readonly actors: readonly TicketActor[]
  readonly article: string
  readonly clocks?: ClockChange
  /** A draft is received first, in the same step: nobody presses two buttons during a call. */
  readonly through?: 'receive'
}

export interface StateFacts {
  readonly holder: TicketHolder | null
  /** Nothing follows by itself; an objection may reopen `closed`, and `merged` ends with the case it follows. */
  readonly isEnd: boolean
  /** The clocks that may run here. */
  readonly clocks: readonly DeadlineKind[]
}

/** Holder and clocks of each state (regulation.md 2.1). */
export const STATES: Readonly<Record<TicketState, StateFacts>> = {
  draft: { holder: 'operator', isEnd: false, clocks: [] },
  received: { holder: 'operator', isEnd: false, clocks: ['clarify'] },
  needsClarification: { holder: 'citizen', isEnd: false, clocks: ['citizen'] },
  rejected: { holder: null, isEnd: true, clocks: [] },
  assigned: { holder: 'officer', isEnd: false, clocks: ['officer', 'directed'] },
  inProgress: { holder: 'officer', isEnd: false, clocks: ['officer', 'directed'] },
  verifying: { holder: 'officer', isEnd: false, clocks: ['promise'] },
  awaitingCitizen: { holder: 'citizen', isEnd: false, clocks: ['officer', 'directed', 'citizen'] },
  escalated: { holder: 'head', isEnd: false, clocks: ['head'] },
  overdue: { holder: 'head', isEnd: false, clocks: [] },
  cityOffice: { holder: 'cityOffice', isEnd: false, clocks: ['office'] },
  agencyAnswered: { holder: 'operator', isEnd: false, clocks: ['relay'] },
  answered: { holder: 'citizen', isEnd: false, clocks: ['rating', 'autoClose'] },
  closed: { holder: null, isEnd: true, clocks: ['rating'] },
  merged: { holder: null, isEnd: true, clocks: [] },
  withdrawn: { holder: null, isEnd: true, clocks: [] },
  discarded: { holder: null, isEnd: true, clocks: [] },
}

const DESK = ['operator', 'supervisor'] as const
const OFFICE = ['cityOffice', 'supervisor'] as const
/** With a unit, whoever of it holds the case. */
export const AT_UNIT = [
  'assigned',
  'inProgress',
  'verifying',
  'awaitingCitizen',
  'escalated',
  'overdue',
] as const
/** What a unit leaves behind when it ends: with it, or answered by it and not yet passed on (row 15 brings it back). */
export const LEFT_BY_UNIT: readonly TicketState[] = [...AT_UNIT, 'agencyAnswered']
/** The officer's time is over: whoever answers for the unit has it (Đ9.4). */
export const HELD_BY_HEAD: readonly TicketState[] = ['escalated', 'overdue']
/** What an officer has the case by: the eight hours of Đ9.3, or the time that a directive names (row 20). One of them runs. */
const OFFICER_CLOCKS = ['officer', 'directed'] as const
const AT_UNIT_CLOCKS = [...OFFICER_CLOCKS, 'promise', 'head', 'citizen'] as const
const RECEIVED = ['received', 'needsClarification'] as const

const each = (states: readonly TicketState[], edge: Omit<TicketEdge, 'from'>): TicketEdge[] =>
  states.map((from) => ({ from, ...edge }))

/** Something that is written down and leaves the case where it is. */
const stays = (states: readonly TicketState[], edge: Omit<TicketEdge, 'from' | 'to'>): TicketEdge[] =>
  states.map((state) => ({ from: state, to: state, ...edge }))

/** An answer goes back to where it came from; an overdue case has no clock that could go on. */
const returned = (to: TicketState, ...clocks: readonly DeadlineKind[]): TicketEdge => ({
  from: 'agencyAnswered',
  action: 'returnAnswer',
  to,
  guards: ['reason'],
  actors: DESK,
  article: 'Đ9.4',
  clocks: { void: ['relay'], ...(clocks.length === 0 ? {} : { resume: clocks }) },
})

/** The life cycle (regulation.md 2.2), one line per row there. Buttons, refusals, the drawing in the README and the tests come from it. */
export const TICKET_EDGES: readonly TicketEdge[] = [
  // Nothing was received: an empty case of no call, opened by mistake. A call's own stays, empty or not (R020).
  {
    from: 'draft',
    action: 'discard',
    to: 'discarded',
    guards: ['emptyDraft'],
    actors: DESK,
    article: 'Đ8.1',
  },
  // 1
  {
    from: 'draft',
    action: 'receive',
    to: 'received',
    guards: ['complete'],
    actors: DESK,
    article: 'Đ8.1',
    clocks: { start: ['clarify'] },
  },
  // 2
  {
    from: 'draft',
    action: 'reject',
    to: 'rejected',
    // Đ7.3 asks who it is for what is taken on; whoever is sent elsewhere need not say it.
    guards: ['hasContent', 'reasonAndRedirect'],
    actors: DESK,
    article: 'Đ8.2',
    through: 'receive',
  },
  {
    from: 'received',
    action: 'reject',
    to: 'rejected',
    guards: ['hasContent', 'reasonAndRedirect'],
    actors: DESK,
    article: 'Đ8.2',
    clocks: { satisfy: ['clarify'] },
  },
  // 3
  {
    from: 'received',
    action: 'askClarification',
    to: 'needsClarification',
    guards: ['question'],
    actors: DESK,
    article: 'Đ8.3',
    clocks: { satisfy: ['clarify'], start: ['citizen'] },
  },
  // 4: at the operators' desk again. The law names no time for a second look; what a case has when it first comes (Đ8.3) is the
  // shortest it names for the desk, and "ngay" (Đ9.2) asks for no more.
  {
    from: 'needsClarification',
    action: 'clarify',
    to: 'received',
    guards: ['hasContent', 'addition'],
    actors: DESK,
    article: 'Đ8.3',
    clocks: { satisfy: ['citizen'], start: ['clarify'] },
  },
  // 5
  {
    from: 'needsClarification',
    action: 'giveUpClarification',
    to: 'closed',
    guards: ['reminded'],
    actors: ['system', ...DESK],
    article: 'Đ8.3',
  },
  // 6
  {
    from: 'draft',
    action: 'answer',
    to: 'answered',
    guards: ['complete', 'result'],
    actors: DESK,
    article: 'Đ9.1',
    through: 'receive',
    clocks: { start: ['rating', 'autoClose'] },
  },
  {
    from: 'received',
    action: 'answer',
    to: 'answered',
    guards: ['hasContent', 'result'],
    actors: DESK,
    article: 'Đ9.1',
    clocks: { satisfy: ['clarify'], start: ['rating', 'autoClose'] },
  },
  // 7
  {
    from: 'draft',
    action: 'sendSlip',
    to: 'assigned',
    guards: ['complete'],
    actors: DESK,
    article: 'Đ9.3',
    through: 'receive',
    clocks: { start: ['officer'] },
  },
  {
    from: 'received',
    action: 'sendSlip',
    to: 'assigned',
    guards: ['hasContent'],
    actors: DESK,
    article: 'Đ9.3',
    clocks: { satisfy: ['clarify'], start: ['officer'] },
  },
  // Sent to the wrong unit: the next one gets a slip and a time of its own (regulation.md 2.5 A10); the same one gets no second time
  {
    from: 'assigned',
    action: 'sendSlip',
    to: 'assigned',
    guards: ['undirected', 'hasContent', 'elsewhere'],
    actors: DESK,
    article: 'Đ14.2',
    clocks: { void: OFFICER_CLOCKS, start: ['officer'] },
  },
  // 8
  {
    from: 'assigned',
    action: 'accept',
    to: 'inProgress',
    guards: [],
    actors: ['officer', 'head'],
    article: 'Đ9.3',
  },
  // 9: the clock stands still while the citizen is asked (A9)
  {
    from: 'inProgress',
    action: 'askCitizen',
    to: 'awaitingCitizen',
    guards: ['firstRequest', 'question'],
    actors: ['officer', 'head'],
    article: 'Đ18.1',
    clocks: { pause: OFFICER_CLOCKS, start: ['citizen'] },
  },
  {
    from: 'awaitingCitizen',
    action: 'citizenReplied',
    to: 'inProgress',
    guards: ['addition'],
    actors: ['officer', 'head', ...DESK],
    article: 'Đ18.1',
    clocks: { satisfy: ['citizen'], resume: OFFICER_CLOCKS },
  },
  {
    from: 'awaitingCitizen',
    action: 'citizenSilent',
    to: 'inProgress',
    guards: [],
    actors: ['system'],
    article: 'Đ18.1',
    clocks: { resume: OFFICER_CLOCKS },
  },
  // 10: a recorded promise satisfies the eight hours (A8); a time that the city's leaders named is not the unit's to change
  {
    from: 'inProgress',
    action: 'promise',
    to: 'verifying',
    guards: ['undirected', 'officerInTime', 'firstPromise', 'promise'],
    actors: ['officer', 'head'],
    article: 'Đ9.3',
    clocks: { satisfy: ['officer'], start: ['promise'] },
  },
  // Beyond the head's hours (A8): the officer asks, the officer's time goes on, and the head's word makes it the promise
  ...stays(['inProgress'], {
    action: 'requestPromise',
    guards: ['undirected', 'officerInTime', 'firstPromise', 'noPromiseWaits', 'longPromise'],
    actors: ['officer'],
    article: 'Đ9.3',
  }),
  {
    from: 'inProgress',
    action: 'approvePromise',
    to: 'verifying',
    guards: ['officerInTime', 'firstPromise', 'promiseWaits', 'promiseToCome'],
    actors: ['head'],
    article: 'Đ9.3',
    clocks: { satisfy: ['officer'], start: ['promise'] },
  },
  ...stays(['inProgress'], {
    action: 'declinePromise',
    guards: ['promiseWaits', 'reason'],
    actors: ['head'],
    article: 'Đ9.3',
  }),
  // 11
  {
    from: 'verifying',
    action: 'promiseMissed',
    to: 'escalated',
    guards: [],
    actors: ['system'],
    article: 'Đ9.4',
    clocks: { start: ['head'] },
  },
  // 12
  ...each(['assigned', 'inProgress'], {
    action: 'officerLate',
    to: 'escalated',
    guards: [],
    actors: ['system'],
    article: 'Đ9.4',
    clocks: { start: ['head'] },
  }),
  // 13
  { from: 'escalated', action: 'headLate', to: 'overdue', guards: [], actors: ['system'], article: 'Đ9.4' },
  // 14
  ...each(['inProgress', 'verifying'], {
    action: 'submitAnswer',
    to: 'agencyAnswered',
    guards: ['result', 'reply'],
    actors: ['officer', 'head'],
    article: 'Đ9.3',
    clocks: { satisfy: [...OFFICER_CLOCKS, 'promise'], start: ['relay'] },
  }),
  ...each(['escalated', 'overdue'], {
    action: 'submitAnswer',
    to: 'agencyAnswered',
    guards: ['result', 'reply'],
    actors: ['head', 'officer'],
    article: 'Đ9.4',
    clocks: { satisfy: ['head'], start: ['relay'] },
  }),
  {
    from: 'cityOffice',
    action: 'submitAnswer',
    to: 'agencyAnswered',
    guards: ['result', 'reply'],
    actors: ['cityOffice'],
    article: 'Đ9.5',
    clocks: { satisfy: ['office'], start: ['relay'] },
  },
  // 15: back to whoever answered, with the clock that the answer had stopped; not reset, and counted as returned
  returned('inProgress', ...OFFICER_CLOCKS),
  returned('verifying', 'promise'),
  returned('escalated', 'head'),
  returned('overdue'),
  returned('cityOffice', 'office'),
  // 16
  {
    from: 'agencyAnswered',
    action: 'relayAnswer',
    to: 'answered',
    guards: ['citizenTold'],
    actors: DESK,
    article: 'Đ11.1',
    clocks: { satisfy: ['relay'], start: ['rating', 'autoClose'] },
  },
  // A try to reach the citizen that failed, by whoever has something to tell them: written down, and nothing else
  ...stays(['inProgress', 'verifying', 'escalated', 'overdue'], {
    action: 'citizenUnreachable',
    guards: ['try'],
    actors: ['officer', 'head'],
    article: 'Đ9.3',
  }),
  ...stays(['agencyAnswered'], {
    action: 'citizenUnreachable',
    guards: ['try'],
    actors: DESK,
    article: 'Đ11.1',
  }),
  // 17
  {
    from: 'answered',
    action: 'close',
    to: 'closed',
    guards: [],
    actors: ['system', ...DESK],
    article: 'Đ11.1',
    clocks: { satisfy: ['autoClose'] },
  },
  // 18
  ...each(['answered', 'closed'], {
    action: 'object',
    to: 'cityOffice',
    guards: ['reason', 'objectionWindow'],
    actors: DESK,
    article: 'Đ9.5b',
    clocks: { void: ['autoClose'], start: ['office'] },
  }),
  // By hand (Đ13.2, Đ14.1): whoever of the unit holds the case is reminded of it, and it goes on as it was
  ...stays(['assigned', 'inProgress', 'verifying', 'escalated', 'overdue'], {
    action: 'remind',
    guards: ['notJustReminded'],
    actors: [...DESK, 'cityOffice'],
    article: 'Đ13.2',
  }),
  // 19
  ...each([...RECEIVED, ...AT_UNIT], {
    action: 'takeLead',
    to: 'cityOffice',
    guards: ['undirected', 'leadReason'],
    actors: [...OFFICE, 'operator'],
    article: 'Đ9.5',
    clocks: { void: ['clarify', ...AT_UNIT_CLOCKS], start: ['office'] },
  }),
  // 20: the unit has until the time that is named, not eight hours anew
  {
    from: 'cityOffice',
    action: 'direct',
    to: 'assigned',
    guards: ['directive', 'unit', 'directedDue'],
    actors: ['cityOffice'],
    article: 'Đ9.5',
    clocks: { satisfy: ['office'], start: ['directed'] },
  },
  // R054: the leaders' word on an overdue case; it stays overdue until it is answered
  {
    from: 'overdue',
    action: 'direct',
    to: 'overdue',
    guards: ['directive', 'noDirectedDue'],
    actors: ['cityOffice'],
    article: 'Đ9.4',
  },
  // 21: back at the desk with the desk's hour, as in row 4: without one nobody would see it lie there
  {
    from: 'assigned',
    action: 'bounce',
    to: 'received',
    guards: ['reason', 'notItself', 'bounceWindow', 'bouncesLeft'],
    actors: ['officer', 'head'],
    article: 'Đ14.2',
    clocks: { void: OFFICER_CLOCKS, start: ['clarify'] },
  },
  {
    from: 'assigned',
    action: 'bounceToOffice',
    to: 'cityOffice',
    guards: ['reason', 'notItself', 'bounceWindow', 'noBouncesLeft'],
    actors: ['officer', 'head'],
    article: 'Đ14.2',
    clocks: { void: OFFICER_CLOCKS, start: ['office'] },
  },
  ...each(AT_UNIT, {
    action: 'reroute',
    to: 'assigned',
    guards: ['undirected', 'reason', 'unit', 'otherUnit'],
    actors: OFFICE,
    article: 'Đ14.2',
    clocks: { void: AT_UNIT_CLOCKS, start: ['officer'] },
  }),
  // 22
  // While the citizen is still talking: whoever follows another case must be reachable with its result.
  {
    from: 'draft',
    action: 'merge',
    to: 'merged',
    guards: ['complete', 'openParent'],
    actors: DESK,
    article: 'Đ13.1',
    through: 'receive',
  },
  ...each([...RECEIVED, ...AT_UNIT, 'cityOffice', 'agencyAnswered'], {
    action: 'merge',
    to: 'merged',
    guards: ['undirected', 'openParent'],
    actors: DESK,
    article: 'Đ13.1',
    clocks: { void: ['clarify', ...AT_UNIT_CLOCKS, 'office', 'relay'] },
  }),
  // The case it followed ended without a result: whoever reported this one has withdrawn nothing (followers.ts)
  {
    from: 'merged',
    action: 'takeOver',
    to: 'received',
    guards: [],
    actors: ['system'],
    article: 'Đ13.1',
    clocks: { start: ['clarify'] },
  },
  // A15: who reported a confidential case is kept from its unit, unless a supervisor says why it must know; taken back alike
  ...stays(AT_UNIT, {
    action: 'releaseReporter',
    guards: ['covered', 'reason'],
    actors: ['supervisor'],
    article: 'Đ12.1',
  }),
  ...stays(AT_UNIT, {
    action: 'coverReporter',
    guards: ['released', 'reason'],
    actors: ['supervisor'],
    article: 'Đ12.1',
  }),
  // 23
  ...each([...RECEIVED, ...AT_UNIT, 'cityOffice', 'agencyAnswered'], {
    action: 'withdraw',
    to: 'withdrawn',
    guards: ['reason'],
    actors: DESK,
    article: 'Đ8',
    clocks: { void: ['clarify', ...AT_UNIT_CLOCKS, 'office', 'relay'] },
  }),
]

/** States that still run: shown to whoever calls again. */
export const OPEN_STATES: readonly TicketState[] = (Object.keys(STATES) as TicketState[]).filter(
  (state) => !STATES[state].isEnd && state !== 'answered',
)
/** States in which the operator still writes the form. */
export const EDITABLE_STATES: readonly TicketState[] = ['draft', 'received', 'needsClarification', 'assigned']

/** The edge an action takes now, if it may be taken at all. `to` chooses where it leads to more than one state; the first else. */
export function edgeFor(state: TicketState, action: TicketAction, to?: TicketState): TicketEdge | undefined {
  const edges = TICKET_EDGES.filter((edge) => edge.from === state && edge.action === action)
  return edges.find((edge) => edge.to === to) ?? edges[0]
}

/**
 * What this actor may do next: buttons come from here. `save` and `attach` change no state. `isOfferable` leaves out what the
 * past of the case forbids.
 */
export function actionsFor(
  state: TicketState,
  actor: TicketActor,
  isOfferable: (guard: TicketGuard) => boolean = () => true,
): string[] {
  const edges = TICKET_EDGES.filter(
    (edge) => edge.from === state && edge.actors.includes(actor) && edge.guards.every(isOfferable),
  )
  const moves = [...new Set(edges.map(({ action }) => action))]
  const isDesk = actor === 'operator' || actor === 'supervisor'
  if (!isDesk) return moves
  return EDITABLE_STATES.includes(state) ? [...moves, 'save', 'attach'] : [...moves, 'attach']
}

/** What the clocks do when an edge is taken: those the new state does not know are stopped, whatever the edge says. */
export function clocksAfter(
  running: ReadonlyMap<DeadlineKind, 'running' | 'paused'>,
  edge: Pick<TicketEdge, 'to' | 'clocks'>,
): ReadonlyMap<DeadlineKind, 'running' | 'paused'> {
  const { start = [], satisfy = [], void: voided = [], pause = [], resume = [] } = edge.clocks ?? {}
  const after = new Map(running)
  for (const kind of [...satisfy, ...voided]) after.delete(kind)
  for (const kind of after.keys()) if (!STATES[edge.to].clocks.includes(kind)) after.delete(kind)
  for (const kind of pause) if (after.has(kind)) after.set(kind, 'paused')
  // An answer that came back: the officer's time goes on where it stopped (row 15); of two kinds the one that the unit has it by.
  const goesOn = resume.filter((kind) => after.has(kind))
  for (const kind of [...(goesOn.length === 0 ? resume.slice(0, 1) : goesOn), ...start])
    after.set(kind, 'running')
  return after
}
