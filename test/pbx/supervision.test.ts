import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Board } from '../../src/board/contract.ts'
import type { RecordingPage, RecordingTrack } from '../../src/recordings/contract.ts'
import type { AuditPage } from '../../src/seals/contract.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type DeskPhone, startDeskPhone } from '../support/desk-phone.ts'
import { heardNow, samplesOf, stretchesOf } from '../support/heard.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { stereoSides } from '../support/tone.ts'
import {
  demoPerson,
  type DeskOperator,
  seatDeskOperator,
  type Signed,
  signIn,
} from '../support/transfer-rig.ts'

const CITIZEN = 440
const SUPERVISOR = 660
const OPERATOR = 880
const TONES = [CITIZEN, SUPERVISOR, OPERATOR]

let pbx: TestPbx
let seen: PbxWatch
let app: TestApp
let operator: DeskOperator
let supervisor: Signed
let phone: DeskPhone

beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true })
  seen = watchPbx(pbx)
  app = await startTestApp({ pbx })
  await vi.waitFor(ready, { timeout: 10_000 })
  const site = { url: app.url, dataDir: app.config.dataDir, pbx }
  operator = await seatDeskOperator(site, 'mai')
  supervisor = await signIn(site, await demoPerson(site, app.account('supervisor').username))
  const account = await supervisor.get<{ username: string; password: string }>('/api/phone?kind=desk')
  phone = await startDeskPhone({
    install: pbx.install,
    ...account,
    pbxPort: pbx.ports.sip,
    speaks: join(pbx.voices.voicesDir, 'tone660.wav'),
    autoAnswer: true,
  })
})
afterAll(async () => {
  await phone.stop()
  await operator.close()
  await app.close()
  seen.stop()
  await pbx.stop()
})

const ready = async (): Promise<void> => {
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200)
}
const supervise = (mode: string) =>
  supervisor.must<Board>('PUT', `/api/board/operators/${String(operator.id)}/supervision`, { mode })
const supervision = async () =>
  (await supervisor.get<Board>('/api/board')).operators.find(({ personId }) => personId === operator.id)
    ?.supervision
const hears = (whose: DeskPhone, tones: readonly number[]) =>
  expect.poll(() => heardNow(whose.heardFile, TONES), { timeout: 10_000, interval: 50 }).toEqual(tones)
/** So much sound more has come to this phone. */
async function pass(whose: DeskPhone, seconds: number): Promise<void> {
  const enough = (await samplesOf(whose.heardFile)).length + seconds * 8_000
  await expect
    .poll(async () => (await samplesOf(whose.heardFile)).length, { timeout: 10_000, interval: 50 })
    .toBeGreaterThan(enough)
}
async function ari(path: string): Promise<unknown[]> {
  const authorization = `Basic ${Buffer.from(`${pbx.ari.user}:${pbx.ari.secret}`).toString('base64')}`
  return (await (
    await fetch(`${pbx.ari.url}/ari${path}`, { headers: { authorization } })
  ).json()) as unknown[]
}
const mask = (call: string, masked: boolean) =>
  operator.send('PUT', `/api/calls/${call}/mask`, { masked, cause: 'button' })
/** Times between a tone's stretches, in seconds. */
function gapsOf(samples: Int16Array, hertz: number): { from: number; to: number }[] {
  const [, ...later] = stretchesOf(samples, hertz)
  return later.map(({ from }, index) => ({ from: stretchesOf(samples, hertz)[index]?.to ?? 0, to: from }))
}
async function talk(from: string): Promise<string> {
  await pbx.carrier.placeCall({ from, speak: 'tone440' })
  const call = await seen.callOf(from)
  await operator.call(({ id, state }) => id === call && state === 'talking')
  return call
}
/** What is filed of a call: the citizen on the left, what the citizen heard on the right. */
async function filed(call: string): Promise<{ left: Int16Array; right: Int16Array; track: RecordingTrack }> {
  const row = async () =>
    (await supervisor.get<RecordingPage>('/api/recordings?limit=50')).items.find(
      ({ callId }) => callId === call,
    )
  await expect.poll(async () => (await row())?.state, { timeout: 15_000 }).toBe('stored')
  const response = await fetch(`${app.url}/api/recordings/${String((await row())?.id)}/audio`, {
    headers: { cookie: supervisor.cookie },
  })
  const track = await supervisor.get<RecordingTrack>(`/api/recordings/${String((await row())?.id)}/track`)
  return { ...stereoSides(Buffer.from(await response.arrayBuffer())), track }
}

