import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type App, createServer } from '../../src/http/server.ts'
import { createListening, type Listening } from '../../src/recordings/listening.ts'
import { listeningRoutes } from '../../src/recordings/listening-routes.ts'
import { createNoteStore } from '../../src/recordings/notes-store.ts'
import { wavHeader } from '../../src/recordings/wav-policy.ts'
import { createWaveforms } from '../../src/recordings/waveforms.ts'
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

const WAVEFORM = '/api/recordings/1/waveform'
const TRACK = '/api/recordings/1/track'
const NOTES = '/api/recordings/1/notes'
const OUTSIDER = { ...OTHER, id: 9, username: 'officer9', role: 'officer' as const, unitId: 'chieu-sang' }

let rig: Rig
let app: App
let listening: Listening
let kept: string
let path: string
let warned: string[]

beforeEach(async () => {
  rig = createRig()
  rig.call('c1')
  rig.files.set('call-c1-citizen', monoWav(CITIZEN))
  rig.files.set('call-c1-operator', monoWav(HEARD))
  await rig.recordings.collect('c1')
  path = join(rig.folder, rig.row('c1').file ?? '')
  kept = join(rig.root, 'waveforms')
  warned = []
  listening = createListening({
    recordings: rig.recordings,
    waveforms: createWaveforms({
      folder: kept,
      pathOf: (file) => join(rig.folder, file),
      decode: async (from, to) => {
        writeFileSync(to, readFileSync(from).subarray(4))
      },
      log: { warn: (_, message) => void warned.push(message) },
    }),
    notes: createNoteStore(rig.db),
    courseOf: () => ({
      direction: 'in',
      queuedAt: null,
      answeredAt: new Date(Date.parse(STARTED) + 1_000).toISOString(),
      endedAt: null,
      past: { spans: [], transfers: [] },
    }),
    marksOf: () => [
      { kind: 'masked', name: 'Ha', from: new Date(Date.parse(STARTED) + 500).toISOString(), until: null },
    ],
    nameOf: (id) => `person ${String(id)}`,
    audit: (actorId, action, subject) => void rig.audits.push({ actorId, action, subject }),
    transaction: (work) => rig.db.transaction(work),
    now: () => rig.state.now,
  })
  app = await createServer({
    logger: undefined,
    consoleDir: join(rig.root, 'none'),
    publicUrl: 'http://localhost',
    localToken: 'local',
    verify: (token) => {
      const person = [TAKER, OTHER, CHIEF, OUTSIDER].find(({ username }) => username === token)
      return person === undefined ? undefined : { person, sessionId: token, csrfToken: 'csrf' }
    },
  })
  await app.register(listeningRoutes, { listening })
})
afterEach(async () => {
  await app.close()
  await listening.close()
  await rig.close()
})

