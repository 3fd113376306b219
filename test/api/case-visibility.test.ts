import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type SessionView } from '../../src/accounts/contract.ts'
import { type LiveMessage } from '../../src/live/contract.ts'
import { type TicketPage, type TicketView } from '../../src/tickets/contract.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'
import { messagesOf } from '../support/live-frames.ts'

const NAME = 'Phạm Văn Đại'
const NUMBER = '0950 000 777'

let app: TestApp
/** mai holds the cases; phiet and trinh are of chieu-sang, khoat is of so-xay-dung, uyen of the City Office. */
const people = new Map<string, Client>()
beforeAll(async () => {
  app = await startTestApp()
  for (const name of ['mai', 'tuan', 'lan', 'admin', 'phiet', 'trinh', 'khoat', 'uyen'])
    people.set(name, await app.signInAs(name))
}, START_MS)
afterAll(() => app.close())

const as = (name: string): Client => {
  const client = people.get(name)
  if (client === undefined) throw new Error(`${name} is not signed in`)
  return client
}
async function get<T>(name: string, path: string): Promise<T> {
  const reply = await as(name).request(path)
  expect(reply.status, path).toBe(200)
  return (await reply.json()) as T
}

async function fileCase(changes: Record<string, unknown> = {}, unitId: string | null = 'chieu-sang') {
  const post = async (path: string, json: unknown, method = 'POST'): Promise<TicketView> => {
    const reply = await as('mai').request(path, { json, method })
    expect(reply.status).toBe(200)
    return (await reply.json()) as TicketView
  }
  const { code, version } = await post('/api/tickets', { channel: 'counter' })
  const saved = await post(
    `/api/tickets/${code}`,
    {
      version,
      form: {
        content: 'Ba cột đèn tắt từ hôm qua.',
        place: '12 Lạch Tray',
        reporter: {
          type: 'individual',
          name: NAME,
          organisation: null,
          phone: NUMBER,
          email: null,
          address: null,
        },
        ...changes,
      },
    },
    'PATCH',
  )
  return unitId === null
    ? saved
    : post(`/api/tickets/${code}/slips`, { version: saved.version, unitId, note: '' })
}

const addressOf = (url: string, code: string) =>
  url.replace(':code', code).replace(':file', '1.pdf').replace(':id', '1')

/** What anybody could tell two answers apart by. */
async function answerTo(client: Client, method: string, url: string, code: string) {
  const reply = await app.app.inject({
    method: method as 'GET',
    url: addressOf(url, code),
    headers: { cookie: client.cookie, 'x-csrf-token': client.csrfToken },
    ...(method === 'GET' || method === 'HEAD' ? {} : { payload: {} }),
  })
  const { 'content-length': length, 'content-type': type } = reply.headers
  return { status: reply.statusCode, body: reply.body, length, type }
}

