import type { CallView, MissedCall, Pop, WaitingCaller } from '../../calls/contract.ts'
import type { Links, LiveMessage } from '../../live/contract.ts'
import type { PresenceView } from '../../presence/contract.ts'
import type { Mask } from '../../recordings/contract.ts'
import type { Listener } from '../../supervision/contract.ts'
import type { TransferState, TransferView } from '../../transfers/contract.ts'

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
  /** The transfer of this operator's call; one that is over stays until the next call, so that its end can be said. */
  readonly transfer: TransferView | null
  /** Those that go on without this operator, whose call on the desk is another one by now; ended ones until that is over. */
  readonly behind: readonly TransferView[]
  /** The newest few to ring back, and how many there are. */
  readonly missed: readonly MissedCall[]
  readonly missedTotal: number
  /** The supervisor who listens to this operator, as far as they may know. */
  readonly listener: Listener | null
  /** The recording of this operator's call is silent. */
  readonly mask: Mask | null
  readonly links: Readonly<Links>
  readonly replaced: boolean
}

export const NO_LINE: LineState = {
  presence: null,
  waiting: [],
  pops: [],
  call: null,
  callPop: null,
  popEnd: null,
  transfer: null,
  behind: [],
  missed: [],
  missedTotal: 0,
  listener: null,
  mask: null,
  links: { ami: true, ari: true, disk: 'ok', recordings: null },
  replaced: false,
}

/** Applies one live message. Late and double ones change nothing. */
export function applyLive(line: LineState, message: LiveMessage): LineState {
  switch (message.type) {
    case 'snapshot':
      return message.transfers.reduce(applyTransfer, {
        presence: message.presence,
        waiting: message.waiting,
        pops: message.pops,
        call: message.call,
        callPop: line.callPop !== null && message.call?.id === line.callPop.callId ? line.callPop : null,
        popEnd: null,
        transfer: endOf(line.transfer, message.call),
        behind: line.behind.filter((one) => !isTransferring(one)),
        missed: message.missed,
        missedTotal: message.missedTotal,
        listener: message.listener,
        mask: message.mask,
        links: message.links,
        replaced: false,
      })
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
    case 'transfer':
      return applyTransfer(line, message.transfer)
    case 'missed':
      return { ...line, missed: keepSame(line.missed, message.missed), missedTotal: message.missedTotal }
    case 'listener':
      return { ...line, listener: message.listener }
    case 'mask':
      return { ...line, mask: message.mask }
    case 'links':
      return { ...line, links: message.links }
    case 'replaced':
      return { ...line, replaced: true }
    case 'ticket':
    case 'recording':
    case 'directory':
    case 'catchUp':
    case 'retention':
    case 'sms':
    case 'disclosure':
    case 'steered':
    case 'signedOut':
      return line // changes of things fetched elsewhere
  }
}

/** What is told again as it was stays the value it was, and its row is not gone through. */
function keepSame(known: LineState['missed'], told: LineState['missed']): LineState['missed'] {
  return told.map(
    (one) =>
      known.find(
        (before) => before.callId === one.callId && JSON.stringify(before) === JSON.stringify(one),
      ) ?? one,
  )
}

function closePop(line: LineState, closed: Extract<LiveMessage, { type: 'popClosed' }>): LineState {
  const pop = line.pops.find((candidate) => candidate.callId === closed.callId)
  if (pop === undefined) return line
  const pops = line.pops.filter((candidate) => candidate !== pop)
  if (closed.reason === 'answered') return { ...line, pops, callPop: pop }
  return { ...line, pops, popEnd: { pop, reason: closed.reason, operatorName: closed.operatorName } }
}

function applyCall(line: LineState, call: CallView): LineState {
  // The end of an older call, or one that was put through, may come after the next one began; it must not take its place.
  if (line.call !== null && line.call.id !== call.id && !isRunning(call)) return line
  const pop = line.pops.find((candidate) => candidate.callId === call.id)
  const mine = call.state === 'talking' || call.state === 'held'
  const isNew = line.call?.id !== call.id
  const known = isNew ? { ...line, behind: line.behind.filter(isTransferring) } : line
  const { transfer: running, behind } = makeRoom({ ...known, call })
  const transfer = isTransferring(running) ? running : endOf(running, call)
  const next = { ...line, call, transfer, behind }
  if (pop !== undefined && mine) {
    return { ...next, callPop: pop, pops: line.pops.filter((candidate) => candidate !== pop) }
  }
  return { ...next, callPop: line.callPop?.callId === call.id ? line.callPop : null }
}

/** A transfer that goes on without the operator makes room for the call they are in now. */
function makeRoom(line: LineState): LineState {
  const { transfer, call, behind } = line
  if (transfer === null || !isLeftBehind(transfer, call)) return line
  return { ...line, transfer: null, behind: [...behind, transfer] }
}

function isLeftBehind(transfer: TransferView, call: CallView | null): boolean {
  return transfer.hasLeft && isRunning(call) && call.id !== transfer.callId
}

function applyTransfer(line: LineState, transfer: TransferView): LineState {
  const { transfer: known, behind } = line
  if (behind.some(({ id }) => id === transfer.id)) {
    return { ...line, behind: behind.map((one) => newerOf(one, transfer)) }
  }
  const same = known !== null && known.id === transfer.id
  const isIn = isTransferring(known) && !known.hasLeft
  if (isTransferring(transfer)) {
    // What is over does not begin again: this word was overtaken on the way.
    if (same && !isTransferring(known)) return line
    // Two at once: the one the operator is in is on the desk.
    if (!same && transfer.hasLeft && (isIn || isLeftBehind(transfer, line.call)))
      return { ...line, behind: [...behind, transfer] }
    const kept = !same && isTransferring(known) ? [...behind, known] : behind
    return makeRoom({ ...line, transfer, behind: kept })
  }
  // The end of an older one, or of a call that is no longer on the desk, must not cover what goes on now.
  if (!same && isTransferring(known)) return line
  return { ...line, transfer: endOf(transfer, line.call) }
}

/** What is over does not begin again. */
function newerOf(known: TransferView, told: TransferView): TransferView {
  return known.id !== told.id || (!isTransferring(known) && isTransferring(told)) ? known : told
}

/** The finished transfer, as long as its call is the one on the desk. */
function endOf(transfer: TransferView | null, call: CallView | null): TransferView | null {
  if (transfer === null || isTransferring(transfer)) return null
  return call === null || call.id === transfer.callId ? transfer : null
}

type Over = 'completed' | 'returned' | 'requeued' | 'abandoned' | 'failed'
type RunningTransfer = TransferView & { readonly state: Exclude<TransferState, Over> }
const OVER: readonly TransferState[] = [
  'completed',
  'returned',
  'requeued',
  'abandoned',
  'failed',
] satisfies readonly Over[]

/** Is somebody being put through now? */
export function isTransferring(transfer: TransferView | null): transfer is RunningTransfer {
  return transfer !== null && !OVER.includes(transfer.state)
}

/** Is a citizen on the line with this operator now? */
export function isRunning(call: CallView | null): call is CallView {
  return call !== null && call.state !== 'ended' && call.state !== 'transferred'
}

/** Whom the longest waiting citizen is, or undefined when nobody waits. */
export function longestWaiting(waiting: readonly WaitingCaller[]): WaitingCaller | undefined {
  return waiting.reduce<WaitingCaller | undefined>(
    (oldest, caller) => (oldest === undefined || caller.since < oldest.since ? caller : oldest),
    undefined,
  )
}