it('listens, whispers to the operator alone, barges in for both and the recording, and leaves the talk as it was', async () => {
  const call = await talk('0950000041')
  await supervise('listen')
  await phone.next('CALL_ESTABLISHED')
  await hears(phone, [CITIZEN, OPERATOR])
  await hears(operator.phone, [CITIZEN])

  await supervise('whisper')
  await hears(operator.phone, [CITIZEN, SUPERVISOR])
  await pass(operator.phone, 0.6)
  await supervise('barge')
  await pass(operator.phone, 1.5)
  await hears(operator.phone, [CITIZEN, SUPERVISOR])
  await hears(phone, [CITIZEN, OPERATOR])
  await supervise('listen')
  await hears(operator.phone, [CITIZEN])

  // Seconds that are not for the recording: whoever is there hears them all the same.
  expect((await mask(call, true)).status).toBe(204)
  await pass(operator.phone, 1.5)
  await hears(operator.phone, [CITIZEN])
  expect((await mask(call, false)).status).toBe(204)
  await pass(operator.phone, 0.6)

  await phone.hangUp()
  await expect.poll(supervision, { timeout: 5_000 }).toBeNull()
  await hears(operator.phone, [CITIZEN])
  // The operator lets go while the supervisor listens: nobody is left behind.
  await supervise('listen')
  await phone.next('CALL_ESTABLISHED')
  await operator.phone.hangUp()
  await phone.next('CALL_CLOSED')
  await phone.next('CALL_CLOSED')
  await expect.poll(() => ari('/channels'), { timeout: 5_000 }).toEqual([])
  await expect.poll(() => ari('/bridges'), { timeout: 5_000 }).toEqual([])

  const { left, right, track } = await filed(call)
  expect(stretchesOf(left, SUPERVISOR)).toEqual([])
  const barged = stretchesOf(right, SUPERVISOR)
  expect(barged).toHaveLength(1)
  const { from, to } = barged[0] ?? { from: 0, to: 0 }
  expect(to - from).toBeGreaterThan(1)
  const whole = stretchesOf(right, OPERATOR).find((one) => one.from < from && one.to > to)
  expect(whole).toBeDefined()

  expect(left.length).toBe(right.length)
  const masked = track.marks.find(({ kind }) => kind === 'masked')
  for (const [side, tone] of [
    [left, CITIZEN],
    [right, OPERATOR],
  ] as const) {
    const gaps = gapsOf(side, tone)
    expect(gaps).toHaveLength(1)
    // The file's beginning and the PBX's clock differ by some hundredths; a frame or two is under way.
    expect(Math.abs((gaps[0]?.from ?? 0) - (masked?.fromMs ?? 0) / 1_000)).toBeLessThan(0.5)
    expect(Math.abs((gaps[0]?.to ?? 0) - (masked?.toMs ?? 0) / 1_000)).toBeLessThan(0.5)
  }
  expect(track.marks.map(({ kind }) => kind)).toEqual(['barge', 'masked'])

  const lines = (await supervisor.get<AuditPage>('/api/audit?limit=50')).items.filter(({ action }) =>
    action.startsWith('supervision.'),
  )
  expect(
    lines
      .map(({ action, detail }) => `${action.slice(12)} ${(JSON.parse(detail) as { mode: string }).mode}`)
      .reverse(),
  ).toEqual([
    'started listen',
    'changed whisper',
    'changed barge',
    'changed listen',
    'ended listen',
    'started listen',
    'ended listen',
  ])
})

it('goes on without the service, and is ended from the board when it is back', async () => {
  await operator.ready()
  const call = await talk('0950000042')
  await supervise('listen')
  await phone.next('CALL_ESTABLISHED')
  await hears(phone, [CITIZEN, OPERATOR])
  // A service that ends while it masks ends that first: by itself the PBX would not.
  await mask(call, true)
  await pass(phone, 0.6)
  await app.restart(async () => {
    await pass(phone, 0.6)
    await hears(phone, [CITIZEN, OPERATOR])
    await hears(operator.phone, [CITIZEN])
  })
  await vi.waitFor(ready, { timeout: 10_000 })
  expect((await supervision())?.since).not.toBeNull()
  await supervisor.must('DELETE', '/api/board/supervision', {})
  await phone.next('CALL_CLOSED')
  await hears(operator.phone, [CITIZEN])
  await pass(operator.phone, 0.6)
  await operator.phone.hangUp()
  await expect.poll(() => ari('/channels'), { timeout: 5_000 }).toEqual([])
  const { left, track } = await filed(call)
  expect(gapsOf(left, CITIZEN)).toHaveLength(1)
  expect(track.marks).toHaveLength(1)
})
