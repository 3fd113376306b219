import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'

let app: TestApp
let operator: Client
let supervisor: Client
let admin: Client
let code: string
beforeAll(async () => {
  app = await startTestApp()
  operator = await app.signIn('operator')
  supervisor = await app.signIn('supervisor')
  admin = await app.signIn('admin')
  const opened = await operator.request('/api/tickets', { json: { channel: 'counter' } })
  code = ((await opened.json()) as { code: string }).code
}, START_MS)
afterAll(() => app.close())

/** People and tickets as they are in the database. */
function written(): unknown {
  const db = new Database(app.config.databasePath, { readonly: true })
  const rows = ['people', 'tickets'].map((name) => db.prepare(`SELECT * FROM ${name}`).all())
  db.close()
  return rows
}

describe('a number in an address', () => {
  it.each(['1.5', '1e0', '1.0', '01', '+1', ' 1', '0x1', 'true', '1n', '0', '-1', '9'.repeat(16)])(
    '%j is nobody’s and nothing’s',
    async (id) => {
      const segment = encodeURIComponent(id)
      for (const reply of [
        await supervisor.request(`/api/recordings/${segment}`),
        await supervisor.request(`/api/recordings/${segment}/audio`),
        await supervisor.request(`/api/tickets/${code}/attachments/${segment}`),
        await supervisor.request(`/api/dossier/${segment}`, { method: 'PUT', json: { removed: false } }),
        await admin.request(`/api/people/${segment}`, { method: 'PATCH', json: { name: 'Other' } }),
        await admin.request(`/api/people/${segment}/password`, { method: 'POST' }),
        await supervisor.request(`/api/discrepancies/${segment}/resolve`, { json: { words: 'Đã xem' } }),
      ]) {
        expect(reply.status, reply.url).toBe(422)
        expect(await reply.json()).toMatchObject({ code: 'INVALID' })
      }
    },
  )
})

it.each(['/api/discrepancies', '/api/catch-ups', '/api/calls', '/api/recordings', '/api/audit'])(
  '%s is a first page where nothing is said of pages',
  async (path) => {
    const { status } = await admin.request(path)
    expect(status).toBe(200)
  },
)

describe('a name', () => {
  it.each(['', ' ', ' \t\u00a0\u3000 '])('of nothing but %j is refused', async (name) => {
    const before = written()
    const id = String(operator.personId)
    for (const reply of [
      await admin.request('/api/people', { json: { username: 'blank', name, role: 'operator' } }),
      await admin.request(`/api/people/${id}`, { method: 'PATCH', json: { name } }),
    ]) {
      expect(reply.status).toBe(422)
    }
    expect(written()).toEqual(before)
  })
})

describe('a moment', () => {
  it.each([
    '2026-03-04T23:59:60Z',
    '2026-12-31T06:59:60+07:00',
    '2026-03-04T23:59:60.5z',
    '2026-02-30T10:00:00Z',
    '2026-03-04T24:00:00Z',
    '2026-03-04',
  ])('%s is refused in every field that takes one, and nothing is written', async (moment) => {
    const before = written()
    const { version } = (await (await operator.request(`/api/tickets/${code}`)).json()) as { version: number }
    for (const given of [
      { action: 'direct', directive: 'x', dueAt: moment },
      { action: 'promise', reason: 'x', promisedAt: moment },
      { action: 'submitAnswer', result: 'x', replied: 'voice', repliedAt: moment },
      { action: 'citizenUnreachable', triedBy: 'voice', tryOutcome: 'noAnswer', triedAt: moment },
    ]) {
      const reply = await operator.request(`/api/tickets/${code}/moves`, { json: { version, ...given } })
      expect(reply.status, given.action).toBe(422)
      expect(await reply.json(), given.action).toMatchObject({ code: 'INVALID' })
    }
    expect(written()).toEqual(before)
  })
})

describe('a save of a ticket', () => {
  const save = async (form: object) => {
    const { version } = (await (await operator.request(`/api/tickets/${code}`)).json()) as {
      version: number
    }
    return operator.request(`/api/tickets/${code}`, { method: 'PATCH', json: { version, form } })
  }

  it.each([
    ['unknown', { nonsense: 1 }],
    ['beside a known one', { title: 'x', state: 'answered' }],
    ['of the reporter', { reporter: { name: 'x', nonsense: 1 } }],
  ])('with a key that the form does not have, %s, is refused and changes nothing', async (_, form) => {
    const before = written()
    expect((await save(form)).status).toBe(422)
    expect(written()).toEqual(before)
  })

  it('that brings nothing new keeps the version', async () => {
    const before = written()
    expect((await save({})).status).toBe(200)
    expect((await save({ title: '', urgent: false })).status).toBe(200)
    expect(written()).toEqual(before)
  })
})
