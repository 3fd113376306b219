import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openDb } from '../../src/db/open.ts'
import { createSeals } from '../../src/seals/service.ts'
import { createSealStore } from '../../src/seals/store.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeletionRequest, Hold, RetentionView } from '../../src/retention/contract.ts'
import type { TicketView } from '../../src/tickets/contract.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'
import { storeRecording } from '../support/stored-recording.ts'

const REASON = 'Cơ quan công an yêu cầu giữ nguyên'

let app: TestApp
let chief: Client
let admin: Client
let operator: Client
let code: string
let id: number
beforeAll(async () => {
  app = await startTestApp()
  chief = await app.signInAs('lan')
  admin = await app.signInAs('admin')
  operator = await app.signInAs('mai')
  const opened = (await (
    await operator.request('/api/tickets', { json: { channel: 'counter' } })
  ).json()) as TicketView
  code = opened.code
  const second = new Int16Array(8_000)
  id = storeRecording(app.config, {
    ticketCode: code,
    sides: [second, second],
    callId: 'cuoc-goi-1',
    startedAt: new Date(),
    operatorId: operator.personId,
  })
}, START_MS)
afterAll(() => app.close())

async function ask<T>(
  client: Client,
  path: string,
  json?: unknown,
): Promise<[number, T & { code?: string }]> {
  const reply = await client.request(path, json === undefined ? {} : { json })
  return [reply.status, (await reply.json()) as T & { code?: string }]
}

test('R105: a supervisor holds what an admin lets go of, and everybody of both roles sees it', async () => {
  expect((await ask(operator, '/api/retention'))[0]).toBe(403)
  const [status, hold] = await ask<Hold>(chief, '/api/retention/holds', { ticketCode: code, reason: REASON })
  expect([status, hold.ticketCode, hold.setByName]).toEqual([201, code, 'Lê Hoàng Lan'])
  const [, view] = await ask<RetentionView>(admin, '/api/retention')
  expect(view.holds).toMatchObject([{ id: hold.id, reason: REASON, liftedAt: null }])
  expect(view.rules.map(({ kind }) => kind)).toEqual(['main', 'callback', 'consult', 'voicemail', 'training'])
  expect(JSON.stringify(view)).not.toContain('0950')
  const path = `/api/retention/holds/${String(hold.id)}/lift`
  expect((await ask(admin, path, { reason: 'ngắn' }))[0]).toBe(422)
  expect((await ask(admin, path, { reason: REASON }))[0]).toBe(200)
  expect(await ask(chief, path, { reason: REASON })).toMatchObject([409, { code: 'HOLD_LIFTED' }])
})

test('R068: two people delete what nothing keeps, and its player has nothing to play', async () => {
  const path = `/api/recordings/${String(id)}/deletion`
  expect(await ask(chief, path, { reason: REASON })).toMatchObject([409, { code: 'RECORDING_KEPT' }])
  // Test calls wait for no case: the shortest way to one that may go.
  const db = new Database(app.config.databasePath)
  db.exec('UPDATE recordings SET training = 1')
  db.close()
  const sealed = openDb(app.config.databasePath, 'migrations')
  createSeals({
    store: createSealStore(sealed),
    transaction: (work) => work(),
    now: () => new Date(),
  }).append(id, 'stored', null)
  sealed.close()
  const [status, asked] = await ask<DeletionRequest>(chief, path, { reason: REASON })
  expect([status, asked.state]).toEqual([201, 'requested'])
  const approve = `/api/deletions/${String(asked.id)}/approve`
  expect(await ask(chief, approve, { revision: 1 })).toMatchObject([403, { code: 'DELETION_OWN' }])
  expect(await ask(admin, approve, { revision: 7 })).toMatchObject([409, { code: 'DELETION_CHANGED' }])
  const file = join(app.config.recordingsDir, '2026/03/02/cuoc-goi-1.wav')
  expect(existsSync(file)).toBe(true)
  // The waveform, as it was drawn once.
  await ask(chief, `/api/recordings/${String(id)}/waveform`)
  expect(existsSync(join(app.config.dataDir, 'waveforms/0', `${String(id)}.peaks`))).toBe(true)
  const both = await Promise.all([
    ask<DeletionRequest>(admin, approve, { revision: 1 }),
    ask<DeletionRequest>(admin, approve, { revision: 1 }),
  ])
  expect(both.map(([found]) => found).sort()).toEqual([200, 409])
  expect(existsSync(file)).toBe(false)
  expect(existsSync(join(app.config.dataDir, 'waveforms/0', `${String(id)}.peaks`))).toBe(false)
  expect(await ask(chief, `/api/recordings/${String(id)}/audio`)).toMatchObject([
    409,
    { code: 'RECORDING_NOT_STORED' },
  ])
  expect(await ask(chief, `/api/recordings/${String(id)}`)).toMatchObject([200, { state: 'deleted' }])
})
