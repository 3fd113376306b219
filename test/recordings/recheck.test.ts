import { appendFileSync, truncateSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHIEF, CITIZEN, createRig, HEARD, type Rig } from '../support/recording-rig.ts'
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
