import {
  busyAfterMs,
  MAX_POLLS,
  POLL_AFTER_MS,
  reconcileAfterMs,
  type SendResult,
} from './delivery-policy.ts'
import { carryForward, type OutboxMessage, type ProviderName, type SmsProvider } from './service.ts'
import { type Reader } from './at-work.ts'
import { type QuietHours, sendAt } from './quiet-policy.ts'
import { type MessageStore } from './store.ts'

export interface SenderPorts {
  readonly transaction: <T>(work: () => T) => T
  readonly store: MessageStore
  readonly providers: Partial<Record<ProviderName, SmsProvider>>
  readonly now: () => Date
  readonly quietHours: QuietHours | null
  /** Whether whoever reads it works then (at-work.ts). */
  readonly isAtWork: (reader: Reader, at: Date) => boolean
  readonly onChanged: (ticketCode: string) => void
  /**
   * Why a message that is about to go out has nothing true or new to say any more; null: it goes. In a transaction, in which it may
   * put other words or another number in the place of those that are no more right.
   */
  readonly overtaken: (message: OutboxMessage) => string | null
  /** In the transaction that drops it. */
  readonly onDropped: (message: OutboxMessage, why: string) => void
  /** A message reached a handset of the simulator. */
  readonly onArrived: (to: string) => void
  readonly log: {
    warn(fields: Record<string, unknown>, message: string): void
    error(fields: Record<string, unknown>, message: string): void
  }
}

export interface Sender {
  /** Takes up what an earlier process left, then sends whatever is due, for ever. */
  start(): void
  /** Something was queued. */
  wake(): void
  /** Sends, looks for and asks about everything due now; resolves when done. */
  drain(): Promise<void>
  /** Stops after the messages under way. */
  stop(): Promise<void>
}

const AT_ONCE = 4
const LONGEST_NAP_MS = 60_000
/** The carrier's clock and ours differ; it is asked from a little before the hand-over. */
const CLOCK_SLACK_MS = 120_000

