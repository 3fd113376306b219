import { AppError } from '../platform/errors.ts'
import type { PresenceService } from '../presence/service.ts'
import type { TicketsService as Tickets } from '../tickets/service.ts'
import type { Recordings } from '../recordings/service.ts'
import { type CallEffect, type CallEvent, outcomeOf, stepCall } from './call-machine.ts'
import type { CallNumber, CallView, MissedCall, Pop, WaitingCaller } from './contract.ts'
import type { JournalEntry } from './journal-entry.ts'
import type { calls } from './tables.ts'
import { parseNumber } from './phone-number.ts'
import { buildPop } from './pop.ts'
import {
  cleanName,
  factsOf,
  isWaiting,
  numberColumns,
  numberOf,
  secondsBetween,
  viewOf,
} from './call-view.ts'

export type CallRow = typeof calls.$inferSelect

export interface CallStore {
  find(id: string): CallRow | undefined
  save(row: CallRow): void
  appendEvent(callId: string, at: string, type: string, operatorId: number | null): void
  open(): CallRow[]
  ofNumber(e164: string, limit: number): CallRow[]
  ofNumberSince(e164: string, since: string): Pick<CallRow, 'id' | 'direction' | 'outcome'>[]
  missed(): CallRow[]
  markMissedDone(where: { callId: string } | { e164: string }, at: string, personId: number | null): number
  ofTicket(ticketId: number): CallRow[]
  /** `operatorId` limits to that operator's calls and those nobody took. */
  page(offset: number, limit: number, operatorId: number | null): { items: CallRow[]; total: number }
}

/** What consoles are told. */
export interface CallNotices {
  pop(operatorId: number, pop: Pop): void
  popClosed(
    operatorId: number,
    callId: string,
    reason: 'answered' | 'answeredElsewhere' | 'noAnswer' | 'callerGone',
    operatorName: string | null,
  ): void
  call(operatorId: number, view: CallView): void
  waiting(callers: WaitingCaller[]): void
  missed(calls: MissedCall[]): void
}

/** First sight of a call: the citizen's channel and what the network said of it. */
export interface Arrival {
  readonly callId: string
  readonly direction: 'in' | 'out'
  readonly from: string
  readonly name: string
  readonly line: string
  readonly noticeVersion: string | null
  readonly recording: string | null
  readonly training: boolean
  readonly operatorId: number | null
  readonly ticketCode: string | null
}

