import type { AmiEvent } from '../asterisk/ami-client.ts'
import type { Writing } from '../platform/writing.ts'
import type { Journal } from './journal-ami.ts'
import { operatorOf } from './journal-entry.ts'
import type { Calls } from './service.ts'
import { fieldOf, instant, parseStage } from './stage-event.ts'

/** Events the service asks the PBX for; everything else stays in the PBX. */
export const CALL_EVENTS = [
  'UserEvent',
  'AgentCalled',
  'AgentConnect',
  'AgentComplete',
  'AgentRingNoAnswer',
  'QueueCallerAbandon',
  'Hangup',
  'HangupRequest',
  'Hold',
  'Unhold',
] as const

/** Ids remembered for a while; far more than can be on the way at once. */
const MAX_REMEMBERED = 1_000

export interface CallEventsDeps {
  readonly calls: Calls
  readonly journal: Pick<Journal, 'one'>
  readonly writing: Writing
  readonly now: () => Date
  /** The call whose transfer this leg is the agency's of. */
  readonly callOfAgency?: (leg: string) => string | undefined
  /** The call is being transferred, or that leg left the queue for a transfer: whoever else lets go, the citizen's call goes on. */
  readonly isTransferring?: (callId: string, leg: string) => boolean
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void }
  /** A write failed: what the PBX keeps in its journal must be taken up again. */
  readonly onFailure: () => void
}

export interface CallEvents {
  /** One event of the PBX, in order. Never throws. */
  take(event: AmiEvent): void
  /**
   * Events that came together, in order and in one transaction: in a rush a commit costs more than what is written. Where one of them
   * cannot be taken all are taken back, and taken one by one up to that one. `taken` is called after each. Never throws.
   */
  takeTogether(events: readonly AmiEvent[], taken: (event: AmiEvent) => void): void
}

