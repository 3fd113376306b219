import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createInbox } from './inbox.ts'

/** An action as it came over the wire, header names in lower case. */
export type ActionSeen = Readonly<Record<string, string>>

/** The PBX's end of one AMI connection. */
export interface FakeAmiLine {
  /** Writes as it stands, but for line feeds, which become CR LF. */
  readonly send: (text: string) => void
  readonly sendBytes: (bytes: Uint8Array) => void
  readonly event: (name: string, fields?: Readonly<Record<string, string>>) => void
  readonly respond: (to: ActionSeen, fields?: Readonly<Record<string, string>>) => void
  /** The next action of that name, now or when it comes. */
  readonly action: (name: string) => Promise<ActionSeen>
  /** All bytes that came, as text. */
  readonly received: () => string
  /** Cuts the line as a crash does. */
  readonly drop: () => void
  readonly closed: Promise<void>
}

/** A TCP server that speaks AMI, as badly as a test wants. */
export interface FakeAmi {
  readonly port: number
  /** The next connection, now or when it comes. */
  readonly line: () => Promise<FakeAmiLine>
  readonly lineCount: () => number
  /** Replaces what is answered to an action (lower case name) from now on. */
  readonly on: (action: string, answer: (action: ActionSeen, line: FakeAmiLine) => void) => void
  readonly close: () => Promise<void>
}

type Answer = (action: ActionSeen, line: FakeAmiLine) => void

/** Listens on `port`, or on a free one. Answers sign-in, Events, Filter and Ping as a booted PBX does until told otherwise. */
export async function startFakeAmi(port = 0): Promise<FakeAmi> {
  const lines = createInbox<FakeAmiLine>('an AMI connection')
  const sockets = new Set<Socket>()
  const success: Answer = (action, line) => {
    line.respond(action)
  }
  const answers = new Map<string, Answer>([
    ['events', success],
    ['filter', success],
    ['ping', success],
    [
      'login',
      (action, line) => {
        line.respond(action, { Message: 'Authentication accepted' })
        line.event('FullyBooted', { Privilege: 'system,all' })
      },
    ],
  ])
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    lines.push(speak(socket, answers))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    line: () => lines.next(),
    lineCount: () => lines.all().length,
    on: (action, answer) => {
      answers.set(action, answer)
    },
    async close() {
      for (const socket of sockets) socket.resetAndDestroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

function speak(socket: Socket, answers: ReadonlyMap<string, Answer>): FakeAmiLine {
  const actions = createInbox<ActionSeen>('an AMI action')
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      resolve()
    })
  })
  let received = ''
  let rest = ''
  const send = (text: string): void => {
    socket.write(text.replaceAll('\n', '\r\n'))
  }
  const block = (fields: Readonly<Record<string, string>>): void => {
    const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}\n`)
    send(`${lines.join('')}\n`)
  }
  const line: FakeAmiLine = {
    send,
    sendBytes: (bytes) => {
      socket.write(bytes)
    },
    event: (name, fields) => {
      block({ Event: name, ...fields })
    },
    respond: (to, fields) => {
      block({ Response: 'Success', ActionID: to['actionid'] ?? '', ...fields })
    },
    action: (name) => actions.next((action) => action['action']?.toLowerCase() === name.toLowerCase()),
    received: () => received,
    drop: () => {
      socket.resetAndDestroy()
    },
    closed,
  }
  socket.on('error', () => undefined) // `closed` tells
  socket.on('data', (bytes) => {
    received += bytes.toString('utf8')
    const blocks = (rest + bytes.toString('utf8')).split('\r\n\r\n')
    rest = blocks.pop() ?? ''
    for (const text of blocks) {
      const action = parse(text)
      actions.push(action)
      answers.get(action['action']?.toLowerCase() ?? '')?.(action, line)
    }
  })
  send('Asterisk Call Manager/11.0.0\n')
  return line
}

function parse(block: string): ActionSeen {
  const entries = block.split('\r\n').map((text) => {
    const colon = text.indexOf(': ')
    return [text.slice(0, colon).toLowerCase(), text.slice(colon + 2)] as const
  })
  return Object.fromEntries(entries)
}
