import { operatorOf } from './journal-entry.ts'
import type { CallEvent } from './call-machine.ts'
import type { Arrival, CallFactsUpdate } from './service.ts'

/** One `UserEvent(Hotline,Stage: …)` of the dialplan, read. */
export type Stage =
  | { readonly type: 'arrival'; readonly arrival: Arrival; readonly at: Date }
  | {
      readonly type: 'event'
      readonly callId: string
      readonly event: CallEvent
      readonly facts: CallFactsUpdate
      readonly at: Date
      /** Unique id of the operator's leg that another took the place of. */
      readonly replacedLeg?: string
    }
  /** A page reloaded in the middle of a transfer: another leg takes this one's place there. */
  | { readonly type: 'reseated'; readonly replacedLeg: string }
  /** A transfer's own (src/transfers/events-ami.ts). */
  | { readonly type: 'elsewhere' }
  | { readonly type: 'unknown'; readonly stage: string }

const CALL_ID = /^[A-Za-z0-9._-]{1,80}$/
/** What a Date can hold. */
const LATEST_MS = 8.64e15

/** Reads a stage; undefined for one that names no call. Every field may be missing or wrong. Never throws. */
export function parseStage(fields: Readonly<Record<string, string>>, fallback: Date): Stage | undefined {
  const field = (name: string) => fieldOf(fields, name)
  const callId = field('call')
  if (!CALL_ID.test(callId)) return undefined
  const at = instant(Number(field('at')), fallback)
  const event = (given: CallEvent, facts: CallFactsUpdate = {}): Stage => ({
    type: 'event',
    callId,
    event: given,
    facts,
    at,
  })
  switch (field('stage')) {
    case 'intake':
      return {
        type: 'arrival',
        at,
        arrival: {
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
      }
    case 'dialout':
      return {
        type: 'arrival',
        at,
        arrival: {
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
      }
    case 'queued':
      return event({ type: 'queued' })
    case 'connected':
      return event({ type: 'connected', operatorId: operatorOf(field('member')) })
    case 'resumed':
      return {
        type: 'event',
        callId,
        event: { type: 'connected', operatorId: operatorOf(field('member')) },
        facts: {},
        at,
        replacedLeg: field('leg'),
      }
    case 'reseated':
      return { type: 'reseated', replacedLeg: field('leg') }
    case 'transferred':
      return event({ type: 'transferred' })
    case 'agency':
      return { type: 'elsewhere' }
    case 'callback':
      return event({ type: 'callbackAsked' }, { callbackNumber: field('number') })
    case 'voicemail':
      return event({ type: 'messageStarted' }, { voicemailRecording: safeName(field('recording')) })
    case 'ended':
      return event({ type: 'ended' })
    default:
      return { type: 'unknown', stage: field('stage').slice(0, 40) }
  }
}

/**
 * A field that the PBX writes once; nothing where it stands twice: then two messages ran into each other on the way, and what
 * belongs to one call must not be told to another.
 */
export function fieldOf(fields: Readonly<Record<string, string>>, name: string): string {
  const value = fields[name] ?? ''
  return value.includes('\n') ? '' : value
}

/** An instant from epoch milliseconds of the wire, or the fallback for what is none. */
export function instant(ms: number | undefined, fallback: Date): Date {
  return ms === undefined || !Number.isFinite(ms) || ms <= 0 || ms > LATEST_MS ? fallback : new Date(ms)
}

/** URI-encoded text of the dialplan, as the journal's reader takes it: wrong UTF-8 becomes U+FFFD, the rest stays. */
function decode(text: string): string {
  return new URLSearchParams(`v=${text.replace(/[+&]/g, encodeURIComponent)}`).get('v') ?? ''
}

function safeName(name: string): string | null {
  return /^[A-Za-z0-9._-]{1,120}$/.test(name) ? name : null
}
