import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AriClient, createAri } from '../../src/asterisk/ari-client.ts'
import type { RecordingSource } from '../../src/recordings/collecting.ts'
import type { CallFacts } from '../../src/recordings/service.ts'
import { createAriSource } from '../../src/recordings/source-ari.ts'
import { createFolderSource } from '../../src/recordings/source-folder.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { createRig, type Rig } from '../support/recording-rig.ts'
import { stereoSides, toneLevels } from '../support/tone.ts'

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined }
const FACTS: CallFacts = {
  numberDisplay: '0950 000 111',
  operatorId: 1,
  operatorName: 'x',
  answered: true,
  ticketCode: null,
  endedAt: null,
}
/** What the disk sees of a growing file: the PBX writes blocks of 32 kB, 2 s of sound. */
const TWO_BLOCKS = 65_000

let pbx: TestPbx
let ari: AriClient
beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true })
  ari = createAri({ ...pbx.ari, app: 'recordings-test', log: QUIET })
})
afterAll(async () => {
  await ari.close()
  await pbx.stop()
})

/** A citizen who says 440 Hz; the names of call and recording are the dialplan's own. */
async function citizenCalls(from: string, more: { digits?: string; digitsAfterSeconds?: number } = {}) {
  const intake = pbx.look().waitFor((event) => event['Stage'] === 'intake', 10_000)
  const placed = await pbx.carrier.placeCall({ from, speak: 'tone440', ...more })
  const { Call: callId = '', Recording: base = '' } = await intake
  return { callId, base, hangUp: () => pbx.carrier.hangUp(placed.id) }
}

function sizeOf(name: string): number {
  return statSync(join(pbx.recordingDir, `${name}.wav`), { throwIfNoEntry: false })?.size ?? 0
}

const until = (done: () => boolean) => expect.poll(done, { timeout: 20_000, interval: 50 }).toBe(true)

function expectCall(rig: Rig, callId: string, kind: 'call' | 'voicemail', base: string): void {
  const startedAt = rig.state.now.toISOString()
  rig.calls.set(callId, FACTS)
  rig.recordings.expect({ callId, kind, base, startedAt, training: false })
}

/** The call is over; the clock of the test goes on from there. */
function ended(rig: Rig, callId: string): void {
  rig.pass(8_000)
  rig.calls.set(callId, { ...FACTS, endedAt: rig.state.now.toISOString() })
}

describe.each<[string, () => RecordingSource]>([
  ['the shared folder', () => createFolderSource(pbx.recordingDir)],
  ['stored recordings over ARI', () => createAriSource(ari)],
])('through %s', (_, source) => {
  let rig: Rig
  beforeEach(() => {
    rig = createRig({ source: source(), retryMs: Array<number>(100).fill(50) })
    return () => rig.close()
  })

  test('a call asked for while it still runs becomes one file after the hang-up, the citizen on the left', async () => {
    const call = await citizenCalls('0950000111')
    expectCall(rig, call.callId, 'call', call.base)
    await until(() => sizeOf(`${call.base}-citizen`) > TWO_BLOCKS)
    // As after a restart in mid-call: the PBX is still writing.
    await rig.recordings.collectPending()
    expect(rig.row(call.callId).state).toBe('pending')

    await call.hangUp()
    ended(rig, call.callId)
    await rig.recordings.collect(call.callId)

    const row = rig.row(call.callId)
    expect(row).toMatchObject({ state: 'stored', flags: [] })
    expect(row.durationMs).toBeGreaterThan(4_000)
    const { left, right } = stereoSides(readFileSync(join(rig.folder, row.file ?? '')))
    const [citizen = 0, nobody = 1] = toneLevels(left, 8_000, [440, 880])
    expect(citizen).toBeGreaterThan(0.1)
    expect(nobody).toBeLessThan(citizen / 20)
    // What the citizen hears is greeting and music, never their own voice.
    expect(toneLevels(right, 8_000, [440])[0]).toBeLessThan(citizen / 4)
    expect(readdirSync(pbx.recordingDir).filter((name) => name.includes(call.base))).toEqual([])
    expect(rig.filed()).toEqual([row.file])
  })
})

test('a message left after pressing 2 is filed as the citizen spoke it', async () => {
  const rig = createRig({ source: createAriSource(ari), retryMs: Array<number>(100).fill(50) })
  try {
    const voicemail = pbx.look().waitFor((event) => event['Stage'] === 'voicemail', 30_000)
    const call = await citizenCalls('0950000112', { digits: '2', digitsAfterSeconds: 6 })
    const { Recording: base = '' } = await voicemail
    await until(() => sizeOf(base) > TWO_BLOCKS / 2)
    await call.hangUp()
    expectCall(rig, call.callId, 'voicemail', base)
    ended(rig, call.callId)
    await rig.recordings.collect(call.callId)
    const row = rig.row(call.callId)
    expect(row).toMatchObject({ state: 'stored', flags: [], kind: 'voicemail' })
    const file = readFileSync(join(rig.folder, row.file ?? ''))
    const samples = new Int16Array(file.buffer.slice(file.byteOffset + 44, file.byteOffset + file.length))
    expect(toneLevels(samples, 8_000, [440])[0]).toBeGreaterThan(0.1)
    expect(sizeOf(base)).toBe(0)
  } finally {
    await rig.close()
  }
})

test('what was recorded before the PBX was killed in mid-call is kept and flagged', async () => {
  const rig = createRig({ source: createFolderSource(pbx.recordingDir) })
  try {
    const call = await citizenCalls('0950000113')
    expectCall(rig, call.callId, 'call', call.base)
    await until(() => sizeOf(`${call.base}-citizen`) > TWO_BLOCKS)
    await pbx.kill()
    await pbx.restart()
    ended(rig, call.callId)
    await rig.recordings.collect(call.callId)
    expect(rig.row(call.callId).state).toBe('pending')
    rig.pass(60_000)
    await rig.recordings.collectPending()
    const row = rig.row(call.callId)
    expect(row).toMatchObject({ state: 'stored', flags: ['neverClosed'] })
    expect(row.durationMs).toBeGreaterThan(4_000)
    expect(row.kept).toHaveLength(2)
  } finally {
    await rig.close()
  }
})
