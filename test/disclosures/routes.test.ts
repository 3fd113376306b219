import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CaseDisclosures, DisclosurePage, DisclosureView } from '../../src/disclosures/contract.ts'
import type { RecordingTrack } from '../../src/recordings/contract.ts'
import type { AuditPage } from '../../src/seals/contract.ts'
import type { TicketView } from '../../src/tickets/contract.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'
import { checkPackage, unpack } from '../support/disclosed-package.ts'
import { leaveCopyAlone, storeRecording } from '../support/stored-recording.ts'
import { unwitnessed } from '../support/witnessed.ts'

const REASON = 'Xác minh địa chỉ người dân nêu trong cuộc gọi'
const HOUR_MS = 3_600_000

let skipMs = 0
const now = (): Date => new Date(Date.now() + skipMs)
let app: TestApp
/** phiet (officer) and trinh (head) are of chieu-sang, khoat is of so-xay-dung; lan is a supervisor, mai takes calls. */
const people = new Map<string, Client>()
beforeAll(async () => {
  app = await startTestApp({ now })
  for (const name of ['mai', 'lan', 'phiet', 'trinh', 'khoat', 'admin'])
    people.set(name, await app.signInAs(name))
}, START_MS)
afterAll(() => app.close())

const as = (name: string): Client => {
  const client = people.get(name)
  if (client === undefined) throw new Error(`${name} is not signed in`)
  return client
}

async function call<T>(name: string, path: string, json?: unknown, method?: string): Promise<T> {
  const reply = await as(name).request(path, {
    ...(json === undefined ? {} : { json }),
    ...(method ? { method } : {}),
  })
  expect(reply.ok, `${path} answered ${String(reply.status)}`).toBe(true)
  return (await reply.json()) as T
}

/** Status and code of an answer. */
async function ask(name: string, path: string, json?: unknown): Promise<[number, string | undefined]> {
  const reply = await as(name).request(path, json === undefined ? {} : { json })
  const text = await reply.text()
  const isJson = reply.headers.get('content-type')?.includes('json') === true
  return [reply.status, isJson ? (JSON.parse(text) as { code?: string }).code : undefined]
}

let nth = 0
let code: string
let recordingId: number

async function fileCase(form: Record<string, unknown> = {}): Promise<string> {
  const opened = await call<TicketView>('mai', '/api/tickets', { channel: 'counter' })
  const saved = await call<TicketView>(
    'mai',
    `/api/tickets/${opened.code}`,
    {
      version: opened.version,
      form: {
        content: 'Ba cột đèn tắt từ hôm qua.',
        place: '12 Lạch Tray',
        reporter: {
          type: 'individual',
          name: 'Phạm Văn Đại',
          organisation: null,
          phone: '0950 000 777',
          email: null,
          address: null,
        },
        ...form,
      },
    },
    'PATCH',
  )
  await call('mai', `/api/tickets/${opened.code}/slips`, {
    version: saved.version,
    unitId: 'chieu-sang',
    note: '',
  })
  return opened.code
}

function record(ticketCode: string, seconds = 4): number {
  nth += 1
  const silence = new Int16Array(seconds * 8_000)
  return storeRecording(app.config, {
    ticketCode,
    sides: [silence, silence],
    callId: `cuoc-goi-${String(nth)}`,
    startedAt: now(),
    operatorId: as('mai').personId,
  })
}

beforeEach(async () => {
  code = await fileCase()
  recordingId = record(code)
})

const wish = (changes: Record<string, unknown> = {}) => ({
  recordingId,
  reason: REASON,
  personIds: [as('phiet').personId, as('trinh').personId],
  mode: 'download',
  hours: 24,
  ...changes,
})
const request = (changes: Record<string, unknown> = {}): Promise<DisclosureView> =>
  call('phiet', `/api/tickets/${code}/disclosures`, wish(changes))
const approve = (one: DisclosureView, changes: Record<string, unknown> = {}): Promise<DisclosureView> =>
  call('lan', `/api/disclosures/${String(one.id)}/approve`, {
    revision: one.revision,
    personIds: one.asked.people.map(({ id }) => id),
    mode: one.asked.mode,
    hours: one.asked.hours,
    ...changes,
  })