async function ask(method: 'GET' | 'POST', url: string, who = CHIEF, body?: Record<string, unknown>) {
  const reply = await app.inject({
    method,
    url,
    cookies: { sid: who.username },
    headers: { 'x-csrf-token': 'csrf' },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() }
}

async function codeOf(...asked: Parameters<typeof ask>): Promise<unknown[]> {
  const { status, body } = await ask(...asked)
  return [status, body['code']]
}

function levelsOf(body: Record<string, unknown>): number[] {
  return [...new Int8Array(Buffer.from(body['levels'] as string, 'base64'))]
}

describe('the waveform', () => {
  test('has citizen and operator side by side; the operator is silent from the third second', async () => {
    const { status, body } = await ask('GET', WAVEFORM)
    expect([status, body['bucketMs'], body['sides']]).toEqual([200, 100, 2])
    const levels = levelsOf(body)
    expect(levels).toHaveLength(30 * 4)
    expect(levels.slice(0, 4)).toEqual([-64, 64, -64, 64])
    expect(levels.slice(-4)).toEqual([-64, 64, 0, 0])
  })

  test('comes in as few points as a row has', async () => {
    const { body } = await ask('GET', `${WAVEFORM}?points=3`)
    expect([body['bucketMs'], levelsOf(body)]).toEqual([
      1_000,
      [-64, 64, -64, 64, -64, 64, -64, 64, -64, 64, 0, 0],
    ])
  })

  test('is computed once: afterwards the file is not read again', async () => {
    const first = await ask('GET', WAVEFORM)
    expect(readdirSync(kept, { recursive: true })).toContain(join('0', '1.peaks'))
    rmSync(path)
    expect(await ask('GET', WAVEFORM)).toEqual(first)
  })

  test('of a recording whose original went is made from its copy, and kept under the original', async () => {
    const before = await ask('GET', WAVEFORM)
    rmSync(join(kept, '0', '1.peaks'))
    const { file, sha256 } = rig.row('c1')
    const bytes = Buffer.concat([Buffer.from('OggS'), readFileSync(path)])
    writeFileSync(path.replace('.wav', '.opus'), bytes)
    rmSync(path)
    rig.store.update(1, {
      archiveState: 'dropped',
      archive: {
        file: (file ?? '').replace('.wav', '.opus'),
        sizeBytes: bytes.length,
        sha256: 'ab'.repeat(32),
        originalSha256: sha256 ?? '',
        madeAt: STARTED,
        codec: 'pretended',
        likeness: [],
      },
    })
    expect(await ask('GET', WAVEFORM)).toEqual(before)
    expect(readdirSync(join(kept, '0'))).toEqual(['1.peaks'])
    rmSync(path.replace('.wav', '.opus'))
    expect(await ask('GET', WAVEFORM)).toEqual(before)
  })

  test('that was damaged where it is kept is made anew', async () => {
    const first = await ask('GET', WAVEFORM)
    for (const spoil of ['', 'nonsense', readFileSync(join(kept, '0/1.peaks')).subarray(0, 50)]) {
      writeFileSync(join(kept, '0/1.peaks'), spoil)
      expect(await ask('GET', WAVEFORM)).toEqual(first)
    }
  })

  test('that cannot be kept is shown all the same', async () => {
    writeFileSync(kept, 'a file where the folder should be')
    expect((await ask('GET', WAVEFORM)).status).toBe(200)
    expect(warned).toHaveLength(1)
  })

  test('asked for many times at once is the same for all', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => ask('GET', WAVEFORM)))
    expect(new Set(all.map(({ body }) => body['levels'])).size).toBe(1)
  })

  test.each([
    ['zero bytes', Buffer.alloc(0)],
    ['a header alone that promises an hour', Buffer.from(wavHeader(2, 3_600 * 8_000))],
    ['a header that tells of another format', Buffer.from(wavHeader(2, 0)).fill(9, 20, 22)],
    ['something else', Buffer.alloc(5_000, 'x')],
  ])('of a file with %s there is none, and the answer says so', async (_, bytes) => {
    writeFileSync(path, bytes)
    expect(await codeOf('GET', WAVEFORM)).toEqual([409, 'NO_WAVEFORM'])
    expect(await codeOf('GET', TRACK)).toEqual([200, undefined])
  })

  test('of a file whose header was never finished shows what is there, and half a frame at its end is left out', async () => {
    const header = wavHeader(2, 0)
    new DataView(header.buffer).setUint32(4, 0, true)
    writeFileSync(path, Buffer.concat([header, Buffer.alloc(800 * 4 + 2, 0)]))
    expect(levelsOf((await ask('GET', WAVEFORM)).body)).toEqual([0, 0, 0, 0])
  })

  test('of a file that was cut after it was sealed there is none', async () => {
    truncateSync(path, 50_000)
    expect(await codeOf('GET', WAVEFORM)).toEqual([409, 'NO_WAVEFORM'])
  })

  test('of a file that is away now may be there again tomorrow', async () => {
    const bytes = readFileSync(path)
    rmSync(path)
    expect(await codeOf('GET', WAVEFORM)).toEqual([503, 'RECORDING_UNREADABLE'])
    mkdirSync(path)
    expect(await codeOf('GET', WAVEFORM)).toEqual([503, 'RECORDING_UNREADABLE'])
    rmSync(path, { recursive: true })
    writeFileSync(path, bytes)
    expect((await ask('GET', WAVEFORM)).status).toBe(200)
  })

  test('of a message has one side', async () => {
    rig.recordings.expect({
      callId: 'c2',
      kind: 'voicemail',
      base: 'voicemail-c2',
      startedAt: STARTED,
      training: false,
    })
    rig.files.set('voicemail-c2', monoWav(CITIZEN))
    await rig.recordings.collect('c2')
    const { body } = await ask('GET', '/api/recordings/2/waveform?points=1', OTHER)
    expect([body['sides'], levelsOf(body)]).toEqual([1, [-64, 64]])
    expect((await ask('GET', '/api/recordings/2/track', OTHER)).body).toEqual({
      stretches: [],
      marks: [],
      notes: [],
    })
  })
})

