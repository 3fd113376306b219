import { EventEmitter, once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { AppError } from '../platform/errors.ts'

/** One AMI message: header name to value; of a repeated header the last, of Variable all joined by line breaks. */
export type AmiMessage = Readonly<Record<string, string>>

/** A small AMI connection for the command line and its simulated network; the service has its own in src/asterisk. */
export interface AmiLines {
  /** Sends an action and answers its response; throws on an error response, after 5 s, or when the line goes. */
  readonly send: (
    action: string,
    headers?: Readonly<Record<string, string | readonly string[]>>,
  ) => Promise<AmiMessage>
  /** Resolves with the next event that fits; rejects after `withinMs`. Events before the call are not seen. */
  readonly waitFor: (fits: (event: AmiMessage) => boolean, withinMs: number) => Promise<AmiMessage>
  readonly onEvent: (listener: (event: AmiMessage) => void) => () => void
  readonly close: () => void
  /** Resolves when the PBX says it is fully booted; it says so after each sign-in. */
  readonly booted: Promise<void>
  readonly closed: Promise<void>
}

/** Connects and signs in; throws AMI_UNREACHABLE or AMI_REFUSED. */
export async function connectAmi(options: {
  readonly host?: string
  readonly port: number
  readonly user: string
  readonly secret: string
}): Promise<AmiLines> {
  const socket = connect({ host: options.host ?? '127.0.0.1', port: options.port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(3_000) })
  } catch (cause) {
    socket.destroy()
    throw new AppError('unavailable', 'AMI_UNREACHABLE', `No AMI on port ${String(options.port)}`, { cause })
  }
  const lines = speakAmi(socket)
  try {
    await lines.send('Login', { Username: options.user, Secret: options.secret })
  } catch (cause) {
    lines.close()
    throw new AppError('unavailable', 'AMI_REFUSED', 'The PBX refused the AMI sign-in', { cause })
  }
  return lines
}

/** Cuts a stream into AMI messages; answers what was complete and what is left over. */
export function splitMessages(text: string): { readonly messages: AmiMessage[]; readonly rest: string } {
  const blocks = text.split('\r\n\r\n')
  const rest = blocks.pop() ?? ''
  return { messages: blocks.map(parseMessage), rest }
}

function parseMessage(block: string): AmiMessage {
  const message: Record<string, string> = {}
  for (const line of block.split('\r\n')) {
    const at = line.indexOf(':')
    if (at > 0) message[line.slice(0, at)] = line.slice(at + 1).trim()
  }
  return message
}

function speakAmi(socket: Socket): AmiLines {
  const events = new EventEmitter<{ event: [AmiMessage]; response: [AmiMessage] }>()
  events.setMaxListeners(1_000)
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve()
    })
  })
  const booted = new Promise<void>((resolve) => {
    events.on('event', (event) => {
      if (event['Event'] === 'FullyBooted') resolve()
    })
  })
  let rest = ''
  let lastId = 0
  socket.setEncoding('utf8')
  socket.on('error', () => undefined) // `close` follows and says all there is to say
  socket.on('data', (chunk: string) => {
    const split = splitMessages((rest + chunk).replace(/^Asterisk Call Manager[^\r\n]*\r\n/, ''))
    rest = split.rest
    for (const message of split.messages) events.emit('Event' in message ? 'event' : 'response', message)
  })

  function onEvent(listener: (event: AmiMessage) => void): () => void {
    events.on('event', listener)
    return () => events.off('event', listener)
  }

  async function next(
    kind: 'event' | 'response',
    fits: (message: AmiMessage) => boolean,
    withinMs: number,
  ): Promise<AmiMessage> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        events.off(kind, listener)
      }
      const listener = (message: AmiMessage): void => {
        if (!fits(message)) return
        stop()
        resolve(message)
      }
      const timer = setTimeout(() => {
        stop()
        reject(
          new AppError('unavailable', 'AMI_SILENT', `No fitting AMI ${kind} within ${String(withinMs)} ms`),
        )
      }, withinMs)
      events.on(kind, listener)
      void closed.then(() => {
        stop()
        reject(new AppError('unavailable', 'AMI_CLOSED', 'The AMI line was closed'))
      })
    })
  }

  async function send(action: string, headers: Readonly<Record<string, string | readonly string[]>> = {}) {
    const id = `c${String((lastId += 1))}`
    const lines = [`Action: ${action}`, `ActionID: ${id}`]
    for (const [name, value] of Object.entries(headers)) {
      for (const one of typeof value === 'string' ? [value] : value) lines.push(`${name}: ${one}`)
    }
    if (lines.some((line) => /[\r\n\0]/.test(line))) {
      throw new AppError('invalid', 'AMI_LINE_BREAK', 'A value for the PBX has a line break')
    }
    const answer = next('response', (message) => message['ActionID'] === id, 5_000)
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    const response = await answer
    if (response['Response'] === 'Error') {
      throw new AppError('unavailable', 'AMI_ERROR', `${action}: ${response['Message'] ?? 'refused'}`)
    }
    return response
  }

  return {
    send,
    waitFor: (fits, withinMs) => next('event', fits, withinMs),
    onEvent,
    close: () => socket.destroy(),
    booted,
    closed,
  }
}
