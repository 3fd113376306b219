import type { AmiClient, AmiEvent } from '../asterisk/ami-client.ts'
import { operatorOf, parseJournalEntry } from './journal-entry.ts'
import type { Calls } from './service.ts'

/** Events the service asks the PBX for; everything else stays in the PBX. */
export const CALL_EVENTS = [
  'UserEvent',
  'AgentCalled',
  'AgentConnect',
  'AgentComplete',
  'AgentRingNoAnswer',
  'QueueCallerAbandon',
  'Hangup',
  'Hold',
  'Unhold',
] as const

const CALL_ID = /^[A-Za-z0-9._-]{1,80}$/
const JOURNAL_FAMILY = 'calls'

export interface CallEventsDeps {
  readonly calls: Calls
  readonly ami: Pick<AmiClient, 'list' | 'action'>
  readonly now: () => Date
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void }
  /** A write failed: what the PBX keeps in its journal must be taken up again. */
  readonly onFailure: () => void
}

export interface CallEvents {
  /** One event of the PBX, in order. Never throws. */
  take(event: AmiEvent): void
  /** Reads journal and live channels; what ended meanwhile is filed, what lives is taken up. */
  resync(): Promise<{ replayed: number; live: number; ended: number }>
  acknowledge(callId: string): void
}

/** Turns events of app_queue, the dialplan and channels into events of calls. Every field may be missing or wrong. */
export function createCallEvents({ calls, ami, now, log, onFailure }: CallEventsDeps): CallEvents {
  function take(event: AmiEvent): void {
    try {
      route(event)
    } catch (err) {
      log.error({ err, event: event.name }, 'a call event could not be taken; the journal keeps it')
      onFailure()
    }
  }

  function route(event: AmiEvent): void {
    const field = (name: string) => event.fields[name] ?? ''
    const at = event.at === undefined ? now() : new Date(event.at)
    const linked = field('linkedid')
    switch (event.name) {
      case 'UserEvent':
        if (field('userevent') === 'Hotline') stage(event, at)
        return
      case 'AgentCalled': {
        const operatorId = operatorOf(field('membername')) ?? operatorOf(field('interface'))
        if (operatorId !== null) calls.event(field('uniqueid'), { type: 'offered', operatorId }, at)
        return
      }
      case 'AgentRingNoAnswer': {
        const operatorId = operatorOf(field('membername')) ?? operatorOf(field('interface'))
        if (operatorId !== null) calls.event(field('uniqueid'), { type: 'offerEnded', operatorId }, at)
        return
      }
      case 'AgentConnect': {
        const operatorId = operatorOf(field('membername')) ?? operatorOf(field('interface'))
        calls.event(field('uniqueid'), { type: 'connected', operatorId }, at)
        return
      }
      case 'AgentComplete':
        // The reason says who let go; a leg swapped after a page reload also completes, so the state waits for more.
        calls.noteRelease(field('uniqueid'), field('reason') === 'agent' ? 'operator' : 'caller')
        return
      case 'Hold':
      case 'Unhold':
        if (operatorOf(field('channel')) !== null) {
          calls.operatorHeld(linked, operatorOf(field('channel')), event.name === 'Hold', at)
        }
        return
      case 'Hangup':
        calls.channelGone(field('uniqueid'), operatorOf(field('channel')), linked, at)
        return
      default:
    }
  }

  /** `UserEvent(Hotline,Stage: …)` of the dialplan. Free text in it is URI-encoded. */
  function stage(event: AmiEvent, fallback: Date): void {
    const field = (name: string) => event.fields[name] ?? ''
    const callId = field('call')
    if (!CALL_ID.test(callId)) return
    const ms = Number(field('at'))
    const at = Number.isFinite(ms) && ms > 0 ? new Date(ms) : fallback
    switch (field('stage')) {
      case 'intake':
        calls.arrived(
          {
            callId,
            direction: 'in',
            from: decode(field('from')),
            name: decode(field('name')),
            line: field('line'),
            noticeVersion: field('notice') || null,
            recording: safeName(field('recording')),
            training: field('training') === '1',
            operatorId: null,
            ticketCode: null,
          },
          at,
        )
        return
      case 'dialout':
        calls.arrived(
          {
            callId,
            direction: 'out',
            from: decode(field('to')),
            name: '',
            line: '',
            noticeVersion: field('notice') || null,
            recording: safeName(field('recording')),
            training: false,
            operatorId: operatorOf(field('operator')),
            ticketCode: field('ticket') || null,
          },
          at,
        )
        return
      case 'queued':
        calls.event(callId, { type: 'queued' }, at)
        return
      case 'connected':
        calls.event(callId, { type: 'connected', operatorId: operatorOf(field('member')) }, at)
        return
      case 'callback':
        calls.event(callId, { type: 'callbackAsked' }, at, { callbackNumber: field('number') })
        return
      case 'voicemail':
        calls.event(callId, { type: 'messageStarted' }, at, {
          voicemailRecording: safeName(field('recording')),
        })
        return
      case 'ended':
        calls.event(callId, { type: 'ended' }, at)
        return
      default:
        log.info({ callId, stage: field('stage') }, 'unknown stage of the dialplan')
    }
  }

  return {
    take,
    async resync() {
      const channels = await ami.list({ Action: 'CoreShowChannels' })
      const alive = new Set(channels.map(({ fields }) => fields['uniqueid'] ?? ''))
      const rows = await ami.list({ Action: 'DBGetTree', Family: JOURNAL_FAMILY })
      let replayed = 0
      for (const { fields } of rows) {
        const callId = (fields['key'] ?? '').replace(/^\/?calls\//, '')
        const entry = parseJournalEntry(callId, fields['val'] ?? '')
        if (entry === undefined) {
          log.error({ callId: callId.slice(0, 80) }, 'a journal entry cannot be read; it stays in the PBX')
          continue
        }
        // The PBX died in this call: nobody wrote its end.
        const lost = entry.endedAt === null && !alive.has(callId)
        calls.replay(lost ? { ...entry, endedAt: now(), endedBy: 'system' } : entry)
        if (entry.endedAt !== null || lost) replayed += 1
      }
      const ended = calls.endMissing(alive)
      // Phones that ring now: the pop belongs on their screens.
      for (const { fields } of channels) {
        const operatorId = operatorOf(fields['channel'])
        if (operatorId === null || !(fields['channelstatedesc'] ?? '').startsWith('Ring')) continue
        calls.event(fields['linkedid'] ?? '', { type: 'offered', operatorId }, now())
      }
      return { replayed, live: alive.size, ended }
    },
    acknowledge(callId) {
      // Not acknowledged means replayed and acknowledged at the next resync.
      ami
        .action({ Action: 'DBDel', Family: JOURNAL_FAMILY, Key: callId }, { tolerate: true })
        .catch((err: unknown) => {
          log.info({ callId, err }, 'journal entry not acknowledged yet')
        })
    },
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function safeName(name: string): string | null {
  return /^[A-Za-z0-9._-]{1,120}$/.test(name) ? name : null
}
