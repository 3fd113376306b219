import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run as verify } from '../../src/cli/verify.ts'
import {
  contentBytes,
  formatOf,
  oldRecordingBytes,
  type RecordingSeal,
  sha256,
} from '../../src/seals/chain.ts'
import { runCommand } from '../support/command.ts'
import { createPretendCodec } from '../support/pretend-codec.ts'
import { CITIZEN, createRig, HEARD } from '../support/recording-rig.ts'
import { monoWav } from '../support/tone.ts'

let folder: string
/** Two recordings with copies beside them. */
let template: string
let link: RecordingSeal
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copies-'))
  template = join(folder, 'template')
  const rig = createRig({ root: template, codec: createPretendCodec() })
  for (const [index, callId] of ['c1', 'c2'].entries()) {
    rig.call(callId)
    rig.files.set(`call-${callId}-citizen`, monoWav(CITIZEN.subarray(0, 8_000 * (index + 1))))
    rig.files.set(`call-${callId}-operator`, monoWav(HEARD))
    await rig.recordings.collect(callId)
  }
  rig.pass(3_600_000)
  expect(await rig.recordings.archive.run()).toMatchObject({ copied: 2 })
  const sealed = rig.sealStore.sealOf(2)
  if (sealed === undefined) throw new Error('no link')
  link = sealed
  await rig.halt()
}, 60_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

let root: string
let turn = 0
beforeEach(() => {
  turn += 1
  root = join(folder, `copy-${String(turn)}`)
  cpSync(template, root, { recursive: true })
})

async function look() {
  const environment = { RECORDINGS_DIR: join(root, 'recordings') }
  const { code, out } = await runCommand(verify, ['--json'], { dataDir: root, environment })
  const { findings, files } = JSON.parse(out[0] ?? '{}') as {
    findings: { code: string; subject: string; detail: string }[]
    files: number
  }
  return { code, files, findings: findings.map((one) => `${one.code} ${one.subject} ${one.detail}`.trim()) }
}

/** Beside the triggers that were in the way of `edit`. */
const evidence = async () => (await look()).findings.filter((one) => !one.startsWith('TRIGGER_MISSING'))

const copyOf = (id: number): string => `2026/03/02/call-c${String(id)}-${String(id)}.opus`
const path = (file: string): string => join(root, 'recordings', file)

function edit(statement: string): void {
  const raw = new Database(join(root, 'tongdai.sqlite'))
  raw.exec('DROP TRIGGER recording_seals_no_update; DROP TRIGGER recording_seals_no_delete')
  raw.exec(statement)
  raw.close()
}

test('R060: copies that nobody touched are whole, and counted', async () => {
  expect(await look()).toEqual({ code: 0, files: 4, findings: [] })
})

describe('R060: a copy for the archive', () => {
  test('with one byte flipped is named', async () => {
    const bytes = readFileSync(path(copyOf(1)))
    bytes[200] = (bytes[200] ?? 0) ^ 1
    writeFileSync(path(copyOf(1)), bytes)
    expect(await look()).toMatchObject({ code: 1, findings: [`FILE_CHANGED recording:1 ${copyOf(1)}`] })
  })

  test('swapped with another is named', async () => {
    renameSync(path(copyOf(1)), path('held'))
    renameSync(path(copyOf(2)), path(copyOf(1)))
    renameSync(path('held'), path(copyOf(2)))
    expect((await look()).findings).toEqual([
      `FILE_SWAPPED recording:1 ${copyOf(1)} = recording:2`,
      `FILE_SWAPPED recording:2 ${copyOf(2)} = recording:1`,
    ])
  })

  test('removed is named', async () => {
    rmSync(path(copyOf(2)))
    expect((await look()).findings).toEqual([`FILE_MISSING recording:2 ${copyOf(2)}`])
  })

  test('of no link is named', async () => {
    writeFileSync(path('2026/03/02/call-c9-9.opus'), 'x')
    expect((await look()).findings).toEqual(['FILE_EXTRA file:2026/03/02/call-c9-9.opus'])
  })

  test.each([
    [
      'whose row says otherwise',
      `UPDATE recordings SET archive = json_set(archive, '$.sha256', 'x') WHERE id = 1`,
    ],
    [
      'whose row says it was never made',
      'UPDATE recordings SET archive = NULL, archive_state = NULL WHERE id = 1',
    ],
    ['whose row says the original went', `UPDATE recordings SET archive_state = 'dropped' WHERE id = 1`],
  ])('%s is named', async (_, statement) => {
    edit(statement)
    expect((await evidence())[0]).toMatch(/^RECORDING_ROW_CHANGED recording:1 archive/)
  })

  test('whose link says otherwise is named', async () => {
    edit(`UPDATE recording_seals SET archive = json_set(archive, '$.sha256', 'x') WHERE seq = 3`)
    expect((await evidence())[0]).toBe('SEAL_LINK_CHANGED seal:3 recording:1')
  })
})

test('R060: the bytes of a link hold the copy, its original and what was measured', () => {
  const content = JSON.parse(contentBytes(link)) as unknown[]
  expect(content[0]).toBe('tongdai-recording-content-5')
  expect(content).toContain(link.sha256)
  expect(content.slice(-4)).toEqual([JSON.parse(link.archive ?? ''), false, [], sha256(link.callFacts ?? '')])
  const older = JSON.parse(
    contentBytes({ ...link, training: null, flags: null, callFacts: null }),
  ) as unknown[]
  expect([older[0], older.at(-1)]).toEqual(['tongdai-recording-content-3', JSON.parse(link.archive ?? '')])
  expect(formatOf(link)).toBe(2)
})

test('R060: a link of before there were copies does not take one', () => {
  const bare = { ...link, archive: null, training: null, flags: null, callFacts: null }
  const old = { ...bare, hash: sha256(oldRecordingBytes(bare)) }
  expect(formatOf(old)).toBe(1)
  expect(formatOf({ ...old, archive: link.archive })).toBeNull()
  expect(formatOf({ ...old, callFacts: link.callFacts })).toBeNull()
  expect(formatOf({ ...link, archive: 'no JSON' })).toBeNull()
})
