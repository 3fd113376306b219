import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Value } from 'typebox/value'
import type { WebSocket } from 'ws'
import type { Person } from '../accounts/contract.ts'
import { allowSignedIn, HOTLINE, personOf } from '../http/access.ts'
import { ConsoleMessage, type LiveMessage } from './contract.ts'
import type { LiveConsole, LiveHub } from './service.ts'

export interface LiveRoutesOptions {
  readonly hub: LiveHub
  readonly snapshot: (person: Person) => LiveMessage
  readonly onOpen: (person: Person) => void
  readonly onShut: (person: Person, lastHeardAt: Date) => void
  readonly onPhone: (person: Person, registered: boolean) => void
  readonly now: () => Date
}

/** A console is asked for a sign of life this often; two silences in a row end the connection. */
const PING_MS = 3_000
const HELLO_MS = 5_000
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024

/** WebSocket `/live`: snapshot first, then events. */
export const liveRoutes: FastifyPluginAsyncTypebox<LiveRoutesOptions> = async (app, options) => {
  app.get('/live', { ...allowSignedIn(), websocket: true }, (socket, request) => {
    serve(socket, personOf(request), request.sessionId ?? '', options)
  })
}

/** What of a WebSocket is used. */
type Line = Pick<
  WebSocket,
  'OPEN' | 'readyState' | 'bufferedAmount' | 'send' | 'close' | 'terminate' | 'ping' | 'on'
>

function serve(socket: Line, person: Person, sessionId: string, options: LiveRoutesOptions): void {
  const { hub, now } = options
  let console: LiveConsole | undefined
  let lastHeardAt = now()
  let silent = 0

  const send = (...messages: readonly LiveMessage[]) => {
    if (socket.readyState !== socket.OPEN) return
    // A page that does not read is dropped; it gets a snapshot when it comes back.
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      socket.terminate()
      return
    }
    socket.send(frameOf(messages))
  }
  const hello = setTimeout(() => {
    socket.close(1008, 'hello expected')
  }, HELLO_MS)
  const pings = setInterval(() => {
    if (silent >= 2) {
      socket.terminate()
      return
    }
    silent += 1
    socket.ping()
  }, PING_MS)

  socket.on('pong', () => {
    silent = 0
    lastHeardAt = now()
  })
  socket.on('message', (data: Buffer) => {
    lastHeardAt = now()
    const message = read(data)
    if (message === undefined) {
      socket.close(1008, 'message not understood')
      return
    }
    if (message.type === 'hello') {
      if (console !== undefined) return
      clearTimeout(hello)
      console = {
        person,
        sessionId,
        consoleId: message.consoleId,
        send,
        close: () => {
          socket.close(4001, 'replaced')
        },
      }
      // What coming back changes is in the snapshot; told on its own before it, it would be lost on the page.
      options.onOpen(person)
      hub.open(console)
      send(options.snapshot(person))
    } else if (message.type === 'phone' && console !== undefined && HOTLINE.includes(person.role)) {
      options.onPhone(person, message.registered)
    }
  })
  socket.on('error', () => {
    // 'close' follows and says the same.
  })
  socket.on('close', () => {
    clearTimeout(hello)
    clearInterval(pings)
    if (console === undefined) return
    hub.shut(console)
    options.onShut(person, lastHeardAt)
  })
}

function frameOf(messages: readonly LiveMessage[]): string {
  const written = messages.map(textOf)
  return written.length === 1 ? written.join('') : `[${written.join(',')}]`
}

const texts = new WeakMap<LiveMessage, string>()

/** A message to all consoles is written out once, not once for each. */
function textOf(message: LiveMessage): string {
  const known = texts.get(message)
  if (known !== undefined) return known
  const text = JSON.stringify(message)
  texts.set(message, text)
  return text
}

function read(data: Buffer): ConsoleMessage | undefined {
  try {
    const message: unknown = JSON.parse(data.toString('utf8'))
    return Value.Check(ConsoleMessage, message) ? message : undefined
  } catch {
    return undefined
  }
}
