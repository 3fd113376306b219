import { isWaiting, NO_NUMBER, reachOf, withMaskedNumber } from './call-view.ts'
import { MISSED_ON_DESK, type MissedCall, type WaitingCaller } from './contract.ts'
import type { CallRow, MissedRow } from './service.ts'

/** Who waits: those who come back first, then the longest (QUEUE_PRIO in dialplan/transfer.conf). */
export function waitingOf(rows: Iterable<CallRow>): WaitingCaller[] {
  return [...rows]
    .filter(isWaiting)
    .map((row) => ({
      callId: row.id,
      display: row.numberDisplay,
      since: row.queuedAt ?? row.startedAt,
      training: row.training,
      back: row.answeredAt !== null,
    }))
    .sort((a, b) => Number(b.back) - Number(a.back) || a.since.localeCompare(b.since))
}

/**
 * One line per number to ring back, the newest call first; callers without a number stand alone (R020). So do those of confidential
 * cases, without number and name: the list goes to the whole desk, and who may read the case rings back from there (Đ12.1, A15).
 */
export function missedOf(
  rows: readonly MissedRow[],
  areaCode: string,
  voicemailOf: (callId: string) => number | null,
): MissedCall[] {
  const lines = new Map<string, MissedCall>()
  for (const row of rows) {
    const number = row.isConfidential ? NO_NUMBER : reachOf(row, areaCode)
    const key = number.e164 ?? row.id
    const line = lines.get(key)
    if (line !== undefined) {
      lines.set(key, { ...line, times: line.times + 1 })
      continue
    }
    lines.set(key, {
      callId: row.id,
      at: row.endedAt ?? row.startedAt,
      reason: reasonOf(row),
      number,
      callerName: row.isConfidential ? null : row.callerName,
      ticketCode: row.ticketCode,
      confidential: row.isConfidential,
      recordingId: row.outcome === 'voicemail' ? voicemailOf(row.id) : null,
      times: 1,
    })
  }
  return [...lines.values()]
}

function reasonOf({ outcome, endedBy }: MissedRow): MissedCall['reason'] {
  if (outcome === 'callback' || outcome === 'voicemail') return outcome
  return endedBy === 'system' ? 'cutOff' : 'abandoned'
}

/**
 * What a desk shows of them, with masked numbers for whoever only looks on (R068): in a rush the whole list would go to every desk
 * with each call.
 */
export function missedOnDesk(
  missed: readonly MissedCall[],
  hasWholeNumbers: boolean,
): { missed: MissedCall[]; missedTotal: number } {
  const shown = missed.slice(0, MISSED_ON_DESK)
  return {
    missed: hasWholeNumbers ? shown : shown.map(withMaskedNumber),
    missedTotal: missed.length,
  }
}
