/**
 * The softphone as two tables: the line to the PBX, and the one call it may have.
 *
 *   line:  off ──start──▶ connecting ──registered──▶ ready ──lost──▶ connecting …   (retired, stopped ▶ off)
 *   call:  idle ──invited──▶ ringing ──answering──▶ answering ──established──▶ talking ⇄ held
 *          idle ──dialling──▶ dialling ──established──▶ talking        any ──ended──▶ idle
 *          idle ──resuming──▶ resuming ──established──▶ talking
 */
export const PHONE_LINES = ['off', 'connecting', 'ready', 'refused'] as const
export type PhoneLine = (typeof PHONE_LINES)[number]

export const PHONE_CALLS = [
  'idle',
  'ringing',
  'answering',
  'dialling',
  'resuming',
  'talking',
  'held',
] as const
export type PhoneCall = (typeof PHONE_CALLS)[number]

/** `insecure`: neither HTTPS nor localhost, so the browser has no microphone for this page at all. */
export const MICROPHONE_PROBLEMS = ['denied', 'missing', 'busy', 'insecure'] as const
export type MicrophoneProblem = (typeof MICROPHONE_PROBLEMS)[number]

export interface PhoneState {
  readonly line: PhoneLine
  readonly call: PhoneCall
  readonly muted: boolean
  /** The other side as SIP names it; what the live channel says about the caller is better. */
  readonly peer: string
  /** When talking began, epoch milliseconds. */
  readonly talkingSince: number | null
  readonly microphone: MicrophoneProblem | null
  /** Why the last call of this phone failed, a SIP cause of JsSIP; null after an ordinary end. */
  readonly failure: string | null
}

export type PhoneEvent =
  | { readonly type: 'starting' }
  | { readonly type: 'registered' }
  | { readonly type: 'lost' }
  | { readonly type: 'refused' }
  /** Another page rings from now on; the call of this one goes on. */
  | { readonly type: 'retired' }
  | { readonly type: 'stopped' }
  | { readonly type: 'invited'; readonly peer: string }
  | { readonly type: 'answering' }
  | { readonly type: 'dialling'; readonly peer: string }
  | { readonly type: 'resuming'; readonly peer: string }
  | { readonly type: 'established'; readonly atMs: number }
  | { readonly type: 'held'; readonly held: boolean }
  | { readonly type: 'muted'; readonly muted: boolean }
  | { readonly type: 'microphone'; readonly problem: MicrophoneProblem | null }
  | { readonly type: 'ended'; readonly failure: string | null }
  /** The line has worked again for a while: what broke is no news any more. */
  | { readonly type: 'recovered' }

/** What the shell must do after a step. */
export type PhoneEffect = 'ring' | 'stopRing' | 'reportReady' | 'reportGone' | 'rejectBusy'

export interface PhoneStep {
  readonly state: PhoneState
  readonly effects: readonly PhoneEffect[]
}

export const PHONE_OFF: PhoneState = {
  line: 'off',
  call: 'idle',
  muted: false,
  peer: '',
  talkingSince: null,
  microphone: null,
  failure: null,
}

type CallEvent = Extract<
  PhoneEvent['type'],
  'invited' | 'answering' | 'dialling' | 'resuming' | 'established' | 'ended'
>

/** state → event → next state. A missing cell is a late or double event: nothing happens. */
const CALL_TABLE: Readonly<Record<PhoneCall, Partial<Record<CallEvent, PhoneCall>>>> = {
  idle: { invited: 'ringing', dialling: 'dialling', resuming: 'resuming' },
  ringing: { answering: 'answering', established: 'talking', ended: 'idle' },
  answering: { established: 'talking', ended: 'idle' },
  dialling: { established: 'talking', ended: 'idle' },
  resuming: { established: 'talking', ended: 'idle', invited: 'ringing' },
  talking: { ended: 'idle' },
  held: { ended: 'idle' },
}

