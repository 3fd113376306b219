import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAccountStore } from '../../src/accounts/store.ts'
import { run as backup } from '../../src/cli/backup.ts'
import { run as restore } from '../../src/cli/restore.ts'
import { run as verify } from '../../src/cli/verify.ts'
import { openDb } from '../../src/db/open.ts'
import { claimFolder, MARK } from '../../src/recordings/folder-mark.ts'
import { createInstallationStore, type Installation } from '../../src/recordings/installation-store.ts'
import { linkAudit, type RecordingSeal, sealRecording } from '../../src/seals/chain.ts'
import type { SignedHead } from '../../src/seals/contract.ts'
import { openKey, sealPlaces } from '../../src/seals/head-folder.ts'
import { signHead } from '../../src/seals/heads.ts'
import { createHeadSigner } from '../../src/seals/service.ts'
import { runCommand } from '../support/command.ts'
import { CITIZEN, createRig, HEARD, type Rig } from '../support/recording-rig.ts'
import { layPipe } from '../support/pipe.ts'
import { monoWav } from '../support/tone.ts'

const DAY_MS = 24 * 3_600_000

interface Told {
  readonly ok: boolean
  readonly findings: readonly { code: string; subject: string; detail: string }[]
  readonly auditLines: number
  readonly recordingLinks: number
  readonly files: number
}

let folder: string
/** Three days of evidence, each with a recording, two audit lines and a signed head. */
let template: string
/** The database as it was at the end of the second day. */
let yesterday: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seals-'))
  template = join(folder, 'template')
  yesterday = join(folder, 'yesterday.sqlite')
  const rig = createRig({ root: template })
  const { signer, accounts } = evidenceOf(rig)
  for (const day of [1, 2, 3]) {
    await record(rig, `c${String(day)}`, day)
    for (const action of ['signIn', 'recording.played'])
      accounts.appendAudit({
        at: rig.state.now.toISOString(),
        actorId: day,
        action,
        subject: `recording:${String(day)}`,
        detail: { day },
      })
    signer.signToday()
    if (day === 2) await rig.db.raw.backup(yesterday)
    rig.pass(DAY_MS)
  }
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

function evidenceOf({ db, sealStore, root: dataDir, state }: Rig) {
  const places = sealPlaces(dataDir, null)
  const signer = createHeadSigner({
    store: sealStore,
    transaction: db.transaction.bind(db),
    now: () => state.now,
    headsDir: places.headsDir,
    key: openKey(places),
  })
  return { signer, accounts: createAccountStore(db) }
}

async function record(rig: Rig, callId: string, seconds: number): Promise<void> {
  rig.call(callId)
  rig.files.set(`call-${callId}-citizen`, monoWav(CITIZEN.subarray(0, 8_000 * seconds)))
  rig.files.set(`call-${callId}-operator`, monoWav(HEARD))
  await rig.recordings.collect(callId)
}

async function look(...args: string[]): Promise<Told & { code: number; first: string }> {
  const environment = { RECORDINGS_DIR: join(root, 'recordings') }
  const { code, out } = await runCommand(verify, ['--json', ...args], { dataDir: root, environment })
  const told = JSON.parse(out[0] ?? '{}') as Told
  const [found] = told.findings
  return { ...told, code, first: found === undefined ? '' : `${found.code} ${found.subject}` }
}

/** As somebody would who has the database's file and time: triggers away, the deed, triggers back. */
function tamper(deed: (raw: Database.Database) => void): void {
  const raw = new Database(join(root, 'tongdai.sqlite'))
  const triggers = raw
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB '*_no_*'",
    )
    .all()
  for (const { name } of triggers) raw.exec(`DROP TRIGGER ${name}`)
  deed(raw)
  for (const { sql } of triggers) raw.exec(sql)
  raw.close()
}

const sql = (statement: string) => {
  tamper((raw) => {
    raw.exec(statement)
  })
}

