import { effect, type ReadonlySignal } from '@preact/signals'
import type { CallView } from '../../calls/contract.ts'
import { isRunning, isTransferring, type LineState } from '../state/line.ts'
import type { Phone } from './phone.ts'
import { carriesCall, PHONE_OFF, type PhoneCall } from './phone-machine.ts'

/** The service may know of an end before this phone has heard the BYE. */
const GRACE_MS = 2_000

/** What the service has said of the call that the phone has. */
export interface PhoneSession {
  /** The call that ran when this one began: what is said of it is not said of this one. */
  readonly before: string | null
  /** The service has named a running call since. Until then it may just not know of a call dialled here. */
  readonly seen: boolean
}

/** The phone's session after the next word of phone or service; null while the phone has none. */
export function followSession(
  known: PhoneSession | null,
  phone: PhoneCall,
  call: CallView | null,
): PhoneSession | null {
  if (phone === 'idle') return null
  const session = known ?? { before: runsAlready(phone, call) ? call.id : null, seen: false }
  return isRunning(call) && call.id !== session.before ? { ...session, seen: true } : session
}

/** Does the phone keep a call that is over? After a crash of the PBX nobody is left to send the BYE. */
export function isStray(
  session: PhoneSession | null,
  phone: PhoneCall,
  { call, transfer, links, replaced }: Pick<LineState, 'call' | 'transfer' | 'links' | 'replaced'>,
): boolean {
  if (session?.seen !== true || !carriesCall(phone) || replaced) return false
  // "No call" of a service that does not see the PBX yet is ignorance; an end is an end.
  if (call === null && !links.ami) return false
  // The citizen may have left a transfer in which operator and agency still talk.
  return !isRunning(call) && !isTransferring(transfer)
}

/** The PBX's own CANCEL comes first in normal life. */
const CANCEL_GRACE_MS = 1_000

/** What the service has said of the call that rings here. */
export interface PhoneRinging {
  /** A pop stood beside it; without one it is none of the queue's, and nothing is said of it. */
  readonly popped: boolean
  /** That pop was closed. The same citizen's next offer is another INVITE: it takes nothing back. */
  readonly over: boolean
}

/** The ringing after the next word of phone or service; null while nothing rings. */
export function followRinging(
  known: PhoneRinging | null,
  phone: PhoneCall,
  { pops, links, replaced }: Pick<LineState, 'pops' | 'links' | 'replaced'>,
): PhoneRinging | null {
  if (phone !== 'ringing') return null
  const { popped, over } = known ?? { popped: false, over: false }
  const isToldOf = pops.length > 0
  return {
    popped: popped || isToldOf,
    // "No pop" of a service that does not see the PBX yet is ignorance.
    over: over || (popped && !isToldOf && links.ami && !replaced),
  }
}

/** Ends the phone's call when the service has said that it is over and the phone has not heard of it. */
export function watchStrayCall(deps: {
  readonly line: ReadonlySignal<LineState>
  readonly phone: ReadonlySignal<Phone | null>
}): void {
  let session: PhoneSession | null = null
  let ringing: PhoneRinging | null = null
  const talk = patience(GRACE_MS)
  const ring = patience(CANCEL_GRACE_MS)
  effect(() => {
    const phone = deps.phone.value
    const { call } = phone?.state.value ?? PHONE_OFF
    session = followSession(session, call, deps.line.value.call)
    ringing = followRinging(ringing, call, deps.line.value)
    talk(isStray(session, call, deps.line.value), () => phone?.letGo())
    ring(ringing?.over === true, () => phone?.letGo())
  })
}

/** Does something once a condition has held for so long. */
function patience(afterMs: number): (holds: boolean, then: () => void) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return (holds, then) => {
    if (holds) timer ??= setTimeout(then, afterMs)
    else {
      clearTimeout(timer)
      timer = undefined
    }
  }
}

/** A call that rings here is announced before the phone hears of it, one taken up again is known already: both are this one. */
function runsAlready(phone: PhoneCall, call: CallView | null): call is CallView {
  return (
    phone !== 'resuming' && (call?.state === 'talking' || call?.state === 'held' || call?.state === 'dialing')
  )
}
