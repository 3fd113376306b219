import { createRequire } from 'node:module'
import type { WebSocket } from 'ws'
import { AppError } from '../platform/errors.ts'

export interface AriConnectionOptions {
  readonly url: string
  readonly user: string
  readonly secret: string
  readonly app: string
  readonly connectTimeoutMs: number
  readonly pingEveryMs: number
  /** Text of each WebSocket message, as it comes. */
  readonly onText: (text: string) => void
  /** Called once, whatever ended the connection. */
  readonly onClose: (reason: string) => void
}

export interface AriConnection {
  close(reason: string): void
}

const MAX_MISSED_PONGS = 2
const load = createRequire(import.meta.url)
let contained = false

/**
 * `ari-client` for one connection: its API resources and its WebSocket, with our own listeners on the socket
 * instead of the package's, which parse without care and reconnect ten times and never again (R1, R2, R3).
 */
export async function openAriConnection(options: AriConnectionOptions): Promise<AriConnection> {
  // Loaded when first needed: swagger-client brings a browser's worth of code, and the service is ready before it.
  contain()
  const { default: ari } = await import('ari-client')
  const client = await within(
    options.connectTimeoutMs,
    ari.connect(options.url, options.user, options.secret),
  )
  // Its URL would carry the password (R10); `ws` turns credentials of the host part into a header, which
  // Asterisk's res_ari.c (authenticate_user) reads before any api_key.
  const { host, user, pass } = client._connection
  client._connection.host = `${encodeURIComponent(user)}:${encodeURIComponent(pass)}@${host}`
  client._connection.user = ''
  client._connection.pass = ''
  // Settles only through the package's own listeners, which are about to go.
  client.start(options.app).catch(() => undefined)
  const socket = client._ws
  if (socket === undefined) throw new AppError('unavailable', 'PBX_AWAY', 'no WebSocket to the PBX')
  socket.removeAllListeners()
  return watch(socket, options)
}

function watch(socket: WebSocket, options: AriConnectionOptions): Promise<AriConnection> {
  return new Promise((resolve, reject) => {
    let opened = false
    let ended = false
    let missedPongs = 0
    let pings: NodeJS.Timeout | undefined
    const close = (reason: string) => {
      if (ended) return
      ended = true
      clearTimeout(late)
      clearInterval(pings)
      socket.terminate()
      if (opened) options.onClose(reason)
      else reject(new AppError('unavailable', 'PBX_AWAY', `no WebSocket to the PBX: ${reason}`))
    }
    const late = setTimeout(() => {
      close('no answer')
    }, options.connectTimeoutMs)
    socket.on('open', () => {
      clearTimeout(late)
      opened = true
      pings = setInterval(() => {
        if (missedPongs >= MAX_MISSED_PONGS) {
          close('no answer to pings')
          return
        }
        missedPongs += 1
        socket.ping()
      }, options.pingEveryMs)
      resolve({ close })
    })
    socket.on('pong', () => {
      missedPongs = 0
    })
    socket.on('message', (data: Buffer) => {
      options.onText(data.toString('utf8'))
    })
    socket.on('error', () => {
      close('connection failed')
    })
    socket.on('close', () => {
      close('connection closed')
    })
  })
}

/** swagger-client throws from a callback when a resource answers 401 or 503 (R4); rejecting is enough. */
function contain(): void {
  if (contained) return
  contained = true
  const fromAri = createRequire(load.resolve('ari-client'))
  const swagger = fromAri('swagger-client') as {
    SwaggerApi: { prototype: { failure(message: string): void; fail(message: string): void } }
  }
  swagger.SwaggerApi.prototype.fail = function fail(message) {
    this.failure(message)
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('unavailable', 'PBX_TIMEOUT', 'ARI did not describe itself in time'))
    }, ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
