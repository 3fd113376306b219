import { AppError } from '../platform/errors.ts'
import type { Writing } from '../platform/writing.ts'
import type { PauseReason, PresenceView, SetPresence } from './contract.ts'
import { membershipOf, OFFLINE, type Presence, type PresenceEvent, stepPresence } from './presence-machine.ts'

export interface PresenceStore {
  all(): Map<number, Presence>
  find(personId: number): Presence | undefined
  /** Writes the state and a line of the log. */
  save(personId: number, presence: Presence, note: string | null): void
}

/** The queue as presence needs it. Both calls are idempotent and fail with `unavailable` while the PBX is away. */
export interface QueueMembers {
  /** Operators whom the PBX holds for members. */
  all(): Promise<number[]>
  put(personId: number, membership: { member: boolean; paused: boolean; reason: string }): Promise<void>
}

export interface PresenceDeps {
  readonly store: PresenceStore
  readonly members: QueueMembers
  readonly writing: Pick<Writing, 'afterCommit' | 'onRollback'>
  readonly now: () => Date
  readonly wrapUpMs: number
  readonly wrapUpExtensionMs: number
  readonly consoleGoneMs: number
  readonly onChange: (personId: number, view: PresenceView) => void
  readonly log: { warn(fields: object, message: string): void }
}

export interface PresenceService {
  view(personId: number): PresenceView
  /** People who are not offline, with their state. */
  everyone(): ReadonlyMap<number, Presence>
  set(personId: number, wish: SetPresence): PresenceView
  extendWrapUp(personId: number, reason: string): PresenceView
  /** Takes somebody out of the queue who no longer works here; a running call goes on to its end. */
  dismiss(personId: number): void
  callStarted(personId: number, callId: string): void
  callEnded(personId: number, callId: string): void
  consoleOpened(personId: number): void
  /** `lastHeardAt`: when the console last gave a sign of life, so that a silent line counts from then. */
  consoleClosed(personId: number, lastHeardAt: Date): void
  /** Takes up the stored rows and their timers; consoles that do not come back count as gone. Once, before all else. */
  restore(): void
  /** Puts every membership into the PBX again; part of each resync. */
  pushAll(): Promise<void>
  close(): void
}