/** Makes the chain of recordings fit again from a link on, as somebody would who knows how it is made. */
function resealFrom(raw: Database.Database, seq: number, change: Partial<RecordingSeal>): void {
  const columns = raw.prepare('SELECT * FROM recording_seals WHERE seq >= ? ORDER BY seq').all(seq) as Record<
    string,
    never
  >[]
  let prevHash = (
    raw.prepare('SELECT hash FROM recording_seals WHERE seq = ?').get(seq - 1) as { hash: string } | undefined
  )?.hash
  for (const row of columns) {
    const camel = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()),
        value,
      ]),
    ) as unknown as RecordingSeal
    const link = sealRecording({
      ...camel,
      training: Boolean(camel.training),
      ...(camel.seq === seq ? change : {}),
      prevHash: prevHash ?? camel.prevHash,
    })
    raw
      .prepare(
        'UPDATE recording_seals SET started_at = ?, sha256 = ?, size_bytes = ?, prev_hash = ?, hash = ? WHERE seq = ?',
      )
      .run(link.startedAt, link.sha256, link.sizeBytes, link.prevHash, link.hash, link.seq)
    prevHash = link.hash
  }
}

function fileOf(recordingId: number): string {
  const raw = new Database(join(root, 'tongdai.sqlite'), { readonly: true })
  const file = raw.prepare('SELECT file FROM recordings WHERE id = ?').pluck().get(recordingId) as string
  raw.close()
  return join(root, 'recordings', file)
}

const heads = (): string[] =>
  readdirSync(join(root, 'heads'))
    .filter((name) => name.endsWith('.json'))
    .sort()
const headAt = (index: number): string => join(root, 'heads', heads().at(index) ?? '')

test('R060: what nobody touched is whole', async () => {
  expect(await look()).toMatchObject({
    code: 0,
    ok: true,
    findings: [],
    auditLines: 6,
    recordingLinks: 3,
    files: 3,
  })
  const environment = { RECORDINGS_DIR: join(root, 'recordings') }
  const { out } = await runCommand(verify, [], { dataDir: root, environment })
  expect(out[0]).toMatch(
    /^6 dòng nhật ký, 3 mắt xích ghi âm, 3 đầu chuỗi đã ký, 3 tệp \(0\.\d MB, \d+ MB\/giây\)$/,
  )
  expect(out[1]).toBe('Nguyên vẹn.')
})

describe("R060: the repository's own file in the default folder", () => {
  const keeper = (...path: string[]) => join(root, 'recordings', ...path, '.gitkeep')
  test('is no recording: a default installation is whole', async () => {
    copyFileSync(fileURLToPath(new URL('../../recordings/.gitkeep', import.meta.url)), keeper())
    expect(await look()).toMatchObject({ code: 0, findings: [] })
  })

  test('is one with a byte in it, deeper down, or behind a symbolic link', async () => {
    writeFileSync(keeper(), 'x')
    writeFileSync(keeper('2026'), '')
    expect((await look()).findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'FILE_EXTRA file:.gitkeep',
      'FILE_EXTRA file:2026/.gitkeep',
    ])
    rmSync(keeper())
    rmSync(keeper('2026'))
    symlinkSync(headAt(0), keeper())
    expect(await look()).toMatchObject({ code: 1, first: 'FILE_EXTRA file:.gitkeep' })
  })
})

