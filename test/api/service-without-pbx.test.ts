import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'

let app: TestApp
let operator: Client
beforeAll(async () => {
  app = await startTestApp()
  operator = await app.signIn('operator')
}, START_MS)
afterAll(() => app.close())

describe('the service without its PBX', () => {
  it('answers, and says in /readyz which parts are away', async () => {
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
    const ready = await fetch(`${app.url}/readyz`)
    expect(ready.status).toBe(503)
    const state = (await ready.json()) as { ready: boolean; parts: Record<string, string> }
    expect(state.ready).toBe(false)
    expect(state.parts).toMatchObject({ database: 'up', recordings: 'up' })
    expect(state.parts['ami']).not.toBe('up')
    expect(state.parts['ari']).not.toBe('up')
  })

  it('takes a ticket, a presence and a slip all the same', async () => {
    const opened = await operator.request('/api/tickets', { json: { channel: 'counter' } })
    expect(opened.status).toBe(200)
    const presence = await operator.request('/api/presence', { method: 'PUT', json: { state: 'ready' } })
    expect(await presence.json()).toMatchObject({ state: 'ready' })
  })

  it('says clearly that a softphone cannot be had now', async () => {
    const reply = await operator.request('/api/phone')
    expect(reply.status).toBe(503)
    expect(await reply.json()).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) as string })
  })

  it('keeps people, sessions, tickets and presence over a restart', async () => {
    await app.restart()
    expect((await operator.request('/api/session')).status).toBe(200)
    expect(await (await operator.request('/api/presence')).json()).toMatchObject({ state: 'ready' })
    const page = (await (await operator.request('/api/tickets')).json()) as { total: number }
    expect(page.total).toBe(1)
  })
})
