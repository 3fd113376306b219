import type { TransferCommand, TransferState } from './contract.ts'

/**
 * The life of one transfer, as data (Đ9.1, Đ9.2).
 *
 * Pure: no clock, no I/O. Events come late, twice or out of order; one without an edge changes nothing. Whoever leaves, the
 * citizen is with somebody, hears music while somebody is rung, or is on the way back to the queue.
 */
export type TransferEvent =
  | TransferCommand
  | 'citizenIn'
  | 'operatorIn'
  /** Somebody at the agency took the call. */
  | 'agencyIn'
  /** The number rung did not take it; another follows. */
  | 'attemptFailed'
  /** Nor did the last one. */
  | 'chainFailed'
  | 'citizenGone'
  | 'operatorGone'
  | 'agencyGone'
  /** The legs did not come when they were called. */
  | 'moveFailed'
  /** The citizen is in the dialplan's hands again. */
  | 'handedOver'

export type TransferEffect =
  /** Ring the next number of the chain. */
  | 'dial'
  | 'hangUpAgency'
  | 'hangUpOperator'
  /** The chain has no number left: the unit's head hears of it by SMS, with the slip (Đ9.2). Written with the step itself. */
  | 'tellHeads'
  /** Give the citizen back to the dialplan, joined with the agency, with the operator, or in front of the queue. */
  | 'handToAgency'
  | 'handToOperator'
  | 'handToQueue'
  /** Nothing of ours stays in the PBX. */
  | 'cleanUp'

export interface TransferEdge {
  readonly to: TransferState
  readonly effects?: readonly TransferEffect[]
}

const RETURN: TransferEdge = { to: 'returning', effects: ['hangUpAgency', 'handToOperator'] }
const COMPLETE: TransferEdge = { to: 'completing', effects: ['handToAgency'] }
const COMPLETE_ALONE: TransferEdge = { to: 'completingAlone', effects: ['handToAgency'] }
const REQUEUE: TransferEdge = { to: 'requeuing', effects: ['hangUpAgency', 'handToQueue'] }
const ABANDON: TransferEdge = { to: 'abandoned', effects: ['hangUpAgency', 'hangUpOperator', 'cleanUp'] }
const GO_BLIND: TransferEdge = { to: 'blind', effects: ['hangUpOperator'] }
/** The citizen hung up while operator and agency speak: those two may end what they have to say. */
const CITIZEN_LEFT: TransferEdge = { to: 'afterCitizen' }

/** While a number is rung, wherever the operator is meanwhile. */
const RUNG = {
  chainFailed: { to: 'returning', effects: ['tellHeads', 'handToOperator'] },
  complete: GO_BLIND,
  cancel: RETURN,
  citizenGone: ABANDON,
  operatorGone: { to: 'blind' },
} as const
/** With citizen, operator and agency there, whoever hears whom. */
const ALL_THERE = {
  complete: COMPLETE,
  cancel: RETURN,
  citizenGone: CITIZEN_LEFT,
  operatorGone: COMPLETE_ALONE,
  agencyGone: RETURN,
} as const

