import type { WebSocket } from 'ws'
import { AppError } from '../platform/errors.ts'
import { ARI_EVENTS, type AriEvent, parseAriEvent } from './ari-events.ts'
import { describeAri } from './ari-package.ts'
import type { AriAccess, AriRest } from './ari-rest.ts'
import { within } from './deadline.ts'
import type { Line, LineHandlers, LinkLog } from './link.ts'

/** Deadlines of one connection. Production uses the defaults; tests shorten them. */
export interface AriConnectionTimings {
  /** Short, for a host that does not answer at all: its next try is then at most this late. */
  readonly probeMs: number
  /** For the whole API description. */
  readonly describeMs: number
  readonly openMs: number
  readonly pingEveryMs: number
}

/** What the event connection is made of. */
export interface AriConnectionDeps extends AriAccess {
  readonly app: string
  /** Types of the events wanted; undefined means all this client knows. */
  readonly events?: readonly string[] | undefined
  readonly log: LinkLog
  readonly timings?: Partial<AriConnectionTimings> | undefined
}

const DEFAULTS: AriConnectionTimings = {
  probeMs: 1_000,
  describeMs: 10_000,
  openMs: 5_000,
  pingEveryMs: 5_000,
}
const MAX_MISSED_PONGS = 2
/** No event is near this; beyond it somebody is not speaking ARI. */
const MAX_EVENT_BYTES = 256 * 1024

/**
 * `ari-client` for one connection: its reading of the API description and its event socket, with our own listeners on that
 * socket; src/decisions.md 3 says why. Throws `unavailable`, or `forbidden` when the PBX refuses user or secret.
 */
export async function openAriConnection(
  deps: AriConnectionDeps,
  rest: Pick<AriRest, 'request'>,
  handlers: LineHandlers<AriEvent>,
): Promise<Line> {
  const timings = { ...DEFAULTS, ...deps.timings }
  // The package may only be let near a PBX that answers (R4).
  await rest.request('GET', '/asterisk/info', {
    query: { only: 'status' },
    timeoutMs: timings.probeMs,
    signal: handlers.signal,
  })
  const client = await describeAri(deps, timings.describeMs)
  handlers.signal.throwIfAborted()
  // Its URL would carry the secret (R10). `ws` makes a Basic header of the host part's credentials, and Asterisk reads that
  // before any api_key (res_ari.c authenticate_user).
  const connection = client._connection
  connection.host = `${encodeURIComponent(deps.user)}:${encodeURIComponent(deps.secret)}@${connection.host}`
  connection.user = ''
  connection.pass = ''
  // Settles only through the package's own listeners, which go in the next line but one.
  client.start(deps.app).catch(() => undefined)
  const socket = client._ws
  if (socket === undefined) throw new AppError('unavailable', 'ARI_UNREACHABLE', 'No event socket was made')
  socket.removeAllListeners()
  return takeOver(socket, { deps, rest, handlers, timings })
}

async function takeOver(
  socket: WebSocket,
  {
    deps,
    rest,
    handlers,
    timings,
  }: {
    readonly deps: AriConnectionDeps
    readonly rest: Pick<AriRest, 'request'>
    readonly handlers: LineHandlers<AriEvent>
    readonly timings: AriConnectionTimings
  },
): Promise<Line> {
  const types: readonly string[] = [...(deps.events ?? ARI_EVENTS), 'ApplicationReplaced']
  const known = new Set(types)
  const opened = Promise.withResolvers<undefined>()
  let isOver = false
  let missedPongs = 0
  let lastHeardMs = performance.now()
  let pings: NodeJS.Timeout | undefined = undefined

  function close(reason: string, how?: 'refused'): void {
    if (isOver) return
    isOver = true
    clearInterval(pings)
    handlers.signal.removeEventListener('abort', onAbort)
    socket.terminate()
    opened.reject(new AppError('unavailable', 'ARI_LOST', `The ARI event socket ended: ${reason}`))
    handlers.onEnd(reason, how)
  }

  function onAbort(): void {
    close('closed')
  }

  function heard(): void {
    missedPongs = 0
    lastHeardMs = performance.now()
  }

  socket.on('open', () => {
    opened.resolve(undefined)
  })
  socket.on('pong', heard)
  socket.on('message', (data: Buffer) => {
    if (isOver) return
    heard()
    if (data.length > MAX_EVENT_BYTES) {
      close('a message is too long')
      return
    }
    const event = parseAriEvent(data.toString('utf8'), known)
    // The PBX has just given our application to another socket, and this one will hear nothing more.
    if (event?.type === 'ApplicationReplaced') {
      close('another program took the Stasis application', 'refused')
    } else if (event !== undefined) handlers.onEvents([event])
  })
  socket.on('error', () => {
    close('connection failed')
  })
  socket.on('close', () => {
    close('connection closed')
  })
  socket.on('unexpected-response', (request, response) => {
    request.destroy()
    close(`the PBX answered ${String(response.statusCode)}`)
  })
  handlers.signal.addEventListener('abort', onAbort)

  try {
    await within(timings.openMs, opened.promise, {
      code: 'ARI_SILENT',
      message: 'No answer on the event socket',
    })
    await filterEvents(deps, rest, types)
  } catch (cause) {
    close('could not be opened')
    throw cause
  }
  pings = setInterval(() => {
    if (missedPongs >= MAX_MISSED_PONGS) {
      close('no answer to pings')
      return
    }
    missedPongs += 1
    socket.ping()
  }, timings.pingEveryMs)
  return { close, lastHeardMs: () => lastHeardMs }
}

/** Unknown types stay in the PBX (R3). Without the filter they are only dropped here, so it may fail. */
async function filterEvents(
  { app, log }: AriConnectionDeps,
  rest: Pick<AriRest, 'request'>,
  types: readonly string[],
): Promise<void> {
  try {
    const body = { allowed: types.map((type) => ({ type })) }
    await rest.request('PUT', `/applications/${encodeURIComponent(app)}/eventFilter`, { body })
  } catch (err) {
    if (err instanceof AppError && err.kind === 'unavailable') throw err
    log.warn({ link: 'ari', err }, 'the PBX does not filter ARI events; filtering here')
  }
}
