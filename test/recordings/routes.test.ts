import { readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type App, createServer } from '../../src/http/server.ts'
import { recordingRoutes } from '../../src/recordings/routes.ts'
import {
  CHIEF,
  CITIZEN,
  createRig,
  HEARD,
  OTHER,
  type Rig,
  STARTED,
  TAKER,
} from '../support/recording-rig.ts'
import { monoWav } from '../support/tone.ts'

const AUDIO = '/api/recordings/1/audio'

let rig: Rig
let app: App
let base: string
let path: string

beforeEach(async () => {
  rig = createRig()
  rig.call('c1')
  rig.files.set('call-c1-citizen', monoWav(CITIZEN))
  rig.files.set('call-c1-operator', monoWav(HEARD))
  await rig.recordings.collect('c1')
  path = join(rig.folder, rig.row('c1').file ?? '')
  app = await createServer({
    logger: undefined,
    consoleDir: join(rig.root, 'none'),
    publicUrl: 'http://localhost',
    localToken: 'local',
    verify: (token) => {
      const person = [TAKER, OTHER, CHIEF].find(({ username }) => username === token)
      return person === undefined ? undefined : { person, sessionId: token, csrfToken: 'csrf' }
    },
  })
  await app.register(recordingRoutes, {
    recordings: rig.recordings,
    operators: () => [{ id: TAKER.id, name: TAKER.name }],
  })
  base = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterEach(async () => {
  await app.close()
  await rig.close()
})

function get(address: string, who = CHIEF, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(base + address, { method, headers: { cookie: `sid=${who.username}`, ...headers } })
}

async function statusOf(response: Response): Promise<number> {
  await response.arrayBuffer()
  return response.status
}

async function codeOf(response: Response): Promise<unknown[]> {
  const { code } = (await response.json()) as { code?: string }
  return [response.status, code]
}

describe('listening', () => {
  test('a supervisor gets the very bytes that were sealed', async () => {
    const response = await get(AUDIO)
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(path))
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      etag: `"${String(rig.row('c1').sha256)}"`,
    })
  })

  test('seeking gets the bytes from there', async () => {
    const response = await get(AUDIO, TAKER, { range: 'bytes=32044-32143' })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe('bytes 32044-32143/96044')
    expect(response.headers.get('content-length')).toBe('100')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(path).subarray(32_044, 32_144))
  })

  test('past the end there is nothing, and the answer says how much there is', async () => {
    const response = await get(AUDIO, CHIEF, { range: 'bytes=96044-' })
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */96044'])
    expect(await response.text()).toBe('')
  })

  test.each([
    ['reversed', 'bytes=20-10'],
    ['negative', 'bytes=-5-10'],
    ['of no bytes', 'bytes=-0'],
    ['no numbers', 'bytes=a-b'],
    ['beyond what a number holds', `bytes=${'9'.repeat(400)}-`],
    [
      'a thousand',
      `bytes=${Array.from({ length: 1_000 }, (_, at) => `${String(at * 2)}-${String(at * 2)}`).join(',')}`,
    ],
  ])('a range that is %s is refused, and the player harms nobody', async (_, range) => {
    const response = await get(AUDIO, CHIEF, { range })
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */96044'])
    expect(await response.text()).toBe('')
    expect(await statusOf(await get(AUDIO, CHIEF, { range: 'bytes=0-9' }))).toBe(206)
  })

  test('a few ranges at once get all of it, as one of another unit', async () => {
    for (const range of ['bytes=0-1,5-6', 'seconds=0-1'])
      expect(await statusOf(await get(AUDIO, CHIEF, { range }))).toBe(200)
  })

  test('a range of another version gets all of this one', async () => {
    const sealed = `"${String(rig.row('c1').sha256)}"`
    const statuses = []
    for (const etag of ['"other"', sealed]) {
      statuses.push(await statusOf(await get(AUDIO, CHIEF, { range: 'bytes=0-9', 'if-range': etag })))
    }
    expect(statuses).toEqual([200, 206])
  })

  test('HEAD tells the length and sends nothing', async () => {
    const response = await get(AUDIO, CHIEF, { range: 'bytes=0-9' }, 'HEAD')
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '96044'])
    expect(await response.text()).toBe('')
  })

  test('one line of audit for one listening, however often the player asks', async () => {
    for (const range of ['bytes=0-', 'bytes=1000-', 'bytes=50000-60000']) {
      await (await get(AUDIO, CHIEF, { range })).arrayBuffer()
      rig.pass(20_000)
    }
    await (await get(AUDIO, TAKER)).arrayBuffer()
    const line = { action: 'recording.played', subject: 'recording:1' }
    expect(rig.audits).toEqual([
      { actorId: CHIEF.id, ...line },
      { actorId: TAKER.id, ...line },
    ])
    rig.pass(120_000)
    await (await get(AUDIO)).arrayBuffer()
    expect(rig.audits).toHaveLength(3)
  })

  test('a listener who goes away in the middle harms nobody', async () => {
    const abort = new AbortController()
    const response = await fetch(base + AUDIO, {
      headers: { cookie: `sid=${CHIEF.username}` },
      signal: abort.signal,
    })
    abort.abort()
    await expect(response.arrayBuffer()).rejects.toThrow()
    expect(await statusOf(await get(AUDIO))).toBe(200)
  })
})