describe('R060: the mark that says whose the recordings folder is', () => {
  const mark = () => join(root, 'recordings', MARK)
  const claim = async (own: Installation) => claimFolder(join(root, 'recordings'), own)
  const SINCE = '2026-03-02T01:00:00.000Z'

  test('is no recording where it is ours, and a finding of its own where it is another’s', async () => {
    const db = openDb(join(root, 'tongdai.sqlite'), 'migrations')
    const ours = createInstallationStore(db).beOrStay({ id: randomUUID(), since: SINCE })
    db.close()
    await claim(ours)
    expect(await look()).toMatchObject({ code: 0, findings: [] })
    writeFileSync(join(root, 'recordings', '2026', MARK), readFileSync(mark()))
    expect(await look()).toMatchObject({ code: 1, first: `FILE_EXTRA file:2026/${MARK}` })
    rmSync(join(root, 'recordings', '2026', MARK))
    rmSync(mark())
    await claim({ id: randomUUID(), since: SINCE })
    expect(await look()).toMatchObject({ code: 1, first: `FOLDER_MARK_OTHER file:${MARK}` })
  })

  test.each([
    [
      'a file with nothing in it',
      () => {
        writeFileSync(mark(), '')
      },
    ],
    [
      'a folder',
      () => {
        mkdirSync(mark())
      },
    ],
    [
      'a symbolic link',
      () => {
        symlinkSync(headAt(0), mark())
      },
    ],
  ])('is named as damaged where it is %s, with what to do', async (_, spoil) => {
    spoil()
    const { code, findings } = await look()
    expect([code, findings]).toMatchObject([
      1,
      [{ code: 'FOLDER_MARK_BAD', subject: `file:${MARK}`, detail: 'damaged' }],
    ])
    const environment = { RECORDINGS_DIR: join(root, 'recordings') }
    const { out } = await runCommand(verify, ['--en'], { dataDir: root, environment })
    expect(out[1]).toContain('remove the mark and start the service again')
  })
})

