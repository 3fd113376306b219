import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import WebSocket from 'ws'
import type { CallView } from '../../src/calls/contract.ts'
import type { LiveMessage } from '../../src/live/contract.ts'
import type { TransferCommand, TransferTarget, TransferView } from '../../src/transfers/contract.ts'
import type { DeskPhone } from './desk-phone.ts'
import { startDeskPhone } from './desk-phone.ts'
import type { Hotline } from './hotline.ts'
import { messagesOf } from './live-frames.ts'

/** An operator without a browser: signed in over HTTP, a console's live line, a real desk phone. */
export interface DeskOperator {
  readonly id: number
  readonly member: string
  readonly phone: DeskPhone
  readonly get: <T>(path: string) => Promise<T>
  readonly send: (
    method: string,
    path: string,
    body: unknown,
  ) => Promise<{ readonly status: number; readonly body: unknown }>
  readonly post: (path: string, body: unknown) => Promise<{ readonly status: number; readonly body: unknown }>
  /** The newest transfer told that fits; waits for it. */
  readonly transfer: (fits: (transfer: TransferView) => boolean, what?: string) => Promise<TransferView>
  /** The newest transfer told, whatever it is. */
  readonly latest: () => TransferView | undefined
  /** The newest call told, whatever it is. */
  readonly latestCall: () => CallView | undefined
  readonly call: (fits: (call: CallView) => boolean) => Promise<CallView>
  /** Of the newest call told where none is named. */
  readonly start: (
    targets: readonly TransferTarget[],
    mode?: 'consult' | 'blind',
    callId?: string,
  ) => Promise<TransferView>
  readonly command: (transfer: TransferView, command: TransferCommand) => Promise<TransferView>
  /** The phone is gone without a word, as with a page that is reloaded, and a new one registers in its place. */
  readonly replug: () => Promise<void>
  /** Back in the queue, wrap-up cut short. */
  readonly ready: () => Promise<void>
  /** Opens the live line again, after the service was restarted. */
  readonly reopen: () => Promise<void>
  readonly close: () => Promise<void>
}

const WITHIN_MS = 20_000
const MOST_SEEN = 40

/** A demo person by name, or anybody who has a password. */
export type DeskSeat = 'mai' | 'tuan' | 'lan' | Credentials

export interface Credentials {
  readonly username: string
  readonly password: string
}

export type Site = Pick<Hotline, 'url' | 'dataDir'>

/** Somebody signed in over HTTP. */
export interface Signed {
  readonly person: { readonly id: number }
  readonly cookie: string
  readonly get: <T>(path: string) => Promise<T>
  readonly send: (
    method: string,
    path: string,
    body: unknown,
  ) => Promise<{ readonly status: number; readonly body: unknown }>
  /** The answer's body; throws for any refusal. */
  readonly must: <T>(method: string, path: string, body: unknown) => Promise<T>
}

export async function demoPerson({ dataDir }: Site, username: string): Promise<Credentials> {
  const file = await readFile(join(dataDir, 'demo-accounts.json'), 'utf8')
  const accounts = JSON.parse(file) as Credentials[]
  return { username, password: accounts.find((one) => one.username === username)?.password ?? '' }
}

