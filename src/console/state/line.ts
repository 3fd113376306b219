import type { CallView, MissedCall, Pop, WaitingCaller } from '../../calls/contract.ts'
import type { LiveMessage } from '../../live/contract.ts'
import type { PresenceView } from '../../presence/contract.ts'

/** Why and to whom the last pop went, to be said in one sentence. */
export interface PopEnd {
  readonly pop: Pop
  readonly reason: 'answered' | 'answeredElsewhere' | 'noAnswer' | 'callerGone'
  readonly operatorName: string | null
}

/** Everything the server tells about the line, as one value. */
export interface LineState {
  readonly presence: PresenceView | null
  readonly waiting: readonly WaitingCaller[]
  readonly pops: readonly Pop[]
  readonly call: CallView | null
  /** What was known about the caller of `call`, kept while the case is on the desk. */
  readonly callPop: Pop | null
  readonly popEnd: PopEnd | null
  readonly missed: readonly MissedCall[]
  readonly links: { readonly ami: boolean; readonly ari: boolean }
  readonly replaced: boolean
}

export const NO_LINE: LineState = {
  presence: null,
  waiting: [],
  pops: [],
  call: null,
  callPop: null,
  popEnd: null,
  missed: [],
  links: { ami: true, ari: true },
  replaced: false,
}

/** Applies one live message. Late and double ones change nothing. */
export function applyLive(line: LineState, message: LiveMessage): LineState {
  switch (message.type) {
    case 'snapshot':
      return {
        presence: message.presence,
        waiting: message.waiting,
        pops: message.pops,
        call: message.call,
        callPop: line.callPop !== null && message.call?.id === line.callPop.callId ? line.callPop : null,
        popEnd: null,
        missed: message.missed,
        links: message.links,
        replaced: false,
      }
    case 'presence':
      return { ...line, presence: message.presence }
    case 'waiting':
      return { ...line, waiting: message.waiting }
    case 'pop':
      return {
        ...line,
        pops: [...line.pops.filter((pop) => pop.callId !== message.pop.callId), message.pop],
        popEnd: null,
      }
    case 'popClosed':
      return closePop(line, message)
    case 'call':
      return applyCall(line, message.call)
    case 'missed':
      return { ...line, missed: message.missed }
    case 'links':
      return { ...line, links: message.links }
    case 'replaced':
      return { ...line, replaced: true }
    case 'ticket':
    case 'recording':
    case 'sms':
    case 'signedOut':
      return line // changes of things fetched elsewhere
  }
}

function closePop(line: LineState, closed: Extract<LiveMessage, { type: 'popClosed' }>): LineState {
  const pop = line.pops.find((candidate) => candidate.callId === closed.callId)
  if (pop === undefined) return line
  const pops = line.pops.filter((candidate) => candidate !== pop)
  if (closed.reason === 'answered') return { ...line, pops, callPop: pop }
  return { ...line, pops, popEnd: { pop, reason: closed.reason, operatorName: closed.operatorName } }
}

function applyCall(line: LineState, call: CallView): LineState {
  // The end of an older call may come after the next one began; it must not take its place.
  if (call.state === 'ended' && line.call !== null && line.call.id !== call.id) return line
  const pop = line.pops.find((candidate) => candidate.callId === call.id)
  const mine = call.state === 'talking' || call.state === 'held'
  if (pop !== undefined && mine) {
    return { ...line, call, callPop: pop, pops: line.pops.filter((candidate) => candidate !== pop) }
  }
  return { ...line, call, callPop: line.callPop?.callId === call.id ? line.callPop : null }
}

/** Is a citizen on the line with this operator now? */
export function isRunning(call: CallView | null): call is CallView {
  return call !== null && call.state !== 'ended'
}

/** Whom the longest waiting citizen is, or undefined when nobody waits. */
export function longestWaiting(waiting: readonly WaitingCaller[]): WaitingCaller | undefined {
  return waiting.reduce<WaitingCaller | undefined>(
    (oldest, caller) => (oldest === undefined || caller.since < oldest.since ? caller : oldest),
    undefined,
  )
}