describe('R060: a recording', () => {
  test('with one byte flipped, in words', async () => {
    const bytes = readFileSync(fileOf(2))
    bytes[1_000] = (bytes[1_000] ?? 0) ^ 1
    writeFileSync(fileOf(2), bytes)
    expect(await look()).toMatchObject({ code: 1, first: 'FILE_CHANGED recording:2' })
    const environment = { RECORDINGS_DIR: join(root, 'recordings') }
    const { out } = await runCommand(verify, ['--en'], { dataDir: root, environment })
    expect(out[1]).toMatch(
      /^NOT WHOLE\. First broken link: FILE_CHANGED recording:2 \(.*\): the bytes of the file/,
    )
  })

  test('swapped with another', async () => {
    const [one, other] = [fileOf(1), fileOf(3)]
    renameSync(one, `${one}.x`)
    renameSync(other, one)
    renameSync(`${one}.x`, other)
    const { findings, code } = await look()
    expect(code).toBe(1)
    expect(findings.map((found) => [found.code, found.subject, found.detail.split(' = ')[1]])).toEqual([
      ['FILE_SWAPPED', 'recording:1', 'recording:3'],
      ['FILE_SWAPPED', 'recording:3', 'recording:1'],
    ])
  })

  test('whose file is gone, or that was never collected', async () => {
    rmSync(fileOf(1))
    const stray = join(root, 'recordings', '2026', '03', '02', 'call-x-9.wav')
    mkdirSync(join(stray, '..'), { recursive: true })
    writeFileSync(stray, 'x')
    const { findings } = await look()
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'FILE_MISSING recording:1',
      'FILE_EXTRA file:2026/03/02/call-x-9.wav',
    ])
  })

  test('behind a symbolic link, though the bytes behind it are right', async () => {
    renameSync(fileOf(2), join(root, 'elsewhere.wav'))
    symlinkSync(join(root, 'elsewhere.wav'), fileOf(2))
    expect(await look()).toMatchObject({ code: 1, first: 'FILE_SYMLINK recording:2' })
  })

  test.each([
    ['a pipe that nobody writes into', layPipe],
    [
      'a folder',
      (path: string) => {
        mkdirSync(path)
      },
    ],
  ])('%s in its place: it is named, and the others are looked at', async (_, lay) => {
    rmSync(fileOf(1))
    lay(fileOf(1))
    appendFileSync(fileOf(2), 'x')
    const { findings } = await look()
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'FILE_NOT_PLAIN recording:1',
      'FILE_CHANGED recording:2',
    ])
  })

  test('in a folder that is one', async () => {
    renameSync(join(root, 'recordings', '2026'), join(root, 'elsewhere'))
    symlinkSync(join(root, 'elsewhere'), join(root, 'recordings', '2026'))
    const { findings } = await look()
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'FILE_SYMLINK recording:1',
      'FILE_SYMLINK recording:2',
      'FILE_SYMLINK recording:3',
      'FILE_EXTRA file:2026',
    ])
  })

  test('whose row was made to fit another file', async () => {
    appendFileSync(fileOf(2), 'more')
    sql("UPDATE recordings SET sha256 = 'x', size_bytes = size_bytes + 4 WHERE id = 2")
    const { findings, first } = await look()
    expect(first).toBe('RECORDING_ROW_CHANGED recording:2')
    expect(findings[0]?.detail).toBe('sizeBytes, sha256')
  })

  test.each([
    [
      'back-dated',
      "UPDATE recordings SET started_at = '2026-02-27T01:00:00.000Z' WHERE id = 2",
      'RECORDING_ROW_CHANGED recording:2',
    ],
    [
      'given to another call',
      "UPDATE recordings SET call_id = 'c9' WHERE id = 2",
      'RECORDING_ROW_CHANGED recording:2',
    ],
    [
      'said to be missing',
      "UPDATE recordings SET state = 'missing' WHERE id = 2",
      'RECORDING_ROW_CHANGED recording:2',
    ],
    [
      'made a training call, which is kept for a shorter time',
      'UPDATE recordings SET training = 1 WHERE id = 2',
      'RECORDING_ROW_CHANGED recording:2',
    ],
    [
      'said to lack a side',
      `UPDATE recordings SET flags = '["operatorSilent"]' WHERE id = 2`,
      'RECORDING_ROW_CHANGED recording:2',
    ],
    [
      'said to be altered, so that nobody hears it',
      `UPDATE recordings SET state = 'damaged', flags = '["altered"]' WHERE id = 2`,
      'ROW_CONTRADICTS recording:2',
    ],
    [
      'whose call is no training, and it is',
      "UPDATE calls SET training = 1 WHERE id = 'c2'",
      'ROW_CONTRADICTS recording:2',
    ],
    ['deleted', 'DELETE FROM recordings WHERE id = 2', 'RECORDING_ROW_MISSING recording:2'],
    [
      'deleted with its link',
      'DELETE FROM recordings WHERE id = 2; DELETE FROM recording_seals WHERE seq = 2',
      'SEAL_LINK_MISSING seal:2',
    ],
    [
      'that is the newest, deleted with its link',
      'DELETE FROM recordings WHERE id = 3; DELETE FROM recording_seals WHERE seq = 3',
      'DATABASE_ROLLED_BACK recordings:2',
    ],
    [
      'whose link says another ticket',
      "UPDATE recording_seals SET ticket_code = 'HP26-000009' WHERE seq = 2",
      'SEAL_LINK_CHANGED seal:2',
    ],
    [
      'put in past the service',
      "INSERT INTO recordings SELECT 9, 'c9', kind, 'b9', state, flags, started_at, ended_at, training, NULL, duration_ms, size_bytes, sha256, kept, settled_at, released_at, search, NULL, NULL, NULL, NULL FROM recordings WHERE id = 1",
      'RECORDING_UNSEALED recording:9',
    ],
  ])('%s', async (_what, statement, first) => {
    sql(statement)
    expect(await look()).toMatchObject({ code: 1, first })
  })

  test('whose row and chain were all rewritten: the signed head knows better', async () => {
    const startedAt = '2026-02-27T01:00:00.000Z'
    tamper((raw) => {
      raw.exec(`UPDATE recordings SET started_at = '${startedAt}' WHERE id = 2`)
      resealFrom(raw, 2, { startedAt })
    })
    const { first, findings } = await look()
    expect(first).toBe('CHAIN_REWRITTEN recordings:2')
    expect(findings.map(({ subject }) => subject)).toEqual(['recordings:2', 'recordings:3'])
  })

  test('while the triggers that forbid it are away', async () => {
    const raw = new Database(join(root, 'tongdai.sqlite'))
    raw.exec('DROP TRIGGER recording_seals_no_update')
    raw.close()
    expect((await look()).first).toBe('TRIGGER_MISSING trigger:recording_seals_no_update')
  })
})

