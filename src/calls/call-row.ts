import { type CallEvent, isWithOperator, outcomeOf } from './call-machine.ts'
import { cleanName, numberColumns } from './call-view.ts'
import { parseNumber } from './phone-number.ts'
import type { Arrival, CallFactsUpdate, CallRow } from './service.ts'

/** The row of a call at first sight. */
export function rowOf(arrival: Arrival, at: Date, areaCode: string): CallRow {
  const number = parseNumber(arrival.from, areaCode)
  return {
    id: arrival.callId,
    direction: arrival.direction,
    state: arrival.direction === 'in' ? 'arriving' : 'dialing',
    outcome: null,
    ...numberColumns(number),
    callerName: cleanName(arrival.name, number),
    line: arrival.line.slice(0, 40),
    training: arrival.training,
    noticeVersion: arrival.noticeVersion,
    recording: arrival.recording,
    voicemailRecording: null,
    callbackAt: null,
    callbackE164: null,
    operatorId: arrival.operatorId,
    ticketId: null,
    ticketCode: null,
    startedAt: at.toISOString(),
    queuedAt: null,
    answeredAt: null,
    endedAt: null,
    endedBy: null,
    missedDoneAt: null,
    missedDoneBy: null,
  }
}

/** The row after an event: later facts never overwrite earlier ones. */
export function rowAfter(
  row: CallRow,
  state: CallRow['state'],
  event: CallEvent,
  { iso, facts, areaCode }: { iso: string; facts: CallFactsUpdate; areaCode: string },
): CallRow {
  const next: CallRow = { ...row, state, endedBy: row.endedBy ?? facts.endedBy ?? null }
  switch (event.type) {
    case 'queued':
      // Back in the queue: whoever let go before did not end the call.
      return { ...next, queuedAt: row.queuedAt ?? iso, endedBy: null }
    case 'connected':
      return {
        ...next,
        answeredAt: row.answeredAt ?? iso,
        operatorId: event.operatorId ?? row.operatorId,
        endedBy: null,
      }
    case 'transferred':
      // The operator has let go, and the call goes on.
      return { ...next, endedBy: null }
    case 'callbackAsked': {
      // Keyed in by the citizen: from now on that is where we ring back.
      const keyed = facts.callbackNumber == null ? null : parseNumber(facts.callbackNumber, areaCode).e164
      const other = keyed === null || keyed === row.numberE164 ? row.callbackE164 : keyed
      return { ...next, callbackAt: iso, callbackE164: other }
    }
    case 'messageStarted':
      return { ...next, voicemailRecording: facts.voicemailRecording ?? row.voicemailRecording }
    case 'ended':
      return {
        ...next,
        endedAt: iso,
        outcome: outcomeOf({
          direction: row.direction,
          // Lost by the operator and waiting again when it ended: somebody must ring back.
          answered: row.answeredAt !== null && (isWithOperator(row.state) || row.state === 'transferred'),
          callbackAsked: row.callbackAt !== null,
          messageLeft: row.voicemailRecording !== null,
        }),
      }
    case 'offered':
    case 'offerEnded':
    case 'held':
    case 'unheld':
    case 'operatorLeft':
      return next
  }
}

/** What a late event still tells, without moving the call: only what was not known. */
export function rowWithLate(row: CallRow, event: CallEvent, how: Parameters<typeof rowAfter>[3]): CallRow {
  switch (event.type) {
    case 'queued':
      return row.queuedAt === null ? { ...row, queuedAt: how.iso } : row
    case 'connected':
      return row.answeredAt === null ? { ...row, answeredAt: how.iso } : row
    case 'callbackAsked':
      return row.callbackAt === null ? rowAfter(row, row.state, event, how) : row
    case 'messageStarted':
      return row.voicemailRecording === null ? rowAfter(row, row.state, event, how) : row
    case 'offered':
    case 'offerEnded':
    case 'held':
    case 'unheld':
    case 'operatorLeft':
    case 'transferred':
    case 'ended':
      return row
  }
}
