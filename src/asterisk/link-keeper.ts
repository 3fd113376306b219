import { setTimeout as sleep } from 'node:timers/promises'
import { createBackoff } from '../platform/backoff.ts'
import { AppError } from '../platform/errors.ts'
import { within } from './deadline.ts'
import type { Line, LineHandlers, LinkLog, LinkState, LinkTimings, Up } from './link.ts'

const DEFAULTS: LinkTimings = { pauseMs: 250, longestPauseMs: 300, refusedPauseMs: 5_000, resyncMs: 30_000 }
/** How long `close` waits for a resync that does not notice that its line is gone. */
const CLOSE_MS = 5_000

/** What a link is made of. */
export interface LinkKeeperDeps<Event, L extends Line> {
  /** Names the link in logs. */
  readonly name: string
  /** Makes one signed-in connection, or throws; `forbidden` when the PBX refused the sign-in. */
  readonly open: (handlers: LineHandlers<Event>) => Promise<L>
  /** Runs after each sign-in, before any event is delivered. When it throws, the line is dropped and made anew. */
  readonly resync: () => Promise<void>
  readonly log: LinkLog
  readonly timings?: Partial<LinkTimings> | undefined
}

/** One link to the PBX, kept for ever: connect, resync, deliver, and from the start again when the line ends. */
export interface LinkKeeper<Event, L extends Line> {
  readonly start: () => void
  readonly close: () => Promise<void>
  readonly state: () => LinkState
  /** Drops the line and comes back with a resync. Nothing to do while there is none: the next one resyncs anyway. */
  readonly reconnect: (reason: string) => void
  /** Each event alone; whoever hears them together has heard them by then. */
  readonly onEvent: (listener: (event: Event) => void) => () => void
  /** All that came together at once. */
  readonly onEvents: (listener: (events: readonly Event[]) => void) => () => void
  readonly onUp: (listener: (up: Up) => void) => () => void
  readonly onDown: (listener: () => void) => () => void
  /** The signed-in line, undefined when there is none. */
  readonly line: () => L | undefined
}