describe('R060: the call of a recording', () => {
  const OTHER_CASE =
    "INSERT INTO tickets (code, state, channel, created_at, updated_at) VALUES ('HP26-000005', 'closed', 'phone', 'x', 'x');"
  const IDS = "ticket_id = (SELECT id FROM tickets WHERE code = 'HP26-000005')"

  test.each([
    ['number', "UPDATE calls SET number_raw = '0950000111' WHERE id = 'c2'", 'number'],
    ['number as it is looked up', "UPDATE calls SET number_e164 = '+84950000111' WHERE id = 'c2'", 'number'],
    ['number as it is shown', "UPDATE calls SET number_display = '0950 000 111' WHERE id = 'c2'", 'number'],
    ['operator', "UPDATE calls SET operator_id = 2 WHERE id = 'c2'", 'operator'],
    ['outcome', "UPDATE calls SET outcome = 'abandoned' WHERE id = 'c2'", 'outcome'],
    ['answer', "UPDATE calls SET answered_at = NULL WHERE id = 'c2'", 'times'],
    ['end', "UPDATE calls SET ended_at = '2026-03-01T23:59:00.000Z' WHERE id = 'c2'", 'times'],
    ['beginning', "UPDATE calls SET started_at = '2026-02-27T01:00:00.000Z' WHERE id = 'c2'", 'line'],
    ['direction', "UPDATE calls SET direction = 'out' WHERE id = 'c2'", 'line'],
    [
      'case in its row',
      `${OTHER_CASE} UPDATE calls SET ${IDS}, ticket_code = 'HP26-000005' WHERE id = 'c2'`,
      'case',
    ],
    [
      'case among the calls of cases',
      `${OTHER_CASE} UPDATE ticket_calls SET ${IDS} WHERE call_id = 'c2'`,
      'case',
    ],
    ['place among the calls of cases', "DELETE FROM ticket_calls WHERE call_id = 'c2'", 'case'],
    ['case', "UPDATE tickets SET code = 'HP26-000005'", 'case'],
    ['row', "DELETE FROM calls WHERE id = 'c2'", 'missing'],
    [
      'number, case, operator, times and outcome at once',
      `${OTHER_CASE} UPDATE calls SET ${IDS}, ticket_code = 'HP26-000005', number_raw = '0950000111', number_e164 = '+84950000111', number_display = '0950 000 111', operator_id = 2, outcome = 'abandoned', answered_at = NULL WHERE id = 'c2'; UPDATE ticket_calls SET ${IDS} WHERE call_id = 'c2'`,
      'number, case, operator, times, outcome',
    ],
  ])('with another %s', async (_what, statement, groups) => {
    sql(statement)
    const { code, findings } = await look()
    expect(code).toBe(1)
    expect(findings.filter(({ subject }) => subject === 'recording:2')).toEqual([
      { code: 'CALL_CHANGED', subject: 'recording:2', detail: `${groups}; call c2` },
    ])
  })

  test('with another operator, in words', async () => {
    sql("UPDATE calls SET operator_id = 2 WHERE id = 'c2'")
    const environment = { RECORDINGS_DIR: join(root, 'recordings') }
    const { out } = await runCommand(verify, [], { dataDir: root, environment })
    expect(out[1]).toMatch(/CALL_CHANGED recording:2 \(operator; call c2\): cuộc gọi của bản ghi âm \(số/)
  })

  test('made to be another in the link too', async () => {
    sql(
      `UPDATE recording_seals SET call_facts = json_set(call_facts, '$.operatorId', 2) WHERE recording_id = 2;
        UPDATE calls SET operator_id = 2 WHERE id = 'c2'`,
    )
    expect((await look()).first).toBe('SEAL_LINK_CHANGED seal:2')
  })

  test('taken out of the link', async () => {
    sql(
      "UPDATE recording_seals SET call_facts = NULL WHERE recording_id = 2; UPDATE calls SET operator_id = 2 WHERE id = 'c2'",
    )
    expect((await look()).first).toBe('SEAL_LINK_CHANGED seal:2')
  })
})

describe('R104: a line of the audit log', () => {
  test.each([
    ['changed', 'UPDATE audit SET actor_id = 9 WHERE id = 3', 'AUDIT_ROW_CHANGED audit:3'],
    [
      'back-dated',
      "UPDATE audit SET at = '2026-02-01T00:00:00.000Z' WHERE id = 3",
      'AUDIT_ROW_CHANGED audit:3',
    ],
    ['deleted', 'DELETE FROM audit WHERE id = 3', 'AUDIT_ROW_MISSING audit:3'],
    [
      'deleted with its link',
      'DELETE FROM audit WHERE id = 3; DELETE FROM audit_links WHERE seq = 3',
      'AUDIT_ROW_MISSING audit:3',
    ],
    [
      'whose link was changed',
      "UPDATE audit_links SET prev_hash = '0' WHERE seq = 3",
      'AUDIT_ROW_CHANGED audit:3',
    ],
    [
      'written past the service',
      "INSERT INTO audit (at, action, subject, detail) VALUES ('2026-03-09T00:00:00.000Z', 'signIn', 'session', '{}')",
      'AUDIT_ROW_UNLINKED audit:7',
    ],
    [
      'that is the newest, deleted with its link',
      'DELETE FROM audit WHERE id = 6; DELETE FROM audit_links WHERE seq = 6',
      'AUDIT_ROW_MISSING audit:6',
    ],
  ])('%s', async (_what, statement, first) => {
    sql(statement)
    expect(await look()).toMatchObject({ code: 1, first })
  })

  test('changed with all links after it: the signed head knows better', async () => {
    tamper((raw) => {
      raw.exec("UPDATE audit SET action = 'signOut' WHERE id = 3")
      let { hash } = raw.prepare('SELECT hash FROM audit_links WHERE seq = 2').get() as { hash: string }
      for (const row of raw
        .prepare('SELECT id, at, actor_id AS actorId, action, subject, detail FROM audit WHERE id > 2')
        .all()) {
        const link = linkAudit(row as never, hash)
        raw
          .prepare('UPDATE audit_links SET prev_hash = ?, hash = ? WHERE seq = ?')
          .run(hash, link.hash, link.seq)
        hash = link.hash
      }
    })
    expect((await look()).first).toBe('CHAIN_REWRITTEN audit:4')
  })

  test('appended with a right link, but as if it were of the day before', async () => {
    tamper((raw) => {
      const { hash } = raw.prepare('SELECT hash FROM audit_links WHERE seq = 6').get() as { hash: string }
      const line = {
        id: 7,
        at: '2026-03-03T01:00:00.000Z',
        actorId: 1,
        action: 'signIn',
        subject: 'session',
        detail: '{}',
      }
      raw.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)').run(...Object.values(line))
      raw.prepare('INSERT INTO audit_links VALUES (?, ?, ?)').run(7, hash, linkAudit(line, hash).hash)
    })
    expect((await look()).first).toBe('AUDIT_ROW_BACKDATED audit:7')
  })
})

