import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { START_MS, startTestApp, type TestApp } from '../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
}, START_MS)
afterAll(() => app.close())

const post = (body: unknown) =>
  fetch(`${app.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('signing in over HTTP', () => {
  it('gives a cookie that scripts cannot read and other sites cannot send, and no password back', async () => {
    const reply = await post(app.account('operator'))
    expect(reply.status).toBe(200)
    expect(reply.headers.get('set-cookie')).toMatch(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    const text = await reply.text()
    expect(text).not.toContain(app.account('operator').password)
    expect(text).not.toMatch(/hash/i)
  })

  it('answers a wrong name and a wrong password alike', async () => {
    const { username, password } = app.account('supervisor')
    const [wrongName, wrongPassword] = await Promise.all([
      post({ username: 'nobody', password }),
      post({ username, password: 'not the password' }),
    ])
    expect(wrongName.status).toBe(wrongPassword.status)
    expect(await wrongName.text()).toBe(await wrongPassword.text())
  })

  it('ends the browser’s earlier session when it signs in again', async () => {
    const first = await app.signIn('operator')
    const again = await fetch(`${app.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: first.cookie },
      body: JSON.stringify(app.account('operator')),
    })
    expect(again.status).toBe(200)
    expect((await first.request('/api/session')).status).toBe(401)
  })

  it('ends with sign-out: the cookie opens nothing any more, and the open console is told', async () => {
    const client = await app.signIn('operator')
    const messages: { type: string }[] = []
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/live`, {
      headers: { cookie: client.cookie },
    })
    const shut = new Promise<number>((resolve) => socket.on('close', resolve))
    await new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        messages.push(JSON.parse(data.toString()) as { type: string })
        if (messages.length === 1) resolve()
      })
      socket.on('open', () => {
        socket.send(JSON.stringify({ type: 'hello', consoleId: 'console-1' }))
      })
    })
    expect((await client.request('/api/session', { method: 'DELETE' })).status).toBe(204)
    await shut
    expect(messages.at(-1)?.type).toBe('signedOut')
    expect((await client.request('/api/session')).status).toBe(401)
    expect((await client.request('/api/session', { method: 'DELETE' })).status).toBe(401)
  })

  it('ends everywhere when an admin closes the account', async () => {
    const admin = await app.signIn('admin')
    const supervisor = await app.signIn('supervisor')
    const closed = await admin.request(`/api/people/${String(supervisor.personId)}`, {
      method: 'PATCH',
      json: { active: false },
    })
    expect(closed.status).toBe(200)
    expect((await supervisor.request('/api/tickets')).status).toBe(401)
    expect((await post(app.account('supervisor'))).status).toBe(422)
  })

  it('is refused for a minute after sixty tries from one address, right ones included', async () => {
    const statuses: number[] = []
    for (let attempt = 0; attempt < 62; attempt += 1) {
      statuses.push((await post({ username: `x${String(attempt)}`, password: 'x' })).status)
    }
    expect(statuses.at(-1)).toBe(429)
    const refused = await post(app.account('operator'))
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  })
})