/** Keeps a link with a fresh connection for each attempt, without end (M1, M2, M9, R1). */
export function createLinkKeeper<Event, L extends Line>(
  deps: LinkKeeperDeps<Event, L>,
): LinkKeeper<Event, L> {
  const { name, log } = deps
  const timings = { ...DEFAULTS, ...deps.timings }
  const backoff = createBackoff({
    firstMs: timings.pauseMs,
    capMs: timings.longestPauseMs,
    random: Math.random,
  })
  const eventListeners = createListeners<Event>(name, log)
  const togetherListeners = createListeners<readonly Event[]>(name, log)
  const upListeners = createListeners<Up>(name, log)
  const downListeners = createListeners<undefined>(name, log)
  const closing = new AbortController()
  const isClosing = () => closing.signal.aborted
  let state: LinkState = 'down'
  /** Connected, perhaps not yet in use. */
  let opened: L | undefined
  /** In use: `opened` from the begin of its resync. */
  let current: L | undefined
  let running: Promise<void> | undefined
  let resyncing: Promise<void> = Promise.resolve()
  let lastHeardMs: number | undefined
  let lastComplaint = ''

  async function run(): Promise<void> {
    while (!isClosing()) {
      const failure = await keepOneLine().catch((cause: unknown) => cause)
      state = 'down'
      if (isClosing()) return
      complain(failure)
      const refused = failure instanceof AppError && failure.kind === 'forbidden'
      const pauseMs = refused ? timings.refusedPauseMs : backoff.nextMs()
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  /** Never resolves with success: throws why the line could not be made, or why it ended. */
  async function keepOneLine(): Promise<never> {
    const end = Promise.withResolvers<never>()
    end.promise.catch(() => undefined)
    const held: (readonly Event[])[] = []
    let phase: 'held' | 'delivered' | 'over' = 'held'
    const isOver = () => phase === 'over'
    let line: L | undefined = undefined
    state = 'connecting'
    /** Listeners may drop the line; what is left is then told by the next resync. */
    const tell = (events: readonly Event[]): void => {
      if (isOver()) return
      togetherListeners.tell(events)
      for (const event of events) if (!isOver()) eventListeners.tell(event)
    }
    const opening = deps.open({
      onEvents: (events) => {
        if (phase === 'delivered') tell(events)
        else if (phase === 'held') held.push(events)
      },
      onEnd: (reason, how) => {
        if (isOver()) return
        phase = 'over'
        if (line !== undefined) lastHeardMs = line.lastHeardMs()
        const wasUp = state === 'up'
        opened = undefined
        current = undefined
        state = 'down'
        const kind = how === 'refused' ? 'forbidden' : 'unavailable'
        end.reject(new AppError(kind, 'LINK_LOST', reason))
        if (wasUp) downListeners.tell(undefined)
      },
      signal: closing.signal,
    })
    // Closing waits for nobody; a line that comes later goes at once.
    const ifLate = (late: L): void => {
      if (isClosing()) late.close('closed')
    }
    opening.then(ifLate, () => undefined)
    line = await unlessClosing(opening)
    opened = line
    try {
      // A resync of the line before may still be noticing that its line is gone; two at once would repair against each other.
      const before = within(timings.resyncMs, resyncing, {
        code: 'RESYNC_STUCK',
        message: 'the resync of the line before does not end',
      })
      await Promise.race([end.promise, before])
      if (isOver()) return await end.promise
      current = line
      state = 'resyncing'
      const resync = deps.resync().catch((cause: unknown) => {
        throw new AppError('unavailable', 'RESYNC_FAILED', 'the resync failed', { cause })
      })
      resyncing = resync.catch(() => undefined)
      await Promise.race([
        end.promise,
        within(timings.resyncMs, resync, { code: 'RESYNC_LATE', message: 'the resync took too long' }),
      ])
      if (isOver()) return await end.promise
      state = 'up'
      backoff.reset()
      lastComplaint = ''
      const gapMs = lastHeardMs === undefined ? 0 : Math.round(performance.now() - lastHeardMs)
      log.info({ link: name, gapMs }, 'link to the PBX is up')
      upListeners.tell({ gapMs })
      for (const events of held) tell(events)
      held.length = 0
      if (!isOver()) phase = 'delivered'
      return await end.promise
    } finally {
      line.close('given up')
    }
  }

  /**
   * Settles as `promise` does, or throws when the link closes first. A promise of its own for each wait: one for the whole
   * life would keep what every attempt of a night without the PBX left behind.
   */
  async function unlessClosing<T>(promise: Promise<T>): Promise<T> {
    const closed = Promise.withResolvers<never>()
    const onAbort = () => {
      closed.reject(new AppError('unavailable', 'LINK_CLOSED', 'the link is closed'))
    }
    closing.signal.addEventListener('abort', onAbort)
    if (isClosing()) onAbort()
    try {
      return await Promise.race([promise, closed.promise])
    } finally {
      closing.signal.removeEventListener('abort', onAbort)
    }
  }

  /** Once per reason and outage: the PBX may be away all night. */
  function complain(failure: unknown): void {
    const code = failure instanceof AppError ? `${failure.code} ${failure.message}` : 'failed'
    if (code === lastComplaint) return
    lastComplaint = code
    log.warn({ link: name, err: failure }, 'no link to the PBX; trying on')
  }

  return {
    start() {
      running ??= run()
    },
    async close() {
      closing.abort()
      opened?.close('closed')
      const ended = Promise.allSettled([running, resyncing])
      await within(CLOSE_MS, ended, { code: 'RESYNC_STUCK', message: '' }).catch(() => {
        log.error({ link: name }, 'a resync outlives its link')
      })
      for (const listeners of [eventListeners, togetherListeners, upListeners, downListeners])
        listeners.clear()
    },
    state: () => state,
    reconnect(reason) {
      opened?.close(reason)
    },
    onEvent: eventListeners.add,
    onEvents: togetherListeners.add,
    onUp: upListeners.add,
    onDown: downListeners.add,
    line: () => current,
  }
}

interface Listeners<T> {
  readonly add: (listener: (value: T) => void) => () => void
  /** All hear, at once and in order; one that throws harms neither the others nor the line. */
  readonly tell: (value: T) => void
  readonly clear: () => void
}

function createListeners<T>(name: string, log: LinkLog): Listeners<T> {
  let listeners: readonly ((value: T) => void)[] = []
  return {
    add(listener) {
      // Wrapped: the same function added twice is heard twice and leaves once.
      const entry = (value: T) => {
        listener(value)
      }
      listeners = [...listeners, entry]
      return () => {
        listeners = listeners.filter((other) => other !== entry)
      }
    },
    tell(value) {
      for (const listener of listeners) {
        try {
          listener(value)
        } catch (err) {
          log.error({ link: name, err }, 'a listener of the PBX link failed')
        }
      }
    },
    clear() {
      listeners = []
    },
  }
}
