import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { createPretendCodec, type PretendCodec } from '../support/pretend-codec.ts'
import { CHIEF } from '../support/recording-rig.ts'
import { createRetentionRig, type RetentionRig } from '../support/retention-rig.ts'

const ADMIN: Person = { ...CHIEF, id: 8, role: 'admin' }

let codec: PretendCodec
let rig: RetentionRig
beforeEach(() => {
  codec = createPretendCodec()
  rig = createRetentionRig({}, undefined, { codec, original: { days: 30, basis: 'Điều 10.1' } })
})
afterEach(() => rig.close())

/** A call with its copy, on the list of originals that go in a week. */
async function announced(callId = '1', caseState = 'closed'): Promise<number> {
  const id = await rig.record(callId, caseState)
  rig.days(1)
  await rig.recordings.archive.run()
  rig.days(24)
  await rig.retention.dropOriginals()
  return id
}

const path = (file: string | undefined): string => join(rig.folder, file ?? '')
const row = (callId = '1') => rig.row(callId)

test('R060: an original whose time is over goes a week after it was on the list; its copy, the fact and the chain stay', async () => {
  const id = await announced()
  const { file, archive, sha256 } = row()
  expect((await rig.retention.view(ADMIN)).archive).toMatchObject({
    days: 30,
    originals: { count: 1 },
    copies: { count: 1 },
    announced: { count: 1, sizeBytes: row().sizeBytes },
  })
  rig.days(6)
  expect(await rig.retention.dropOriginals()).toMatchObject({ announced: 1, dropped: 0 })
  rig.days(1)
  expect(await rig.retention.dropOriginals()).toEqual({ announced: 0, dropped: 1, unfit: 0, later: 0 })
  expect(existsSync(path(file ?? ''))).toBe(false)
  expect(rig.filed()).toEqual([archive?.file])
  expect(row()).toMatchObject({ state: 'stored', archiveState: 'dropped', file, sha256, archive })
  expect(row().originalRemovedAt).toBe(rig.state.now.toISOString())
  expect(rig.sealStore.sealOf(id)).toMatchObject({
    event: 'originalDropped',
    sha256,
    archive: JSON.stringify(archive),
  })
  expect(rig.audits).toContainEqual({
    actorId: null,
    action: 'recording.originalDropped',
    subject: 'recording:1',
    detail: { callId: '1', ticketCode: 'HP26-000001', days: 30, basis: 'Điều 10.1' },
  })
  expect(rig.findings()).toEqual([])
  expect((await rig.retention.view(ADMIN)).archive).toMatchObject({
    originals: { count: 0, sizeBytes: 0 },
    copies: { count: 1 },
    announced: { count: 0 },
  })
})

describe('R060: with its original gone, a copy', () => {
  let id: number
  beforeEach(async () => {
    id = await announced()
    rig.days(7)
    await rig.retention.dropOriginals()
  })

  test('is what is played', async () => {
    const opened = await rig.recordings.open(id, CHIEF)
    const bytes = await opened.handle.readFile()
    await opened.handle.close()
    expect(bytes.subarray(0, 4).toString()).toBe('OggS')
    expect(opened).toMatchObject({ contentType: 'audio/ogg; codecs=opus', sha256: row().archive?.sha256 })
    expect(rig.recordings.find(id, CHIEF).copy).toMatchObject({ isAlone: true, quality: 35 })
    expect(rig.recordings.stored(id, CHIEF)).toMatchObject({ originalSha256: row().sha256 })
  })

  test('is refused when a byte of it was changed, and named by verify', async () => {
    const file = path(row().archive?.file)
    const bytes = readFileSync(file)
    bytes[300] = (bytes[300] ?? 0) ^ 1
    writeFileSync(file, bytes)
    expect(rig.findings()).toEqual(['FILE_CHANGED recording:1'])
    await expect(rig.recordings.open(id, CHIEF)).rejects.toMatchObject({ code: 'RECORDING_ALTERED' })
    expect(row().flags).toContain('altered')
  })

  test('that is missing is named, and so is an original that is back', () => {
    rmSync(path(row().archive?.file))
    writeFileSync(path(row().file ?? ''), 'back')
    expect(rig.findings()).toEqual(['FILE_MISSING recording:1', 'FILE_NOT_REMOVED recording:1'])
  })

  test('goes with its recording', () => {
    expect(rig.recordings.disposal.settle(id, null)).toContain(row().archive?.file)
  })
})