describe('the database', () => {
  test('put back to yesterday', async () => {
    rmSync(join(root, 'tongdai.sqlite-wal'), { force: true })
    rmSync(join(root, 'tongdai.sqlite-shm'), { force: true })
    copyFileSync(yesterday, join(root, 'tongdai.sqlite'))
    rmSync(fileOf(1).replace('call-c1-1', 'call-c3-3')) // whoever does this takes the file along
    const { findings } = await look()
    expect(findings).toEqual([
      {
        code: 'DATABASE_ROLLED_BACK',
        subject: 'audit:4',
        detail: expect.stringMatching(/2026-03-04\.json 6$/) as string,
      },
      {
        code: 'DATABASE_ROLLED_BACK',
        subject: 'recordings:2',
        detail: expect.stringMatching(/\.json 3$/) as string,
      },
    ])
  })

  test('and the head removed: the copy beside the backup knows', async () => {
    const kept = join(root, 'elsewhere')
    mkdirSync(kept)
    copyFileSync(headAt(-1), join(kept, 'monday.sqlite.head.json'))
    rmSync(headAt(-1))
    copyFileSync(yesterday, join(root, 'tongdai.sqlite'))
    expect((await look('--heads', kept)).first).toBe('DATABASE_ROLLED_BACK audit:4')
  })

  test('restored from a backup by the command is told apart from that', async () => {
    rmSync(join(root, 'tongdai.sqlite'))
    copyFileSync(yesterday, join(root, 'tongdai.sqlite'))
    const made = await runCommand(backup, [join(root, 'monday.sqlite'), '--json'], { dataDir: root })
    expect(made.code).toBe(0)
    expect(existsSync(join(root, 'monday.sqlite.head.json'))).toBe(true)
    copyFileSync(join(template, 'tongdai.sqlite'), join(root, 'tongdai.sqlite'))
    const done = await runCommand(restore, [join(root, 'monday.sqlite')], { dataDir: root })
    expect(done.code).toBe(0)
    const { findings, auditLines } = await look()
    expect(auditLines).toBe(5)
    // The database of Monday knows nothing of Tuesday's recording.
    expect(findings.map(({ code }) => code)).toEqual(['FILE_EXTRA'])
  })
})