export const TRANSFER_TABLE = {
  starting: {
    citizenIn: { to: 'operatorAwaited' },
    operatorIn: { to: 'citizenAwaited' },
    citizenGone: ABANDON,
    operatorGone: { to: 'citizenOnly' },
    moveFailed: { to: 'failed', effects: ['cleanUp'] },
  },
  operatorAwaited: {
    operatorIn: { to: 'ringing', effects: ['dial'] },
    citizenGone: ABANDON,
    operatorGone: { to: 'blind', effects: ['dial'] },
    moveFailed: { to: 'requeuing', effects: ['hangUpOperator', 'handToQueue'] },
  },
  citizenAwaited: {
    citizenIn: { to: 'ringing', effects: ['dial'] },
    citizenGone: ABANDON,
    operatorGone: { to: 'citizenOnly' },
    moveFailed: { to: 'failed', effects: ['hangUpOperator', 'cleanUp'] },
  },
  citizenOnly: {
    citizenIn: { to: 'blind', effects: ['dial'] },
    citizenGone: ABANDON,
    moveFailed: { to: 'failed', effects: ['cleanUp'] },
  },
  ringing: {
    ...RUNG,
    agencyIn: { to: 'consult' },
    attemptFailed: { to: 'ringing', effects: ['dial'] },
    skip: { to: 'ringing', effects: ['hangUpAgency', 'dial'] },
    toggle: { to: 'ringingAside' },
  },
  ringingAside: {
    ...RUNG,
    agencyIn: { to: 'citizenSide' },
    attemptFailed: { to: 'ringingAside', effects: ['dial'] },
    skip: { to: 'ringingAside', effects: ['hangUpAgency', 'dial'] },
    toggle: { to: 'ringing' },
  },
  consult: { ...ALL_THERE, toggle: { to: 'citizenSide' }, merge: { to: 'merged' } },
  citizenSide: { ...ALL_THERE, toggle: { to: 'consult' }, merge: { to: 'merged' } },
  merged: { ...ALL_THERE, toggle: { to: 'consult' } },
  blind: {
    agencyIn: COMPLETE_ALONE,
    attemptFailed: { to: 'blind', effects: ['dial'] },
    chainFailed: { to: 'requeuing', effects: ['tellHeads', 'handToQueue'] },
    citizenGone: ABANDON,
  },
  afterCitizen: {
    complete: ABANDON,
    cancel: ABANDON,
    operatorGone: ABANDON,
    agencyGone: ABANDON,
  },
  completing: {
    handedOver: { to: 'completed', effects: ['hangUpOperator', 'cleanUp'] },
    citizenGone: ABANDON,
    operatorGone: { to: 'completingAlone' },
    agencyGone: RETURN,
  },
  completingAlone: {
    handedOver: { to: 'completed', effects: ['cleanUp'] },
    citizenGone: ABANDON,
    agencyGone: REQUEUE,
  },
  returning: {
    handedOver: { to: 'returned', effects: ['cleanUp'] },
    citizenGone: ABANDON,
    operatorGone: REQUEUE,
  },
  requeuing: {
    handedOver: { to: 'requeued', effects: ['cleanUp'] },
    citizenGone: ABANDON,
  },
  completed: {},
  returned: {},
  requeued: {},
  abandoned: {},
  failed: {},
} as const satisfies Record<TransferState, Partial<Record<TransferEvent, TransferEdge>>>

/** Does it go on without the operator? Whoever has left cannot leave again: such a state has no edge for that. */
export function hasOperatorLeft(state: TransferState): boolean {
  return !isOver(state) && !('operatorGone' in TRANSFER_TABLE[state])
}

export interface TransferStep {
  readonly state: TransferState
  readonly effects: readonly TransferEffect[]
  readonly handled: boolean
}

/** Applies one event. Never throws: an event with no edge is late or doubled and leaves the state as it was. */
export function stepTransfer(state: TransferState, event: TransferEvent): TransferStep {
  const row: Partial<Record<TransferEvent, TransferEdge>> = TRANSFER_TABLE[state]
  const edge = row[event]
  if (edge === undefined) return { state, effects: [], handled: false }
  return { state: edge.to, effects: edge.effects ?? [], handled: true }
}

/** Nothing follows. */
export function isOver(state: TransferState): boolean {
  return Object.keys(TRANSFER_TABLE[state]).length === 0
}

/** The agency that is rung has not taken the call yet. */
export function isRinging(state: TransferState): boolean {
  return state === 'ringing' || state === 'ringingAside' || state === 'blind'
}

/** Where a leg is: in the talk or the consultation, with music, with the sound of ringing, or none of our business. */
export type Place = Together | 'music' | 'ringback' | null
/** Places where legs hear each other. */
export type Together = 'talk' | 'consult'

export interface Arrangement {
  readonly citizen: Place
  readonly operator: Place
  readonly agency: Place
}

const NOBODY: Arrangement = { citizen: null, operator: null, agency: null }

/** Who hears whom in each state: what the PBX is brought to, after each step and again after a restart. */
export const ARRANGEMENTS: Readonly<Record<TransferState, Arrangement>> = {
  starting: NOBODY,
  operatorAwaited: { ...NOBODY, citizen: 'music' },
  citizenAwaited: { ...NOBODY, operator: 'ringback' },
  citizenOnly: NOBODY,
  ringing: { citizen: 'music', operator: 'ringback', agency: null },
  ringingAside: { citizen: 'talk', operator: 'talk', agency: null },
  consult: { citizen: 'music', operator: 'consult', agency: 'consult' },
  citizenSide: { citizen: 'talk', operator: 'talk', agency: 'music' },
  merged: { citizen: 'talk', operator: 'talk', agency: 'talk' },
  blind: { ...NOBODY, citizen: 'music' },
  afterCitizen: { citizen: null, operator: 'consult', agency: 'consult' },
  completing: NOBODY,
  completingAlone: NOBODY,
  returning: NOBODY,
  requeuing: NOBODY,
  completed: NOBODY,
  returned: NOBODY,
  requeued: NOBODY,
  abandoned: NOBODY,
  failed: NOBODY,
}
