import { type CallNumber, type PopTicket } from '../calls/contract.ts'
import { toLocalTime } from '../platform/clock.ts'
import { type TicketForm, type TicketKind } from './contract.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type Ticket, type TicketPatch } from './ticket.ts'
import { OPEN_STATES } from './ticket-machine.ts'

/** What the call feature knows when it asks for a ticket. */
export interface CallFacts {
  readonly callId: string
  readonly direction: 'in' | 'out'
  readonly number: CallNumber
  /** Where to ring back, if the citizen keyed in another number. */
  readonly reach?: CallNumber
  readonly callerName: string | null
  readonly line: string
  readonly startedAt: string
  readonly training: boolean
}

export interface TicketRef {
  readonly id: number
  readonly code: string
}

export interface CallerFacts {
  /** This number gave this name itself, in a call of its own. */
  readonly known: {
    readonly name: string
    readonly address: string | null
    readonly type: TicketForm['reporter']['type']
  } | null
  /** Names on tickets where this number stands without having called. */
  readonly maybe: string[]
  readonly open: PopTicket[]
  readonly last: PopTicket[]
}

export type UnansweredReason = 'abandoned' | 'callback' | 'voicemail' | 'noAnswer'

/** Tickets looked at for a pop: enough for the last five and every name a number may have. */
const HISTORY_LIMIT = 30
const LAST_LIMIT = 5

