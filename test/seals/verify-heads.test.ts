import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAccountStore } from '../../src/accounts/store.ts'
import { run as verify } from '../../src/cli/verify.ts'
import { openKey, sealPlaces } from '../../src/seals/head-folder.ts'
import { createHeadSigner } from '../../src/seals/service.ts'
import { runCommand } from '../support/command.ts'
import { createRig } from '../support/recording-rig.ts'

const DAY_MS = 24 * 3_600_000

let folder: string
let template: string
let yesterday: string
let root: string
let turn = 0

/** Three days of heads, each said in the log as the service does. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heads-'))
  template = join(folder, 'template')
  yesterday = join(folder, 'yesterday.sqlite')
  const rig = createRig({ root: template })
  const { headsDir } = sealPlaces(template, null)
  const accounts = createAccountStore(rig.db)
  const say = (action: string, subject: string, detail: Record<string, unknown>) => {
    accounts.appendAudit({ at: rig.state.now.toISOString(), actorId: null, action, subject, detail })
  }
  const signer = createHeadSigner({
    store: rig.sealStore,
    transaction: rig.db.transaction.bind(rig.db),
    now: () => rig.state.now,
    headsDir,
    key: openKey(sealPlaces(template, null)),
    onSigned: (name, sha256) => {
      say('head.signed', `head:${name}`, { sha256 })
    },
  })
  for (const day of [1, 2, 3]) {
    signer.signToday()
    signer.signLatest()
    if (day === 2) await rig.db.raw.backup(yesterday)
    rig.pass(DAY_MS)
  }
  await rig.halt()
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  turn += 1
  root = join(folder, `copy-${String(turn)}`)
  cpSync(template, root, { recursive: true })
})

const head = (name: string) => join(root, 'heads', name)
const DAYS = ['2026-03-02.json', '2026-03-03.json', '2026-03-04.json']

function rollBack(): void {
  for (const suffix of ['-wal', '-shm']) rmSync(join(root, `tongdai.sqlite${suffix}`), { force: true })
  copyFileSync(yesterday, join(root, 'tongdai.sqlite'))
}

async function look(...args: string[]): Promise<string[]> {
  const { out } = await runCommand(verify, ['--json', ...args], {
    dataDir: root,
    environment: { RECORDINGS_DIR: join(root, 'recordings') },
  })
  const { findings } = JSON.parse(out[0] ?? '') as { findings: { code: string; subject: string }[] }
  return findings.map(({ code, subject }) => `${code} ${subject}`)
}

describe('R060: signed heads', () => {
  test('that are all there are whole', async () => {
    expect(await look()).toEqual([])
  })

  test.each(DAYS)('an older one, %s, copied over the latest is named', async (day) => {
    copyFileSync(head(day), head('latest.json'))
    expect(await look()).toEqual(['HEAD_OLD head:latest.json'])
  })

  test('without the latest', async () => {
    rmSync(head('latest.json'))
    expect(await look()).toEqual(['HEAD_MISSING head:latest.json'])
  })

  test('without the newest of a day, to which the log has a word', async () => {
    rmSync(head('2026-03-04.json'))
    expect(await look()).toContain('HEAD_MISSING head:2026-03-04.json')
  })

  test('all gone, with the database put back: the log of yesterday knows that there were some', async () => {
    for (const name of [...DAYS, 'latest.json']) rmSync(head(name))
    rollBack()
    expect(await look()).toEqual(['HEAD_MISSING heads'])
  })

  test('of the folder itself may be gone where copies are kept', async () => {
    const kept = join(root, 'kept')
    mkdirSync(kept)
    for (const name of DAYS) copyFileSync(head(name), join(kept, name))
    rmSync(head('2026-03-02.json'))
    // The one after it names it, and it is not in its place.
    expect(await look('--heads', kept)).toEqual(['HEAD_MISSING head:2026-03-03.json'])
  })
})

test('R060: where none is found and the log never heard of one, nobody is told that there never was one', async () => {
  const empty = createRig({ root: join(folder, `empty-${String(turn)}`) })
  await empty.halt()
  const { out, code } = await runCommand(verify, [], {
    dataDir: empty.root,
    environment: { RECORDINGS_DIR: join(empty.root, 'recordings') },
  })
  expect(code).toBe(0)
  expect(out[1]).toMatch(/không thấy đầu chuỗi đã ký nào; nếu đã từng ký, hãy tìm bên cạnh các bản sao lưu/)
})
