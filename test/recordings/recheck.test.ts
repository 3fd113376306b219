import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHIEF, CITIZEN, createRig, HEARD, type Rig, TAKER } from '../support/recording-rig.ts'
import { monoWav } from '../support/tone.ts'

let rig: Rig
let path: string
let sizeBytes: number
beforeEach(async () => {
  rig = createRig()
  rig.call('c1')
  rig.files.set('call-c1-citizen', monoWav(CITIZEN))
  rig.files.set('call-c1-operator', monoWav(HEARD))
  await rig.recordings.collect('c1')
  path = join(rig.folder, rig.row('c1').file ?? '')
  sizeBytes = rig.row('c1').sizeBytes ?? 0
  appendFileSync(path, 'more')
  await expect(open()).rejects.toMatchObject({ code: 'RECORDING_ALTERED' })
})
afterEach(() => rig.close())

const open = async () => {
  const { handle } = await rig.recordings.open(1, CHIEF)
  await handle.close()
}
const standing = () => {
  const { state, flags } = rig.row('c1')
  return [state, ...flags]
}
const said = () => rig.audits.map(({ action, actorId }) => `${action} ${String(actorId)}`)

test('R060: an altered recording stays one as long as its file is another, or away', async () => {
  await expect(open()).rejects.toMatchObject({ code: 'RECORDING_NOT_STORED' })
  expect(await rig.recordings.recheckAltered()).toBe(0)
  rmSync(path)
  expect(await rig.recordings.recheckAltered()).toBe(0)
  expect(standing()).toEqual(['damaged', 'altered'])
})

test('R060: whose sealed file was put back is heard again, marked, and both stand in the log', async () => {
  truncateSync(path, sizeBytes)
  await open()
  expect(standing()).toEqual(['stored', 'restored'])
  expect(said()).toEqual(['recording.altered 3', 'recording.restored 3', 'recording.played 3'])
  expect(rig.seals.fits(1)).toBe(true)
})

test('R060: is found by itself, and found again when it is altered once more', async () => {
  truncateSync(path, sizeBytes)
  expect([await rig.recordings.recheckAltered(), await rig.recordings.recheckAltered()]).toEqual([1, 0])
  expect(standing()).toEqual(['stored', 'restored'])
  appendFileSync(path, 'again')
  await expect(open()).rejects.toMatchObject({ code: 'RECORDING_ALTERED' })
  expect(standing()).toEqual(['damaged', 'altered'])
  expect(said()).toEqual(['recording.altered 3', 'recording.restored null', 'recording.altered 3'])
})

test('R060: whose row was changed as well stays what it is', async () => {
  truncateSync(path, sizeBytes)
  rig.db.raw.exec("UPDATE recordings SET call_id = 'c9'")
  expect(await rig.recordings.recheckAltered()).toBe(0)
})

test('R060: of whatever a supervisor asks for, the answer and one line of the log say what was found', async () => {
  const found = async () => (await rig.recordings.recheck(1, CHIEF)).found
  expect(await found()).toBe('another')
  rmSync(path)
  expect(await found()).toBe('away')
  appendFileSync(path, 'a file that came back')
  expect(await found()).toBe('another')
  expect(standing()).toEqual(['damaged', 'altered'])
  expect(said()).toEqual(['recording.altered 3', ...Array<string>(3).fill('recording.rechecked 3')])
  const lines = rig.db.raw
    .prepare("SELECT detail FROM audit WHERE action = 'recording.rechecked' ORDER BY id")
    .pluck()
  expect(lines.all().map((detail) => JSON.parse(String(detail)) as unknown)).toEqual([
    { found: 'another' },
    { found: 'away' },
    { found: 'another' },
  ])
})

test('R060: one that is the sealed one again can be heard at once, and is no more to be checked', async () => {
  expect(rig.recordings.byCalls(['c1'], CHIEF)).toMatchObject([{ mayRecheck: true, playable: false }])
  truncateSync(path, sizeBytes)
  const { found, recording } = await rig.recordings.recheck(1, CHIEF)
  expect([found, recording.state, recording.playable, recording.mayRecheck]).toEqual([
    'whole',
    'stored',
    true,
    undefined,
  ])
  expect(said()).toEqual(['recording.altered 3', 'recording.restored 3'])
  expect(rig.changed.at(-1)).toBe(1)
  await expect(rig.recordings.recheck(1, CHIEF)).rejects.toMatchObject({ code: 'RECORDING_NOT_ALTERED' })
  expect(said()).toHaveLength(2)
})

test('R060: two who ask at once write of it once, and the second is told that it is done', async () => {
  truncateSync(path, sizeBytes)
  const both = await Promise.allSettled([rig.recordings.recheck(1, CHIEF), rig.recordings.recheck(1, CHIEF)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(said()).toEqual(['recording.altered 3', 'recording.restored 3'])
})

test('R060: no file is right for a row that is not what the chain says', async () => {
  truncateSync(path, sizeBytes)
  rig.db.raw.exec("UPDATE recordings SET started_at = '2026-03-01T00:00:00.000Z'")
  expect((await rig.recordings.recheck(1, CHIEF)).found).toBe('unvouched')
})

test('R068: who took the call is offered no recheck', () => {
  expect(rig.recordings.byCalls(['c1'], TAKER)[0]?.mayRecheck).toBeUndefined()
})

test('Đ12.1: a confidential voice is not checked by whoever may not hear it', async () => {
  rig.confidential.set('HP26-000001', TAKER.id)
  expect(rig.recordings.byCalls(['c1'], CHIEF)[0]?.mayRecheck).toBeUndefined()
  await expect(rig.recordings.recheck(1, CHIEF)).rejects.toMatchObject({ code: 'RECORDING_NOT_YOURS' })
})

test.each(['away', 'another'])(
  'R060: whose file is gone (%s) is marked, and is back with it',
  async (what) => {
    truncateSync(path, sizeBytes)
    await open()
    renameSync(path, `${path}.x`)
    if (what === 'another') mkdirSync(path)
    rig.state.notOurs = 'folderElsewhere'
    await expect(open()).rejects.toMatchObject({ code: 'RECORDING_UNREADABLE' })
    expect(standing()).toEqual(['stored', 'restored'])
    rig.state.notOurs = null
    const both = await Promise.allSettled([open(), open()])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(standing()).toEqual(['damaged', 'altered'])
    expect((await rig.recordings.recheck(1, CHIEF)).found).toBe('away')
    rmSync(path, { recursive: true, force: true })
    renameSync(`${path}.x`, path)
    expect(await rig.recordings.recheckAltered()).toBe(1)
    expect(standing()).toEqual(['stored', 'restored'])
  },
)