/** One step of the phone; pure. */
export function stepPhone(state: PhoneState, event: PhoneEvent): PhoneStep {
  switch (event.type) {
    case 'starting':
      return leaveLine(state, 'connecting')
    case 'registered':
      // A registration is renewed every few minutes: only the first one is news.
      return { state: { ...state, line: 'ready' }, effects: state.line === 'ready' ? [] : ['reportReady'] }
    case 'lost':
      return leaveLine(state, 'connecting')
    case 'refused':
      return leaveLine(state, 'refused')
    case 'retired':
      return leaveLine(state, 'off')
    case 'stopped':
      return {
        state: { ...PHONE_OFF, microphone: state.microphone },
        effects: [...(state.line === 'ready' ? ['reportGone' as const] : []), ...ringStop(state, 'idle')],
      }
    case 'held':
      if (state.call !== 'talking' && state.call !== 'held') return { state, effects: [] }
      return { state: { ...state, call: event.held ? 'held' : 'talking' }, effects: [] }
    case 'muted':
      return { state: isConnected(state.call) ? { ...state, muted: event.muted } : state, effects: [] }
    case 'microphone':
      return microphoneChanged(state, event.problem)
    case 'invited':
      if (CALL_TABLE[state.call].invited === undefined) return { state, effects: ['rejectBusy'] }
      return stepCall(state, event)
    case 'recovered':
      return { state: isPastFailure(state) ? { ...state, failure: null } : state, effects: [] }
    case 'answering':
    case 'dialling':
    case 'resuming':
    case 'established':
    case 'ended':
      return stepCall(state, event)
  }
}

/** Causes that say something of the way to the PBX, not of the other side (JsSIP Constants.causes). */
const BROKEN_WAY = ['Connection Error', 'RTP Timeout', 'Request Timeout', 'No ACK']

/** Does the note under the phone tell of a break that is mended? */
export function isPastFailure({ line, call, failure }: PhoneState): boolean {
  return line === 'ready' && call === 'idle' && failure !== null && BROKEN_WAY.includes(failure)
}

/** What the operator may do now; buttons come from here. */
export function phoneActions(state: PhoneState): readonly PhoneAction[] {
  switch (state.call) {
    case 'idle':
      return state.line === 'ready' ? ['dial'] : []
    case 'ringing':
      return ['answer', 'hangUp']
    case 'answering':
    case 'dialling':
    case 'resuming':
      return ['hangUp']
    case 'talking':
    case 'held':
      return ['hold', 'mute', 'keypad', 'hangUp']
  }
}
export type PhoneAction = 'dial' | 'answer' | 'hangUp' | 'hold' | 'mute' | 'keypad'

/** Does sound flow, or could it at once? */
export function isConnected(call: PhoneCall): boolean {
  return call === 'talking' || call === 'held'
}

/** Is this phone in a call, or on the way into one it wants? A call that only rings is not its own yet. */
export function carriesCall(call: PhoneCall): boolean {
  return call !== 'idle' && call !== 'ringing'
}

/** The word for a call whose sound is gone for good, or null while there is hope (JsSIP Constants.causes). */
export function mediaFailure(connection: RTCPeerConnectionState): string | null {
  return connection === 'failed' ? 'RTP Timeout' : null
}

function stepCall(state: PhoneState, event: Extract<PhoneEvent, { type: CallEvent }>): PhoneStep {
  const call = CALL_TABLE[state.call][event.type]
  if (call === undefined) return { state, effects: [] }
  const next: PhoneState = {
    ...state,
    call,
    peer: 'peer' in event ? event.peer : call === 'idle' ? '' : state.peer,
    muted: call === 'idle' ? false : state.muted,
    talkingSince: event.type === 'established' ? event.atMs : call === 'idle' ? null : state.talkingSince,
    failure: event.type === 'ended' ? event.failure : null,
  }
  return { state: next, effects: call === 'ringing' ? ['ring'] : ringStop(state, call) }
}

function leaveLine(state: PhoneState, line: PhoneLine): PhoneStep {
  // The call's sound does not pass through the signalling line: a running call goes on.
  return { state: { ...state, line }, effects: state.line === 'ready' ? ['reportGone'] : [] }
}

/** A microphone that fails while answering leaves the citizen ringing, not lost. */
function microphoneChanged(state: PhoneState, problem: MicrophoneProblem | null): PhoneStep {
  const call = problem !== null && state.call === 'answering' ? 'ringing' : state.call
  return {
    state: { ...state, microphone: problem, call },
    effects: call !== state.call ? ['ring'] : [],
  }
}

function ringStop(before: PhoneState, after: PhoneCall): readonly PhoneEffect[] {
  return before.call === 'ringing' && after !== 'ringing' ? ['stopRing'] : []
}