const audio = (one: DisclosureView): string => `/api/disclosures/${String(one.id)}/audio`
const packageOf = (one: DisclosureView): string => `/api/disclosures/${String(one.id)}/package`
const usesOf = async (one: DisclosureView) =>
  (await call<DisclosureView[]>('lan', `/api/recordings/${String(one.recording.id)}/disclosures`)).find(
    ({ id }) => id === one.id,
  )?.uses

describe('R060: a unit', () => {
  test('asks for a recording of its case, and hears it only once a supervisor has approved', async () => {
    const shown = await call<CaseDisclosures>('phiet', `/api/tickets/${code}/disclosures`)
    expect(shown.recordings).toMatchObject([{ id: recordingId, kind: 'call', durationMs: 4_000 }])
    expect(shown.people.map(({ id }) => id)).toEqual(
      expect.arrayContaining([as('phiet').personId, as('trinh').personId]),
    )
    const one = await request()
    expect(one).toMatchObject({ state: 'requested', actions: ['withdraw'], mayPlay: false, uses: null })
    expect(await ask('phiet', audio(one))).toEqual([404, 'DISCLOSURE_NOT_FOUND'])
    expect(await ask('phiet', `/api/tickets/${code}/disclosures`, wish())).toEqual([
      409,
      'DISCLOSURE_PENDING',
    ])
    const page = await call<DisclosurePage>('lan', '/api/disclosures?group=waiting')
    expect(page.items.at(-1)).toMatchObject({ id: one.id, actions: ['approve', 'refuse'], reason: REASON })
    const approved = await approve(one)
    expect(Date.parse(approved.expiresAt ?? '') - Date.parse(approved.decidedAt ?? '')).toBe(24 * HOUR_MS)
    const reply = await as('trinh').request(audio(one))
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'audio/wav'])
    expect((await reply.arrayBuffer()).byteLength).toBe(44 + 4 * 8_000 * 4)
    const track = await call<RecordingTrack>('phiet', `/api/disclosures/${String(one.id)}/track`)
    expect(track.stretches.map(({ phase }) => phase).slice(0, 2)).toEqual(['greeting', 'queue'])
    expect(await ask('phiet', `/api/disclosures/${String(one.id)}/waveform`)).toEqual([200, undefined])
  })

  test('names only its own people, and a recording of this case', async () => {
    const other = record(await fileCase())
    const path = `/api/tickets/${code}/disclosures`
    expect(await ask('phiet', path, wish({ recordingId: other }))).toEqual([404, 'RECORDING_NOT_FOUND'])
    expect(await ask('phiet', path, wish({ personIds: [as('khoat').personId] }))).toEqual([
      422,
      'PERSON_NOT_OF_UNIT',
    ])
    for (const bad of [{ hours: 0 }, { hours: 337 }, { personIds: [] }, { reason: 'ngắn' }, { mode: 'copy' }])
      expect(await ask('phiet', path, wish(bad))).toEqual([422, 'INVALID'])
  })

  test('that has no such case is told of none, with a right body as with a wrong one', async () => {
    const path = `/api/tickets/${code}/disclosures`
    for (const body of [undefined, wish(), {}])
      expect(await ask('khoat', path, body)).toEqual([404, 'TICKET_NOT_FOUND'])
    const one = await request()
    await approve(one)
    for (const address of [audio(one), packageOf(one), `/api/disclosures/${String(one.id)}/track`])
      expect(await ask('khoat', address)).toEqual([404, 'DISCLOSURE_NOT_FOUND'])
    expect(await ask('khoat', `/api/disclosures/${String(one.id)}/withdraw`, { revision: 2 })).toEqual([
      404,
      'DISCLOSURE_NOT_FOUND',
    ])
  })

  test('A15: does not get the voice of a confidential reporter until a supervisor released them to it', async () => {
    code = await fileCase({ confidential: true })
    recordingId = record(code)
    const path = `/api/tickets/${code}/disclosures`
    expect(await ask('phiet', path)).toEqual([404, 'TICKET_NOT_FOUND'])
    expect(await ask('phiet', path, wish())).toEqual([404, 'TICKET_NOT_FOUND'])
    const move = async (action: string) => {
      const { version } = await call<TicketView>('lan', `/api/tickets/${code}`)
      await call('lan', `/api/tickets/${code}/moves`, { version, action, reason: 'Cần xác minh trực tiếp' })
    }
    await move('releaseReporter')
    const one = await request()
    await approve(one)
    expect((await ask('phiet', audio(one)))[0]).toBe(200)
    await move('coverReporter')
    for (const address of [audio(one), packageOf(one), `/api/disclosures/${String(one.id)}/waveform`])
      expect(await ask('phiet', address)).toEqual([404, 'DISCLOSURE_NOT_FOUND'])
    const page = await call<DisclosurePage>('lan', '/api/disclosures?group=open')
    expect(page.items.find(({ id }) => id === one.id)).toMatchObject({ unitReads: false })
  })
})

