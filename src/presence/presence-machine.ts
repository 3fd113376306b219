import type { PauseReason, PresenceState } from './contract.ts'

/**
 * Where an operator stands towards the queue, as data. Pure: times come in with the events.
 *
 * `away` is a console that vanished: paused without having asked. What the operator was before is kept in `next`,
 * so that on return everything is as it was.
 */
export interface Presence {
  readonly state: PresenceState
  readonly reason: PauseReason | null
  /** ISO 8601, UTC. */
  readonly since: string
  readonly wrapUpEndsAt: string | null
  readonly wrapUpExtended: boolean
  readonly next: 'ready' | 'paused'
  readonly callId: string | null
}

export type PresenceEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'pause'; readonly reason: PauseReason }
  | { readonly type: 'leave' }
  | { readonly type: 'callStarted'; readonly callId: string }
  | { readonly type: 'callEnded'; readonly callId: string; readonly wrapUpEndsAt: string }
  | { readonly type: 'wrapUpElapsed' }
  | { readonly type: 'wrapUpExtended'; readonly wrapUpEndsAt: string }
  | { readonly type: 'consoleGone' }
  | { readonly type: 'consoleBack' }

export const OFFLINE: Presence = {
  state: 'offline',
  reason: null,
  since: new Date(0).toISOString(),
  wrapUpEndsAt: null,
  wrapUpExtended: false,
  next: 'ready',
  callId: null,
}

type Change = Partial<Omit<Presence, 'since'>>
type Rule = (presence: Presence, event: PresenceEvent, at: string) => Change | undefined

const clear: Change = { reason: null, wrapUpEndsAt: null, wrapUpExtended: false, callId: null }
const toReady: Rule = () => ({ ...clear, state: 'ready', next: 'ready' })
const toPaused: Rule = (_, event) =>
  event.type === 'pause' ? { ...clear, state: 'paused', reason: event.reason, next: 'paused' } : undefined
const toOffline: Rule = () => ({ ...clear, state: 'offline', next: 'ready' })
const toCall: Rule = (presence, event) =>
  event.type === 'callStarted'
    ? {
        state: 'onCall',
        callId: event.callId,
        wrapUpEndsAt: null,
        wrapUpExtended: false,
        next: presence.next,
      }
    : undefined
/** The time of a wrap-up is kept: it may not be over when the console returns. */
const toAway: Rule = (presence) => ({
  state: 'away',
  next: presence.state === 'paused' ? 'paused' : presence.next,
})
/** A pause or readiness asked for during a call or wrap-up waits for its end. */
const later: Rule = (_, event) =>
  event.type === 'pause' ? { next: 'paused', reason: event.reason } : { next: 'ready', reason: null }
const resume: Rule = (presence) =>
  presence.next === 'paused'
    ? { ...clear, state: 'paused', reason: presence.reason ?? 'break', next: 'paused' }
    : { ...clear, state: 'ready', next: 'ready' }
const comeBack: Rule = (presence, event, at) =>
  presence.wrapUpEndsAt !== null && presence.wrapUpEndsAt > at
    ? { state: 'wrapUp' }
    : resume(presence, event, at)
const toWrapUp: Rule = (presence, event) =>
  event.type === 'callEnded' && (presence.callId === null || presence.callId === event.callId)
    ? { state: 'wrapUp', wrapUpEndsAt: event.wrapUpEndsAt, wrapUpExtended: false }
    : undefined
const extend: Rule = (presence, event) =>
  event.type === 'wrapUpExtended' && !presence.wrapUpExtended
    ? { wrapUpEndsAt: event.wrapUpEndsAt, wrapUpExtended: true }
    : undefined

/** A missing cell means the event says nothing new: keep the state. */
const PRESENCE_TABLE: Record<PresenceState, Partial<Record<PresenceEvent['type'], Rule>>> = {
  offline: { ready: toReady, pause: toPaused, callStarted: toCall },
  ready: { pause: toPaused, leave: toOffline, callStarted: toCall, consoleGone: toAway },
  paused: { ready: toReady, pause: toPaused, leave: toOffline, callStarted: toCall, consoleGone: toAway },
  onCall: { pause: later, ready: later, callEnded: toWrapUp, callStarted: toCall },
  wrapUp: {
    ready: toReady,
    pause: toPaused,
    leave: toOffline,
    callStarted: toCall,
    wrapUpElapsed: resume,
    wrapUpExtended: extend,
    consoleGone: toAway,
  },
  away: { ready: toReady, pause: toPaused, leave: toOffline, callStarted: toCall, consoleBack: comeBack },
}

/** Applies one event at `at` (ISO 8601). Returns the same object when nothing changes. */
export function stepPresence(presence: Presence, event: PresenceEvent, at: string): Presence {
  const change = PRESENCE_TABLE[presence.state][event.type]?.(presence, event, at)
  if (change === undefined) return presence
  const next = { ...presence, ...change }
  // What is told twice, as a call that begins is by queue and bridge, is one line of the log.
  if (isSame(presence, next)) return presence
  return { ...next, since: next.state === presence.state ? presence.since : at }
}

function isSame(one: Presence, other: Presence): boolean {
  return (Object.keys(one) as (keyof Presence)[]).every((key) => one[key] === other[key])
}

/** What the queue must hold for a presence. On a call the member stays as it is: `ringinuse=no` keeps it quiet. */
export function membershipOf(presence: Presence): { member: boolean; paused: boolean; reason: string } {
  switch (presence.state) {
    case 'offline':
      return { member: false, paused: true, reason: '' }
    case 'ready':
      return { member: true, paused: false, reason: '' }
    case 'onCall':
      return { member: true, paused: presence.next === 'paused', reason: presence.reason ?? '' }
    case 'paused':
    case 'wrapUp':
    case 'away':
      return { member: true, paused: true, reason: presence.reason ?? presence.state }
  }
}