/** What calls need of tickets. Everything may be called inside the call's own transaction and is idempotent per call. */
export function createCallTickets(ports: TicketPorts, book: CaseBook) {
  const { store } = ports

  const knownBy = (e164: string): CallerFacts['known'] => {
    const named = store.namedBy(e164, HISTORY_LIMIT)
    return named === undefined
      ? null
      : { name: named.reporterName, address: named.reporterAddress, type: named.reporterType }
  }

  const callerFacts = (e164: string): CallerFacts => {
    const history = store.byNumber(e164, HISTORY_LIMIT)
    const known = knownBy(e164)
    // A name that was given in confidence goes into no other case, and before no other eyes.
    const named = history.filter((ticket) => ticket.reporterName !== '' && !ticket.confidential)
    const maybe = new Set(named.map((ticket) => ticket.reporterName).filter((name) => name !== known?.name))
    return {
      known,
      maybe: [...maybe],
      open: history.filter((ticket) => OPEN_STATES.includes(ticket.state)).map(popTicket),
      last: history.slice(0, LAST_LIMIT).map(popTicket),
    }
  }

  const link = (
    ticket: Ticket,
    callId: string,
    relation: 'opened' | 'unanswered' | 'linked',
    at: string,
  ): TicketRef => {
    store.addCall(ticket.id, callId, relation, at)
    book.changed(ticket)
    return refOf(ticket)
  }

  const fromCall = (facts: CallFacts): TicketPatch => {
    const { number, reach = number } = facts
    const known = reach.e164 === null ? null : knownBy(reach.e164)
    return {
      training: facts.training,
      phoneE164: reach.e164,
      phoneDisplay: reach.display,
      callerE164: number.e164,
      reporterPhone: reach.display === '' ? null : reach.display,
      // the network's caller name is what a phone claims: a hint in the pop, not the reporter's name
      reporterName: known?.name ?? '',
      reporterAddress: known?.address ?? null,
      reporterType: known?.type ?? 'individual',
    }
  }

  /** A draft opened for nobody becomes the operator's who turns out to be on the line. */
  const takeUp = (ticket: Ticket, callId: string, operatorId: number | null, at: string): Ticket => {
    if (ticket.operatorId !== null || operatorId === null || ticket.state !== 'draft') return ticket
    const event = { at, type: 'opened', actorId: operatorId, detail: { callId } }
    const taken = book.change(ticket, { operatorId, updatedAt: at }, event)
    book.changed(taken)
    return taken
  }

  return {
    callerFacts,

    /** The draft an operator's form opens with; null for whoever answers at a phone that is no operator's here. */
    openForCall: (facts: CallFacts, operatorId: number | null): TicketRef =>
      ports.transaction(() => {
        const existing = store.byCall(facts.callId)
        const at = ports.now().toISOString()
        if (existing !== undefined) return refOf(takeUp(existing, facts.callId, operatorId, at))
        const ticket = book.open(
          { ...fromCall(facts), state: 'draft', channel: 'phone', operatorId },
          {
            at,
            type: 'opened',
            actorId: operatorId,
            detail: { callId: facts.callId, direction: facts.direction, line: facts.line },
          },
        )
        return link(ticket, facts.callId, 'opened', facts.startedAt)
      }),

    /** A call nobody answered is a ticket to ring back (R020). */
    recordUnanswered: (facts: CallFacts, reason: UnansweredReason, at: string): TicketRef =>
      ports.transaction(() => {
        const existing = store.byCall(facts.callId)
        if (existing !== undefined) return refOf(existing)
        const kind: TicketKind = 'callback'
        const { display } = facts.reach ?? facts.number
        const shown = display === '' ? ports.texts.hiddenNumber : display
        const title = ports.texts.unanswered[reason].replaceAll('{number}', shown).normalize('NFC')
        const { hour, minute, day, month } = toLocalTime(new Date(facts.startedAt))
        const pad = (part: number): string => String(part).padStart(2, '0')
        const ticket = book.open(
          {
            ...fromCall(facts),
            state: 'received',
            channel: 'phone',
            kind,
            title,
            content: `${title} (${pad(hour)}:${pad(minute)} ${pad(day)}/${pad(month)}).`,
            receivedAt: at,
          },
          { at, type: 'unanswered', actorId: null, detail: { callId: facts.callId, reason } },
        )
        return link(ticket, facts.callId, 'unanswered', facts.startedAt)
      }),

    /** A call-back or dial-out for an existing ticket. Undefined when there is no such ticket. */
    linkCall: (code: string, callId: string, operatorId: number): TicketRef | undefined =>
      ports.transaction(() => {
        const existing = store.byCall(callId)
        if (existing !== undefined) return refOf(existing)
        const ticket = store.findByCode(code)
        if (ticket === undefined) return undefined
        const at = ports.now().toISOString()
        book.addEvent(ticket, 'callLinked', at, operatorId, { callId })
        return link(ticket, callId, 'linked', at)
      }),

    byCall(callId: string): TicketRef | undefined {
      const ticket = store.refByCall(callId)
      return ticket === undefined ? undefined : refOf(ticket)
    },

    /** An entry of the ticket's history; harmless when the call has no ticket. */
    noteCall(callId: string, type: string, detail: Record<string, unknown>): void {
      note(callId, type, detail)
    },
    /**
     * Đ9.1: what is put through to the body in charge is urgent, and on the dossier's list of Đ9.6, marked before or not.
     * `agency` is whom the list names; harmless when the call has no ticket, and when it comes twice.
     */
    raiseUrgent(callId: string, actorId: number, { agency }: { readonly agency?: string } = {}): void {
      ports.transaction(() => {
        const ticket = store.byCall(callId)
        if (ticket === undefined) return
        const at = ports.now().toISOString()
        // Before the mark, which would otherwise list the case for a reason of its own.
        ports.dossiers.putThrough(ticket, { callId, agency: agency ?? null }, { at, actorId })
        const event = { at, type: 'urgentRaised', actorId, detail: { callId, article: 'Đ9.1' } }
        const written = ticket.urgent ? ticket : book.change(ticket, { urgent: true, updatedAt: at }, event)
        book.changed(written)
      })
    },
    noteRecording(callId: string, detail: Record<string, unknown>): void {
      note(callId, 'recordingStored', detail)
    },
  }

  function note(callId: string, type: string, detail: Record<string, unknown>): void {
    ports.transaction(() => {
      const ticket = store.refByCall(callId)
      if (ticket === undefined) return
      book.addEvent(ticket, type, ports.now().toISOString(), null, { callId, ...detail })
      book.changed(ticket)
    })
  }

  function popTicket(ticket: ReturnType<typeof store.byNumber>[number]): PopTicket {
    return {
      code: ticket.code,
      // Whoever answers learns that this number has such a case; what it is about, its holder tells (Đ12.1).
      title: ticket.confidential ? '' : ticket.title,
      confidential: ticket.confidential,
      state: ticket.state,
      unitName:
        ticket.confidential || ticket.unitId === null
          ? null
          : (ports.directory.unit(ticket.unitId)?.name ?? ticket.unitId),
      dueAt: ticket.dueAt,
      createdAt: ticket.createdAt,
    }
  }
}

function refOf({ id, code }: TicketRef): TicketRef {
  return { id, code }
}
