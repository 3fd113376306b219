import type { CallOutcome, CallState } from './contract.ts'

/**
 * The life of one call, as data, from the citizen's side.
 *
 * Pure: no clock, no I/O. The PBX's events arrive late, twice or never, so every state takes what may follow it,
 * nothing leads out of `ended`, and an event without an edge changes nothing.
 */
export type CallEvent =
  | { readonly type: 'queued' }
  | { readonly type: 'offered'; readonly operatorId: number }
  | { readonly type: 'offerEnded'; readonly operatorId: number }
  | { readonly type: 'connected'; readonly operatorId: number | null }
  | { readonly type: 'held' }
  | { readonly type: 'unheld' }
  | { readonly type: 'operatorLeft' }
  | { readonly type: 'transferred' }
  | { readonly type: 'callbackAsked' }
  | { readonly type: 'messageStarted' }
  | { readonly type: 'ended' }

export type CallEventType = CallEvent['type']

/** What a step asks of the shell. Each is safe to repeat: a resync may ask again. */
export type CallEffect =
  | 'showPop'
  | 'closePop'
  | 'openTicket'
  | 'operatorBusy'
  | 'operatorDone'
  | 'fileUnanswered'
  | 'noteEnd'
  | 'collectRecordings'

export interface CallEdge {
  readonly to: CallState
  readonly effects?: readonly CallEffect[]
}

/** The operator may be known only now: the ticket opens once, whichever connect names somebody. */
const TAKE_OVER: CallEdge = { to: 'talking', effects: ['openTicket', 'operatorBusy'] }
const CONNECT: CallEdge = { to: 'talking', effects: ['closePop', 'openTicket', 'operatorBusy'] }
/** Nobody spoke to the citizen: the call becomes a ticket to ring back (R020). */
const END_UNANSWERED: CallEdge = { to: 'ended', effects: ['closePop', 'fileUnanswered', 'collectRecordings'] }
const END_ANSWERED: CallEdge = { to: 'ended', effects: ['operatorDone', 'noteEnd', 'collectRecordings'] }
const OFFER: CallEdge = { to: 'ringing', effects: ['showPop'] }
/** The operator's wrap-up begins; the ticket follows the citizen to the end. */
const TRANSFER: CallEdge = { to: 'transferred', effects: ['operatorDone'] }
const ASK_CALLBACK: CallEdge = { to: 'leavingMessage', effects: ['closePop'] }

export const CALL_TABLE = {
  arriving: {
    queued: { to: 'queued' },
    offered: OFFER,
    connected: CONNECT,
    callbackAsked: ASK_CALLBACK,
    messageStarted: ASK_CALLBACK,
    ended: END_UNANSWERED,
  },
  queued: {
    offered: OFFER,
    connected: CONNECT,
    callbackAsked: ASK_CALLBACK,
    messageStarted: ASK_CALLBACK,
    ended: END_UNANSWERED,
  },
  ringing: {
    offered: OFFER,
    offerEnded: { to: 'queued', effects: ['closePop'] },
    connected: CONNECT,
    callbackAsked: ASK_CALLBACK,
    messageStarted: ASK_CALLBACK,
    ended: END_UNANSWERED,
  },
  talking: {
    held: { to: 'held' },
    // The operator's line was lost: the dialplan brings the citizen back to the front of the queue.
    queued: { to: 'queued', effects: ['operatorDone'] },
    // A second connect is the same operator's page after a reload, or another operator taking over.
    connected: TAKE_OVER,
    operatorLeft: { to: 'talking', effects: ['operatorDone'] },
    transferred: TRANSFER,
    ended: END_ANSWERED,
  },
  held: {
    unheld: { to: 'talking' },
    queued: { to: 'queued', effects: ['operatorDone'] },
    connected: TAKE_OVER,
    operatorLeft: { to: 'talking', effects: ['operatorDone'] },
    transferred: TRANSFER,
    ended: END_ANSWERED,
  },
  transferred: {
    // The agency was gone when the citizen came to it: first in the queue again.
    queued: { to: 'queued' },
    ended: END_ANSWERED,
  },
  dialing: {
    connected: TAKE_OVER,
    ended: { to: 'ended', effects: ['operatorDone', 'noteEnd', 'collectRecordings'] },
  },
  leavingMessage: {
    // The citizen may go back into the queue from the menu.
    queued: { to: 'queued' },
    offered: OFFER,
    connected: CONNECT,
    callbackAsked: { to: 'leavingMessage' },
    messageStarted: { to: 'leavingMessage' },
    ended: END_UNANSWERED,
  },
  ended: {},
} as const satisfies Record<CallState, Partial<Record<CallEventType, CallEdge>>>

export interface CallStep {
  readonly state: CallState
  readonly effects: readonly CallEffect[]
  readonly handled: boolean
}

/** Applies one event. Never throws: an event with no edge is late or doubled and leaves the state as it was. */
export function stepCall(state: CallState, event: CallEventType): CallStep {
  const row: Partial<Record<CallEventType, CallEdge>> = CALL_TABLE[state]
  const edge = row[event]
  if (edge === undefined) return { state, effects: [], handled: false }
  return { state: edge.to, effects: edge.effects ?? [], handled: true }
}

/** States in which an operator is with the citizen. */
export function isWithOperator(state: CallState): boolean {
  return state === 'talking' || state === 'held' || state === 'dialing'
}

/** How a call counts once it is over. */
export function outcomeOf(facts: {
  readonly direction: 'in' | 'out'
  readonly answered: boolean
  readonly callbackAsked: boolean
  readonly messageLeft: boolean
}): CallOutcome {
  if (facts.answered) return 'answered'
  if (facts.direction === 'out') return 'noAnswer'
  if (facts.messageLeft) return 'voicemail'
  return facts.callbackAsked ? 'callback' : 'abandoned'
}