describe('R060: an original stays', () => {
  test.each(['open', 'received'])('while its case is %s', async (caseState) => {
    await announced('1', caseState)
    rig.days(40)
    expect(await rig.retention.dropOriginals()).toMatchObject({ announced: 0, dropped: 0 })
    expect(row().archiveState).toBe('made')
  })

  test('under a hold, and is off the list', async () => {
    const id = await announced()
    rig.retention.hold({ recordingId: id, reason: 'Công văn 12/CV-CA' }, ADMIN)
    rig.days(7)
    expect(await rig.retention.dropOriginals()).toMatchObject({ announced: 0, dropped: 0 })
    expect(row()).toMatchObject({ archiveState: 'made', dropAnnouncedAt: null })
    // Free again, it waits another week.
    rig.retention.lift(1, { reason: 'Công an đã trả hồ sơ' }, ADMIN)
    expect(await rig.retention.dropOriginals()).toMatchObject({ announced: 1, dropped: 0 })
  })

  test('where a hold comes while its copy is checked', async () => {
    const id = await announced()
    rig.days(7)
    const decode = codec.decode.bind(codec)
    codec.decode = async (copy, to) => {
      rig.retention.hold({ recordingId: id, reason: 'Công văn 12/CV-CA' }, ADMIN)
      await decode(copy, to)
    }
    expect(await rig.retention.dropOriginals()).toMatchObject({ dropped: 0 })
    expect(row().archiveState).toBe('made')
    expect(existsSync(path(row().file ?? ''))).toBe(true)
  })

  test.each([
    [
      'was changed',
      (file: string) => {
        writeFileSync(file, 'another')
      },
    ],
    [
      'is missing',
      (file: string) => {
        rmSync(file)
      },
    ],
  ])('where its copy %s, and a person hears of it', async (_, spoil) => {
    await announced()
    rig.days(7)
    spoil(path(row().archive?.file))
    expect(await rig.retention.dropOriginals()).toMatchObject({ dropped: 0, unfit: 1 })
    expect(row()).toMatchObject({ state: 'stored', archiveState: 'made', flags: ['copyUnfit'] })
    expect(existsSync(path(row().file ?? ''))).toBe(true)
    const opened = await rig.recordings.open(1, CHIEF)
    await opened.handle.close()
    expect(opened.contentType).toBe('audio/wav')
  })

  test('where its copy decodes to something else by now', async () => {
    await announced()
    rig.days(7)
    codec.decode = async (_copy, to) => {
      writeFileSync(to, 'no sound')
    }
    expect(await rig.retention.dropOriginals()).toMatchObject({ dropped: 0, unfit: 1 })
  })

  test('where it was changed itself: evidence of what was done to it', async () => {
    await announced()
    rig.days(7)
    writeFileSync(path(row().file ?? ''), 'another')
    expect(await rig.retention.dropOriginals()).toMatchObject({ dropped: 0, unfit: 1 })
    expect(row()).toMatchObject({ state: 'damaged', flags: ['altered'] })
  })

  test('while the disk or the calls want the machine', async () => {
    await announced()
    rig.days(7)
    rig.state.rest = 'busy'
    expect(await rig.retention.dropOriginals()).toMatchObject({ dropped: 0, later: 1 })
    rig.state.rest = null
    expect(await rig.retention.dropOriginals()).toMatchObject({ dropped: 1 })
  })

  test('for ever where no rule says otherwise', async () => {
    await rig.close()
    rig = createRetentionRig({}, undefined, { codec })
    await announced()
    rig.days(4_000)
    expect(await rig.retention.dropOriginals()).toBeNull()
  })
})

test('R060: what a crash left of a dropped original is removed within ten minutes', async () => {
  await announced()
  rig.days(7)
  rig.recordings.archive.settleDrop(1, null)
  expect(rig.findings()).toEqual(['FILE_NOT_REMOVED recording:1'])
  expect(await rig.retention.finishAll()).toBe(0)
  expect(rig.filed()).toEqual([row().archive?.file])
  expect(rig.findings()).toEqual([])
})