/** Turns events of app_queue, the dialplan and channels into events of calls. Every field may be missing or wrong. */
export function createCallEvents(deps: CallEventsDeps): CallEvents {
  const { calls, journal, writing, now, log, onFailure } = deps
  const { callOfAgency = () => undefined, isTransferring = () => false } = deps
  /** Legs that gave their place to another. */
  const swapped = new Set<string>()
  /** Calls of the PBX that are none of the hotline's: they have no row. */
  const foreign = new Set<string>()
  /** Events of calls whose first word we missed, kept while their journal row is fetched. */
  const fetching = new Map<string, (() => void)[]>()

  function take(event: AmiEvent): boolean {
    return guarded(event.name, () => {
      route(event)
    })
  }

  function guarded(name: string, work: () => void): boolean {
    try {
      work()
      return true
    } catch (err) {
      failed(name, err)
      return false
    }
  }

  function failed(name: string, err: unknown): void {
    log.error({ err, event: name }, 'a call event could not be taken; the journal keeps it')
    onFailure()
  }

  function takeTogether(events: readonly AmiEvent[], taken: (event: AmiEvent) => void): void {
    const group = { isWritten: false }
    try {
      writing.transaction(() => {
        writing.afterCommit(() => {
          group.isWritten = true
        })
        for (const event of events) {
          route(event)
          taken(event)
        }
      })
    } catch (err) {
      if (group.isWritten) failed('several', err)
      else takeEach(events, taken)
    }
  }

  /** What follows one that could not be taken is left to the journal, as it is when the line is made anew. */
  function takeEach(events: readonly AmiEvent[], taken: (event: AmiEvent) => void): void {
    for (const event of events) {
      const isTaken = take(event)
      taken(event)
      if (!isTaken) return
    }
  }

  function route(event: AmiEvent): void {
    const field = (name: string) => fieldOf(event.fields, name)
    const at = instant(event.at, now())
    const linked = field('linkedid')
    const member = () => operatorOf(field('membername')) ?? operatorOf(field('interface'))
    switch (event.name) {
      case 'UserEvent':
        if (field('userevent') === 'Hotline') stage(event, at)
        return
      case 'AgentCalled': {
        const operatorId = member()
        if (operatorId !== null) tell(field('uniqueid'), { type: 'offered', operatorId }, at)
        return
      }
      case 'AgentRingNoAnswer': {
        const operatorId = member()
        if (operatorId !== null) tell(field('uniqueid'), { type: 'offerEnded', operatorId }, at)
        return
      }
      case 'AgentConnect':
        // The dialplan told it a moment ago (hotline-member); this is for a queue that runs no subroutine.
        if (!isTalkingWith(field('uniqueid'), member()))
          tell(field('uniqueid'), { type: 'connected', operatorId: member() }, at)
        return
      case 'AgentComplete':
        // The reason says who let go. A leg swapped after a page reload also completes, and nobody let go. Of a leg that is gone
        // already the PBX names none (app_queue.c, a late snapshot): whoever let go of it was told by its HangupRequest.
        if (
          field('destuniqueid') !== '' &&
          !swapped.has(field('destuniqueid')) &&
          !isTransferring(field('uniqueid'), field('destuniqueid'))
        ) {
          calls.noteRelease(field('uniqueid'), field('reason') === 'agent' ? 'operator' : 'caller')
        }
        return
      case 'HangupRequest': {
        // A leg's far end said goodbye; it comes before anything that follows from it (Asterisk channel.c).
        const operatorId = operatorOf(field('channel'))
        const transferred = callOfAgency(field('uniqueid'))
        if (transferred !== undefined) calls.noteRelease(transferred, 'agency')
        else if (operatorId === null) calls.noteRelease(field('uniqueid'), 'caller')
        else if (!swapped.has(field('uniqueid')) && !isTransferring(linked, ''))
          calls.noteRelease(linked, 'operator')
        return
      }
      case 'Hold':
      case 'Unhold':
        if (operatorOf(field('channel')) !== null) {
          calls.operatorHeld(linked, operatorOf(field('channel')), event.name === 'Hold', at)
        }
        return
      case 'Hangup':
        if (forgetSwapped(field('uniqueid'))) return
        calls.channelGone(field('uniqueid'), operatorOf(field('channel')), linked, at)
        return
      default:
    }
  }

  function forgetSwapped(leg: string): boolean {
    if (!swapped.delete(leg)) return false
    writing.onRollback(() => {
      remember(swapped, leg)
    })
    return true
  }

  function isTalkingWith(callId: string, operatorId: number | null): boolean {
    const call = operatorId === null ? undefined : calls.find(callId)
    return call?.state === 'talking' && call.operatorId === operatorId
  }

  function stage(event: AmiEvent, fallback: Date): void {
    const stage = parseStage(event.fields, fallback)
    if (stage === undefined) return
    if (stage.type === 'arrival') calls.arrived(stage.arrival, stage.at)
    else if (stage.type === 'event') {
      // A page that was reloaded in mid-call took its old leg's place: the old one's end is no end.
      if (stage.replacedLeg !== undefined) remember(swapped, stage.replacedLeg)
      tell(stage.callId, stage.event, stage.at, stage.facts)
    } else if (stage.type === 'reseated') remember(swapped, stage.replacedLeg)
    else if (stage.type === 'unknown') log.info({ stage: stage.stage }, 'unknown stage of the dialplan')
  }

  /** Tells a call its event; one never seen is first taken up from its journal row. */
  function tell(callId: string, ...[event, at, facts]: TailOf<Parameters<Calls['event']>>): void {
    if (callId === '' || foreign.has(callId)) return
    const work = () => {
      calls.event(callId, event, at, facts)
    }
    const waiting = fetching.get(callId)
    if (waiting !== undefined) hold(waiting, work)
    else if (calls.find(callId) !== undefined) work()
    else void takeUp(callId, work)
  }

  function hold(works: (() => void)[], work: () => void): void {
    works.push(work)
    writing.onRollback(() => void works.pop())
  }

  /** A citizen who hung up before the dialplan's first word has a row and an end, and nothing else ever comes. */
  async function takeUp(callId: string, first: () => void): Promise<void> {
    const works: (() => void)[] = []
    fetching.set(callId, works)
    hold(works, first)
    try {
      const entry = await journal.one(callId)
      if (entry === undefined) {
        remember(foreign, callId)
        return
      }
      guarded('journal', () => {
        calls.replay(entry)
      })
      for (const work of works) guarded('journal', work)
    } catch (err) {
      log.info({ callId, err }, 'the journal row of a call is not read; the next resync brings it')
    } finally {
      fetching.delete(callId)
    }
  }

  return {
    take(event) {
      take(event)
    },
    takeTogether(events, taken) {
      // A transaction around what writes nothing, or opens its own, would be one for nothing.
      if (events.length > 1) takeTogether(events, taken)
      else takeEach(events, taken)
    },
  }
}

function remember(ids: Set<string>, id: string): void {
  if (ids.size >= MAX_REMEMBERED) ids.clear()
  ids.add(id)
}

type TailOf<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never