/** Drains the outbox. Nothing is ever sent twice: a row is `sending` on disk before the carrier hears of it. */
export function createSender(ports: SenderPorts): Sender {
  const { store } = ports
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = true

  const later = (ms: number): string => new Date(ports.now().getTime() + ms).toISOString()

  const run = async (): Promise<void> => {
    for (;;) {
      const batch = store.due(ports.now().toISOString(), AT_ONCE)
      if (batch.length === 0) return // what is queued from here on finds `running` empty, for no await follows
      await Promise.all(batch.map((message) => attend(message)))
    }
  }

  const drain = (): Promise<void> => {
    running ??= run().finally(() => {
      running = undefined
      nap()
    })
    return running
  }

  return {
    start() {
      stopped = false
      recover()
      kick()
    },
    wake() {
      if (!stopped) kick()
    },
    drain: async () => {
      recover()
      await drain()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }

  function kick(): void {
    drain().catch((error: unknown) => {
      ports.log.error({ err: error }, 'outbox could not be drained')
      nap()
    })
  }

  function nap(): void {
    clearTimeout(timer)
    if (stopped) return
    const next = store.nextDueAt()
    if (next === null) return
    const ms = Math.min(Math.max(new Date(next).getTime() - ports.now().getTime(), 0), LONGEST_NAP_MS)
    timer = setTimeout(kick, ms)
    timer.unref()
  }

  /** `sending` with nobody sending: the process died in between, so the carrier may have it. */
  function recover(): void {
    if (running !== undefined) return
    const at = ports.now().toISOString()
    for (const message of store.inState(['sending']))
      store.update(message.id, { state: 'unknown', attempts: 0, nextAt: at, updatedAt: at })
  }

  async function attend(message: OutboxMessage): Promise<void> {
    const provider = ports.providers[message.provider as ProviderName]
    if (provider === undefined) {
      // queued for a carrier that is no longer configured: keep it, say so, look again later
      ports.log.warn({ messageId: message.id, provider: message.provider }, 'no such SMS provider configured')
      store.update(message.id, { nextAt: later(LONGEST_NAP_MS * 10) })
      return
    }
    if (message.state === 'pending') await hand(message, provider)
    else if (message.state === 'unknown') await reconcile(message, provider)
    else await poll(message, provider)
  }

  async function hand(message: OutboxMessage, provider: SmsProvider): Promise<void> {
    const now = ports.now()
    const isAtWork = () => ports.isAtWork(message, now)
    const at = sendAt(ports.quietHours, { ...message, isAtWork }, now)
    // Late because the service was down or the carrier busy: it waits like what is written now.
    if (at > now) {
      store.update(message.id, { nextAt: at.toISOString() })
      return
    }
    if (drop(message)) return
    const handedAt = now.toISOString()
    const attempts = message.attempts + 1
    const { id, to, text } = store.update(message.id, {
      state: 'sending',
      attempts,
      handedAt,
      nextAt: null,
      updatedAt: handedAt,
    })
    let result: SendResult
    try {
      result = await provider.send({ id, to, text })
    } catch (error) {
      ports.log.error({ reason: nameOf(error), messageId: id }, 'SMS adapter failed')
      result = { type: 'unclear' }
    }
    apply(message.id, result)
  }

  /** True for one that waited until newer facts had overtaken it: then nobody gets it, and its case says so. */
  function drop(message: OutboxMessage): boolean {
    const dropped = ports.transaction(() => {
      const why = ports.overtaken(message)
      if (why === null) return undefined
      const updatedAt = ports.now().toISOString()
      const written = store.update(message.id, { state: 'dropped', errorCode: why, nextAt: null, updatedAt })
      ports.onDropped(written, why)
      return written
    })
    if (dropped !== undefined) tell(dropped)
    return dropped !== undefined
  }

  function apply(id: number, result: SendResult): void {
    const at = ports.now().toISOString()
    const changed = ports.transaction(() => {
      const message = store.find(id)
      // a delivery report may have been faster than the answer
      if (message === undefined || (message.state !== 'sending' && result.type !== 'accepted'))
        return undefined
      if (result.type === 'accepted') {
        const record = { sid: result.sid, status: result.status, errorCode: null }
        const carried = carryForward(store, message, record, at, later(POLL_AFTER_MS))
        return carried === undefined ? undefined : store.update(id, { attempts: 0 })
      }
      if (result.type === 'refused')
        return store.update(id, { state: 'failed', errorCode: result.errorCode, updatedAt: at })
      if (result.type === 'busy') {
        const ms = busyAfterMs(message.attempts, result.afterMs)
        if (ms === null) return store.update(id, { state: 'failed', errorCode: 'TOO_BUSY', updatedAt: at })
        return store.update(id, { state: 'pending', nextAt: later(ms), updatedAt: at })
      }
      const ms = reconcileAfterMs(0) ?? 0
      return store.update(id, { state: 'unknown', attempts: 0, nextAt: later(ms), updatedAt: at })
    })
    if (changed !== undefined) tell(changed)
  }

  async function reconcile(message: OutboxMessage, provider: SmsProvider): Promise<void> {
    const since = new Date(new Date(message.handedAt ?? message.createdAt).getTime() - CLOCK_SLACK_MS)
    const found = await ask(message, () =>
      provider.find({ id: message.id, to: message.to, text: message.text, since }),
    )
    const at = ports.now().toISOString()
    const changed = ports.transaction(() => {
      const current = store.find(message.id)
      if (current?.state !== 'unknown') return undefined
      if (found === undefined) return store.update(message.id, { nextAt: later(LONGEST_NAP_MS) })
      const ours = found.find((record) => store.findBySid(record.sid) === undefined)
      if (ours !== undefined) {
        const carried = carryForward(store, current, ours, at, later(POLL_AFTER_MS))
        return carried === undefined ? undefined : store.update(message.id, { attempts: 0 })
      }
      const lookups = current.attempts + 1
      const ms = reconcileAfterMs(lookups)
      return store.update(message.id, {
        attempts: lookups,
        nextAt: ms === null ? null : later(ms),
        updatedAt: at,
      })
    })
    if (changed !== undefined) tell(changed)
  }

  /** Taken, but the last word never came (telephony.md 7: receipts are not guaranteed). */
  async function poll(message: OutboxMessage, provider: SmsProvider): Promise<void> {
    const { sid } = message
    const record = sid === null ? undefined : await ask(message, () => provider.look(sid))
    const polls = message.attempts + 1
    const nextAt = polls >= MAX_POLLS ? null : later(POLL_AFTER_MS * 2 ** polls)
    const changed = ports.transaction(() => {
      const current = store.find(message.id)
      if (current?.state !== 'sent') return undefined
      const written = store.update(message.id, { attempts: polls, nextAt })
      if (record === undefined) return undefined
      return carryForward(store, written, record, ports.now().toISOString())
    })
    if (changed !== undefined) tell(changed)
  }

  async function ask<T>(
    message: OutboxMessage,
    question: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    try {
      return await question()
    } catch (error) {
      ports.log.warn({ reason: nameOf(error), messageId: message.id }, 'SMS carrier could not be asked')
      return undefined
    }
  }

  function tell(message: OutboxMessage): void {
    if (message.ticketCode !== null) ports.onChanged(message.ticketCode)
    if (message.provider === 'simulator' && message.state === 'delivered') ports.onArrived(message.to)
  }
}

/** An HTTP client's error carries the request, number and text included: only its name is logged. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