export async function signIn({ url }: Site, { username, password }: Credentials): Promise<Signed> {
  const signedIn = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ username, password }),
  })
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const session = (await signedIn.json()) as { csrfToken: string; person: { id: number } }
  const headers = {
    cookie,
    origin: url,
    'x-csrf-token': session.csrfToken,
    'content-type': 'application/json',
  }
  const send = async (method: string, path: string, body: unknown) => {
    const response = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }
  return {
    person: session.person,
    cookie,
    send,
    async get<T>(path: string): Promise<T> {
      const response = await fetch(`${url}${path}`, { headers: { cookie } })
      if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${await response.text()}`)
      return (await response.json()) as T
    },
    async must<T>(method: string, path: string, body: unknown): Promise<T> {
      const answer = await send(method, path, body)
      if (answer.status >= 300)
        throw new Error(`${path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`)
      return answer.body as T
    },
  }
}

/** So many operators besides the demo's own, made by its admin, each with a password of their own. */
export async function hireOperators(site: Site, count: number): Promise<Credentials[]> {
  const admin = await signIn(site, await demoPerson(site, 'admin'))
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const username = `ca${String(index + 1)}`
      const name = `Ca trực ${String(index + 1)}`
      const first = await admin.must<{ password: string }>('POST', '/api/people', {
        username,
        name,
        role: 'operator',
      })
      const person = await signIn(site, { username, password: first.password })
      const password = `${first.password} ${first.password}`
      await person.must('PUT', '/api/session/password', { current: first.password, next: password })
      return { username, password }
    }),
  )
}

export async function seatDeskOperator(
  hotline: Pick<Hotline, 'url' | 'pbx' | 'dataDir'>,
  who: DeskSeat,
  options: { readonly speaks?: string; readonly autoAnswer?: boolean } = {},
): Promise<DeskOperator> {
  const { url, pbx } = hotline
  const credentials = typeof who === 'string' ? await demoPerson(hotline, who) : who
  const { person, cookie, get, send, must } = await signIn(hotline, credentials)
  const member = `op-${String(person.id)}`

  let newestTransfer: TransferView | undefined
  let newestCall: CallView | undefined
  /** For whoever waits in vain. */
  const seen: string[] = []
  const listeners = new Set<() => void>()
  let live = await openLive()

  /** A snapshot tells the same after the line was away. */
  function keep(message: LiveMessage): void {
    if (message.type !== 'transfer' && message.type !== 'call' && message.type !== 'snapshot') return
    const told = message.type === 'snapshot' ? message.transfers : []
    const transfer = (message.type === 'transfer' ? message.transfer : told[0]) ?? null
    const call = 'call' in message ? message.call : null
    if (call !== null) newestCall = call
    if (transfer === null) return
    newestTransfer = transfer
    seen.push(`${transfer.state}/${transfer.attempts.map(({ state }) => state).join('+')}`)
    if (seen.length > MOST_SEEN) seen.shift()
  }

  async function openLive(): Promise<WebSocket> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers: { cookie, origin: url } })
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => {
        resolve()
      })
      socket.once('error', reject)
    })
    socket.on('message', (data: Buffer) => {
      for (const message of messagesOf(data)) keep(message)
      for (const listener of listeners) listener()
    })
    socket.on('error', () => undefined)
    socket.send(JSON.stringify({ type: 'hello', consoleId: `rig-${member}-console` }))
    socket.send(JSON.stringify({ type: 'phone', registered: true }))
    return socket
  }

  async function until<T>(what: string, look: () => T | undefined): Promise<T> {
    const found = look()
    if (found !== undefined) return found
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        listeners.delete(listener)
      }
      const listener = (): void => {
        const now = look()
        if (now === undefined) return
        stop()
        resolve(now)
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`waited in vain for ${what}; transfers seen: ${seen.join(', ')}`))
      }, WITHIN_MS)
      listeners.add(listener)
    })
  }
  const account = await get<{ username: string; password: string }>('/api/phone?kind=desk')
  const plugIn = (): Promise<DeskPhone> =>
    startDeskPhone({
      install: pbx.install,
      username: account.username,
      password: account.password,
      pbxPort: pbx.ports.sip,
      speaks: join(pbx.voices.voicesDir, options.speaks ?? 'tone880.wav'),
      autoAnswer: options.autoAnswer ?? true,
    })
  let phone = await plugIn()
  await must('PUT', '/api/presence', { state: 'ready' })

  return {
    id: person.id,
    member,
    get phone() {
      return phone
    },
    async replug() {
      await phone.pullPlug()
      phone = await plugIn()
    },
    get,
    send,
    post: (path, body) => send('POST', path, body),
    latest: () => newestTransfer,
    latestCall: () => newestCall,
    transfer: (fits, what = fits.toString()) =>
      until(what, () => {
        const found = newestTransfer
        return found !== undefined && fits(found) ? found : undefined
      }),
    call: (fits) =>
      until(fits.toString(), () => {
        const found = newestCall
        return found !== undefined && fits(found) ? found : undefined
      }),
    start: (targets, mode = 'consult', callId = newestCall?.id ?? '') =>
      must('POST', '/api/transfers', { callId, mode, targets }),
    command: ({ id, state, current }, command) =>
      must('POST', `/api/transfers/${id}/commands`, { command, state, current }),
    async ready() {
      await must('PUT', '/api/presence', { state: 'ready' })
    },
    async reopen() {
      live.terminate()
      live = await openLive()
    },
    async close() {
      live.terminate()
      await phone.stop()
    },
  }
}
