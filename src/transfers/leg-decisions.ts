import type { TransferEvent } from './transfer-machine.ts'
import { isOver, isRinging } from './transfer-machine.ts'
import { currentOf, failureEvent, failureOf, type TransferRow, withCurrent } from './transfer-row.ts'

/** What news of a leg means for the row as it is when its turn comes: the row, changed, and the machine's event if there is one. */
export interface Decision {
  readonly row: TransferRow
  readonly event: TransferEvent | null
}

const AWAITING = ['starting', 'citizenAwaited', 'operatorAwaited', 'citizenOnly']
const HANDING = ['completing', 'completingAlone', 'returning', 'requeuing']

/** Legs were asked for and have not all come. */
export function isAwaiting({ state }: TransferRow): boolean {
  return AWAITING.includes(state)
}

/** The citizen is on the way back into the dialplan's hands. */
export function isHanding({ state }: TransferRow): boolean {
  return HANDING.includes(state)
}

/** An agency's leg is gone: a number that did not take the call, or one that did and left. `at`: ISO 8601. */
export function agencyEnded(
  row: TransferRow,
  leg: string,
  cause: number | null,
  at: string,
): Decision | undefined {
  const attempt = row.attempts.find((one) => one.leg === leg)
  if (attempt === undefined || attempt.startedAt === null || attempt.endedAt !== null) return undefined
  const isAccepted = attempt.acceptedAt !== null
  const end = { endedAt: at, cause, ...(isAccepted ? {} : { state: failureOf(attempt, cause) }) }
  const changed = {
    ...row,
    attempts: row.attempts.map((one) => (one.leg === leg ? { ...one, ...end } : one)),
  }
  if (isAccepted) return { row: changed, event: row.endedAt === null ? 'agencyGone' : null }
  const isRung = currentOf(row)?.leg === leg && isRinging(row.state)
  return { row: changed, event: isRung ? failureEvent(row) : null }
}

/** Somebody took the call; `late` when that number was given up meanwhile. */
export function agencyCame(row: TransferRow, leg: string, at: string): Decision | 'late' | undefined {
  const attempt = currentOf(row)
  if (attempt?.leg === leg && attempt.acceptedAt !== null) return undefined
  if (attempt?.leg !== leg || attempt.endedAt !== null || !isRinging(row.state)) return 'late'
  const accepted = { state: 'accepted', acceptedAt: at, answeredAt: attempt.answeredAt ?? at } as const
  return { row: withCurrent(row, accepted), event: 'agencyIn' }
}

/** The phone was picked up, or nobody there pressed 1. */
export function agencySaid(
  row: TransferRow,
  leg: string,
  word: 'answered' | 'notAccepted',
  at: string,
): Decision | undefined {
  const attempt = currentOf(row)
  if (attempt?.leg !== leg || attempt.endedAt !== null || attempt.acceptedAt !== null) return undefined
  const change =
    word === 'answered'
      ? { answeredAt: attempt.answeredAt ?? at, ...(attempt.target.ask ? { state: 'asked' as const } : {}) }
      : { state: 'notAccepted' as const }
  return { row: withCurrent(row, change), event: null }
}

/** The number could not even be rung. */
export function agencyUnreachable(row: TransferRow, leg: string, at: string): Decision | undefined {
  const current = currentOf(row)
  if (current?.leg !== leg || current.endedAt !== null || !isRinging(row.state)) return undefined
  const failed = withCurrent(row, { state: 'unreachable', endedAt: at })
  return { row: failed, event: failureEvent(failed) }
}

/** The operator's page was reloaded and comes back with another leg; undefined where the operator has no place any more. */
export function operatorBack(row: TransferRow, leg: { id: string; name: string }): TransferRow | undefined {
  const hasLeft = row.state === 'blind' || row.state === 'citizenOnly' || isHanding(row) || isOver(row.state)
  return hasLeft ? undefined : { ...row, operatorLeg: leg.id, operatorChannel: leg.name }
}