describe('who may', () => {
  test('an operator cannot open another’s, not even its facts', async () => {
    expect(await codeOf(await get(AUDIO, OTHER))).toEqual([403, 'RECORDING_NOT_YOURS'])
    expect(await codeOf(await get('/api/recordings/1', OTHER))).toEqual([403, 'RECORDING_NOT_YOURS'])
    expect(rig.audits).toEqual([])
    expect(await statusOf(await get('/api/recordings/1', TAKER))).toBe(200)
  })

  test('the list is for supervisors', async () => {
    expect(await codeOf(await get('/api/recordings', TAKER))).toEqual([403, 'NOT_YOUR_ROLE'])
    expect(await codeOf(await get('/api/recordings/operators', TAKER))).toEqual([403, 'NOT_YOUR_ROLE'])
    expect(await (await get('/api/recordings/operators')).json()).toEqual([
      { id: TAKER.id, name: TAKER.name },
    ])
    expect(await codeOf(await get('/api/recordings?from=2026-02-30'))).toEqual([422, 'DAY_INVALID'])
    const page = await get('/api/recordings?q=duong&offset=0&limit=10&from=2026-03-02&to=2026-03-02')
    expect(await page.json()).toMatchObject({ total: 1, items: [{ id: 1, callId: 'c1', playable: true }] })
  })

  test('nobody who is not signed in', async () => {
    for (const address of ['/api/recordings', '/api/recordings/1', AUDIO]) {
      expect(await statusOf(await fetch(base + address))).toBe(401)
    }
  })
})

describe('the seal', () => {
  test.each([
    [
      'one byte changed',
      () => {
        const bytes = readFileSync(path)
        bytes[5_000] = 1
        writeFileSync(path, bytes)
      },
    ],
    [
      'its end cut off',
      () => {
        truncateSync(path, 50_000)
      },
    ],
  ])('a file with %s is not played, is marked, and the audit log says so', async (_, tamper) => {
    tamper()
    expect(await codeOf(await get(AUDIO))).toEqual([409, 'RECORDING_ALTERED'])
    expect(rig.row('c1')).toMatchObject({ state: 'damaged', flags: ['altered'] })
    expect(rig.audits).toEqual([{ actorId: CHIEF.id, action: 'recording.altered', subject: 'recording:1' }])
    expect(rig.notes.at(-1)).toEqual({ callId: 'c1', what: 'damaged' })
    expect(await codeOf(await get(AUDIO))).toEqual([409, 'RECORDING_NOT_STORED'])
  })

  test('is checked again when the file was touched while somebody listens', async () => {
    await (await get(AUDIO, CHIEF, { range: 'bytes=0-9' })).arrayBuffer()
    writeFileSync(path, 'something else')
    expect(await codeOf(await get(AUDIO, CHIEF, { range: 'bytes=10-19' }))).toEqual([
      409,
      'RECORDING_ALTERED',
    ])
  })

  test('a file that is gone is marked, and may be there again tomorrow', async () => {
    const bytes = readFileSync(path)
    unlinkSync(path)
    expect(await codeOf(await get(AUDIO))).toEqual([503, 'RECORDING_UNREADABLE'])
    expect(rig.row('c1').state).toBe('damaged')
    writeFileSync(path, bytes)
    expect(await statusOf(await get(AUDIO))).toBe(200)
  })
})

