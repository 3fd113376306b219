import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { createInbox } from './inbox.ts'

/** One HTTP request as it came. */
export interface RequestSeen {
  readonly method: string
  /** With `/ari`, without the query. */
  readonly path: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** The PBX's end of one event socket. */
export interface FakeAriLine {
  /** The request that opened it. */
  readonly url: string
  readonly authorization: string
  readonly send: (message: string | object) => void
  /** Cuts the line as a crash does. */
  readonly drop: () => void
  readonly closed: Promise<void>
}

/** An HTTP and WebSocket server that speaks ARI, as badly as a test wants. */
export interface FakeAri {
  readonly url: string
  readonly port: number
  readonly line: () => Promise<FakeAriLine>
  readonly lineCount: () => number
  /** The next request to the path, now or when it comes. */
  readonly request: (path: string) => Promise<RequestSeen>
  readonly requests: () => readonly RequestSeen[]
  /** Replaces what is answered to `METHOD /ari/…` from now on; an answer may leave the request hanging. */
  readonly on: (route: string, answer: (request: RequestSeen, response: ServerResponse) => void) => void
  /** Back to what is usual. */
  readonly heal: (route: string) => void
  /** Answers event sockets with this status instead, until undefined. */
  readonly refuseSockets: (status: number | undefined) => void
  readonly close: () => Promise<void>
}

/** The account that this PBX knows. */
export const ARI_ACCOUNT = { user: 'tongdai', secret: 'ari-secret-%&=' } as const

const EXPECTED = `Basic ${Buffer.from(`${ARI_ACCOUNT.user}:${ARI_ACCOUNT.secret}`).toString('base64')}`

/** Listens on `port`, or on a free one. With `pongs: false` its event sockets never answer a ping. */
export async function startFakeAri(options: { port?: number; pongs?: boolean } = {}): Promise<FakeAri> {
  const seen = createInbox<RequestSeen>('an ARI request')
  const lines = createInbox<FakeAriLine>('an ARI event socket')
  const answers = new Map<string, (request: RequestSeen, response: ServerResponse) => void>()
  const sockets = new Set<Socket>()
  const events = new WebSocketServer({ noServer: true, autoPong: options.pongs ?? true })
  const server = createServer((request, response) => {
    void take(request, response)
  })

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = request.url ?? ''
    const path = url.split('?')[0] ?? ''
    const method = request.method ?? ''
    const body = Buffer.concat(chunks).toString('utf8')
    const entry = { method, path, url, headers: request.headers, body }
    seen.push(entry)
    const answer = answers.get(`${method} ${path}`)
    if (answer !== undefined) answer(entry, response)
    else if (request.headers.authorization !== EXPECTED) sendJson(response, 401, { message: 'Unauthorized' })
    else sendJson(response, 200, usual(path, request.headers.host ?? ''))
  }

  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  let refusal: number | undefined
  server.on('upgrade', (request, socket, head) => {
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${String(refusal)} No\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    events.handleUpgrade(request, socket, head, (client) => {
      lines.push(speak(client, request, socket))
    })
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    line: () => lines.next(),
    lineCount: () => lines.all().length,
    request: (path) => seen.next((request) => request.path === path),
    requests: seen.all,
    on: (route, answer) => {
      answers.set(route, answer)
    },
    heal: (route) => {
      answers.delete(route)
    },
    refuseSockets: (status) => {
      refusal = status
    },
    async close() {
      for (const socket of sockets) socket.resetAndDestroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function speak(client: WebSocket, request: IncomingMessage, socket: Duplex): FakeAriLine {
  client.on('error', () => undefined) // `closed` tells
  return {
    url: request.url ?? '',
    authorization: request.headers.authorization ?? '',
    send: (message) => {
      client.send(typeof message === 'string' ? message : JSON.stringify(message))
    },
    drop: () => {
      socket.destroy()
    },
    closed: new Promise((resolve) => {
      client.on('close', () => {
        resolve()
      })
    }),
  }
}

function usual(path: string, host: string): unknown {
  if (path === '/ari/api-docs/resources.json') {
    const apis = [{ path: '/api-docs/events.{format}', description: 'WebSocket resource' }]
    return { apiVersion: '2.0.0', swaggerVersion: '1.1', basePath: `http://${host}/ari`, apis }
  }
  if (path === '/ari/api-docs/events.json') return { apis: [], models: {} }
  return path.startsWith('/ari/asterisk') ? { status: {} } : []
}