export interface CallDeps {
  readonly store: CallStore
  readonly tickets: Pick<
    Tickets,
    'openForCall' | 'recordUnanswered' | 'linkCall' | 'noteCall' | 'callerFacts'
  >
  readonly recordings: Pick<Recordings, 'expect' | 'collect'>
  readonly presence: Pick<PresenceService, 'callStarted' | 'callEnded'>
  readonly nameOf: (personId: number) => string | null
  readonly voicemailOf: (callId: string) => number | null
  readonly notices: CallNotices
  /** The PBX may forget the entry: everything in it is committed here. */
  readonly acknowledge: (callId: string) => void
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly areaCode: string
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

export interface Calls {
  arrived(arrival: Arrival, at: Date): void
  event(callId: string, event: CallEvent, at: Date, facts?: CallFactsUpdate): void
  /** Who let go of a connected call, as app_queue saw it. */
  noteRelease(callId: string, by: 'caller' | 'operator'): void
  /** An operator's phone put the citizen on hold, or took them back. `linkedId` names the call, or the operator's own leg. */
  operatorHeld(linkedId: string, operatorId: number | null, held: boolean, at: Date): void
  /** A channel is gone: the citizen's ends the call, the operator's begins the wrap-up. */
  channelGone(uniqueId: string, operatorId: number | null, linkedId: string, at: Date): void
  /** Applies a journal entry, in order and idempotently; an ended one is acknowledged after its commit. */
  replay(entry: JournalEntry): void
  /** Ends calls of ours that the PBX no longer has and of which no journal is left. */
  endMissing(aliveCallIds: ReadonlySet<string>): number
  find(id: string): CallView | undefined
  view(row: CallRow): CallView
  page(offset: number, limit: number, operatorId: number | null): { items: CallView[]; total: number }
  ofTicket(ticketId: number): CallView[]
  waiting(): WaitingCaller[]
  missed(): MissedCall[]
  missedDone(callId: string, personId: number): void
  popsOf(operatorId: number): Pop[]
  /** The call an operator is in, or was last in while still wrapping it up. */
  current(operatorId: number): CallView | null
  /** Facts for the recording's row. */
  recordingFacts(callId: string):
    | {
        numberDisplay: string
        operatorId: number | null
        operatorName: string | null
        ticketCode: string | null
        endedAt: string | null
      }
    | undefined
}

/** Facts that come with an event and are stored with it. */
export interface CallFactsUpdate {
  readonly endedBy?: 'caller' | 'operator' | 'system'
  readonly voicemailRecording?: string | null
  readonly callbackNumber?: string | null
}

interface LiveCall {
  row: CallRow
  /** Operators whose phones ring for it, since when. */
  readonly ringing: Map<number, string>
}

const LAST_CALLS = 5

/** Calls from first ring to ticket: one event at a time, decide, write down, then act. */
export function createCalls(deps: CallDeps): Calls {
  const { store, tickets, recordings, presence, notices, now, log } = deps
  const view = (row: CallRow) => viewOf(deps.nameOf, row)
  const live = new Map<string, LiveCall>()
  /** Last call of each operator in this process, for the wrap-up's screen. */
  const lastOf = new Map<number, string>()
  for (const row of store.open()) live.set(row.id, { row, ringing: new Map() })

  function arrived(arrival: Arrival, at: Date): void {
    if (load(arrival.callId) !== undefined) return
    const number = parseNumber(arrival.from, deps.areaCode)
    const row: CallRow = {
      id: arrival.callId,
      direction: arrival.direction,
      state: arrival.direction === 'in' ? 'arriving' : 'dialing',
      outcome: null,
      numberRaw: number.raw,
      numberE164: number.e164,
      numberDisplay: number.display,
      numberKind: number.kind,
      callerName: cleanName(arrival.name, number),
      line: arrival.line.slice(0, 40),
      training: arrival.training,
      noticeVersion: arrival.noticeVersion,
      recording: arrival.recording,
      voicemailRecording: null,
      callbackAt: null,
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
    const call: LiveCall = { row, ringing: new Map() }
    deps.transaction(() => {
      store.save(row)
      store.appendEvent(row.id, row.startedAt, 'arrived', arrival.operatorId)
      if (row.recording !== null) expectRecording(row, 'call', row.recording)
      if (row.direction === 'out' && row.operatorId !== null) {
        const linked =
          arrival.ticketCode === null
            ? undefined
            : tickets.linkCall(arrival.ticketCode, row.id, row.operatorId)
        const ticket = linked ?? tickets.openForCall(factsOf(row), row.operatorId)
        call.row = { ...row, ticketId: ticket.id, ticketCode: ticket.code }
        store.save(call.row)
      }
    })
    live.set(row.id, call)
    if (row.direction === 'out' && row.operatorId !== null) {
      lastOf.set(row.operatorId, row.id)
      presence.callStarted(row.operatorId, row.id)
      notices.call(row.operatorId, view(call.row))
    }
  }

  function event(callId: string, event: CallEvent, at: Date, facts: CallFactsUpdate = {}): void {
    const call = load(callId)
    if (call === undefined) {
      log.warn({ callId, event: event.type }, 'event of a call never seen; the next resync brings it')
      return
    }
    const before = call.row
    const step = stepCall(before.state, event.type)
    if (!step.handled) {
      log.info({ callId, state: before.state, event: event.type }, 'event has no edge')
      return
    }
    if (event.type === 'offered') call.ringing.set(event.operatorId, at.toISOString())
    if (event.type === 'offerEnded') {
      closePop(call, event.operatorId, 'noAnswer')
      if (call.ringing.size > 0) return
    }
    const after = apply(before, step.state, event, at, facts)
    call.row = deps.transaction(() => {
      const filed = file(after, step.effects)
      store.save(filed)
      store.appendEvent(callId, at.toISOString(), event.type, 'operatorId' in event ? event.operatorId : null)
      return filed
    })
    act(call, before, event, step.effects)
  }

  /** The row after an event: later facts never overwrite earlier ones. */
  function apply(
    row: CallRow,
    state: CallRow['state'],
    event: CallEvent,
    at: Date,
    facts: CallFactsUpdate,
  ): CallRow {
    const iso = at.toISOString()
    const next: CallRow = { ...row, state, endedBy: row.endedBy ?? facts.endedBy ?? null }
    switch (event.type) {
      case 'queued':
        return { ...next, queuedAt: row.queuedAt ?? iso }
      case 'connected':
        return {
          ...next,
          answeredAt: row.answeredAt ?? iso,
          operatorId: event.operatorId ?? row.operatorId,
          endedBy: null,
        }
      case 'callbackAsked': {
        const number =
          facts.callbackNumber == null ? undefined : parseNumber(facts.callbackNumber, deps.areaCode)
        // A caller without a number keyed one in: from now on that is where we ring back.
        const keyed = row.numberE164 === null && number?.e164 != null ? numberColumns(number) : {}
        return { ...next, ...keyed, callbackAt: iso }
      }
      case 'messageStarted':
        return { ...next, voicemailRecording: facts.voicemailRecording ?? row.voicemailRecording }
      case 'ended':
        return {
          ...next,
          endedAt: iso,
          outcome: outcomeOf({
            direction: row.direction,
            // Lost by the operator and back in the queue when they gave up: somebody must ring back.
            answered: row.answeredAt !== null && row.state !== 'queued' && row.state !== 'ringing',
            callbackAsked: row.callbackAt !== null,
            messageLeft: row.voicemailRecording !== null,
          }),
        }
      default:
        return next
    }
  }

  /** The writing effects: all in the call's own transaction. */
  function file(row: CallRow, effects: readonly CallEffect[]): CallRow {
    let filed = row
    for (const effect of effects) {
      if (effect === 'openTicket' && filed.ticketId === null) {
        // Without an operator for a phone that is nobody's here: the scripted operator's, or one of the PBX's own.
        const ticket = tickets.openForCall(factsOf(filed), filed.operatorId)
        filed = { ...filed, ticketId: ticket.id, ticketCode: ticket.code }
        // A test call under a citizen's number rings nobody back (R084).
        if (filed.numberE164 !== null && !filed.training)
          store.markMissedDone(
            { e164: filed.numberE164 },
            filed.answeredAt ?? filed.startedAt,
            filed.operatorId,
          )
      }
      if (effect === 'fileUnanswered') {
        const reason = filed.outcome === null || filed.outcome === 'answered' ? 'abandoned' : filed.outcome
        const ticket = tickets.recordUnanswered(factsOf(filed), reason, filed.endedAt ?? now().toISOString())
        filed = { ...filed, ticketId: ticket.id, ticketCode: ticket.code }
        if (filed.voicemailRecording !== null) expectRecording(filed, 'voicemail', filed.voicemailRecording)
      }
      if (effect === 'noteEnd') {
        // An answered call without its ticket (the service was away): it gets one now, exactly once.
        if (filed.ticketId === null) {
          const ticket =
            filed.operatorId === null && filed.outcome !== 'answered'
              ? tickets.recordUnanswered(factsOf(filed), 'abandoned', filed.endedAt ?? now().toISOString())
              : tickets.openForCall(factsOf(filed), filed.operatorId)
          filed = { ...filed, ticketId: ticket.id, ticketCode: ticket.code }
        }
        tickets.noteCall(filed.id, 'callEnded', {
          outcome: filed.outcome,
          endedBy: filed.endedBy,
          seconds: secondsBetween(filed.answeredAt, filed.endedAt),
        })
        if (filed.direction === 'out' && filed.outcome === 'answered' && filed.numberE164 !== null) {
          store.markMissedDone({ e164: filed.numberE164 }, filed.startedAt, filed.operatorId)
        }
      }
    }
    return filed
  }

  /** The telling effects, after the commit. */
  function act(call: LiveCall, before: CallRow, event: CallEvent, effects: readonly CallEffect[]): void {
    const { row } = call
    for (const effect of effects) {
      switch (effect) {
        case 'showPop':
          if (event.type === 'offered')
            notices.pop(event.operatorId, buildPop(deps, call.row, call.ringing.get(event.operatorId)))
          break
        case 'closePop':
          for (const operatorId of [...call.ringing.keys()]) {
            closePop(call, operatorId, closeReason(event, operatorId))
          }
          break
        case 'operatorBusy':
          if (row.operatorId !== null) {
            lastOf.set(row.operatorId, row.id)
            presence.callStarted(row.operatorId, row.id)
          }
          break
        case 'operatorDone':
          if (row.operatorId !== null) presence.callEnded(row.operatorId, row.id)
          break
        case 'collectRecordings':
          void recordings.collect(row.id)
          break
        case 'openTicket':
        case 'fileUnanswered':
        case 'noteEnd':
          break
      }
    }
    if (row.operatorId !== null) notices.call(row.operatorId, view(row))
    if (isWaiting(before) !== isWaiting(row)) notices.waiting(waiting())
    if (row.state === 'ended') {
      live.delete(row.id)
      deps.acknowledge(row.id)
      notices.missed(missed())
    } else if (event.type === 'connected' && row.numberE164 !== null) {
      notices.missed(missed())
    }
  }

  function closePop(
    call: LiveCall,
    operatorId: number,
    reason: 'answered' | 'answeredElsewhere' | 'noAnswer' | 'callerGone',
  ): void {
    if (!call.ringing.delete(operatorId)) return
    const taker = call.row.operatorId === null ? null : deps.nameOf(call.row.operatorId)
    notices.popClosed(operatorId, call.row.id, reason, reason === 'answeredElsewhere' ? taker : null)
  }

  function runningOf(operatorId: number | null): string | undefined {
    for (const [id, { row }] of live) if (operatorId !== null && row.operatorId === operatorId) return id
    return undefined
  }

  function load(callId: string): LiveCall | undefined {
    const known = live.get(callId)
    if (known !== undefined) return known
    const row = store.find(callId)
    return row === undefined ? undefined : { row, ringing: new Map() }
  }

  function expectRecording(row: CallRow, kind: 'call' | 'voicemail', base: string): void {
    recordings.expect({ callId: row.id, kind, base, startedAt: row.startedAt, training: row.training })
  }

  function waiting(): WaitingCaller[] {
    return [...live.values()]
      .filter(({ row }) => isWaiting(row))
      .map(({ row }) => ({
        callId: row.id,
        display: row.numberDisplay,
        since: row.queuedAt ?? row.startedAt,
        training: row.training,
      }))
      .sort((a, b) => a.since.localeCompare(b.since))
  }

  function missed(): MissedCall[] {
    const lines = new Map<string, MissedCall>()
    for (const row of store.missed()) {
      const key = row.numberE164 ?? row.id
      const line = lines.get(key)
      if (line !== undefined) {
        lines.set(key, { ...line, times: line.times + 1 })
        continue
      }
      lines.set(key, {
        callId: row.id,
        at: row.endedAt ?? row.startedAt,
        reason: row.outcome === 'callback' || row.outcome === 'voicemail' ? row.outcome : 'abandoned',
        number: numberOf(row),
        callerName: row.callerName,
        ticketCode: row.ticketCode,
        recordingId: row.outcome === 'voicemail' ? deps.voicemailOf(row.id) : null,
        times: 1,
      })
    }
    return [...lines.values()]
  }

  return {
    arrived,
    event,
    noteRelease(callId, by) {
      const call = live.get(callId)
      if (call === undefined || call.row.endedBy !== null) return
      call.row = { ...call.row, endedBy: by }
    },
    operatorHeld(linkedId, operatorId, held, at) {
      const callId = live.has(linkedId) ? linkedId : runningOf(operatorId)
      if (callId !== undefined) event(callId, { type: held ? 'held' : 'unheld' }, at)
    },
    channelGone(uniqueId, operatorId, linkedId, at) {
      if (live.has(uniqueId)) {
        event(uniqueId, { type: 'ended' }, at)
        return
      }
      const call = operatorId === null ? undefined : live.get(linkedId)
      if (call?.row.operatorId === operatorId && call?.row.state !== 'dialing') {
        event(linkedId, { type: 'operatorLeft' }, at)
      }
    },
    replay(entry) {
      arrived({ ...entry, operatorId: entry.direction === 'out' ? entry.operatorId : null }, entry.arrivedAt)
      if (entry.queuedAt !== null && entry.direction === 'in')
        event(entry.callId, { type: 'queued' }, entry.queuedAt)
      if (entry.connectedAt !== null) {
        event(entry.callId, { type: 'connected', operatorId: entry.operatorId }, entry.connectedAt)
      }
      if (entry.callbackAt !== null) {
        event(entry.callId, { type: 'callbackAsked' }, entry.callbackAt, {
          callbackNumber: entry.callbackNumber,
        })
      }
      if (entry.voicemailAt !== null) {
        event(entry.callId, { type: 'messageStarted' }, entry.voicemailAt, {
          voicemailRecording: entry.voicemailRecording,
        })
      }
      if (entry.endedAt === null) return
      event(entry.callId, { type: 'ended' }, entry.endedAt)
      // Ended before, acknowledgement lost: say it again.
      if (store.find(entry.callId)?.state === 'ended') deps.acknowledge(entry.callId)
    },
    endMissing(aliveCallIds) {
      const gone = [...live.keys()].filter((id) => !aliveCallIds.has(id))
      for (const id of gone) event(id, { type: 'ended' }, now(), { endedBy: 'system' })
      return gone.length
    },
    find(id) {
      const row = load(id)?.row
      return row === undefined ? undefined : view(row)
    },
    view,
    page(offset, limit, operatorId) {
      const { items, total } = store.page(offset, limit, operatorId)
      return { items: items.map(view), total }
    },
    ofTicket: (ticketId) => store.ofTicket(ticketId).map(view),
    waiting,
    missed,
    missedDone(callId, personId) {
      const row = store.find(callId)
      if (row === undefined) throw new AppError('notFound', 'CALL_NOT_FOUND', 'no such call')
      const where = row.numberE164 === null ? { callId } : { e164: row.numberE164 }
      store.markMissedDone(where, now().toISOString(), personId)
      notices.missed(missed())
    },
    popsOf: (operatorId) =>
      [...live.values()]
        .filter(({ ringing }) => ringing.has(operatorId))
        .map((call) => buildPop(deps, call.row, call.ringing.get(operatorId))),
    current(operatorId) {
      for (const { row } of live.values()) {
        if (row.operatorId === operatorId && row.state !== 'ended') return view(row)
      }
      const lastId = lastOf.get(operatorId)
      const row = lastId === undefined ? undefined : store.find(lastId)
      return row === undefined ? null : view(row)
    },
    recordingFacts(callId) {
      const row = load(callId)?.row
      if (row === undefined) return undefined
      const { numberDisplay, operatorId, ticketCode, endedAt } = row
      return {
        endedAt,
        numberDisplay,
        operatorId,
        operatorName: operatorId === null ? null : deps.nameOf(operatorId),
        ticketCode,
      }
    },
  }
}

function closeReason(event: CallEvent, operatorId: number): 'answered' | 'answeredElsewhere' | 'callerGone' {
  if (event.type !== 'connected') return 'callerGone'
  return event.operatorId === operatorId ? 'answered' : 'answeredElsewhere'
}