describe('R060: a supervisor', () => {
  test('may give less than was asked, and not more', async () => {
    const one = await request({ personIds: [as('phiet').personId], mode: 'play' })
    const path = `/api/disclosures/${String(one.id)}/approve`
    const terms = { revision: 1, personIds: [as('phiet').personId], mode: 'play', hours: 24 }
    for (const wider of [{ mode: 'download' }, { hours: 25 }, { personIds: [as('trinh').personId] }])
      expect(await ask('lan', path, { ...terms, ...wider })).toEqual([422, 'DISCLOSURE_WIDER'])
    const narrow = await request({ hours: 48 }).catch(() => undefined)
    expect(narrow).toBeUndefined() // one of theirs is waiting
    await call('phiet', `/api/disclosures/${String(one.id)}/withdraw`, { revision: 1 })
    const two = await request({ hours: 48 })
    const given = await approve(two, { personIds: [as('phiet').personId], mode: 'play', hours: 1 })
    expect(given.granted).toMatchObject({ mode: 'play', hours: 1, people: [{ id: as('phiet').personId }] })
    expect((await ask('phiet', audio(two)))[0]).toBe(200)
    expect(await ask('phiet', packageOf(two))).toEqual([403, 'DISCLOSURE_PLAY_ONLY'])
    expect(await ask('trinh', audio(two))).toEqual([404, 'DISCLOSURE_NOT_FOUND'])
  })

  test('refuses or revokes with a reason; two at once: the second hears of it', async () => {
    const one = await request()
    const end = { revision: 1, reason: 'Nội dung phiếu đã đủ để xử lý' }
    const both = await Promise.all([
      ask('lan', `/api/disclosures/${String(one.id)}/refuse`, end),
      ask('lan', `/api/disclosures/${String(one.id)}/refuse`, end),
    ])
    expect(both.map(([status]) => status).sort()).toEqual([200, 409])
    const two = await request()
    const approved = await approve(two)
    const revoke = `/api/disclosures/${String(two.id)}/revoke`
    expect(await ask('lan', revoke, { ...end, revision: 1 })).toEqual([409, 'DISCLOSURE_CHANGED'])
    expect(await call('lan', revoke, { ...end, revision: approved.revision })).toMatchObject({
      state: 'revoked',
      endReason: end.reason,
      endedByName: expect.any(String) as string,
    })
    expect(await ask('phiet', audio(two))).toEqual([403, 'DISCLOSURE_REVOKED'])
  })

  test('sees each listening once, whatever ranges it took, and each package; so does the audit log', async () => {
    const one = await approve(await request())
    const from = (range: string) =>
      as('phiet')
        .request(audio(one), { headers: { range } })
        .then((r) => r.arrayBuffer())
    await as('phiet').request(audio(one), { method: 'HEAD' })
    await from('bytes=64022-')
    await from('bytes=0-99')
    skipMs += 61_000
    await from('bytes=0-')
    await (await as('trinh').request(packageOf(one))).arrayBuffer()
    expect((await usesOf(one))?.map(({ what, fromMs, personName }) => [what, fromMs, personName])).toEqual([
      ['download', null, expect.any(String)],
      ['play', 0, expect.any(String)],
      ['play', 2_000, expect.any(String)],
    ])
    const { items } = await call<AuditPage>('lan', `/api/audit?subject=recording:${String(recordingId)}`)
    expect(items.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['recording.downloaded', as('trinh').personId],
      ['recording.played', as('phiet').personId],
      ['recording.played', as('phiet').personId],
      ['disclosure.approved', as('lan').personId],
      ['disclosure.requested', as('phiet').personId],
    ])
    expect(JSON.stringify(items)).not.toContain(REASON)
  })
})