describe('the track', () => {
  test('has the course of the call', async () => {
    const { body } = await ask('GET', TRACK)
    expect(body['marks']).toMatchObject([{ kind: 'masked', name: 'Ha', fromMs: 500 }])
    expect(body['stretches']).toMatchObject([{ phase: 'greeting', fromMs: 0, toMs: 1_000 }])
  })

  test('has notes in the order of their moments, each with author and time', async () => {
    for (const [atMs, text] of [
      [2_500, 'Người dân đọc địa chỉ'],
      [0, '  Lời chào  '],
    ] as const) {
      expect((await ask('POST', NOTES, CHIEF, { atMs, text })).status).toBe(201)
    }
    const createdAt = rig.state.now.toISOString()
    expect((await ask('GET', TRACK, TAKER)).body['notes']).toEqual([
      { id: 2, atMs: 0, text: 'Lời chào', authorName: 'person 3', createdAt },
      { id: 1, atMs: 2_500, text: 'Người dân đọc địa chỉ', authorName: 'person 3', createdAt },
    ])
    expect(rig.audits).toEqual(
      [1, 2].map(() => ({ actorId: CHIEF.id, action: 'recording.noted', subject: 'recording:1' })),
    )
  })

  test('notes cannot be changed nor taken away', async () => {
    await ask('POST', NOTES, CHIEF, { atMs: 0, text: 'so it was' })
    for (const sql of ["UPDATE recording_notes SET text = 'else'", 'DELETE FROM recording_notes'])
      expect(() => rig.db.raw.exec(sql)).toThrow('append-only')
  })

  test('a note beyond the end, empty, too long or with more in it is refused', async () => {
    expect(await codeOf('POST', NOTES, CHIEF, { atMs: 3_001, text: 'x' })).toEqual([422, 'NOTE_BEYOND_END'])
    for (const body of [
      { atMs: -1, text: 'x' },
      { atMs: 1.5, text: 'x' },
      { atMs: 0, text: '' },
      { atMs: 0, text: ' \n ' },
      { atMs: 0, text: 'x'.repeat(1_001) },
      { atMs: 0 },
      { atMs: 0, text: 'x', authorId: 1 },
    ]) {
      expect([body, ...(await codeOf('POST', NOTES, CHIEF, body))]).toEqual([body, 422, 'INVALID'])
    }
  })
})

describe('R068: who may', () => {
  test('those who may hear it, and nobody else', async () => {
    const note = { atMs: 0, text: 'x' }
    const answers = async (who: typeof CHIEF) => [
      ...(await codeOf('GET', WAVEFORM, who)),
      ...(await codeOf('GET', TRACK, who)),
      ...(await codeOf('POST', NOTES, who, note)),
    ]
    const letIn = [200, undefined, 200, undefined, 201, undefined]
    expect(await answers(CHIEF)).toEqual(letIn)
    expect(await answers(TAKER)).toEqual(letIn)
    const keptOut = Array.from({ length: 3 }, () => [403, 'RECORDING_NOT_YOURS']).flat()
    expect(await answers(OTHER)).toEqual(keptOut)
    expect(await answers(OUTSIDER)).toEqual(Array.from({ length: 3 }, () => [403, 'NOT_YOUR_ROLE']).flat())
    rig.confidential.set('HP26-000001', TAKER.id)
    expect(await answers(CHIEF)).toEqual(keptOut)
    expect(await answers(TAKER)).toEqual(letIn)
  })

  test('what is not there, not there yet, or nonsense', async () => {
    rig.recordings.expect({
      callId: 'c3',
      kind: 'call',
      base: 'call-c3',
      startedAt: STARTED,
      training: false,
    })
    for (const part of ['waveform', 'track']) {
      expect(await codeOf('GET', `/api/recordings/99/${part}`)).toEqual([404, 'RECORDING_NOT_FOUND'])
      expect(await codeOf('GET', `/api/recordings/2/${part}`)).toEqual([409, 'RECORDING_NOT_STORED'])
      expect(await codeOf('GET', `/api/recordings/..%2f1/${part}`)).toEqual([422, 'INVALID'])
      expect(await codeOf('GET', `/api/recordings/1/${part}?surprise=1`)).toEqual([422, 'INVALID'])
    }
    for (const points of ['0', '-1', 'many', '36001'])
      expect(await codeOf('GET', `${WAVEFORM}?points=${points}`)).toEqual([422, 'INVALID'])
  })
})
