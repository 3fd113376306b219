import type { CallEffect } from './call-machine.ts'
import { factsOf, secondsBetween } from './call-view.ts'
import type { CallDeps, CallRow } from './service.ts'

export interface Filing {
  /** The writing effects of a step, all in the call's own transaction. Answers the row with its ticket. */
  file(row: CallRow, effects: readonly CallEffect[]): CallRow
  expectRecording(row: CallRow, kind: 'call' | 'voicemail', base: string): void
}

/** Turns effects of calls into tickets, recordings to come and missed calls that are done with. */
export function createFiling({
  store,
  tickets,
  recordings,
  now,
  areaCode,
}: Pick<CallDeps, 'store' | 'tickets' | 'recordings' | 'now' | 'areaCode'>): Filing {
  const expectRecording = (row: CallRow, kind: 'call' | 'voicemail', base: string) => {
    recordings.expect({ callId: row.id, kind, base, startedAt: row.startedAt, training: row.training })
  }
  const withTicket = (row: CallRow, ticket: { id: number; code: string }): CallRow => ({
    ...row,
    ticketId: ticket.id,
    ticketCode: ticket.code,
  })
  const noteEnd = (row: CallRow) => {
    tickets.noteCall(row.id, 'callEnded', {
      outcome: row.outcome,
      endedBy: row.endedBy,
      seconds: secondsBetween(row.answeredAt, row.endedAt),
    })
  }

  /** Without an operator for a phone that is nobody's here: the scripted operator's, or one of the PBX's own. */
  function open(row: CallRow): CallRow {
    // Whoever dialled chose the ticket; a ticket opened for nobody becomes the operator's who is named later.
    const filed =
      row.ticketId !== null && row.direction === 'out'
        ? row
        : withTicket(row, tickets.openForCall(factsOf(row, areaCode), row.operatorId))
    // Somebody speaks with this citizen: nobody needs to ring back. A test call rings nobody back (R084).
    if (row.numberE164 !== null && !row.training) {
      store.markMissedDone({ e164: row.numberE164 }, row.answeredAt ?? row.startedAt, row.operatorId)
    }
    return filed
  }

  function unanswered(row: CallRow): CallRow {
    if (row.voicemailRecording !== null) expectRecording(row, 'voicemail', row.voicemailRecording)
    if (row.ticketId !== null) {
      // An operator had it and lost it: that ticket learns how it ended.
      noteEnd(row)
      return row
    }
    const reason = row.outcome === null || row.outcome === 'answered' ? 'abandoned' : row.outcome
    return unansweredTicket(row, reason)
  }

  function unansweredTicket(
    row: CallRow,
    reason: 'abandoned' | 'callback' | 'voicemail' | 'noAnswer',
  ): CallRow {
    const at = row.endedAt ?? now().toISOString()
    const filed = withTicket(row, tickets.recordUnanswered(factsOf(row, areaCode), reason, at))
    // Learnt late: somebody has spoken with them since, and nobody needs to ring back.
    const spoken = row.numberE164 === null ? null : store.answeredAfter(row.numberE164, at)
    return spoken === null ? filed : { ...filed, missedDoneAt: spoken }
  }

  function ended(row: CallRow): CallRow {
    // An answered call without its ticket (the service was away): it gets one now, exactly once.
    const nobody = row.operatorId === null && row.outcome !== 'answered'
    const filed = row.ticketId !== null ? row : nobody ? unansweredTicket(row, 'abandoned') : open(row)
    noteEnd(filed)
    return filed
  }

  return {
    expectRecording,
    file: (row, effects) =>
      effects.reduce((filed, effect) => {
        if (effect === 'openTicket') return open(filed)
        if (effect === 'fileUnanswered') return unanswered(filed)
        return effect === 'noteEnd' ? ended(filed) : filed
      }, row),
  }
}
