import { randomBytes } from 'node:crypto'
import createManager, { type AsteriskManager } from 'asterisk-manager'
import { AppError } from '../platform/errors.ts'
import { type AmiFields, type AmiHeaders, checkFields, createAmiDecoder, timestampOf } from './ami-codec.ts'
import { askForEvents } from './ami-filter.ts'
import { type AmiExchange, type AmiExchangeTimings, createAmiExchange } from './ami-exchange.ts'
import { within } from './deadline.ts'
import type { Line, LineHandlers, LinkLog } from './link.ts'

/** One event of the PBX. Any field may be missing: the other end is not ours. */
export interface AmiEvent {
  readonly name: string
  /** Keys in lower case; a repeated key's values are joined by line feeds. */
  readonly fields: AmiHeaders
  /** Epoch milliseconds of the Timestamp header (manager.conf timestampevents=yes). */
  readonly at?: number
}

/** Deadlines of one connection. Production uses the defaults; tests shorten them. */
export interface AmiConnectionTimings extends AmiExchangeTimings {
  /** Short, for a host that does not answer at all: its next try is then at most this late. */
  readonly connectMs: number
  readonly signInMs: number
  /** How long FullyBooted is waited for; a user without the right to read `system` never sees it. */
  readonly bootMs: number
  readonly pingEveryMs: number
}

/** Where to connect, as whom, and what to hear. */
export interface AmiAccess {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly secret: string
  /** Names of the events wanted; undefined means all. */
  readonly events: readonly string[] | undefined
  readonly log: LinkLog
  readonly timings?: Partial<AmiConnectionTimings> | undefined
}

/** A signed-in connection of a booted PBX. */
export interface AmiConnection extends Line, Pick<AmiExchange, 'action' | 'list' | 'originate'> {}

const DEFAULTS = { connectMs: 1_000, signInMs: 5_000, bootMs: 5_000, pingEveryMs: 5_000 }
/** Pings without a single byte from the PBX after which the line counts as dead. */
const MAX_MISSED_PINGS = 2
const READ_BUFFER_BYTES = 64 * 1024

/**
 * `asterisk-manager` for one connection: its socket, its sign-in and its writer. What it reads, correlates, holds back and
 * reconnects is done here instead; src/decisions.md 2 says why. Throws `unavailable`, or `forbidden` AMI_REFUSED.
 */
