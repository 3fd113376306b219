import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import createManager from 'asterisk-manager'
import { AppError } from '../platform/errors.ts'
import { type AmiEvent, type AmiMessage, findInjection, toEvent, toMessage } from './ami-message.ts'

export interface AmiConnectionOptions {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly secret: string
  readonly connectTimeoutMs: number
  readonly actionTimeoutMs: number
  readonly pingEveryMs: number
  readonly onEvent: (event: AmiEvent) => void
  /** Called once, whatever ended the connection. */
  readonly onClose: (reason: string) => void
}

export interface ActionOptions {
  readonly timeoutMs?: number
  /** Resolve with the response even when it says Error. */
  readonly tolerate?: boolean
}

export type AmiFields = Readonly<Record<string, string | readonly string[]>>

/** One connection from connect to close; never used again afterwards. */
export interface AmiConnection {
  login(): Promise<void>
  action(fields: AmiFields, options?: ActionOptions): Promise<AmiMessage>
  list(fields: AmiFields, options?: ActionOptions): Promise<AmiMessage[]>
  /** Resolves with the `OriginateResponse` of an asynchronous originate, not with "queued". */
  originate(fields: AmiFields, options?: ActionOptions): Promise<AmiMessage>
  close(reason: string): void
}

interface Waiting {
  readonly onMessage: (message: AmiMessage) => void
  readonly reject: (error: AppError) => void
  readonly timer: NodeJS.Timeout
}

/** No message of AMI is near this; beyond it somebody is not speaking AMI. */
const MAX_SILENT_BYTES = 4 * 1024 * 1024
const MAX_MISSED_PINGS = 2
let actionCount = 0

/**
 * `asterisk-manager` for one connection: its socket, parser and writer, nothing of its reconnecting (M1, M2), queueing
 * (trap 5) or correlating (M3, M7, M8). See decisions.md 2.
 */
