import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPretendCodec, type PretendCodec } from '../support/pretend-codec.ts'
import { CITIZEN, createRig, HEARD, type Rig } from '../support/recording-rig.ts'
import { monoWav } from '../support/tone.ts'

const HOUR_MS = 3_600_000
const FILE = '2026/03/02/call-c1-1.wav'
const COPY = '2026/03/02/call-c1-1.opus'

let codec: PretendCodec
let rig: Rig
beforeEach(() => {
  codec = createPretendCodec()
  rig = createRig({ codec })
})
afterEach(() => rig.close())

async function record(callId: string): Promise<void> {
  rig.call(callId)
  rig.files.set(`call-${callId}-citizen`, monoWav(CITIZEN))
  rig.files.set(`call-${callId}-operator`, monoWav(HEARD))
  await rig.recordings.collect(callId)
  rig.pass(HOUR_MS)
}

const path = (file: string): string => join(rig.folder, file)

describe('R060: a copy for the archive', () => {
  test('is filed beside its original, with a link that says what was measured', async () => {
    await record('c1')
    const sealed = rig.row('c1')
    expect(await rig.recordings.archive.run()).toEqual({ copied: 1, unfit: 0, failed: 0, rest: null })
    expect(rig.filed()).toEqual([COPY, FILE])
    const row = rig.row('c1')
    expect(row).toMatchObject({
      state: 'stored',
      file: FILE,
      sha256: sealed.sha256,
      archiveState: 'made',
      archive: {
        file: COPY,
        sizeBytes: readFileSync(path(COPY)).length,
        originalSha256: sealed.sha256,
        madeAt: rig.state.now.toISOString(),
        codec: 'pretended 1.0',
        likeness: [{ worstDb: 0 }, { worstDb: 0 }],
      },
    })
    const link = rig.sealStore.sealOf(row.id)
    expect(link).toMatchObject({ seq: 2, event: 'archived', sha256: sealed.sha256 })
    expect(link?.archive).toBe(JSON.stringify(row.archive))
    expect(rig.seals.fits(row.id)).toBe(true)
    expect(rig.changed).toContain(row.id)
    expect(await rig.recordings.archive.counts()).toEqual({
      originals: { count: 1, sizeBytes: row.sizeBytes },
      copies: { count: 1, sizeBytes: row.archive?.sizeBytes },
      announced: { count: 0, sizeBytes: 0 },
      unfit: 0,
    })
  })

  test('is made once, and not right after the call', async () => {
    await record('c1')
    rig.call('c2')
    rig.files.set('call-c2-citizen', monoWav(CITIZEN))
    rig.files.set('call-c2-operator', monoWav(HEARD))
    await rig.recordings.collect('c2')
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 1 })
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 0 })
    rig.pass(HOUR_MS)
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 1 })
    expect(codec.state.encoded).toBe(2)
  })

  test.each(['disk', 'busy'] as const)('waits while %s says so', async (rest) => {
    await record('c1')
    rig.state.rest = rest
    expect(await rig.recordings.archive.run()).toEqual({ copied: 0, unfit: 0, failed: 0, rest })
    expect(codec.state.encoded).toBe(0)
    rig.state.rest = null
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 1 })
  })

  test('waits where nothing is installed that could make it', async () => {
    await record('c1')
    codec.state.isInstalled = false
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 0, rest: 'noCodec' })
    expect(rig.row('c1').archiveState).toBeNull()
  })

  test('that is not like its original is not filed, and listed for a person', async () => {
    await record('c1')
    codec.state.spoil = (samples) => samples.fill(0)
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 0, unfit: 1 })
    expect(rig.filed()).toEqual([FILE])
    expect(rig.row('c1')).toMatchObject({
      state: 'stored',
      archiveState: 'unfit',
      flags: ['copyUnfit'],
      archive: null,
    })
    expect(rig.seals.fits(1)).toBe(true)
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 0, unfit: 0 })
    expect((await rig.recordings.archive.counts()).unfit).toBe(1)
  })

  test('is tried with more room where the usual one does not pass', async () => {
    await record('c1')
    codec.state.spoil = (samples) => {
      if (codec.state.encoded === 1) samples.fill(0)
    }
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 1, unfit: 0 })
    expect(codec.state.efforts).toEqual([0, 1])
  })

  test('of a file that was changed is not made, and the change is written down', async () => {
    await record('c1')
    appendFileSync(path(FILE), 'x')
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 0 })
    expect(rig.row('c1')).toMatchObject({ state: 'damaged', flags: ['altered'], archiveState: null })
    expect(rig.audits).toContainEqual({ actorId: null, action: 'recording.altered', subject: 'recording:1' })
    expect(codec.state.encoded).toBe(0)
  })

  test('of a row that does not fit its link is not made', async () => {
    await record('c1')
    rig.store.update(1, { durationMs: 7 })
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 0, unfit: 1 })
    expect(codec.state.encoded).toBe(0)
  })

  test.each([
    ['zero bytes', Buffer.alloc(0)],
    ['a header that promises an hour', lying()],
  ])('of %s ends with the original as it was', async (_, bytes) => {
    await record('c1')
    writeFileSync(path(FILE), bytes)
    // As it would be had the service sealed it so.
    const { createHash } = await import('node:crypto')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    rig.store.update(1, { sha256, sizeBytes: bytes.length })
    rig.seals.append(1, 'stored', null)
    codec.decode = async (_copy, to) => {
      writeFileSync(to, monoWav(CITIZEN))
    }
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 0, unfit: 1 })
    expect(rig.row('c1')).toMatchObject({ state: 'stored', archiveState: 'unfit', flags: ['copyUnfit'] })
    expect(rig.filed()).toEqual([FILE])
  })

  test('is given up after three tries that failed, others going on', async () => {
    await record('c1')
    await record('c2')
    const encode = codec.encode.bind(codec)
    codec.encode = async (wav, to, ...how) => {
      await encode(wav, to, ...how)
      if (wav.includes('c1')) throw new Error('killed')
    }
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 1, failed: 1 })
    expect(await rig.recordings.archive.run()).toMatchObject({ failed: 1 })
    expect(rig.row('c1').archiveState).toBeNull()
    expect(await rig.recordings.archive.run()).toMatchObject({ failed: 1 })
    expect(rig.row('c1')).toMatchObject({ archiveState: 'unfit', flags: ['copyUnfit'] })
    expect(rig.filed()).toEqual([
      '2026/03/02/call-c1-1.wav',
      '2026/03/02/call-c2-2.opus',
      '2026/03/02/call-c2-2.wav',
    ])
  })

  test('is left for later where the disk fills in its middle, and nothing of it stays', async () => {
    await record('c1')
    codec.state.halfway = () => {
      rig.state.free = 1e6
      throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
    }
    for (let night = 0; night < 4; night += 1)
      expect(await rig.recordings.archive.run()).toEqual({ copied: 0, unfit: 0, failed: 0, rest: 'disk' })
    expect(rig.filed()).toEqual([FILE])
    codec.state.halfway = undefined
    rig.state.free = 10e9
    expect(await rig.recordings.archive.run()).toMatchObject({ copied: 1 })
  })

  test('of a recording that is deleted meanwhile goes with it', async () => {
    await record('c1')
    codec.state.halfway = () => {
      rig.recordings.disposal.settle(1, null)
    }
    await rig.recordings.archive.run()
    expect(rig.row('c1')).toMatchObject({ state: 'deleted', archive: null })
    expect(existsSync(path(COPY))).toBe(false)
    // One that a crash left between its place and its row is among the files that go.
    rig.call('c2')
    rig.files.set('call-c2-citizen', monoWav(CITIZEN))
    rig.files.set('call-c2-operator', monoWav(HEARD))
    await rig.recordings.collect('c2')
    expect(rig.recordings.disposal.settle(2, null)).toEqual([
      '2026/03/02/call-c2-2.wav',
      '2026/03/02/call-c2-2.opus',
    ])
  })

  test('goes with its recording', async () => {
    await record('c1')
    await rig.recordings.archive.run()
    expect(rig.recordings.disposal.settle(1, null)).toEqual([FILE, COPY])
    expect(rig.seals.fits(1)).toBe(true)
  })
})

test('R060: nothing passes for a copy that no link vouches for', async () => {
  await record('c1')
  await record('c2')
  await rig.recordings.archive.run()
  const [one, other] = [rig.row('c1').archive, rig.row('c2').archive]
  if (one === null || other === null) throw new Error('no copies')
  rig.store.update(1, { archive: other })
  expect(rig.seals.fits(1)).toBe(false)
  rig.store.update(1, { archive: one, archiveState: 'dropped' })
  expect(rig.seals.fits(1)).toBe(false)
  rig.store.update(1, { archive: null, archiveState: null })
  expect(rig.seals.fits(1)).toBe(false)
})

function lying(): Buffer {
  const bytes = monoWav(CITIZEN)
  bytes.writeUInt32LE(3_600 * 16_000, 40)
  return bytes
}
