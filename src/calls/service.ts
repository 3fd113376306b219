import { type MomentRange } from '../platform/day-range.ts'
import { AppError } from '../platform/errors.ts'
import type { Writing } from '../platform/writing.ts'
import type { PresenceService } from '../presence/service.ts'
import type { TicketsService as Tickets } from '../tickets/service.ts'
import type { Recordings } from '../recordings/service.ts'
import { missedOf, waitingOf } from './call-lists.ts'
import {
  type CallEffect,
  type CallEvent,
  type CallEventType,
  isWithOperator,
  stepCall,
} from './call-machine.ts'
import { rowAfter, rowOf, rowWithLate } from './call-row.ts'
import { factsOf, isWaiting, numberOf, reachOf, viewFor, viewOf } from './call-view.ts'
import type { CallView, MissedCall, Pop, WaitingCaller, WholeNumber } from './contract.ts'
import { createFiling } from './filing.ts'
import type { JournalEntry, JournalStep } from './journal-entry.ts'
import type { calls } from './tables.ts'
import { buildPop } from './pop.ts'

export type CallRow = typeof calls.$inferSelect
/** Of a call nobody took, whether its case is confidential. */
export type MissedRow = CallRow & { readonly isConfidential: boolean }

/** Which calls a list is of: those that began in a time, of everybody or of one operator with those that nobody took. */
export interface CallFilter extends MomentRange {
  readonly operatorId: number | null
}

