import type { ReadonlySignal } from '@preact/signals'
import type { PhoneState } from './phone-machine.ts'

/** What must survive a reload of the page so that the running call can be taken up again. */
export interface RunningCall {
  readonly peer: string
  /** Epoch milliseconds of the call's beginning. */
  readonly savedAt: number
}

/** The operator's telephone, whatever speaks SIP behind it. No method throws; what goes wrong is in `state`. */
export interface Phone {
  readonly state: ReadonlySignal<PhoneState>
  readonly start: () => Promise<void>
  readonly stop: () => void
  /** Another page takes the calls from now on; the running one goes on here. `start` takes that back. */
  readonly retire: () => void
  readonly answer: () => Promise<void>
  readonly hangUp: () => void
  /** Ends a call that is over everywhere else. */
  readonly letGo: () => void
  readonly setHeld: (held: boolean) => void
  readonly setMuted: (muted: boolean) => void
  readonly sendTone: (tone: string) => void
  readonly dial: (number: string, ticketCode: string | null) => Promise<void>
  /** Takes up the call that ran when the page was reloaded, if there was one. */
  readonly resume: () => Promise<void>
  /** Asks for the microphone ahead of the first call, so that its refusal is known before a citizen waits. */
  readonly checkMicrophone: () => Promise<void>
  readonly devicesChanged: () => Promise<void>
}