describe('R060: the time', () => {
  test('cuts off what is under way', async () => {
    recordingId = record(code, 600)
    const one = await approve(await request(), { hours: 1 })
    const reply = await as('phiet').request(audio(one))
    const pieces = (reply.body as AsyncIterable<Uint8Array> | null) ?? []
    let bytes = 0
    const listen = async () => {
      for await (const piece of pieces) {
        if (bytes === 0) skipMs += HOUR_MS
        bytes += piece.byteLength
      }
    }
    await expect(listen()).rejects.toThrow()
    expect(bytes).toBeLessThan(600 * 32_000)
  })

  test('closes it to the second', async () => {
    const one = await approve(await request(), { hours: 1 })
    skipMs += HOUR_MS - (now().getTime() - Date.parse(one.decidedAt ?? '')) - 20_000
    expect((await ask('phiet', audio(one)))[0]).toBe(200)
    skipMs += 20_000
    for (const address of [audio(one), packageOf(one), `/api/disclosures/${String(one.id)}/waveform`])
      expect(await ask('phiet', address)).toEqual([403, 'DISCLOSURE_EXPIRED'])
    const over = await call<DisclosurePage>('lan', '/api/disclosures?group=over')
    expect(over.items[0]).toMatchObject({ id: one.id, state: 'expired', actions: [] })
    expect(
      await ask('lan', `/api/disclosures/${String(one.id)}/revoke`, { revision: 2, reason: REASON }),
    ).toEqual([409, 'DISCLOSURE_CHANGED'])
  })
})