export interface CallStore {
  find(id: string): CallRow | undefined
  /** Where it is known what the table holds of the call, only what differs is written: each column more costs its indexes. */
  save(row: CallRow, stored?: CallRow): void
  appendEvent(callId: string, at: string, type: string, operatorId: number | null): void
  /** In the order they were written. */
  eventsOf(callId: string): { at: string; type: string; operatorId: number | null }[]
  /** The latest of the events that move a call between waiting and talking. */
  lastMove(callId: string): { at: string; type: string } | undefined
  open(): CallRow[]
  ofNumber(e164: string, limit: number): CallRow[]
  ofNumberSince(e164: string, since: string): Pick<CallRow, 'id' | 'direction' | 'outcome'>[]
  missed(): MissedRow[]
  /** Those that began by `at`. */
  markMissedDone(where: { callId: string } | { e164: string }, at: string, personId: number | null): number
  /** When somebody spoke with this number at or after that; null if nobody did. */
  answeredAfter(e164: string, after: string): string | null
  ofTicket(ticketId: number): CallRow[]
  page(filter: CallFilter, offset: number, limit: number): { items: CallRow[]; total: number }
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
  /** A list is made when it is sent: in a rush it changes with every call. */
  waiting(callers: () => WaitingCaller[]): void
  missed(calls: () => MissedCall[]): void
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
  /** Whom a transfer of this call rang in vain, or whose line was lost, before it came back to the queue. */
  readonly triedAgency: (callId: string) => { readonly label: string; readonly isReached: boolean } | null
  readonly recordings: Pick<Recordings, 'expect' | 'collect'>
  readonly presence: Pick<PresenceService, 'callStarted' | 'callEnded' | 'everyone'>
  readonly nameOf: (personId: number) => string | null
  readonly voicemailOf: (callId: string) => number | null
  readonly notices: CallNotices
  /** The PBX may forget the entry: everything in it is committed here. */
  readonly acknowledge: (callId: string) => void
  readonly writing: Writing
  readonly now: () => Date
  readonly areaCode: string
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

export interface Calls {
  /** Takes up the calls that the process before was in. Once, after presence, before all else. */
  restore(): void
  arrived(arrival: Arrival, at: Date): void
  event(callId: string, event: CallEvent, at: Date, facts?: CallFactsUpdate): void
  /** Who let go of a connected call, as app_queue saw it. */
  noteRelease(callId: string, by: 'caller' | 'operator' | 'agency'): void
  /** An operator's phone put the citizen on hold, or took them back. `linkedId` names the call, or the operator's own leg. */
  operatorHeld(linkedId: string, operatorId: number | null, held: boolean, at: Date): void
  /** A channel is gone: the citizen's ends the call, the operator's begins the wrap-up. */
  channelGone(uniqueId: string, operatorId: number | null, linkedId: string, at: Date): void
  /** Applies a journal entry, in order and idempotently; an ended one is acknowledged after its commit. */
  replay(entry: JournalEntry): void
  /**
   * Files calls that began and ended unseen, all in one transaction; each is acknowledged after its commit. Answers those
   * that were not known to be over. Throws where one cannot be written; then none of them is.
   */
  rebuild(entries: readonly JournalEntry[]): JournalEntry[]
  /** Is it one of those that run, as far as we know? */
  isLive(callId: string): boolean
  /** How many calls there are just now. */
  running(): number
  /** Ends calls of ours that the PBX no longer has and of which no journal is left; frees operators of calls that are over. */
  endMissing(aliveCallIds: ReadonlySet<string>): number
  /** The phones that ring now, by call: pops of all others close, missing ones open. */
  ringingNow(ringing: ReadonlyMap<string, ReadonlySet<number>>, at: Date): void
  find(id: string): CallView | undefined
  view(row: CallRow): CallView
  page(filter: CallFilter, offset: number, limit: number): { items: CallView[]; total: number }
  ofTicket(ticketId: number): CallView[]
  /** What happened in a call, in the order we learnt it. */
  steps(callId: string): { at: string; type: string; operatorId: number | null }[]
  waiting(): WaitingCaller[]
  missed(): MissedCall[]
  missedDone(callId: string, personId: number): void
  popsOf(operatorId: number): Pop[]
  /** The call an operator is in, or was last in while still wrapping it up. */
  current(operatorId: number): CallView | null
  /** For whoever is shown the whole of a number (number-reveal.ts). */
  numbersOf(callId: string): (WholeNumber & { ticketCode: string | null }) | undefined
  /** Facts for the recording's row. */
  recordingFacts(callId: string):
    | {
        numberDisplay: string
        answered: boolean
        operatorId: number | null
        operatorName: string | null
        ticketCode: string | null
        endedAt: string | null
      }
    | undefined
}

/** Facts that come with an event and are stored with it. */
export interface CallFactsUpdate {
  readonly endedBy?: 'caller' | 'operator' | 'agency' | 'system'
  readonly voicemailRecording?: string | null
  readonly callbackNumber?: string | null
}

/** Events of the dialplan that move a call; told late or twice they must not move it back. */
export const MOVING_EVENTS = [
  'queued',
  'connected',
  'transferred',
  'callbackAsked',
  'messageStarted',
] as const
const isMoving = (type: CallEventType): boolean => (MOVING_EVENTS as readonly string[]).includes(type)

interface LiveCall {
  row: CallRow
  /** As it was last written; undefined before. */
  stored: CallRow | undefined
  /** Operators whose phones ring for it, since when. */
  readonly ringing: Map<number, string>
  lastMove: { readonly at: string; readonly type: string } | undefined
  /** Its operator's console has been shown it. */
  told: boolean
}

interface Telling {
  /** The call is long over: nobody becomes busy by it, and no console changes what it shows. */
  readonly past: boolean
}

/** Calls from first ring to ticket: one event at a time, decide, write down, then act. */
export function createCalls(deps: CallDeps): Calls {
  const { store, tickets, recordings, presence, notices, writing, now, log, areaCode } = deps
  const filing = createFiling(deps)
  const view = (row: CallRow) => viewOf(deps.nameOf, row)
  const live = new Map<string, LiveCall>()
  /** Last call of each operator, for the wrap-up's screen. */
  const lastOf = new Map<number, string>()
  /** Operators who are told something when the open transaction is committed: what comes later is told after that. */
  const listening = new Set<number>()
  /** Many calls that are over are filed in one transaction. */
  let isRebuilding = false

  function arrived(arrival: Arrival, at: Date, { past }: Telling = { past: false }): void {
    if (load(arrival.callId) !== undefined) return
    const row = rowOf(arrival, at, areaCode)
    const call: LiveCall = { row, stored: undefined, ringing: new Map(), lastMove: undefined, told: false }
    writing.transaction(() => {
      keep(row.id)
      live.set(row.id, call)
      // Of many calls at once only the last word of each is written, with its end: it is the same transaction.
      if (!isRebuilding) save(call, row)
      store.appendEvent(row.id, row.startedAt, 'arrived', arrival.operatorId)
      if (row.recording !== null) filing.expectRecording(row, 'call', row.recording)
      if (row.direction === 'out' && row.operatorId !== null) {
        const linked =
          arrival.ticketCode === null
            ? undefined
            : tickets.linkCall(arrival.ticketCode, row.id, row.operatorId)
        const ticket = linked ?? tickets.openForCall(factsOf(row, areaCode), row.operatorId)
        call.row = { ...row, ticketId: ticket.id, ticketCode: ticket.code }
        save(call, call.row)
        if (!past) {
          const shown = view(call.row)
          busy(call, row.operatorId)
          say(row.operatorId, (operatorId) => {
            notices.call(operatorId, shown)
          })
        }
      }
    })
  }

  function event(
    callId: string,
    event: CallEvent,
    at: Date,
    facts: CallFactsUpdate = {},
    telling: Telling = { past: false },
  ): void {
    const call = load(callId)
    if (call === undefined) {
      log.warn({ callId, event: event.type }, 'event of a call never seen; the journal brings it')
      return
    }
    const before = call.row
    const how = { iso: at.toISOString(), facts, areaCode }
    if (before.state !== 'ended' && isLate(call, event.type, how.iso)) {
      const kept = rowWithLate(before, event, how)
      keep(callId)
      if (kept !== before) save(call, kept)
      call.row = kept
      return
    }
    const step = stepCall(before.state, event.type)
    if (!step.handled) {
      log.info({ callId, state: before.state, event: event.type }, 'event has no edge')
      return
    }
    // Taken back, it is as if it had not been told; the next comparison with the PBX tells it again.
    writing.transaction(() => {
      keep(callId)
      if (event.type === 'offered') call.ringing.set(event.operatorId, how.iso)
      if (event.type === 'offerEnded') {
        closePop(call, event.operatorId, 'noAnswer')
        if (call.ringing.size > 0) return
      }
      // The phone rings already, and what a pop says is not in what is written now: the one who must answer does not wait for it.
      if (event.type === 'offered' && step.effects.includes('showPop')) showPop(call, event.operatorId)
      const filed = filing.file(rowAfter(before, step.state, event, how), step.effects)
      if (!isRebuilding || filed.state === 'ended') save(call, filed)
      store.appendEvent(callId, how.iso, event.type, 'operatorId' in event ? event.operatorId : null)
      call.row = filed
      if (isMoving(event.type)) call.lastMove = { at: how.iso, type: event.type }
      act(call, before, event, { effects: step.effects, ...telling })
    })
  }

  function save(call: LiveCall, row: CallRow): void {
    store.save(row, call.stored)
    call.stored = row
  }

  /** What follows for operators, in the same transaction; whoever is told of it is told after its commit. */
  function act(
    call: LiveCall,
    before: CallRow,
    event: CallEvent,
    { effects, past }: Telling & { effects: readonly CallEffect[] },
  ): void {
    const { row } = call
    for (const effect of effects) {
      switch (effect) {
        case 'closePop':
          for (const operatorId of [...call.ringing.keys()]) {
            closePop(call, operatorId, closeReason(event, operatorId))
          }
          break
        case 'operatorBusy':
          if (row.operatorId !== null && !past) busy(call, row.operatorId)
          break
        case 'operatorDone':
          if (row.operatorId !== null) presence.callEnded(row.operatorId, row.id)
          break
        case 'collectRecordings':
          // Of many calls at once the sweep collects them, one after the other.
          if (!isRebuilding) writing.afterCommit(() => void collect(row.id))
          break
        case 'showPop': // shown before it is written
        case 'openTicket':
        case 'fileUnanswered':
        case 'noteEnd':
          break
      }
    }
    if (before.operatorId !== null && before.operatorId !== row.operatorId) {
      presence.callEnded(before.operatorId, row.id)
      tell(call, before.operatorId)
    }
    const theirs = isWithOperator(before.state) || isWithOperator(row.state)
    if (row.operatorId !== null && theirs && (!past || (row.state === 'ended' && call.told))) {
      tell(call, row.operatorId)
    }
    if (isWaiting(before) !== isWaiting(row)) {
      writing.afterCommit(() => {
        notices.waiting(waiting)
      })
    }
    if (row.state === 'ended') {
      live.delete(row.id)
      acknowledge(row.id)
    }
    if (
      (row.state === 'ended' || (effects.includes('openTicket') && row.numberE164 !== null)) &&
      !isRebuilding
    )
      writing.afterCommit(() => {
        notices.missed(missed)
      })
  }

  function acknowledge(callId: string): void {
    writing.afterCommit(() => {
      deps.acknowledge(callId)
    })
  }

  async function collect(callId: string): Promise<void> {
    try {
      await recordings.collect(callId)
    } catch (err) {
      log.warn({ callId, err }, 'recording not collected yet; the sweep tries again')
    }
  }

  /** What the open transaction changes of this call is forgotten, should it be taken back. */
  function keep(callId: string): void {
    const call = live.get(callId)
    const kept = call === undefined ? undefined : { ...call, ringing: new Map(call.ringing) }
    writing.onRollback(() => {
      if (kept === undefined) live.delete(callId)
      else live.set(callId, kept)
    })
  }

  function busy(call: LiveCall, operatorId: number): void {
    const last = lastOf.get(operatorId)
    call.told = true
    lastOf.set(operatorId, call.row.id)
    writing.onRollback(() => {
      if (last === undefined) lastOf.delete(operatorId)
      else lastOf.set(operatorId, last)
    })
    presence.callStarted(operatorId, call.row.id)
  }

  /** To an operator, when it is true. */
  function say(operatorId: number, what: (operatorId: number) => void): void {
    const heard = () => listening.delete(operatorId)
    listening.add(operatorId)
    writing.onRollback(heard)
    writing.afterCommit(() => {
      heard()
      what(operatorId)
    })
  }

  function tell({ row }: LiveCall, operatorId: number): void {
    const shown = viewFor(deps.nameOf, row, operatorId, now().toISOString())
    say(operatorId, () => {
      notices.call(operatorId, shown)
    })
  }

  /** At once; where its operator is to hear of something else first, after that. */
  function showPop(call: LiveCall, operatorId: number): void {
    const pop = buildPop(deps, call.row, call.ringing.get(operatorId))
    if (listening.has(operatorId)) {
      say(operatorId, () => {
        notices.pop(operatorId, pop)
      })
      return
    }
    writing.onRollback(() => {
      notices.popClosed(operatorId, pop.callId, 'noAnswer', null)
    })
    notices.pop(operatorId, pop)
  }

  function closePop(
    call: LiveCall,
    operatorId: number,
    reason: 'answered' | 'answeredElsewhere' | 'noAnswer' | 'callerGone',
  ): void {
    if (!call.ringing.delete(operatorId)) return
    const taker = call.row.operatorId === null ? null : deps.nameOf(call.row.operatorId)
    say(operatorId, () => {
      notices.popClosed(operatorId, call.row.id, reason, reason === 'answeredElsewhere' ? taker : null)
    })
  }

  function runningOf(operatorId: number | null): string | undefined {
    for (const [id, { row }] of live) {
      if (operatorId !== null && row.operatorId === operatorId && isWithOperator(row.state)) return id
    }
    return undefined
  }

  function load(callId: string): LiveCall | undefined {
    const known = live.get(callId)
    if (known !== undefined) return known
    const row = store.find(callId)
    if (row === undefined) return undefined
    return { row, stored: row, ringing: new Map(), lastMove: undefined, told: false }
  }

  const waiting = (): WaitingCaller[] => waitingOf([...live.values()].map(({ row }) => row))
  const missed = (): MissedCall[] => missedOf(store.missed(), areaCode, deps.voicemailOf)

  /** Somebody on a call that is over, or that another has: the process died between two writes. */
  function freeOperators(): void {
    for (const [personId, { state, callId }] of presence.everyone()) {
      if (state !== 'onCall' || callId === null) continue
      const row = live.get(callId)?.row
      if (row?.operatorId !== personId || !isWithOperator(row.state)) presence.callEnded(personId, callId)
    }
  }

  function replay(entry: JournalEntry): void {
    const { callId } = entry
    const past = { past: entry.endedAt !== null }
    arrived(
      { ...entry, operatorId: entry.direction === 'out' ? entry.operatorId : null },
      entry.arrivedAt,
      past,
    )
    for (const step of entry.steps) {
      event(callId, eventOf(step), step.at, factsOfStep(step), past)
    }
    if (entry.endedAt === null) return
    const facts = entry.endedBy === null ? {} : { endedBy: entry.endedBy }
    if (load(callId)?.row.state !== 'ended') event(callId, { type: 'ended' }, entry.endedAt, facts, past)
    // Ended before, acknowledgement lost: say it again.
    else acknowledge(callId)
  }

  return {
    restore() {
      for (const row of store.open()) {
        const lastMove = store.lastMove(row.id)
        live.set(row.id, { row, stored: row, ringing: new Map(), lastMove, told: true })
      }
      for (const [personId, { callId }] of presence.everyone())
        if (callId !== null) lastOf.set(personId, callId)
    },
    arrived,
    event,
    noteRelease(callId, by) {
      const call = live.get(callId)
      if (call === undefined || call.row.endedBy !== null) return
      // app_queue says of an operator who handed the call on that they let go of it.
      if (by !== 'caller' && (call.row.state === 'transferred') !== (by === 'agency')) return
      keep(callId)
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
      const row = operatorId === null ? undefined : live.get(linkedId)?.row
      if (row !== undefined && row.operatorId === operatorId && row.state !== 'dialing') {
        event(linkedId, { type: 'operatorLeft' }, at)
      }
    },
    replay,
    rebuild(entries) {
      let unknown: JournalEntry[] = []
      isRebuilding = true
      try {
        writing.transaction(() => {
          unknown = entries.filter(({ callId }) => store.find(callId)?.state !== 'ended')
          for (const entry of entries) replay(entry)
        })
      } finally {
        isRebuilding = false
      }
      if (unknown.length > 0) notices.missed(missed)
      return unknown
    },
    isLive: (callId) => live.has(callId),
    running: () => live.size,
    endMissing(aliveCallIds) {
      const gone = [...live.keys()].filter((id) => !aliveCallIds.has(id))
      for (const id of gone) event(id, { type: 'ended' }, now(), { endedBy: 'system' })
      freeOperators()
      return gone.length
    },
    ringingNow(ringing, at) {
      for (const call of [...live.values()]) {
        const now = ringing.get(call.row.id) ?? new Set<number>()
        for (const operatorId of now) {
          if (!call.ringing.has(operatorId)) event(call.row.id, { type: 'offered', operatorId }, at)
        }
        for (const operatorId of [...call.ringing.keys()]) {
          if (!now.has(operatorId)) event(call.row.id, { type: 'offerEnded', operatorId }, at)
        }
      }
    },
    find(id) {
      const row = load(id)?.row
      return row === undefined ? undefined : view(row)
    },
    view,
    page(filter, offset, limit) {
      const { items, total } = store.page(filter, offset, limit)
      return { items: items.map(view), total }
    },
    ofTicket: (ticketId) => store.ofTicket(ticketId).map(view),
    steps: (callId) => store.eventsOf(callId),
    waiting,
    missed,
    missedDone(callId, personId) {
      const row = store.find(callId)
      if (row === undefined) throw new AppError('notFound', 'CALL_NOT_FOUND', 'no such call')
      const { e164 } = reachOf(row, areaCode)
      const where = e164 === null ? { callId } : { e164 }
      store.markMissedDone(where, now().toISOString(), personId)
      notices.missed(missed)
    },
    popsOf: (operatorId) =>
      [...live.values()]
        .filter(({ ringing }) => ringing.has(operatorId))
        .map((call) => buildPop(deps, call.row, call.ringing.get(operatorId))),
    current(operatorId) {
      const id = runningOf(operatorId) ?? lastOf.get(operatorId)
      const row = id === undefined ? undefined : load(id)?.row
      return row === undefined ? null : viewFor(deps.nameOf, row, operatorId, now().toISOString())
    },
    numbersOf(callId) {
      const row = load(callId)?.row
      if (row === undefined) return undefined
      return { number: numberOf(row), reach: reachOf(row, areaCode), ticketCode: row.ticketCode }
    },
    recordingFacts(callId) {
      const row = load(callId)?.row
      if (row === undefined) return undefined
      const { numberDisplay, operatorId, ticketCode, endedAt, answeredAt } = row
      return {
        answered: answeredAt !== null,
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

/** An event older than the one that moved the call last, or that one again. */
function isLate({ lastMove }: LiveCall, type: CallEventType, at: string): boolean {
  if (lastMove === undefined || !isMoving(type)) return false
  return at < lastMove.at || (at === lastMove.at && type === lastMove.type)
}

function eventOf(step: JournalStep): CallEvent {
  return step.type === 'connected' ? { type: 'connected', operatorId: step.operatorId } : { type: step.type }
}

function factsOfStep(step: JournalStep): CallFactsUpdate {
  if (step.type === 'callbackAsked') return { callbackNumber: step.number }
  return step.type === 'messageStarted' ? { voicemailRecording: step.recording } : {}
}
