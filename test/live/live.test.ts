import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Person } from '../../src/accounts/contract.ts'
import { type App, createServer } from '../../src/http/server.ts'
import { type LiveMessage } from '../../src/live/contract.ts'
import { liveRoutes } from '../../src/live/routes.ts'
import { createLiveHub, type LiveHub } from '../../src/live/service.ts'
import { OFFICER, OPERATOR, SUPERVISOR } from '../support/desk.ts'
import { messagesOf } from '../support/live-frames.ts'

const PEOPLE = new Map<string, Person>([
  ['op', OPERATOR],
  ['sup', SUPERVISOR],
  ['officer', OFFICER],
])
const PRESENCE = {
  state: 'ready',
  reason: null,
  since: '',
  wrapUpEndsAt: null,
  wrapUpExtended: false,
  next: 'ready',
} as const

let app: App
let hub: LiveHub
let url: string
let shut: string[]
const sockets: WebSocket[] = []

beforeEach(async () => {
  hub = createLiveHub()
  // Its own list: pages of the test before may still be leaving.
  const left: string[] = []
  shut = left
  app = await createServer({
    logger: undefined,
    consoleDir: '/nonexistent',
    publicUrl: 'http://localhost',
    localToken: 'x',
    verify: (token) => {
      const person = PEOPLE.get(token)
      return person === undefined ? undefined : { person, sessionId: `session-${token}`, csrfToken: 'c' }
    },
  })
  await app.register(liveRoutes, {
    hub,
    now: () => new Date(),
    snapshot: () => ({
      type: 'snapshot',
      presence: PRESENCE,
      waiting: [],
      pops: [],
      call: null,
      transfers: [],
      missed: [],
      missedTotal: 0,
      listener: null,
      mask: null,
      links: { ami: true, ari: true, disk: 'ok', recordings: null },
      serverTime: '',
    }),
    // As in the service: coming back changes the presence, which is told at once.
    onOpen: ({ id, role }) => {
      if (role !== 'officer') hub.toPerson(id, { type: 'presence', presence: PRESENCE })
    },
    onShut: ({ username }) => void left.push(username),
    onPhone: () => undefined,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  url = `ws://127.0.0.1:${String((app.server.address() as AddressInfo).port)}/live`
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await app.close()
})

/** A console page: signed in, said hello, keeps what it hears. */
async function openConsole(who: string, consoleId: string) {
  const socket = new WebSocket(url, { headers: { cookie: `sid=${who}` } })
  sockets.push(socket)
  const heard: LiveMessage[] = []
  socket.on('message', (data: Buffer) => void heard.push(...messagesOf(data)))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', consoleId }))
  await once(socket, 'message')
  return { socket, heard, types: () => heard.map(({ type }) => type), closed: once(socket, 'close') }
}
const sms: LiveMessage = { type: 'sms' }

describe('the live channel', () => {
  it('begins with the snapshot, whatever happens while the console comes in', async () => {
    const page = await openConsole('op', 'console-a')
    expect(page.types()).toEqual(['snapshot'])
    hub.toHotline(sms)
    await once(page.socket, 'message')
    expect(page.types()).toEqual(['snapshot', 'sms'])
  })

  it('R068: tells a person what is theirs, the hotline what is on the line, and readers what they read', async () => {
    const operator = await openConsole('op', 'console-a')
    const supervisor = await openConsole('sup', 'console-b')
    const officer = await openConsole('officer', 'console-c')
    const ticket: LiveMessage = { type: 'ticket', code: 'HP26-000001', version: 1 }
    hub.toPerson(OPERATOR.id, { type: 'presence', presence: PRESENCE })
    hub.toHotline(sms)
    hub.toHotline({ type: 'links', links: { ami: false, ari: false, disk: 'ok', recordings: null } })
    hub.toReaders(ticket, ({ role }) => role !== 'operator')
    await expect.poll(() => operator.types()).toEqual(['snapshot', 'presence', 'sms', 'links'])
    await expect.poll(() => supervisor.types()).toEqual(['snapshot', 'sms', 'links', 'ticket'])
    await expect.poll(() => officer.types()).toEqual(['snapshot', 'ticket'])
  })

  it('R068: tells people of units that they were replaced and that their session ended', async () => {
    const first = await openConsole('officer', 'console-a')
    await openConsole('officer', 'console-b')
    await first.closed
    expect(first.types()).toEqual(['snapshot', 'replaced'])
    const other = await openConsole('sup', 'console-c')
    hub.endSession('session-sup')
    await other.closed
    expect(other.types()).toEqual(['snapshot', 'signedOut'])
  })

  it('goes quiet on the page that another page of the same person replaces, and says why', async () => {
    const first = await openConsole('op', 'console-a')
    const second = await openConsole('op', 'console-b')
    expect((await first.closed)[0]).toBe(4001)
    expect(first.types()).toEqual(['snapshot', 'presence', 'replaced'])
    hub.toPerson(OPERATOR.id, sms)
    await once(second.socket, 'message')
    expect(second.types()).toEqual(['snapshot', 'sms'])
    expect(first.types()).not.toContain('sms')
    await expect.poll(() => hub.count()).toBe(1)
    expect(shut).toEqual(['operator'])
  })

  it('replaces a page by itself after a reload without a word', async () => {
    const first = await openConsole('op', 'console-a')
    await openConsole('op', 'console-a')
    await first.closed
    expect(first.types()).toEqual(['snapshot', 'presence'])
  })

  it('ends with the session, and only with that one', async () => {
    const operator = await openConsole('op', 'console-a')
    const supervisor = await openConsole('sup', 'console-b')
    hub.endSession('session-op')
    await operator.closed
    expect(operator.types()).toEqual(['snapshot', 'signedOut'])
    expect(supervisor.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('drops a page that does not read, and keeps serving the others', async () => {
    const slow = await openConsole('sup', 'console-slow')
    const page = await openConsole('op', 'console-a')
    slow.socket.pause()
    const big: LiveMessage = {
      type: 'steered',
      what: 'paused',
      by: 'Lan',
      words: 'x'.repeat(1024 * 1024),
    }
    for (let count = 0; count < 40; count += 1) hub.toPerson(SUPERVISOR.id, big)
    await expect.poll(() => shut, { timeout: 10_000 }).toEqual(['supervisor'])
    hub.toHotline(sms)
    await once(page.socket, 'message')
    expect(page.types()).toEqual(['snapshot', 'sms'])
  })

  it('takes a second hello for none', async () => {
    const page = await openConsole('op', 'console-a')
    page.socket.send(JSON.stringify({ type: 'hello', consoleId: 'console-z' }))
    page.socket.send(JSON.stringify({ type: 'phone', registered: true }))
    hub.toHotline(sms)
    await once(page.socket, 'message')
    expect(page.types()).toEqual(['snapshot', 'sms'])
    expect(hub.count()).toBe(1)
  })
})
