import type { AttemptState, TransferAttempt, TransferCommand, TransferView } from './contract.ts'
import { TRANSFER_COMMANDS } from './contract.ts'
import type { transfers } from './tables.ts'
import { hasOperatorLeft, stepTransfer, type TransferEffect, type TransferEvent } from './transfer-machine.ts'

/** One number of the chain, and its leg. */
export interface Attempt extends TransferAttempt {
  /** Digits for the trunk. */
  readonly dial: string
  /** Id of its channel, chosen before the PBX is asked. */
  readonly leg: string
  /** Base name of the consultation's recording. */
  readonly recording: string
  /** It took the call, and we let go of it; not there where it left by itself. */
  readonly isClosed?: boolean
}

export type TransferRow = typeof transfers.$inferSelect

/** The attempt that is rung, or that took the call. */
export function currentOf({ attempts, current }: TransferRow): Attempt | undefined {
  return attempts[current]
}

export function nextOf({ attempts, current }: TransferRow): Attempt | undefined {
  return attempts[current + 1]
}

/** The agency's leg while there is one: rung, asked or in the call. */
export function agencyOf(row: TransferRow): Attempt | undefined {
  const attempt = currentOf(row)
  return attempt?.startedAt == null || attempt.endedAt !== null ? undefined : attempt
}

export function withCurrent(row: TransferRow, change: Partial<Attempt>): TransferRow {
  return {
    ...row,
    attempts: row.attempts.map((attempt, index) =>
      index === row.current ? { ...attempt, ...change } : attempt,
    ),
  }
}

/** The row after an event, with what is to be done; undefined for an event without an edge. */
export function rowAfter(
  row: TransferRow,
  event: TransferEvent,
  at: string,
):
  | {
      readonly row: TransferRow
      readonly effects: readonly TransferEffect[]
      readonly hungUp: Attempt | undefined
    }
  | undefined {
  const step = stepTransfer(row.state, event)
  if (!step.handled) return undefined
  let next: TransferRow = { ...row, state: step.state }
  let hungUp: Attempt | undefined
  for (const effect of step.effects) {
    if (effect === 'hangUpAgency') {
      hungUp = agencyOf(next)
      if (hungUp !== undefined) next = withCurrent(next, dropped(hungUp, event, at))
    } else if (effect === 'dial' && nextOf(next) !== undefined) {
      next = withCurrent({ ...next, current: next.current + 1 }, { state: 'ringing', startedAt: at })
    }
  }
  return { row: next, effects: step.effects, hungUp }
}

/** An attempt we end ourselves: one that took the call stays accepted. */
function dropped(attempt: Attempt, event: TransferEvent, at: string): Partial<Attempt> {
  if (attempt.acceptedAt !== null) return { endedAt: at, isClosed: true }
  return { endedAt: at, state: event === 'skip' ? 'skipped' : 'cancelled' }
}

/** Q.850 causes with which nobody's phone rang: no such number, no route, out of order, the network's own. */
const UNREACHABLE = new Set([1, 2, 3, 20, 22, 25, 27, 28, 29, 34, 38, 41, 42, 44])

/** How a number that did not take the call ended, from its Q.850 cause. */
export function failureOf(attempt: Attempt, cause: number | null): AttemptState {
  if (attempt.answeredAt !== null) return 'notAccepted'
  if (cause === 17) return 'busy'
  if (cause === 21) return 'rejected'
  return cause !== null && UNREACHABLE.has(cause) ? 'unreachable' : 'noAnswer'
}

/** Buttons: the commands that have an edge now. */
export function actionsOf(row: TransferRow): TransferCommand[] {
  return TRANSFER_COMMANDS.filter(
    (command) =>
      stepTransfer(row.state, command).handled && (command !== 'skip' || nextOf(row) !== undefined),
  )
}

/** What the failure of the number rung means for the chain. */
export function failureEvent(row: TransferRow): TransferEvent {
  return nextOf(row) === undefined ? 'chainFailed' : 'attemptFailed'
}

const FAILED: readonly AttemptState[] = [
  'noAnswer',
  'busy',
  'rejected',
  'notAccepted',
  'unreachable',
  'skipped',
]

/** Nobody took the call: the chain came to its end. */
export function isUnreached({ attempts }: Pick<TransferRow, 'attempts'>): boolean {
  return attempts.every(({ state }) => FAILED.includes(state))
}

export function viewOf(row: TransferRow, nameOf: (personId: number) => string | null): TransferView {
  return {
    id: row.id,
    callId: row.callId,
    ticketCode: row.ticketCode,
    operatorId: row.operatorId,
    operatorName: nameOf(row.operatorId),
    mode: row.mode,
    state: row.state,
    hasLeft: hasOperatorLeft(row.state),
    actions: actionsOf(row),
    attempts: row.attempts.map(
      ({ target, number, state, startedAt, answeredAt, acceptedAt, endedAt, cause }) => ({
        target,
        number,
        state,
        startedAt,
        answeredAt,
        acceptedAt,
        endedAt,
        cause,
      }),
    ),
    current: row.current,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  }
}