/** Presence of operators: decide by the table, write down, tell the PBX and the console. */
export function createPresence(deps: PresenceDeps): PresenceService {
  const { store, members, writing, now, onChange, log } = deps
  const current = new Map<number, Presence>()
  const consoles = new Map<number, number>()
  const timers = new Map<string, NodeJS.Timeout>()
  let closed = false

  const of = (personId: number) => current.get(personId) ?? OFFLINE

  function arm(key: string, afterMs: number, task: () => void): void {
    // Consoles hang up while the service closes; the next process counts their absence itself.
    if (closed) return
    clearTimeout(timers.get(key))
    const timer = setTimeout(
      () => {
        timers.delete(key)
        task()
      },
      Math.max(0, afterMs),
    )
    timer.unref()
    timers.set(key, timer)
  }

  function disarm(key: string): void {
    clearTimeout(timers.get(key))
    timers.delete(key)
  }

  function armWrapUp(personId: number, presence: Presence): void {
    if (presence.state !== 'wrapUp' || presence.wrapUpEndsAt === null) {
      disarm(`wrapUp:${String(personId)}`)
      return
    }
    arm(`wrapUp:${String(personId)}`, Date.parse(presence.wrapUpEndsAt) - now().getTime(), () => {
      apply(personId, { type: 'wrapUpElapsed' })
    })
  }

  function push(personId: number, presence: Presence): void {
    members.put(personId, membershipOf(presence)).catch((err: unknown) => {
      // The next resync puts it right: the row says what the queue must hold.
      log.warn({ personId, err }, 'queue membership not set; waiting for the next resync')
    })
  }

  /** The PBX remembers members for longer than a database that was restored, or is new: they would ring at an empty seat. */
  async function takeOutUnknown(): Promise<void> {
    const unknown = (await members.all()).filter((personId) => !current.has(personId))
    await Promise.all(unknown.map((personId) => members.put(personId, membershipOf(OFFLINE))))
  }

  function apply(personId: number, event: PresenceEvent, note: string | null = null): PresenceView {
    const before = of(personId)
    const after = stepPresence(before, event, now().toISOString())
    if (after === before) return viewOf(before)
    store.save(personId, after, note)
    current.set(personId, after)
    // A call's event may be written in the same transaction: nobody is told before its commit.
    writing.onRollback(() => {
      current.set(personId, before)
    })
    writing.afterCommit(() => {
      armWrapUp(personId, after)
      push(personId, after)
    })
    // The console left while its operator talked: after the call nobody sits there.
    if (after.state === 'wrapUp' && (consoles.get(personId) ?? 0) === 0 && !timers.has(goneKey(personId))) {
      return apply(personId, { type: 'consoleGone' })
    }
    const view = viewOf(after)
    writing.afterCommit(() => {
      onChange(personId, view)
    })
    return view
  }

  const goneKey = (personId: number) => `gone:${String(personId)}`

  function armGone(personId: number, afterMs: number): void {
    arm(goneKey(personId), afterMs, () => {
      apply(personId, { type: 'consoleGone' })
    })
  }

  return {
    view: (personId) => viewOf(of(personId)),
    everyone: () => new Map([...current].filter(([, presence]) => presence.state !== 'offline')),
    set(personId, wish) {
      if (wish.state === 'ready') {
        const view = apply(personId, { type: 'ready' })
        // Asked for without a console, or behind one that just went: nobody would hear a call. Asking again wins no time.
        if ((consoles.get(personId) ?? 0) === 0 && !timers.has(goneKey(personId))) {
          armGone(personId, deps.consoleGoneMs)
        }
        return view
      }
      if (wish.state === 'paused') return apply(personId, { type: 'pause', reason: wish.reason })
      if (of(personId).state === 'onCall') {
        throw new AppError('conflict', 'ON_A_CALL', 'finish the call before leaving')
      }
      return apply(personId, { type: 'leave' })
    },
    extendWrapUp(personId, reason) {
      const before = of(personId)
      if (before.state !== 'wrapUp' || before.wrapUpEndsAt === null) {
        throw new AppError('conflict', 'NOT_IN_WRAP_UP', 'there is no wrap-up to extend')
      }
      if (before.wrapUpExtended)
        throw new AppError('conflict', 'WRAP_UP_EXTENDED_ONCE', 'a wrap-up can be extended once')
      const wrapUpEndsAt = new Date(Date.parse(before.wrapUpEndsAt) + deps.wrapUpExtensionMs).toISOString()
      return apply(personId, { type: 'wrapUpExtended', wrapUpEndsAt }, reason)
    },
    dismiss(personId) {
      if (of(personId).state !== 'onCall') apply(personId, { type: 'leave' })
    },
    callStarted(personId, callId) {
      apply(personId, { type: 'callStarted', callId })
    },
    callEnded(personId, callId) {
      const wrapUpEndsAt = new Date(now().getTime() + deps.wrapUpMs).toISOString()
      apply(personId, { type: 'callEnded', callId, wrapUpEndsAt })
    },
    consoleOpened(personId) {
      consoles.set(personId, (consoles.get(personId) ?? 0) + 1)
      disarm(goneKey(personId))
      apply(personId, { type: 'consoleBack' })
    },
    consoleClosed(personId, lastHeardAt) {
      const left = Math.max(0, (consoles.get(personId) ?? 0) - 1)
      consoles.set(personId, left)
      if (left === 0) armGone(personId, lastHeardAt.getTime() + deps.consoleGoneMs - now().getTime())
    },
    restore() {
      for (const [personId, presence] of store.all()) {
        current.set(personId, presence)
        if (presence.state === 'offline') continue
        armWrapUp(personId, presence)
        if ((consoles.get(personId) ?? 0) === 0) armGone(personId, deps.consoleGoneMs)
      }
    },
    async pushAll() {
      // Pops wait for it: all at once, and each person's own steps in their order.
      await Promise.all([
        takeOutUnknown(),
        ...[...current].map(([personId, presence]) => members.put(personId, membershipOf(presence))),
      ])
    },
    close() {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

function viewOf({ state, reason, since, wrapUpEndsAt, wrapUpExtended, next }: Presence): PresenceView {
  const shown: PauseReason | null = state === 'paused' || next === 'paused' ? reason : null
  return { state, reason: shown, since, wrapUpEndsAt, wrapUpExtended, next }
}
