import WebSocket from 'ws'
import { retryDelayMs } from '../../src/console/live-retry.ts'
import { type Credentials, demoPerson, type Signed, signIn, type Site } from '../support/transfer-rig.ts'
import type { PhoneAccount } from './load-phones.ts'

/** A pop as it reached a console. */
export interface ShownPop {
  readonly callId: string
  readonly member: string
  /** On this process's `performance.now()`. */
  readonly atMs: number
}

/** An operator's console without a browser: its live line, and the requests its page makes with each call. */
export interface LoadConsole {
  readonly member: string
  readonly account: PhoneAccount
  /** Opens the live line and is ready. A line that the service drops comes back by itself, as a page's does. */
  readonly open: () => Promise<void>
  readonly close: () => void
}

/** What a page of the console knows when it is told these, and what it does then. */
interface Told {
  readonly type: string
  readonly pop?: { readonly callId: string }
  /** What rings when the line comes back. */
  readonly pops?: readonly { readonly callId: string }[]
  readonly presence?: { readonly state: string }
  readonly call?: { readonly id: string; readonly ticketCode: string | null }
}

/** The only messages that are acted upon; the rest is not even parsed, for the machine's sake. */
const ACTED_ON = /^\{"type":"(?:pop|snapshot|presence|call)"/

/** So many operators hired by the demo's admin, signed in and with a desk phone's account each. */
export async function hireConsoles(
  site: Site,
  count: number,
  notice: { readonly pop: (pop: ShownPop) => void; readonly failed: (what: string) => void },
): Promise<LoadConsole[]> {
  const admin = await signIn(site, await demoPerson(site, 'admin'))
  const consoles: LoadConsole[] = []
  for (let index = 1; index <= count; index += 1) {
    const username = `tai${String(index)}`
    const body = { username, name: `Trực tải ${String(index)}`, role: 'operator' }
    const { password } = await admin.must<{ password: string }>('POST', '/api/people', body)
    consoles.push(await seat(site, { username, password }, notice))
  }
  return consoles
}

/** One sign-in each: the door takes sixty a minute from one address. */
async function seat(
  site: Site,
  first: Credentials,
  notice: Parameters<typeof hireConsoles>[2],
): Promise<LoadConsole> {
  const person: Signed = await signIn(site, first)
  const next = `${first.password} ${first.password}`
  await person.must('PUT', '/api/session/password', { current: first.password, next })
  const account = await person.get<PhoneAccount>('/api/phone?kind=desk')
  const member = `op-${String(person.person.id)}`
  let line: WebSocket | undefined
  let shown = ''

  function act(text: string): void {
    const told = JSON.parse(text) as Told
    const atMs = performance.now()
    for (const { callId } of told.pop === undefined ? (told.pops ?? []) : [told.pop])
      notice.pop({ callId, member, atMs })
    if (told.presence?.state === 'wrapUp') isReady().catch(complain)
    const code = told.call?.ticketCode ?? ''
    if (code === '' || code === shown) return
    shown = code
    // As the page does when the call is its own: it shows the case.
    person.get(`/api/tickets/${code}`).catch(complain)
  }

  function complain(cause: unknown): void {
    if (line?.readyState === WebSocket.OPEN) notice.failed(`${member}: ${String(cause)}`)
  }

  async function isReady(): Promise<void> {
    await person.must('PUT', '/api/presence', { state: 'ready' })
  }

  let attempts = 0
  let isWanted = false

  async function connect(): Promise<void> {
    const headers = { cookie: person.cookie, origin: site.url }
    const socket = new WebSocket(`${site.url.replace('http', 'ws')}/live`, { headers })
    line = socket
    const opened = new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    socket.on('error', () => undefined) // `close` follows
    socket.on('message', (data: Buffer) => {
      if (ACTED_ON.test(data.toString('latin1', 0, 20))) act(data.toString())
    })
    socket.on('close', () => {
      if (!isWanted || line !== socket) return
      setTimeout(() => void connect().catch(() => undefined), retryDelayMs(attempts, Math.random()))
      attempts += 1
    })
    await opened
    attempts = 0
    socket.send(JSON.stringify({ type: 'hello', consoleId: `load-${member}-console` }))
    socket.send(JSON.stringify({ type: 'phone', registered: true }))
  }

  return {
    member,
    account,
    async open() {
      isWanted = true
      await connect()
      await isReady()
    },
    close() {
      isWanted = false
      line?.terminate()
    },
  }
}
