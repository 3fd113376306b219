import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CallView, MissedCall, WholeNumber } from '../../src/calls/contract.ts'
import { openDb } from '../../src/db/open.ts'
import type { RecordingPage } from '../../src/recordings/contract.ts'
import type { AuditPage } from '../../src/seals/contract.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'
import { type PlantedCase, plantCases } from '../support/planted-cases.ts'

/** mai took the call of the first planted case; lan supervises. */
const WHO = ['mai', 'tuan', 'lan', 'admin', 'phiet', 'khoat', 'luu'] as const

let app: TestApp
let planted: PlantedCase
/** The first one that is confidential. */
let secret: PlantedCase
let digits: string
const people = new Map<string, Client>()
beforeAll(async () => {
  app = await startTestApp()
  for (const name of WHO) people.set(name, await app.signInAs(name))
  const all = await plantCases(app, as)
  const [own] = all
  const hidden = all.find(({ name }) => name.endsWith('Secret'))
  if (own === undefined || hidden === undefined) throw new Error('nothing planted')
  planted = own
  secret = hidden
  digits = '0950000120'
}, START_MS)
afterAll(() => app.close())

function as(who: string): Client {
  const client = people.get(who)
  if (client === undefined) throw new Error(`${who} is not signed in`)
  return client
}

/** What only the PBX could have brought about. */
function written(sql: string, ...values: (string | number)[]): void {
  const db = openDb(app.config.databasePath, app.config.migrationsDir)
  db.raw.prepare(sql).run(...values)
  db.close()
}

/** An answer, with digits that stand together as one. */
async function get(who: string, path: string): Promise<{ status: number; text: string }> {
  const reply = await as(who).request(path)
  return { status: reply.status, text: (await reply.text()).replace(/(?<=\d)[ .-](?=\d)/g, '') }
}