describe('a signed head', () => {
  const change = (path: string, to: (signed: SignedHead) => SignedHead): void => {
    writeFileSync(path, JSON.stringify(to(JSON.parse(readFileSync(path, 'utf8')) as SignedHead)))
  }

  test('that is the newest, in whose place another was put', async () => {
    const older = JSON.parse(readFileSync(headAt(-2), 'utf8')) as SignedHead
    change(headAt(-1), (signed) => ({ ...signed, head: { ...signed.head, chains: older.head.chains } }))
    expect((await look()).first).toBe('HEAD_SIGNATURE head:2026-03-04.json')
  })

  test('that is the newest, in whose place the one before was put', async () => {
    copyFileSync(headAt(-2), headAt(-1))
    expect((await look()).first).toBe('HEAD_MISSING head:2026-03-04.json')
  })

  test('signed anew with another key', async () => {
    const places = sealPlaces(join(root, 'other'), null)
    mkdirSync(join(root, 'other'))
    const key = openKey(places)
    change(headAt(-1), ({ head }) => signHead(head, key))
    expect((await look()).first).toBe('HEAD_KEY head:2026-03-04.json')
    expect((await look('--public-key', join(places.headsDir, 'public.pem'))).code).toBe(0)
  })

  test('that is missing between two', async () => {
    rmSync(headAt(1))
    expect((await look()).first).toBe('HEAD_MISSING head:2026-03-04.json')
  })

  test('that is no head at all', async () => {
    writeFileSync(headAt(0), '{')
    expect((await look()).first).toBe('HEAD_UNREADABLE head:2026-03-02.json')
  })
})

test('without a database, or one of an older version, says what to do', async () => {
  const nowhere = await runCommand(verify, [], { dataDir: join(folder, 'nowhere') })
  expect(nowhere).toMatchObject({ code: 69, err: [expect.stringMatching(/Hãy đặt DATA_DIR/)] })
  const raw = new Database(join(root, 'tongdai.sqlite'))
  raw.exec(
    'DELETE FROM __drizzle_migrations WHERE created_at = (SELECT max(created_at) FROM __drizzle_migrations)',
  )
  const older = await runCommand(verify, [], { dataDir: root })
  expect(older).toMatchObject({ code: 69, err: [expect.stringMatching(/phiên bản cũ hơn/)] })
  raw.exec('DROP TABLE recording_seals')
  raw.close()
  const before = await runCommand(verify, [], { dataDir: root })
  expect(before).toMatchObject({ code: 69, err: [expect.stringMatching(/chưa có chuỗi niêm phong/)] })
})