describe('a recheck', () => {
  const RECHECK = '/api/recordings/1/recheck'
  const post = (address: string, who = CHIEF) => get(address, who, { 'x-csrf-token': 'csrf' }, 'POST')

  test('R060: answers what it found and the recording as it is by now', async () => {
    expect(await codeOf(await post(RECHECK))).toEqual([409, 'RECORDING_NOT_ALTERED'])
    const sealed = readFileSync(path)
    writeFileSync(path, 'something else')
    await (await get(AUDIO)).arrayBuffer()
    expect(await (await post(RECHECK)).json()).toMatchObject({
      found: 'another',
      recording: { id: 1, state: 'damaged', mayRecheck: true },
    })
    writeFileSync(path, sealed)
    const answer = (await (await post(RECHECK)).json()) as { recording: object }
    expect(answer).toMatchObject({ found: 'whole', recording: { state: 'stored', playable: true } })
    expect(answer.recording).not.toHaveProperty('mayRecheck')
    expect(await statusOf(await get(AUDIO))).toBe(200)
  })

  test('R068: is for those who hear all, by a click of the page, of one that is', async () => {
    expect(await codeOf(await post(RECHECK, TAKER))).toEqual([403, 'NOT_YOUR_ROLE'])
    expect(await codeOf(await get(RECHECK, CHIEF, {}, 'POST'))).toEqual([403, 'CSRF'])
    expect(await codeOf(await post('/api/recordings/99/recheck'))).toEqual([404, 'RECORDING_NOT_FOUND'])
    expect(await codeOf(await post('/api/recordings/one/recheck'))).toEqual([422, 'INVALID'])
  })

  test('is refused to whoever asks without end', async () => {
    const statuses = []
    for (let count = 0; count < 31; count += 1) statuses.push(await statusOf(await post(RECHECK)))
    expect([new Set(statuses.slice(0, 30)), statuses[30]]).toEqual([new Set([409]), 429])
  })
})

describe('bad input', () => {
  test('wrong types, unknown keys and too much are refused', async () => {
    for (const address of [
      '/api/recordings?limit=0',
      '/api/recordings?limit=many',
      '/api/recordings?offset=-1',
      '/api/recordings?surprise=1',
      `/api/recordings?q=${'x'.repeat(201)}`,
      '/api/recordings?from=yesterday',
      '/api/recordings?to=2026-3-1',
      '/api/recordings?operatorId=-1',
      '/api/recordings?minSeconds=0',
      '/api/recordings?unitId=',
      '/api/recordings/operators?surprise=1',
      '/api/recordings/0',
      '/api/recordings/one',
      '/api/recordings/1?surprise=1',
      `/api/recordings/${'9'.repeat(30)}/audio`,
      '/api/recordings/1/audio?surprise=1',
    ]) {
      expect([address, ...(await codeOf(await get(address)))]).toEqual([address, 422, 'INVALID'])
    }
  })

  test('an unknown recording is not found', async () => {
    expect(await codeOf(await get('/api/recordings/99'))).toEqual([404, 'RECORDING_NOT_FOUND'])
    expect(await codeOf(await get('/api/recordings/99/audio'))).toEqual([404, 'RECORDING_NOT_FOUND'])
  })

  test('what is not stored yet cannot be played', async () => {
    rig.recordings.expect({
      callId: 'c2',
      kind: 'call',
      base: 'call-c2',
      startedAt: STARTED,
      training: false,
    })
    expect(await codeOf(await get('/api/recordings/2/audio'))).toEqual([409, 'RECORDING_NOT_STORED'])
  })
})