async function snapshotOf(who: string): Promise<string> {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/live`, {
    headers: { cookie: as(who).cookie },
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', consoleId: `console-${who}` }))
  const [data] = (await once(socket, 'message')) as [Buffer]
  socket.close()
  return data.toString()
}

const pages = () => [
  '/api/calls?limit=200',
  `/api/calls/${planted.callId}`,
  `/api/calls/${planted.missedCallId}`,
  '/api/missed',
  '/api/recordings',
  `/api/recordings?q=${digits}`,
  `/api/recordings/${String(planted.recordingId)}`,
  `/api/recordings/${String(planted.recordingId)}/track`,
  '/api/board',
  '/api/tickets?limit=50',
]
const SIGNIFICANT = '950000120'

describe('R068: numbers on the pages of those who look on', () => {
  it.each(['lan', 'admin'])('are masked, each and everywhere in the answer, for %s', async (who) => {
    for (const path of pages()) {
      const { status, text } = await get(who, path)
      expect(status, path).toBe(200)
      expect(text, path).not.toContain(SIGNIFICANT)
    }
    expect((await get(who, `/api/calls/${planted.callId}`)).text).toContain('0950•••120')
    expect((await get(who, '/api/missed')).text).toContain('0950•••120')
    expect((await get(who, '/api/recordings')).text).toContain('0950•••120')
    const live = await snapshotOf(who)
    expect(live).toContain('0950•••120')
    expect(live).not.toContain(SIGNIFICANT)
  })

  it('are whole for the operator who works the call, and nowhere for anybody else', async () => {
    for (const path of [`/api/calls/${planted.callId}`, `/api/calls/${planted.missedCallId}`, '/api/missed'])
      expect((await get('mai', path)).text, path).toContain(SIGNIFICANT)
    expect((await get('mai', `/api/recordings/${String(planted.recordingId)}`)).text).toContain(SIGNIFICANT)
    expect(await snapshotOf('mai')).toContain(SIGNIFICANT)
    for (const who of ['tuan', 'phiet', 'khoat', 'luu']) {
      const { status, text } = await get(who, `/api/calls/${planted.callId}`)
      expect([403, 404], who).toContain(status)
      expect(text).not.toContain(SIGNIFICANT)
    }
  })

  it('are shown when somebody asks, and the audit log says who, of which call and when', async () => {
    const before = new Date().toISOString()
    const reply = await as('lan').request(`/api/calls/${planted.callId}/number`, { json: {} })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('cache-control')).toContain('no-store')
    const { number } = (await reply.json()) as WholeNumber
    expect(number).toMatchObject({ display: digits, e164: `+84${SIGNIFICANT}` })
    const log = (await (await as('luu').request('/api/audit?action=number.revealed')).json()) as AuditPage
    expect(log.items).toHaveLength(1)
    const [line] = log.items
    expect(line).toMatchObject({ actorId: as('lan').personId, subject: `call:${planted.callId}` })
    expect(line?.at.localeCompare(before)).toBeGreaterThanOrEqual(0)
    expect(JSON.parse(line?.detail ?? '')).toEqual({ ticketCode: planted.code })
    expect(line?.hash).not.toBeNull()
    expect(JSON.stringify(line)).not.toContain(SIGNIFICANT)
  })

  it('A15, Đ12.1: of a confidential case are told, taken or missed, to who reads the whole of it: supervisors, each time in the log', async () => {
    const lines = async () =>
      ((await (await as('luu').request('/api/audit?action=number.revealed')).json()) as AuditPage).items
    const before = (await lines()).length
    const ask = async (who: string, callId: string) => {
      const reply = await as(who).request(`/api/calls/${callId}/number`, { json: {} })
      return [reply.status, ((await reply.json()) as { code?: string }).code]
    }
    for (const callId of [secret.callId, secret.missedCallId]) {
      expect(await ask('admin', callId)).toEqual([403, 'NUMBER_CONFIDENTIAL'])
      expect(await lines()).toHaveLength(before + (callId === secret.callId ? 0 : 1))
      expect(await ask('lan', callId)).toEqual([200, undefined])
      const [newest] = await lines()
      expect(newest).toMatchObject({ actorId: as('lan').personId, subject: `call:${callId}` })
      expect(JSON.parse(newest?.detail ?? '')).toEqual({ ticketCode: secret.code })
    }
  })

  it('are not asked for by operators, units and auditors, and no line is written of a refusal', async () => {
    const lines = async () =>
      ((await (await as('luu').request('/api/audit?action=number.revealed')).json()) as AuditPage).items
        .length
    const before = await lines()
    for (const who of ['mai', 'tuan', 'phiet', 'khoat', 'luu'])
      expect((await as(who).request(`/api/calls/${planted.callId}/number`, { json: {} })).status, who).toBe(
        403,
      )
    expect((await as('lan').request('/api/calls/never-1.1/number', { json: {} })).status).toBe(404)
    expect(await lines()).toBe(before)
  })

  it('are found by the whole of them and by no part', async () => {
    const found = async (q: string) =>
      ((await (await as('lan').request(`/api/recordings?q=${q}`)).json()) as RecordingPage).items.map(
        ({ id }) => id,
      )
    written(
      'INSERT INTO recording_search (rowid, search) VALUES (?, ?)',
      planted.recordingId,
      `${digits} ${digits} mai`,
    )
    expect(await found(digits)).toEqual([planted.recordingId])
    for (const part of [digits.slice(0, 7), digits.slice(0, 9), '120', `hp26-${digits.slice(0, 6)}`])
      expect(await found(part), part).toEqual([])
  })

  it('are whole of the supervisor’s own calls', async () => {
    const { callId } = planted
    const hand = (personId: number) => {
      written('UPDATE calls SET operator_id = ? WHERE id = ?', personId, callId)
    }
    hand(as('lan').personId)
    const call = (await (await as('lan').request(`/api/calls/${callId}`)).json()) as CallView
    const missed = (await (await as('lan').request('/api/missed')).json()) as MissedCall[]
    hand(as('mai').personId)
    expect(call.number).toMatchObject({ display: digits, e164: `+84${SIGNIFICANT}` })
    expect(missed.every(({ number }) => number.e164 === null)).toBe(true)
  })
})