export async function openAmiConnection(options: AmiConnectionOptions): Promise<AmiConnection> {
  // No port: the package would connect and log in at once, without saying how it went.
  const manager = createManager(null)
  // Its own listener re-emits every event under a name from the wire, in one name space with action ids.
  manager.removeAllListeners('rawevent')
  const waiting = new Map<string, Waiting>()
  let socket: Socket | undefined
  let ended = false
  let missedPings = 0
  let pingTimer: NodeJS.Timeout | undefined
  let silentBytes = 0
  let authenticated = false
  let onceClosed: (() => void) | undefined

  function close(reason: string): void {
    if (ended) return
    ended = true
    clearInterval(pingTimer)
    // The package only half-closes; a half-open peer would keep the socket for a quarter of an hour (M6).
    socket?.destroy()
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer)
      reject(
        new AppError('unavailable', 'PBX_CONNECTION_LOST', 'the PBX connection ended before it answered'),
      )
    }
    waiting.clear()
    onceClosed?.()
    options.onClose(reason)
  }

  function ping(): void {
    if (missedPings >= MAX_MISSED_PINGS) {
      close('no answer to pings')
      return
    }
    missedPings += 1
    action({ Action: 'Ping' }, { timeoutMs: options.pingEveryMs * MAX_MISSED_PINGS }).then(
      () => {
        missedPings = 0
      },
      () => {
        // Counted already; the connection's end says it too.
      },
    )
  }

  manager.on('rawevent', (item: unknown) => {
    silentBytes = 0
    if (ended) return
    const message = toMessage(item)
    const id = message.fields['actionid']
    // The package's login waits for its own event: the one thing of its correlation that is used.
    if (!authenticated && id !== undefined && /^\d+$/.test(id)) {
      manager.emit(id, isError(message) ? message : undefined, message)
    }
    const waiter = id === undefined ? undefined : waiting.get(id)
    if (waiter !== undefined) waiter.onMessage(message)
    const event = toEvent(message)
    if (event !== undefined && waiter === undefined) options.onEvent(event)
  })

  /** Registers a waiter, writes the action, and always ends: by `onMessage`, by the clock or by the connection. */
  function send<T>(
    fields: AmiFields,
    { timeoutMs = options.actionTimeoutMs }: ActionOptions,
    collect: (message: AmiMessage, done: (result: T) => void, fail: (error: AppError) => void) => void,
  ): Promise<T> {
    const injected = findInjection(fields)
    if (injected !== undefined) {
      return Promise.reject(
        new AppError(
          'invalid',
          'AMI_INJECTION',
          `field ${injected.replace(/\W/g, '?')} would start a new line`,
        ),
      )
    }
    if (ended || socket === undefined) return Promise.reject(pbxAway())
    actionCount += 1
    const id = `td-${String(actionCount)}`
    return new Promise<T>((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer)
        waiting.delete(id)
      }
      const timer = setTimeout(() => {
        finish()
        reject(new AppError('unavailable', 'PBX_TIMEOUT', 'the PBX did not answer in time'))
      }, timeoutMs)
      const onMessage = (message: AmiMessage) => {
        collect(
          message,
          (result) => {
            finish()
            resolve(result)
          },
          (error) => {
            finish()
            reject(error)
          },
        )
      }
      waiting.set(id, { onMessage, reject, timer })
      manager.action({ ...write(fields), actionid: id })
      // Its callback would wait for ever when the connection dies (M3).
      manager.removeAllListeners(id)
    })
  }

  function action(fields: AmiFields, actionOptions: ActionOptions = {}): Promise<AmiMessage> {
    return send<AmiMessage>(fields, actionOptions, (message, done, fail) => {
      if (message.fields['response'] === undefined) return
      if (isError(message) && actionOptions.tolerate !== true) fail(amiError(message))
      else done(message)
    })
  }

  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      socket?.destroy()
      reject(pbxAway())
    }, options.connectTimeoutMs)
    // The package keeps its socket to itself; Node announces each new client socket while it is being made.
    const created = channel('net.client.socket')
    const take = (message: unknown) => {
      socket = (message as { socket: Socket }).socket
    }
    created.subscribe(take)
    manager.connect(options.port, options.host, () => {
      clearTimeout(timer)
      resolve()
    })
    created.unsubscribe(take)
    socket?.on('data', (chunk: string) => {
      silentBytes += chunk.length
      if (silentBytes > MAX_SILENT_BYTES) close('message too long')
    })
    socket?.on('close', () => {
      clearTimeout(timer)
      reject(pbxAway())
      close('connection closed')
    })
  })

  return {
    async login() {
      manager.options.username = options.user
      manager.options.password = options.secret
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          close('no answer to login')
          reject(pbxAway())
        }, options.connectTimeoutMs)
        onceClosed = () => {
          clearTimeout(timer)
          reject(pbxAway())
        }
        manager.login((error) => {
          clearTimeout(timer)
          authenticated = true
          if (error === undefined || error === null) resolve()
          else reject(new AppError('forbidden', 'AMI_LOGIN_REFUSED', 'the PBX refused AMI user or secret'))
        })
      })
      // What the package sends at login is no header of Asterisk's (M5): ask for events in so many words.
      await action({ Action: 'Events', EventMask: 'on' })
      pingTimer = setInterval(ping, options.pingEveryMs)
    },
    action,
    list: (fields, listOptions = {}) => {
      const items: AmiMessage[] = []
      return send<AmiMessage[]>(fields, listOptions, (message, done, fail) => {
        const { response, eventlist, event } = message.fields
        if (response !== undefined && isError(message)) {
          // "Not found" of an empty AstDB family is an empty list, not a failure.
          if (/not found|no such/i.test(message.fields['message'] ?? '')) done([])
          else fail(amiError(message))
        } else if (eventlist === 'Complete' || (event?.endsWith('Complete') ?? false)) done(items)
        else if (event !== undefined) items.push(message)
      })
    },
    originate: (fields, originateOptions = {}) =>
      send<AmiMessage>({ ...fields, Async: 'true' }, originateOptions, (message, done, fail) => {
        if (message.fields['event'] === 'OriginateResponse') done(message)
        else if (message.fields['response'] !== undefined && isError(message)) fail(amiError(message))
      }),
    close,
  }
}

/** The package writes a list as one comma-joined value, and several headers of one name only from an object. */
function write(fields: AmiFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string'
        ? value
        : Object.fromEntries(
            value.map((pair) => {
              const at = pair.indexOf('=')
              return [pair.slice(0, at), pair.slice(at + 1)]
            }),
          ),
    ]),
  )
}

function isError({ fields }: AmiMessage): boolean {
  return fields['response']?.toLowerCase() === 'error'
}

function amiError({ fields }: AmiMessage): AppError {
  return new AppError('conflict', 'AMI_ERROR', `the PBX refused: ${(fields['message'] ?? '').slice(0, 200)}`)
}

function pbxAway(): AppError {
  return new AppError('unavailable', 'PBX_AWAY', 'the PBX cannot be reached')
}
