import { AppError } from '../platform/errors.ts'
import type { TransferDeps } from './service.ts'
import { type Attempt, currentOf, type TransferRow } from './transfer-row.ts'

/** What a ticket is told of its transfer, in the transaction that writes the transfer down. */
export interface TicketLines {
  /** Urgent (Đ9.1), and what is about to happen. */
  begun(row: TransferRow): void
  /** Every number that is rung, that took the call or did not; before: the row as it was stored, undefined for a new one. */
  attempts(row: TransferRow, before: TransferRow | undefined): void
  /** No number is left: the heads of all that were rung are told (Đ9.2). */
  tellHeads(row: TransferRow): void
  /** The case was written down further: a unit that is rung, or has taken the call, may get its slip now. */
  caseChanged(row: TransferRow): void
  ended(row: TransferRow): void
}

/** The ticket's lines, the slip that goes ahead of the call, and the recordings to come. */
export function createTicketLines({
  tickets,
  recordings,
}: Pick<TransferDeps, 'tickets' | 'recordings'>): TicketLines {
  function attemptChanged(row: TransferRow, attempt: Attempt, before: Attempt | undefined): void {
    const { label } = attempt.target
    const number = attempt.number.display
    if (attempt.acceptedAt !== null && before?.acceptedAt === null) {
      recordings.expect({
        callId: row.callId,
        kind: 'consult',
        base: attempt.recording,
        startedAt: attempt.acceptedAt,
        training: row.training,
      })
      tickets.noteCall(row.callId, 'transferAccepted', { label, number })
    }
    if (attempt.endedAt !== null && before?.endedAt === null) {
      const from = attempt.acceptedAt ?? attempt.startedAt ?? attempt.endedAt
      const seconds = Math.round((Date.parse(attempt.endedAt) - Date.parse(from)) / 1000)
      const ended = attempt.isClosed === true ? 'transferTalkClosed' : 'transferTalkEnded'
      tickets.noteCall(row.callId, attempt.acceptedAt === null ? 'transferTried' : ended, {
        label,
        number,
        seconds,
        outcome: attempt.state,
        cause: attempt.cause,
      })
    }
  }

  /**
   * A unit has it in writing before it hears of it: once per transfer, when the first of its numbers is rung; with the next one
   * where the case was not written down before.
   */
  function sendAhead(row: TransferRow, index: number): void {
    const unitId = row.attempts[index]?.target.unitId ?? null
    const isFirst = row.attempts.findIndex(({ target }) => target.unitId === unitId) === index
    if (unitId === null || (!isFirst && tickets.hasSlip(row.callId))) return
    inWriting(row, () => {
      tickets.slipForTransfer(row.callId, unitId, row.operatorId)
    })
  }

  /** The case is not written down yet, or answered meanwhile: the operator sees the reason and sends it by hand. */
  function inWriting(row: TransferRow, work: () => void): void {
    try {
      work() // throws what is wrong with the case before it writes anything
    } catch (err) {
      if (!(err instanceof AppError)) throw err
      tickets.noteCall(row.callId, 'transferSlipNotSent', { code: err.code })
    }
  }

  return {
    begun(row) {
      const labels = row.attempts.map(({ target, number }) => target.label || number.display)
      tickets.raiseUrgent(row.callId, row.operatorId, { agency: labels.join(', ') })
      tickets.noteCall(row.callId, 'transferStarted', { mode: row.mode, labels })
    },
    attempts(row, before) {
      for (const [index, attempt] of row.attempts.entries()) {
        const was = before?.attempts[index]
        if (attempt.startedAt !== null && was?.startedAt === null) sendAhead(row, index)
        attemptChanged(row, attempt, was)
      }
    },
    tellHeads(row) {
      const units = new Set(row.attempts.flatMap(({ target }) => target.unitId ?? []))
      if (units.size === 0) tickets.noteCall(row.callId, 'transferSlipNotSent', { code: 'NO_UNIT' })
      for (const unitId of units) {
        inWriting(row, () => {
          tickets.tellHeads(row.callId, unitId, row.operatorId)
        })
      }
    },
    caseChanged(row) {
      const unitId = currentOf(row)?.target.unitId ?? null
      if (unitId === null || tickets.hasSlip(row.callId)) return
      try {
        tickets.slipForTransfer(row.callId, unitId, row.operatorId)
      } catch (err) {
        if (!(err instanceof AppError)) throw err // still not complete; said when it was tried first
      }
    },
    ended(row) {
      tickets.noteCall(row.callId, 'transferEnded', {
        state: row.state,
        label: currentOf(row)?.target.label ?? '',
      })
    },
  }
}