describe('R060: a package', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'goi-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const take = async (): Promise<string> => {
    const one = await approve(await request())
    record(code) // a link behind it
    const reply = await as('phiet').request(packageOf(one))
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/zip'])
    return unpack(Buffer.from(await reply.arrayBuffer()), folder)
  }

  test('holds by its own instruction, with openssl and sha256sum alone', async () => {
    const place = await take()
    expect(checkPackage(place)).toEqual({ signature: true, files: true, head: true, chain: true })
    const guide = readFileSync(join(place, 'HUONG-DAN.txt'), 'utf8')
    expect(guide.indexOf('HƯỚNG DẪN')).toBe(0)
    const published = await (await fetch(`${app.url}/khoa-cong-khai.pem`)).text()
    expect(readFileSync(join(place, 'khoa-cong-khai.pem'), 'utf8')).toBe(published)
    expect(guide).toContain(createHash('sha256').update(published).digest('hex'))
    const words = JSON.parse(readFileSync(join(place, 'thong-tin.json'), 'utf8')) as Record<string, unknown>
    expect(words).toMatchObject({
      ticketCode: code,
      parties: { citizenName: 'Phạm Văn Đại', callingNumber: '0950 000 777' },
      taken: { personId: as('phiet').personId },
    })
    expect(readFileSync(join(place, 'thong-tin.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
    expect(JSON.parse(readFileSync(join(place, 'goi.json'), 'utf8'))).toMatchObject({
      format: 'tongdai-disclosure-1',
      taken: { personId: as('phiet').personId, at: expect.any(String) as string },
    })
    // Of the calls between it and the head nothing is told but that there were some (Đ12.1).
    const links = readdirSync(join(place, 'chuoi')).filter((name) => name.startsWith('mat-xich'))
    expect(links.length).toBeGreaterThan(1)
    for (const name of links)
      expect(readFileSync(join(place, 'chuoi', name), 'utf8')).toMatch(
        /^\["tongdai-recording-2",\d+,"[0-9a-f]{64}","[0-9a-f]{64}"\]$/,
      )
    expect(readdirSync(join(app.config.dataDir, 'packages'))).toEqual([])
  })

  test('whose original went by rule holds the copy, which its instruction leads to the chain and to the original', async () => {
    const copy = leaveCopyAlone(app.config, recordingId, Buffer.from('OggS, and what follows'))
    const one = await approve(await request())
    const sound = await as('phiet').request(audio(one), { headers: { range: 'bytes=0-3' } })
    expect([sound.status, sound.headers.get('content-type')]).toEqual([206, 'audio/ogg; codecs=opus'])
    expect(await sound.text()).toBe('OggS')
    const reply = await as('phiet').request(packageOf(one))
    const place = unpack(Buffer.from(await reply.arrayBuffer()), folder)
    expect(checkPackage(place)).toEqual({ signature: true, files: true, head: true, chain: true })
    expect(readdirSync(place)).not.toContain('am-thanh.wav')
    const content = readFileSync(join(place, 'chuoi/noi-dung.json'), 'utf8')
    const words = JSON.parse(readFileSync(join(place, 'thong-tin.json'), 'utf8')) as {
      recording: { sha256: string; originalSha256: string }
    }
    expect(words.recording.sha256).toBe(copy)
    expect(content).toContain(`"sha256":"${copy}"`)
    expect(content).toContain(`"${words.recording.originalSha256}"`)
    expect(readFileSync(join(place, 'HUONG-DAN.txt'), 'utf8')).toContain(words.recording.originalSha256)
    // Another sound in its place does not lead there.
    writeFileSync(join(place, 'am-thanh.opus'), 'another')
    expect(checkPackage(place)).toMatchObject({ files: false, chain: false })
  })

  test('R068: says where its sound is silent, who made it so and why; it is signed with the rest', async () => {
    const db = new Database(app.config.databasePath)
    const { callId, startedAt } = db
      .prepare('SELECT call_id AS callId, started_at AS startedAt FROM recordings WHERE id = ?')
      .get(recordingId) as { callId: string; startedAt: string }
    const after = (ms: number): string => new Date(Date.parse(startedAt) + ms).toISOString()
    const mask = db.prepare(
      'INSERT INTO recording_masks (call_id, operator_id, cause, from_at, until_at, end) VALUES (?, ?, ?, ?, ?, ?)',
    )
    mask.run(callId, as('mai').personId, 'field', after(1_000), after(2_500), 'operator')
    mask.run(callId, as('mai').personId, 'button', after(3_000), after(3_000), 'failed')
    db.close()
    const place = await take()
    expect(JSON.parse(readFileSync(join(place, 'thong-tin.json'), 'utf8'))).toMatchObject({
      marks: [{ kind: 'masked', cause: 'field', fromMs: 1_000, toMs: 2_500, name: 'Nguyễn Thị Mai' }],
    })
    expect(readFileSync(join(place, 'SHA256SUMS'), 'utf8')).toContain('thong-tin.json')
  })

  test.each([
    ['the sound', 'am-thanh.wav', ['files', 'chain']],
    ['who took it', 'goi.json', ['files']],
    ['the list of files', 'SHA256SUMS', ['signature', 'files']],
    ['what the link says', 'chuoi/noi-dung.json', ['files', 'chain']],
    ['the head', 'chuoi/dau-ky.json', ['files', 'head', 'chain']],
  ])('of which somebody changed %s is found out', async (_what, file, failing) => {
    const place = await take()
    const bytes = readFileSync(join(place, file))
    // In a hash where there is one.
    const at = file.endsWith('dau-ky.json')
      ? bytes.lastIndexOf('"hash":"') + 20
      : Math.floor(bytes.length / 2)
    bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61
    writeFileSync(join(place, file), bytes)
    const result = checkPackage(place)
    expect(Object.entries(result).flatMap(([name, holds]) => (holds ? [] : [name]))).toEqual(
      expect.arrayContaining(failing),
    )
  })

  test('made anew with another sound is found out by the chain', async () => {
    const place = await take()
    writeFileSync(join(place, 'am-thanh.wav'), 'another')
    const sums = execFileSync('sh', ['-c', 'sha256sum $(cut -c67- SHA256SUMS)'], { cwd: place })
    writeFileSync(join(place, 'SHA256SUMS'), sums)
    expect(checkPackage(place)).toEqual({ signature: false, files: true, head: true, chain: false })
  })

  test('is not made of a file that was changed since it was sealed', async () => {
    const one = await approve(await request())
    const file = join(app.config.recordingsDir, `2026/03/02/cuoc-goi-${String(nth)}.wav`)
    writeFileSync(file, Buffer.from(readFileSync(file)).fill(1, 50, 60))
    expect(await ask('phiet', packageOf(one))).toEqual([409, 'RECORDING_ALTERED'])
    expect(await usesOf(one)).toEqual([])
  })

  test('is not made where the chain was written anew', async () => {
    const one = await approve(await request())
    const raw = new Database(app.config.databasePath)
    raw.exec('DROP TRIGGER recording_seals_no_update')
    raw
      .prepare('UPDATE recording_seals SET at = ? WHERE recording_id = ?')
      .run(now().toISOString(), recordingId)
    raw.close()
    expect((await ask('phiet', packageOf(one)))[0]).toBe(409)
  })
})

test('R104: of all that was asked for, decided and heard above, rows and audit log say the same', () => {
  // The mask above was put into the database by hand.
  expect(unwitnessed(app.config.databasePath)).toEqual(['FACT_UNWITNESSED mask:1 '])
})