describe('R068: a case of another unit', () => {
  it('is answered on every route as one that never was', async () => {
    const { code } = await fileCase()
    const routes = app.routes.filter(({ url }) => url.includes(':code'))
    expect(routes.length).toBeGreaterThan(8)
    for (const { method, url } of routes) {
      const answer = await answerTo(as('khoat'), method, url, code)
      expect.soft([403, 404], `${method} ${url}`).toContain(answer.status)
      expect.soft(await answerTo(as('khoat'), method, url, 'HP26-999999'), `${method} ${url}`).toEqual(answer)
      expect.soft(answer.body, `${method} ${url}`).not.toContain(code)
    }
  })

  it('is not changed by anybody who sees a mask of it', async () => {
    const { code } = await fileCase({ confidential: true })
    for (const { method, url } of app.routes.filter((route) => route.url.includes(':code'))) {
      if (method === 'GET' || method === 'HEAD') continue
      const { status, body } = await answerTo(as('tuan'), method, url, code)
      expect.soft(status, `${method} ${url}`).toBe(403)
      expect.soft(body, `${method} ${url}`).toMatch(/TICKET_OUT_OF_REACH|NOT_YOUR_ROLE/)
    }
    const proposal = await as('tuan').request(`/api/transfers/proposal?ticketCode=${code}`)
    expect(proposal.status).toBe(403)
  })

  it('is moved by the unit that has it, and no longer by one that gave it back (R088)', async () => {
    const { code } = await fileCase()
    const move = async (name: string, json: Record<string, unknown>) => {
      const { version } = await get<TicketView>('mai', `/api/tickets/${code}`)
      const reply = await as(name).request(`/api/tickets/${code}/moves`, { json: { version, ...json } })
      const { code: why, sight } = (await reply.json()) as { code?: string; sight?: string }
      return { status: reply.status, what: reply.status === 200 ? sight : why }
    }
    const bounce = { action: 'bounce', reason: 'Không thuộc đơn vị', unitId: 'so-xay-dung' }
    expect(await move('khoat', bounce)).toEqual({ status: 404, what: 'TICKET_NOT_FOUND' })
    expect(await move('phiet', bounce)).toEqual({ status: 200, what: 'ownSlips' })
    expect(await move('phiet', { action: 'accept' })).toEqual({ status: 403, what: 'TICKET_OUT_OF_REACH' })
  })

  it('is in no list, page or search; nor is its slip found by its number', async () => {
    const ticket = await fileCase()
    const slip = ticket.slips[0]
    for (const query of [
      '',
      `?q=${ticket.code}`,
      `?q=${slip?.number ?? ''}`,
      `?q=${encodeURIComponent(NAME)}`,
    ])
      expect(await get<TicketPage>('khoat', `/api/tickets${query}`), query).toEqual({ items: [], total: 0 })
    expect((await get<TicketPage>('trinh', `/api/tickets?q=${ticket.code}`)).total).toBe(1)
  })

  it('has a slip whose link shows another unit what it shows a stranger, and no paper', async () => {
    const { slips } = await fileCase({ content: `Đèn tắt, gọi ${NUMBER}` })
    const path = slips[0]?.path ?? ''
    const page = async (name: string) => (await as(name).request(path)).text()
    for (const name of ['phiet', 'trinh', 'mai', 'lan']) expect(await page(name), name).toContain(NAME)
    for (const name of ['khoat', 'uyen']) {
      expect(await page(name), name).not.toContain(NAME)
      expect(await page(name), name).not.toContain(NUMBER)
    }
    expect(await page('khoat')).toContain('chỉ hiện với đơn vị đang xử lý')
    expect((await as('khoat').request(`${path}.pdf`)).status).toBe(404)
    expect((await as('phiet').request(`${path}.pdf`)).status).toBe(200)
  })

  it('is known to have its slip when somebody of the unit opened it, signed in or not', async () => {
    const { code, slips } = await fileCase()
    const opened = async () =>
      (await get<TicketView>('mai', `/api/tickets/${code}`)).events.filter(
        ({ type }) => type === 'slipOpened',
      )
    for (const name of ['mai', 'khoat', 'uyen']) await as(name).request(slips[0]?.path ?? '')
    expect(await opened()).toEqual([])
    await as('phiet').request(slips[0]?.path ?? '')
    expect(await opened()).toHaveLength(1)
  })
})

describe('R068: the live line', () => {
  it('tells a unit of its own cases and its own session, and nothing of the hotline', async () => {
    const own = await openLine('phiet')
    const other = await openLine('khoat')
    const office = await openLine('uyen')
    const hotline = await openLine('tuan')
    const mine = await fileCase()
    const theirs = await fileCase({}, 'so-xay-dung')
    const kept = await fileCase({}, null)
    await hotline.until((message) => message.type === 'ticket' && message.code === kept.code)
    // What comes last for each has come when the hotline has heard of a case after it.
    await own.until((message) => message.type === 'ticket' && message.code === mine.code)
    await other.until((message) => message.type === 'ticket' && message.code === theirs.code)
    expect(own.codes()).toEqual(new Set([mine.code]))
    expect(other.codes()).toEqual(new Set([theirs.code]))
    expect(office.codes()).toEqual(new Set([mine.code, theirs.code]))
    for (const line of [own, other, office]) {
      expect(new Set(line.heard.map(({ type }) => type))).toEqual(new Set(['snapshot', 'ticket']))
      expect(line.heard[0]).toMatchObject({ presence: null, waiting: [], missed: [], pops: [], call: null })
    }
    expect(hotline.heard.some(({ type }) => type === 'sms')).toBe(true)
    await as('uyen').request('/api/session', { method: 'DELETE' })
    await office.until((message) => message.type === 'signedOut')
    people.set('uyen', await app.signInAs('uyen'))
  })

  it('ends when an admin moves somebody to another unit: an open page must not go on with the old one', async () => {
    const line = await openLine('trinh')
    const moved = await as('admin').request(`/api/people/${String(as('trinh').personId)}`, {
      method: 'PATCH',
      json: { unitId: 'so-xay-dung' },
    })
    expect(moved.status).toBe(200)
    await line.until((message) => message.type === 'signedOut')
    people.set('trinh', await app.signInAs('trinh'))
    const session = await get<SessionView>('trinh', '/api/session')
    expect(session).toMatchObject({
      person: { role: 'head', unitId: 'so-xay-dung' },
      unitName: 'Sở Xây dựng',
    })
  })
})

async function openLine(name: string) {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/live`, {
    headers: { cookie: as(name).cookie },
  })
  const heard: LiveMessage[] = []
  socket.on('message', (data: Buffer) => void heard.push(...messagesOf(data)))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', consoleId: `console-${name}` }))
  await once(socket, 'message')
  return {
    heard,
    codes: () => new Set(heard.flatMap((message) => (message.type === 'ticket' ? [message.code] : []))),
    until: (wanted: (message: LiveMessage) => boolean) =>
      expect.poll(() => heard.some(wanted), { timeout: 5_000 }).toBe(true),
  }
}
