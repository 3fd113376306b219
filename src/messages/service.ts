import { type Handsets, type SmsState, type SmsView } from './contract.ts'
import {
  isCarrierStatus,
  isFinal,
  isForward,
  POLL_AFTER_MS,
  problemOf,
  type SendResult,
  stateOf,
} from './delivery-policy.ts'
import { type Reader } from './at-work.ts'
import { endsInQuiet, type QuietHours, sendAt } from './quiet-policy.ts'
import { foldSms, sizeSms, vietnamMobile } from './sms-policy.ts'
import { type MessageStore } from './store.ts'
import { renderSms, type TemplateId } from './template-policy.ts'

export { vietnamMobile } from './sms-policy.ts'

export type ProviderName = 'twilio' | 'simulator'

/** One SMS, from the row written with its cause to the last word of the carrier. Times are ISO 8601 UTC. */
export interface OutboxMessage {
  readonly id: number
  readonly template: string
  readonly to: string
  readonly toName: string | null
  readonly text: string
  readonly textVi: string
  readonly segments: number
  readonly state: SmsState
  readonly provider: string
  readonly sid: string | null
  readonly carrierStatus: string | null
  readonly errorCode: string | null
  readonly ticketCode: string | null
  /** What it was written for, so that nobody is told twice. */
  readonly occasion: string | null
  readonly urgent: boolean
  readonly training: boolean
  readonly attempts: number
  readonly nextAt: string | null
  readonly handedAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface HandsetMessage {
  readonly id: number
  readonly reference: string
  readonly phone: string
  readonly text: string
  readonly at: string
}

/** A carrier's gateway. Both calls may reject only for programming errors: the outcome is the return value. */
export interface SmsProvider {
  readonly name: ProviderName
  send(message: { id: number; to: string; text: string }): Promise<SendResult>
  /** Messages of exactly this text to this number since then; undefined when the carrier cannot be asked now. */
  find(message: {
    id: number
    to: string
    text: string
    since: Date
  }): Promise<readonly CarrierRecord[] | undefined>
  /** What the carrier says of one message now; undefined when it cannot be asked. */
  look(sid: string): Promise<CarrierRecord | undefined>
}

export interface CarrierRecord {
  readonly sid: string
  readonly status: string
  readonly errorCode: string | null
}

export interface OutboxRequest {
  readonly template: TemplateId
  readonly slots: Readonly<Record<string, string>>
  /** As the directory has it. */
  readonly to: string
  readonly toName: string | null
  readonly ticketCode: string | null
  readonly training: boolean
  /** Goes out at night too. */
  readonly urgent?: boolean
  /** By when its reader has to act, ISO 8601 UTC: where that is before the quiet hours are over, it goes out at once. */
  readonly actBy?: string | null
  /** With it, the same template goes to the same number only once: "deadline:12". */
  readonly occasion?: string
}

/** A message that is written once at most. */
type Said = Pick<OutboxRequest, 'template' | 'to'> & { readonly occasion: string }

/** A message of a case that waits or went out. */
export interface CaseMessage extends Pick<
  OutboxMessage,
  'id' | 'to' | 'toName' | 'occasion' | 'textVi' | 'createdAt'
> {
  /** The number as people and the history have it. */
  readonly toShown: string
  /** Nobody has it yet, the carrier neither. */
  readonly isWaiting: boolean
}

const TO_NOBODY: readonly SmsState[] = ['failed', 'refused', 'dropped']

/** What other features need: put a message beside its cause, inside their transaction. */
export interface MessageOutbox {
  /** A message that was said on its occasion before is answered as it is, and not written again. */
  enqueue(request: OutboxRequest): SmsView
  /** Whether this number was written this on this occasion. */
  wasSaid(message: Said): boolean
  ofTicket(code: string): SmsView[]
  /** What was written of that case in these words and came, or may come, to somebody; the oldest first. */
  saidOf(code: string, templates: readonly TemplateId[]): CaseMessage[]
  /** Whether nobody has that message yet, the carrier neither. */
  isWaiting(id: number): boolean
  /** Other words in the place of these in a message that nobody has yet; in the caller's transaction. */
  replaceIn(id: number, words: string, by: string): void
  /** In a message that nobody has yet: another text, or another number (E.164); in the caller's transaction. */
  reword(id: number, words: Pick<OutboxRequest, 'template' | 'slots'>): void
  readdress(id: number, to: string): void
  /** Templates of what was written to that number about that case after this message. */
  laterTo(message: { readonly id: number; readonly to: string; readonly ticketCode: string }): string[]
}

/** A delivery report after its signature was checked. */
export interface CarrierReport {
  readonly sid: string
  readonly status: string
  readonly errorCode: string | null
  /** Our own row, from the callback's address. */
  readonly messageId: number | null
  readonly to: string | null
}

export interface MessagePorts {
  readonly transaction: <T>(work: () => T) => T
  readonly store: MessageStore
  readonly now: () => Date
  /** Name of the provider that real (not training) messages go to. */
  readonly provider: ProviderName
  /** Put before every message: "1022HP". */
  readonly sender: string
  /** "0912 345 678", for people. */
  /** Null: the night is like the day. */
  readonly quietHours: QuietHours | null
  /** Whether whoever reads it works then (at-work.ts). */
  readonly isAtWork: (reader: Reader, at: Date) => boolean
  readonly displayNumber: (e164: string) => string
  readonly onQueued: () => void
  /** A message of this ticket changed. */
  readonly onChanged: (ticketCode: string) => void
}

export type MessagesService = ReturnType<typeof createMessages>

/** Outbox, delivery reports and the simulator's page. Sending itself is sender.ts. */
export function createMessages(ports: MessagePorts) {
  const { store } = ports
  const shown = new Map<string, string>()
  /** Every view of a case shows each of its messages, and most of a city's go to the same few officers. */
  const displayNumber = (e164: string): string => {
    const known = shown.get(e164)
    if (known !== undefined) return known
    const display = ports.displayNumber(e164)
    if (shown.size >= MOST_SHOWN) shown.clear()
    shown.set(e164, display)
    return display
  }
  const waitOf = (message: OutboxMessage): string | null => {
    const now = ports.now()
    const isAtWork = () => ports.isAtWork(message, now)
    const at = sendAt(ports.quietHours, { ...message, isAtWork }, now)
    return at > now ? at.toISOString() : null
  }
  const view = (message: OutboxMessage): SmsView => ({
    id: message.id,
    template: message.template,
    to: displayNumber(message.to),
    toName: message.toName,
    text: message.text,
    segments: message.segments,
    state: message.state,
    waitsUntil: message.state === 'pending' ? waitOf(message) : null,
    problem: problemOf(message.state, message.errorCode, message.nextAt !== null),
    ticketCode: message.ticketCode,
    createdAt: message.createdAt,
    updatedAt: message.updatedAt,
    training: message.training,
  })

  return {
    /** Writes the row in the caller's transaction. A number that cannot get an SMS is refused here, visibly, before any carrier. */
    enqueue(request: OutboxRequest): SmsView {
      const now = ports.now()
      const at = now.toISOString()
      const { template, training, toName, occasion = null } = request
      const urgent = request.urgent === true || endsInQuiet(ports.quietHours, request.actBy ?? null, now)
      const mobile = vietnamMobile(request.to)
      const to = mobile ?? request.to
      const rendered = renderSms(template, { sender: ports.sender, ...request.slots })
      const earliest = (mobile: string): Date => {
        const isAtWork = () => ports.isAtWork({ to: mobile, toName }, now)
        return sendAt(ports.quietHours, { urgent, training, isAtWork }, now)
      }
      const row = store.insert({
        template,
        to,
        toName,
        ...rendered,
        state: mobile === undefined ? 'refused' : 'pending',
        errorCode: mobile === undefined ? 'NOT_MOBILE' : null,
        provider: training ? 'simulator' : ports.provider, // R084: nobody's phone rings for a test
        sid: null,
        carrierStatus: null,
        ticketCode: request.ticketCode,
        occasion,
        urgent,
        training,
        attempts: 0,
        nextAt: mobile === undefined ? null : earliest(mobile).toISOString(),
        handedAt: null,
        createdAt: at,
        updatedAt: at,
      })
      if (row === undefined) return view(mustHaveSaid(occasion, template, to))
      // after the caller's transaction, which never awaits
      queueMicrotask(ports.onQueued)
      return view(row)
    },

    wasSaid: ({ template, to, occasion }: Said): boolean =>
      store.saidOnce(occasion, template, vietnamMobile(to) ?? to) !== undefined,

    ofTicket: (code: string): SmsView[] => store.ofTicket(code).map(view),

    saidOf: (code: string, templates: readonly TemplateId[]): CaseMessage[] =>
      store
        .ofTicket(code)
        .filter(
          ({ template, state }) => templates.some((one) => one === template) && !TO_NOBODY.includes(state),
        )
        .map(({ id, to, toName, occasion, textVi, createdAt, state }) => ({
          id,
          to,
          toShown: displayNumber(to),
          toName,
          occasion,
          textVi,
          createdAt,
          isWaiting: state === 'pending',
        })),

    isWaiting: (id: number): boolean => store.find(id)?.state === 'pending',

    replaceIn(id: number, words: string, by: string): void {
      const message = store.find(id)
      if (message?.state !== 'pending') return
      const text = message.text.replace(foldSms(words), foldSms(by))
      store.update(id, {
        text,
        textVi: message.textVi.replace(words, by),
        segments: sizeSms(text).segments,
        updatedAt: ports.now().toISOString(),
      })
    },

    reword(id: number, { template, slots }: Pick<OutboxRequest, 'template' | 'slots'>): void {
      if (store.find(id)?.state !== 'pending') return
      const rendered = renderSms(template, { sender: ports.sender, ...slots })
      store.update(id, { template, ...rendered, updatedAt: ports.now().toISOString() })
    },

    readdress(id: number, to: string): void {
      if (store.find(id)?.state === 'pending') store.update(id, { to, updatedAt: ports.now().toISOString() })
    },

    laterTo: ({ id, to, ticketCode }: Parameters<MessageOutbox['laterTo']>[0]): string[] =>
      store
        .ofTicket(ticketCode)
        .filter((other) => other.id > id && other.to === to)
        .map(({ template }) => template),

    /**
     * Applies a delivery report: twice, late or reversed it changes nothing that is further on.
     * False when no message of ours is meant.
     */
    applyReport(report: CarrierReport): boolean {
      if (!isCarrierStatus(report.status)) return store.findBySid(report.sid) !== undefined
      const at = ports.now().toISOString()
      const changed = ports.transaction((): OutboxMessage | boolean => {
        const message = store.findBySid(report.sid) ?? adopt(report)
        if (message === undefined) return false
        if (!store.addReceipt(report.sid, report.status, at)) return true
        return carry(message, report, at) ?? true
      })
      if (typeof changed === 'boolean') return changed
      if (changed.ticketCode !== null) ports.onChanged(changed.ticketCode)
      return true
    },

    /** Without messages of cases that the viewer may not read: on whose handset they are tells who reported it. */
    handsets(mayRead: (ticketCode: string) => boolean): Handsets {
      const messages = store
        .handsetMessages(HANDSET_LIMIT)
        .filter(({ ticketCode }) => ticketCode === null || mayRead(ticketCode))
      const phones = [...new Set(messages.map((message) => message.phone))]
      const names = store.namesOf(phones)
      return phones.map((phone) => ({
        phone,
        display: displayNumber(phone),
        name: names.get(phone) ?? null,
        messages: messages
          .filter((message) => message.phone === phone)
          .map(({ id, at, text }) => ({ id, at, text })),
      }))
    },
  }

  function mustHaveSaid(occasion: string | null, template: string, to: string): OutboxMessage {
    const said = occasion === null ? undefined : store.saidOnce(occasion, template, to)
    if (said === undefined) throw new RangeError('the outbox refused a message that it does not have')
    return said
  }

  /** The report may overtake the answer to our own POST, or be all we ever hear after a 500. */
  function adopt(report: CarrierReport): OutboxMessage | undefined {
    if (report.messageId === null) return undefined
    const message = store.withoutSid(report.messageId)
    if (message === undefined || (message.state !== 'sending' && message.state !== 'unknown'))
      return undefined
    return report.to !== null && report.to !== message.to ? undefined : message
  }

  function carry(message: OutboxMessage, record: CarrierRecord, at: string): OutboxMessage | undefined {
    const nextAt = message.nextAt ?? new Date(new Date(at).getTime() + POLL_AFTER_MS).toISOString()
    return carryForward(store, message, record, at, nextAt)
  }
}

const HANDSET_LIMIT = 500
/** Numbers whose way of being written is kept. */
const MOST_SHOWN = 1_000

/** Writes what the carrier says if it is further on than what is known; undefined when nothing changed. */
export function carryForward(
  store: Pick<MessageStore, 'update'>,
  message: OutboxMessage,
  record: CarrierRecord,
  at: string,
  nextAt: string | null = message.nextAt,
): OutboxMessage | undefined {
  if (message.sid !== null && !isForward(message.carrierStatus, record.status)) return undefined
  return store.update(message.id, {
    sid: record.sid,
    carrierStatus: record.status,
    state: stateOf(record.status),
    errorCode: record.errorCode,
    nextAt: isFinal(record.status) ? null : nextAt,
    updatedAt: at,
  })
}
