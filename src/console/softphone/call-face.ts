import type { CallView } from '../../calls/contract.ts'
import type { PresenceView } from '../../presence/contract.ts'
import type { TransferState } from '../../transfers/contract.ts'
import type { PhoneState } from './phone-machine.ts'

/** How the line looks to the operator: each has a colour, a word and a shape. */
export const CALL_FACES = [
  'off',
  'connecting',
  'idle',
  'ringing',
  'answering',
  'dialling',
  'talking',
  'held',
  'transferring',
  'consulting',
  'threeWay',
  'wrapUp',
] as const
export type CallFace = (typeof CALL_FACES)[number]

export interface LineFacts {
  readonly phone: PhoneState | undefined
  readonly call: CallView | null
  readonly presence: PresenceView | null
  readonly popRinging: boolean
  /** Of the transfer that runs, null when none does. */
  readonly transfer?: TransferState | null
}

/** Whom the phone is connected with is the transfer's doing; where it is the citizen, a talk is a talk. */
const TRANSFER_FACES: Readonly<Partial<Record<TransferState, CallFace>>> = {
  starting: 'transferring',
  operatorAwaited: 'transferring',
  citizenAwaited: 'transferring',
  ringing: 'transferring',
  consult: 'consulting',
  afterCitizen: 'consulting',
  merged: 'threeWay',
  completing: 'transferring',
  returning: 'transferring',
}

/** One face from what the phone knows and what the server says; the phone is nearer to the ear and wins. */
export function callFace({ phone, call, presence, popRinging, transfer = null }: LineFacts): CallFace {
  switch (phone?.call) {
    case 'ringing':
    case 'answering':
    case 'dialling':
      return phone.call
    case 'talking':
    case 'held':
      return (transfer === null ? undefined : TRANSFER_FACES[transfer]) ?? phone.call
    case 'resuming':
      return 'answering'
    case 'idle':
    case undefined:
      break
  }
  if (popRinging) return 'ringing'
  // The operator has let go; the citizen may still be listening to the goodbye.
  if (presence?.state === 'wrapUp') return 'wrapUp'
  if (call?.state === 'talking' || call?.state === 'held') {
    // Just reloaded: nobody hears anybody before this page's phone is back. With it back, the call is on a desk phone.
    return phone === undefined || phone.line === 'connecting' ? 'answering' : call.state
  }
  if (call?.state === 'dialing') return 'dialling'
  if (phone === undefined || phone.line === 'off' || phone.line === 'refused') return 'off'
  return phone.line === 'connecting' ? 'connecting' : 'idle'
}
