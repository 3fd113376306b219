import type { Unit } from '../../agencies/contract.ts'
import type {
  TransferAttempt,
  TransferCommand,
  TransferState,
  TransferTarget,
  TransferView,
} from '../../transfers/contract.ts'
import { type MessageKey, t } from '../i18n/translate.ts'

/** The attempt that is under way, or the last there was. */
export function currentAttempt({ attempts }: TransferView): TransferAttempt | undefined {
  return attempts.findLast((attempt) => attempt.startedAt !== null)
}

/** How it stands, in one sentence; once it is over, how it ended. */
export function sentenceOf(transfer: TransferView, units: readonly Unit[]): string {
  const attempt = currentAttempt(transfer)
  const who = attempt === undefined ? t('transfer.agency') : nameOf(attempt, units)
  return t(sentenceKey(transfer, attempt), { who })
}

/** What the button says: the same step is called by what it does here. */
export function commandWord(command: TransferCommand, state: TransferState): string {
  return t(commandKey(command, state))
}

/** The one step to be seen first, where there is one. */
export function isPrimary(command: TransferCommand, state: TransferState): boolean {
  return command === 'complete' && !RINGING.includes(state)
}

/** Who answers there, as the list has it; a number typed in is its own name. */
export function targetWord(target: TransferTarget, shown: string): string {
  return target.label === '' ? shown : target.label
}

const RINGING: readonly TransferState[] = ['ringing', 'ringingAside', 'blind']

/** Short enough for a sentence: the unit, not its officer and their office. */
function nameOf({ target, number }: TransferAttempt, units: readonly Unit[]): string {
  const unit = target.unitId === null ? undefined : units.find(({ id }) => id === target.unitId)
  return unit?.name ?? targetWord(target, number.display)
}

function sentenceKey(transfer: TransferView, attempt: TransferAttempt | undefined): MessageKey {
  const { state } = transfer
  if (RINGING.includes(state) && attempt?.state === 'asked') return 'transferState.asked'
  // A number that took the call, or was called off, is a decision; without one the chain came to its end by itself.
  const nobody = transfer.attempts.every(({ state: how }) => FAILED.includes(how))
  if (state === 'returned' && nobody) return 'transferState.returnedNobody'
  if (state === 'returned' && attempt?.acceptedAt != null && attempt.cause !== null)
    return 'transferState.returnedAgencyLeft'
  if (state === 'requeued' && nobody) return 'transferState.requeuedNobody'
  return `transferState.${state}`
}

const FAILED: readonly TransferAttempt['state'][] = [
  'noAnswer',
  'busy',
  'rejected',
  'notAccepted',
  'unreachable',
  'skipped',
]

function commandKey(command: TransferCommand, state: TransferState): MessageKey {
  if (command === 'toggle') {
    if (state === 'ringingAside') return 'transfer.hearRinging'
    if (state === 'citizenSide') return 'transfer.toAgency'
    return state === 'merged' ? 'transfer.split' : 'transfer.toCitizen'
  }
  if (command === 'complete') {
    if (state === 'afterCitizen') return 'transfer.end'
    return RINGING.includes(state) ? 'transfer.leave' : 'transfer.complete'
  }
  return `transfer.${command}`
}
