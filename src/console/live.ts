import { batch } from '@preact/signals'
import type { ConsoleMessage, LiveMessage } from '../live/contract.ts'
import { retryDelayMs } from './live-retry.ts'

export const LINK_STATES = ['connecting', 'open', 'lost', 'stopped'] as const
export type LinkState = (typeof LINK_STATES)[number]

/** The service closes with this code when the same account opened a console elsewhere (live/routes.ts). */
const REPLACED = 4001
/** A dead line that nobody closed (Wi-Fi lost, cable out) is found by asking; pings of the service are invisible here. */
const PROBE_MS = 5_000

export interface LiveDeps {
  readonly open: () => WebSocket
  /** Does the service answer at all? */
  readonly probe: () => Promise<boolean>
  readonly consoleId: string
  readonly onMessage: (message: LiveMessage) => void
  readonly onState: (state: LinkState) => void
  readonly random: () => number
}

/** The live channel: connects, says hello, hands over each message, and comes back by itself for as long as wanted. */
export function createLive(deps: LiveDeps) {
  let socket: WebSocket | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  let wanted = false
  let probes: ReturnType<typeof setInterval> | undefined
  /** What the server must know again after a reconnect: the last word of each kind. */
  const standing = new Map<string, ConsoleMessage>()

  const connect = (): void => {
    deps.onState(attempts === 0 ? 'connecting' : 'lost')
    const current = deps.open()
    socket = current
    current.onopen = () => {
      attempts = 0
      current.send(JSON.stringify({ type: 'hello', consoleId: deps.consoleId } satisfies ConsoleMessage))
      for (const message of standing.values()) current.send(JSON.stringify(message))
      deps.onState('open')
    }
    current.onmessage = (event: MessageEvent<unknown>) => {
      // What came together is shown together.
      batch(() => {
        for (const message of parse(event.data)) deps.onMessage(message)
      })
    }
    current.onclose = (event: CloseEvent) => {
      if (socket !== current) return
      // A copied tab has the same console id as its original, so nothing was said before the line was closed.
      if (event.code === REPLACED) deps.onMessage({ type: 'replaced' })
      lost()
    }
  }

  const lost = (): void => {
    socket = null
    if (!wanted) return
    deps.onState('lost')
    const waitMs = retryDelayMs(attempts, deps.random())
    attempts += 1
    clearTimeout(retry)
    retry = setTimeout(connect, waitMs)
  }

  /** Gives the line up without waiting for the other side to agree, which a dead network never does. */
  const drop = (): void => {
    const current = socket
    if (!wanted || current === null) return
    lost()
    current.close()
  }

  const probe = async (): Promise<void> => {
    const asked = socket
    if (asked?.readyState !== WebSocket.OPEN) return
    if (!(await deps.probe()) && socket === asked) drop()
  }

  const stop = (): void => {
    wanted = false
    clearTimeout(retry)
    clearInterval(probes)
    const current = socket
    socket = null
    current?.close()
    deps.onState('stopped')
  }

  return {
    start(): void {
      if (wanted) return
      wanted = true
      attempts = 0
      probes = setInterval(() => void probe(), PROBE_MS)
      connect()
    },
    stop,
    drop,
    /** Tries at once instead of waiting: the browser said the network is back. */
    nudge(): void {
      if (!wanted || socket !== null) return
      clearTimeout(retry)
      connect()
    },
    send(message: ConsoleMessage): void {
      if (message.type === 'phone') standing.set('phone', message)
      if (message.type === 'hold') standing.set('hold', message)
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    /** A hold outlives no call. */
    forgetHold(): void {
      standing.delete('hold')
    },
  }
}

function parse(raw: unknown): LiveMessage[] {
  if (typeof raw !== 'string') return []
  try {
    const value: unknown = JSON.parse(raw)
    return (Array.isArray(value) ? value : [value]).filter(isMessage)
  } catch {
    return [] // a cut frame; the next snapshot repairs
  }
}

/** Same origin, same session, schema on the server's side: the discriminator is enough at this door. */
function isMessage(value: unknown): value is LiveMessage {
  return typeof value === 'object' && value !== null && 'type' in value
}
