import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Type } from 'typebox'
import { WebSocket, WebSocketServer } from 'ws'
import { type Person } from '../../src/accounts/contract.ts'
import { allow } from '../../src/http/access.ts'
import { type App, createServer } from '../../src/http/server.ts'
import { sipProxyRoutes } from '../../src/http/sip-proxy.ts'
import { AppError, type ErrorKind } from '../../src/platform/errors.ts'
import { OPERATOR, SUPERVISOR } from '../support/desk.ts'

const PEOPLE = new Map<string, Person>([
  ['op', OPERATOR],
  ['sup', SUPERVISOR],
])
const opened: App[] = []
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close()
})

async function shell(publicUrl = 'http://localhost:8022'): Promise<App> {
  const app = await createServer({
    logger: undefined,
    consoleDir: '/nonexistent',
    publicUrl,
    localToken: 'local-token',
    verify: (token) => {
      const person = PEOPLE.get(token)
      return person === undefined ? undefined : { person, sessionId: token, csrfToken: `csrf-${token}` }
    },
  })
  opened.push(app)
  return app
}

describe('the shell', () => {
  it('does not start with a route that says nothing of who may call it', async () => {
    const app = await shell()
    expect(() => app.get('/api/forgotten', async () => 'x')).toThrow('does not say who may call it')
  })

  it('takes out of every body what no reader sees, and measures what is left', async () => {
    const app = await shell()
    const body = Type.Object({ text: Type.String({ minLength: 3 }) })
    app.post('/api/words', { ...allow('operator'), schema: { body } }, async ({ body: said }) => said)
    const say = (text: string) =>
      app.inject({
        method: 'POST',
        url: '/api/words',
        headers: { cookie: 'sid=op', 'x-csrf-token': 'csrf-op' },
        payload: { text },
      })
    expect((await say('Đèn \u202etắt\u2069')).json()).toEqual({ text: 'Đèn tắt' })
    expect((await say('\u202e\u2066\u200f')).statusCode).toBe(422)
  })

  it('counts requests per signed-in person, so that a desk behind one address is not one caller', async () => {
    const app = await shell()
    app.get(
      '/api/thing',
      { config: { ...allow('operator', 'supervisor').config, rateLimit: { max: 3, timeWindow: 60_000 } } },
      async () => ({}),
    )
    const get = (sid: string) => app.inject({ url: '/api/thing', headers: { cookie: `sid=${sid}` } })
    for (let request = 0; request < 3; request += 1) expect((await get('op')).statusCode).toBe(200)
    const refused = await get('op')
    expect(refused.statusCode).toBe(429)
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    expect(refused.headers['retry-after']).toMatch(/^\d+$/)
    expect((await get('sup')).statusCode).toBe(200)
  })

  it('counts whoever is not signed in by address, whatever cookie they make up', async () => {
    const app = await shell()
    app.get(
      '/thing',
      { config: { access: 'public', rateLimit: { max: 2, timeWindow: 60_000 } } },
      async () => ({}),
    )
    const get = (sid: string) => app.inject({ url: '/thing', headers: { cookie: `sid=${sid}` } })
    await get('a')
    await get('b')
    expect((await get('c')).statusCode).toBe(429)
  })

  it('sends no message of an unknown failure, and a status for each kind of known one', async () => {
    const app = await shell()
    const open = { config: { access: 'public' } } as const
    app.get('/boom', open, async () => {
      throw new Error('secret 0912345678')
    })
    app.get<{ Params: { kind: ErrorKind } }>('/fail/:kind', open, async ({ params }) => {
      throw new AppError(params.kind, 'SOME_CODE', 'words')
    })
    const boom = await app.inject('/boom')
    expect(boom.statusCode).toBe(500)
    expect(boom.body).not.toContain('0912345678')
    const statuses = {
      invalid: 422,
      unauthorised: 401,
      forbidden: 403,
      notFound: 404,
      conflict: 409,
      limited: 429,
      unavailable: 503,
    }
    for (const [kind, status] of Object.entries(statuses)) {
      const reply = await app.inject(`/fail/${kind}`)
      expect(reply.statusCode).toBe(status)
      expect(reply.json()).toEqual({ code: 'SOME_CODE', message: 'words' })
    }
  })

  it('guards every answer with headers, an error’s too', async () => {
    const app = await shell('https://1022.example')
    app.get('/api/thing', { config: { access: 'public' } }, async () => ({}))
    for (const url of ['/api/thing', '/api/nothing', '/']) {
      const { headers } = await app.inject(url)
      expect(headers['content-security-policy']).toContain("script-src 'self'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['permissions-policy']).toContain('microphone=(self)')
      expect(headers['strict-transport-security']).toMatch(/max-age=\d{7,}/)
    }
    expect((await app.inject('/api/thing')).headers['cache-control']).toBe('no-store')
    const plain = await shell()
    expect((await plain.inject('/')).headers['strict-transport-security']).toBeUndefined()
  })

  it('takes a command of this machine by its token only', async () => {
    const app = await shell()
    app.post('/api/local', { config: { access: 'local' } }, async () => ({}))
    const post = (authorization?: string, remoteAddress = '127.0.0.1') =>
      app.inject({
        method: 'POST',
        url: '/api/local',
        remoteAddress,
        headers: authorization === undefined ? {} : { authorization },
      })
    expect((await post('Bearer local-token')).statusCode).toBe(200)
    for (const wrong of [undefined, '', 'Bearer', 'Bearer local-tokeN', 'Bearer local-token1']) {
      expect((await post(wrong)).statusCode).toBe(403)
    }
    expect((await post('Bearer local-token', '192.0.2.7')).statusCode).toBe(403)
    const session = await app.inject({
      method: 'POST',
      url: '/api/local',
      headers: { cookie: 'sid=sup', 'x-csrf-token': 'csrf-sup' },
    })
    expect(session.statusCode).toBe(403)
  })
})

describe('a WebSocket', () => {
  let url: string
  let app: App
  beforeAll(async () => {
    app = await createServer({
      logger: undefined,
      consoleDir: '/nonexistent',
      publicUrl: 'https://1022.example',
      localToken: 'x',
      verify: (token) => (token === 'op' ? { person: OPERATOR, sessionId: 'op', csrfToken: 'c' } : undefined),
    })
    app.get('/echo', { ...allow('operator'), websocket: true }, (socket) => {
      socket.on('message', (text: Buffer) => {
        socket.send(text.toString())
      })
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    url = `127.0.0.1:${String((app.server.address() as AddressInfo).port)}`
  })
  afterAll(() => app.close())

  const open = (headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`ws://${url}/echo`, { headers })
      socket.on('open', () => {
        socket.close()
        resolve(101)
      })
      socket.on('unexpected-response', (_, reply) => {
        resolve(reply.statusCode ?? 0)
        reply.destroy()
      })
      socket.on('error', () => undefined)
    })

  it.each([
    ['from our own page', { cookie: 'sid=op', origin: 'http://HOST' }, 101],
    ['from the public address behind a proxy', { cookie: 'sid=op', origin: 'https://1022.example' }, 101],
    ['from no browser', { cookie: 'sid=op' }, 101],
    ['of another site', { cookie: 'sid=op', origin: 'https://evil.example' }, 403],
    [
      'of a site with our name in its own',
      { cookie: 'sid=op', origin: 'https://1022.example.evil.example' },
      403,
    ],
    ['of a sandboxed page', { cookie: 'sid=op', origin: 'null' }, 403],
    ['without a session', { origin: 'http://HOST' }, 401],
    ['with an old session', { cookie: 'sid=old', origin: 'http://HOST' }, 401],
  ])('%s answers as it must', async (_, headers, status) => {
    const filled = Object.fromEntries(
      Object.entries<string>(headers).map(([name, value]) => [name, value.replace('HOST', url)]),
    )
    expect(await open(filled)).toBe(status)
  })
})

describe('a change', () => {
  it.each([
    ['from our own page', { host: '127.0.0.1:8022', origin: 'http://127.0.0.1:8022' }, 200],
    ['from the public address behind a proxy', { host: 'inside', origin: 'https://1022.example' }, 200],
    ['from no browser', {}, 200],
    ['of another site', { origin: 'https://evil.example' }, 403],
    ['of another port', { host: '127.0.0.1:8022', origin: 'http://127.0.0.1:8080' }, 403],
    ['of a sandboxed page', { origin: 'null' }, 403],
    ['with nonsense for an origin', { origin: 'x' }, 403],
  ])('%s is answered as it must, wherever it goes', async (_, headers, status) => {
    const app = await shell('https://1022.example')
    app.post('/public', { config: { access: 'public' } }, async () => ({}))
    app.post('/signed', { config: { access: 'signed' } }, async () => ({}))
    app.delete('/desk', allow('operator'), async () => ({}))
    app.get('/public', { config: { access: 'public' } }, async () => ({}))
    const own = { cookie: 'sid=op', 'x-csrf-token': 'csrf-op' }
    for (const [method, url] of [
      ['POST', '/public'],
      ['POST', '/signed'],
      ['DELETE', '/desk'],
    ] as const) {
      const reply = await app.inject({ method, url, headers: { ...own, ...headers } })
      expect(reply.statusCode, url).toBe(status)
      if (status === 403) expect(reply.json()).toMatchObject({ code: 'ORIGIN_FOREIGN' })
    }
    expect((await app.inject({ url: '/public', headers })).statusCode).toBe(200)
  })

  it('in the shape of a web form is not read', async () => {
    const app = await shell()
    app.post('/public', { config: { access: 'public' } }, async () => ({}))
    const reply = await app.inject({
      method: 'POST',
      url: '/public',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'username=mai',
    })
    expect(reply.statusCode).toBe(415)
    expect(reply.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' })
  })
})

describe('the softphone’s line', () => {
  it('carries both ways what the phone says from its first word, and ends with the session', async () => {
    const pbxHttp = createHttp().listen(0, '127.0.0.1')
    await once(pbxHttp, 'listening')
    const pbx = new WebSocketServer({ server: pbxHttp, handleProtocols: () => 'sip' })
    pbx.on('connection', (socket) => {
      socket.on('message', (text: Buffer) => {
        socket.send(`echo ${text.toString()}`)
      })
    })
    const revoked: ((sessionId: string) => void)[] = []
    const app = await shell()
    await app.register(sipProxyRoutes, {
      target: `ws://127.0.0.1:${String((pbxHttp.address() as AddressInfo).port)}`,
      onRevoked: (listener) => void revoked.push(listener),
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const phone = new WebSocket(`ws://127.0.0.1:${String(port)}/sip`, 'sip', {
      headers: { cookie: 'sid=op' },
    })
    await once(phone, 'open')
    phone.send('REGISTER')
    const [answer] = (await once(phone, 'message')) as [Buffer]
    expect(answer.toString()).toBe('echo REGISTER')
    const closed = once(phone, 'close')
    for (const tell of revoked) tell('someone else')
    expect(phone.readyState).toBe(WebSocket.OPEN)
    for (const tell of revoked) tell('op')
    expect((await closed)[0]).toBe(4001)
    pbx.close()
    pbxHttp.closeAllConnections()
    pbxHttp.close()
  })

  it('says so at once when the PBX cannot be reached', async () => {
    const app = await shell()
    await app.register(sipProxyRoutes, { target: 'ws://127.0.0.1:9', onRevoked: () => undefined })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const phone = new WebSocket(`ws://127.0.0.1:${String(port)}/sip`, 'sip', {
      headers: { cookie: 'sid=op' },
    })
    expect((await once(phone, 'close'))[0]).toBe(1013)
  })
})