export async function openAmiConnection(
  access: AmiAccess,
  handlers: LineHandlers<AmiEvent>,
): Promise<AmiConnection> {
  const timings = { ...DEFAULTS, ...access.timings }
  checkFields({ user: access.user, secret: access.secret })
  const manager = createManager()
  const socketEnd = new AbortController()
  const closed = Promise.withResolvers<never>()
  const booted = Promise.withResolvers<undefined>()
  closed.promise.catch(() => undefined)
  const wanted = access.events === undefined ? undefined : new Set(access.events)
  const decoder = createAmiDecoder()
  const exchange = createAmiExchange({
    idPrefix: `td-${randomBytes(6).toString('hex')}-`,
    write: (fields, id) => {
      writeAction(manager, fields, id)
    },
    timings: access.timings,
  })
  let isOver = false
  let isSignedIn = false
  let lastHeardMs = performance.now()
  let missedPings = 0
  let pings: NodeJS.Timeout | undefined = undefined

  function close(reason: string): void {
    if (isOver) return
    isOver = true
    clearInterval(pings)
    handlers.signal.removeEventListener('abort', onAbort)
    // The package would only half-close, and a vanished peer keep its socket for a quarter of an hour (M6, M9).
    socketEnd.abort()
    exchange.end(reason)
    closed.reject(new AppError('unavailable', 'AMI_LOST', `The line to the PBX ended: ${reason}`))
    handlers.onEnd(reason)
  }

  function onAbort(): void {
    close('closed')
  }

  /** Undefined for what is no event, or one that nobody wants. */
  function take(headers: AmiHeaders): AmiEvent | undefined {
    if (exchange.take(headers)) return undefined
    const name = headers['event']
    if (name === undefined) {
      // The package's own sign-in waits for this. Its ids are digits; no other name from the wire gets into its emitter.
      if (!isSignedIn && /^\d+$/.test(headers['actionid'] ?? '')) manager.emit('rawevent', headers)
      return undefined
    }
    if (name === 'FullyBooted') {
      // Part of the sign-in; whoever is interested hears `onUp`.
      booted.resolve(undefined)
      return undefined
    }
    if (wanted !== undefined && !wanted.has(name)) return undefined
    const at = timestampOf(headers)
    return at === undefined ? { name, fields: headers } : { name, fields: headers, at }
  }

  function onBytes(bytes: Uint8Array): void {
    lastHeardMs = performance.now()
    missedPings = 0
    try {
      const events: AmiEvent[] = []
      for (const headers of decoder.push(bytes)) {
        const event = take(headers)
        if (event !== undefined) events.push(event)
      }
      if (events.length > 0 && !isOver) handlers.onEvents(events)
    } catch (cause) {
      close(cause instanceof AppError ? cause.message : 'a message could not be taken')
    }
  }

  /** Events through the socket's own option: the package's reader then gets nothing to read. */
  async function connect(): Promise<void> {
    const buffer = new Uint8Array(READ_BUFFER_BYTES)
    const connected = Promise.withResolvers<undefined>()
    manager.on('close', () => {
      close('connection closed')
    })
    manager.connect(
      {
        host: access.host,
        port: access.port,
        signal: socketEnd.signal,
        onread: {
          buffer,
          callback: (sizeBytes) => {
            onBytes(buffer.subarray(0, sizeBytes))
            return true
          },
        },
      },
      undefined,
      () => {
        connected.resolve(undefined)
      },
    )
    await waitFor(
      connected.promise,
      timings.connectMs,
      'AMI_UNREACHABLE',
      'The PBX does not take the connection',
    )
  }

  async function signIn(): Promise<void> {
    const signedIn = Promise.withResolvers<undefined>()
    manager.options.username = access.user
    manager.options.password = access.secret
    manager.login((error) => {
      if (error === undefined || error === null) signedIn.resolve(undefined)
      else signedIn.reject(new AppError('forbidden', 'AMI_REFUSED', 'The PBX refused AMI user or secret'))
    })
    await waitFor(signedIn.promise, timings.signInMs, 'AMI_SILENT', 'The PBX does not answer the AMI sign-in')
    isSignedIn = true
  }

  /** Lists asked before modules are loaded would come back short. */
  async function waitForBoot(): Promise<void> {
    try {
      await waitFor(
        booted.promise,
        timings.bootMs,
        'AMI_NOT_BOOTED',
        'The PBX does not say that it is booted',
      )
    } catch (cause) {
      if (isOver) throw cause
      access.log.warn(
        { link: 'ami' },
        'the PBX does not say FullyBooted: may the AMI user read "system"? Going on',
      )
    }
  }

  function waitFor<T>(promise: Promise<T>, ms: number, code: string, message: string): Promise<T> {
    return within(ms, Promise.race([promise, closed.promise]), { code, message })
  }

  function ping(): void {
    if (missedPings >= MAX_MISSED_PINGS) {
      close('no answer to pings')
      return
    }
    missedPings += 1
    // Any byte resets the count; the deadline only frees the waiter.
    exchange
      .action({ Action: 'Ping' }, { timeoutMs: timings.pingEveryMs, tolerate: true })
      .catch(() => undefined)
  }

  handlers.signal.addEventListener('abort', onAbort)
  if (handlers.signal.aborted) onAbort()
  try {
    await connect()
    await signIn()
    await askForEvents(exchange, access)
    await waitForBoot()
  } catch (cause) {
    close('sign-in failed')
    throw cause
  }
  pings = setInterval(ping, timings.pingEveryMs)
  const { action, list, originate } = exchange
  return { action, list, originate, close, lastHeardMs: () => lastHeardMs }
}

/** The package's writer, without its promise of an answer: that one is never kept when the line dies (M3). */
function writeAction(manager: AsteriskManager, fields: AmiFields, id: string): void {
  const action: Record<string, string> = {}
  for (const [key, value] of Object.entries(fields)) {
    // It trims header names, so one name can be given several times; of a list it would make one value with commas.
    const values = typeof value === 'string' ? [value] : value
    for (const [index, text] of values.entries()) action[key + ' '.repeat(index)] = text
  }
  manager.action({ ...action, actionid: id })
  manager.removeAllListeners(id)
}
