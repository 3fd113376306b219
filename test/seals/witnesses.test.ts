import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAccountStore } from '../../src/accounts/store.ts'
import { openDb, type Db } from '../../src/db/open.ts'
import { createDisclosureStore } from '../../src/disclosures/store.ts'
import { createMaskStore } from '../../src/recordings/masks-store.ts'
import { createNoteStore } from '../../src/recordings/notes-store.ts'
import { createRetentionStore } from '../../src/retention/store.ts'
import { sha256 } from '../../src/seals/chain.ts'
import { migratedTriggers } from '../../src/seals/migrated-triggers.ts'
import { createWitnessStore } from '../../src/seals/witness-store.ts'
import { changedTriggers } from '../../src/seals/verify-policy.ts'
import { unwitnessed } from '../support/witnessed.ts'

const AT = '2026-03-02T01:00:00.000Z'
const LATER = '2026-03-02T03:00:00.000Z'

let folder: string
let db: Db
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'witnesses-'))
  db = openDb(join(folder, 'tongdai.sqlite'), 'migrations')
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const found = () => unwitnessed(join(folder, 'tongdai.sqlite'))

function say(actorId: number, action: string, subject: string, detail: Record<string, unknown>, at = AT) {
  createAccountStore(db).appendAudit({ at, actorId, action, subject, detail })
}

/** As somebody would who has the database's file: triggers away, the deed, triggers back. */
function tamper(statement: string): void {
  const made = db.raw
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN
        ('recording_masks', 'recording_notes', 'retention_holds', 'disclosures', 'disclosure_uses', 'deletion_requests')`,
    )
    .all()
  for (const { name } of made) db.raw.exec(`DROP TRIGGER ${name}`)
  db.raw.exec(statement)
  for (const { sql } of made) db.raw.exec(sql)
}

/** Written as the services write them: row and line in one go. */
function writeAll(): void {
  const masks = createMaskStore(db)
  const mask = masks.add({
    callId: 'c1',
    operatorId: 4,
    cause: 'button',
    fromAt: AT,
    untilAt: null,
    end: null,
  })
  say(4, 'recording.masked', 'call:c1', { callId: 'c1', cause: 'button', from: AT })
  masks.close(mask.id, LATER, 'operator')
  say(4, 'recording.unmasked', 'call:c1', { callId: 'c1', from: AT, until: LATER, why: 'operator' }, LATER)
  const note = createNoteStore(db).add({
    recordingId: 1,
    atMs: 500,
    text: 'nghe rõ',
    authorId: 3,
    createdAt: AT,
  })
  say(3, 'recording.noted', 'recording:1', {
    callId: 'c1',
    noteId: note.id,
    atMs: 500,
    textSha256: sha256('nghe rõ'),
  })
  const retention = createRetentionStore(db)
  const hold = retention.addHold({
    recordingId: 1,
    ticketCode: null,
    reason: 'khiếu nại',
    setBy: 3,
    setAt: AT,
  })
  say(3, 'hold.placed', 'recording:1', { holdId: hold.id, reason: 'khiếu nại' })
  retention.addHold({ recordingId: null, ticketCode: 'HP26-000001', reason: 'tố cáo', setBy: 3, setAt: AT })
  say(3, 'hold.placed', 'ticket:HP26-000001', { holdId: 2, reason: 'tố cáo' })
  retention.lift(2, { liftedBy: 3, liftedAt: LATER, liftReason: 'đã xong' })
  say(3, 'hold.lifted', 'ticket:HP26-000001', { holdId: 2, reason: 'đã xong' }, LATER)
  const disclosures = createDisclosureStore(db)
  const { id } = disclosures.add({
    revision: 1,
    state: 'requested',
    ticketCode: 'HP26-000001',
    recordingId: 1,
    unitId: 'so-y-te',
    requesterId: 7,
    requestedAt: AT,
    reason: 'xác minh',
    askedMode: 'download',
    askedHours: 24,
    askedPeople: [7, 8],
  })
  const told = { disclosureId: id, ticketCode: 'HP26-000001', unitId: 'so-y-te' }
  const asked = { ...told, personIds: [7, 8], mode: 'download', hours: 24, reasonSha256: sha256('xác minh') }
  say(7, 'disclosure.requested', 'recording:1', asked)
  disclosures.update(id, {
    state: 'approved',
    revision: 2,
    mode: 'play',
    hours: 2,
    people: [7],
    decidedBy: 3,
    decidedAt: AT,
    expiresAt: LATER,
  })
  say(3, 'disclosure.approved', 'recording:1', {
    ...told,
    personIds: [7],
    mode: 'play',
    hours: 2,
    expiresAt: LATER,
  })
  for (let twice = 0; twice < 2; twice += 1) {
    const use = { disclosureId: id, personId: 7, at: AT, what: 'play' as const, fromMs: 0 }
    disclosures.addUse({ ...use, packageSha256: null })
    say(7, 'recording.played', 'recording:1', { disclosureId: id, fromMs: 0 })
  }
  retention.addRequest({
    revision: 1,
    state: 'requested',
    recordingId: 1,
    cause: 'early',
    reason: 'thử',
    askedBy: 3,
    askedAt: AT,
  })
  say(3, 'deletion.requested', 'recording:1', { requestId: 1, cause: 'early' })
}

describe('R060, R104: what the audit log says of evidence that no chain covers', () => {
  beforeEach(writeAll)

  test('has its rows, and each row its line', () => {
    expect(found()).toEqual([])
  })

  test.each([
    ['mask deleted', 'DELETE FROM recording_masks', 'FACT_MISSING mask:c1/'],
    [
      'mask made longer',
      "UPDATE recording_masks SET until_at = '2026-03-02T05:00:00.000Z'",
      'FACT_CONTRADICTS mask:1 untilAt; audit:2',
    ],
    ['mask of another', 'UPDATE recording_masks SET operator_id = 9', 'FACT_CONTRADICTS mask:1 operatorId'],
    ['note deleted', 'DELETE FROM recording_notes', 'FACT_MISSING note:1 audit:3'],
    ['note reworded', "UPDATE recording_notes SET text = 'không rõ'", 'FACT_CONTRADICTS note:1 textSha256'],
    ['note moved', 'UPDATE recording_notes SET at_ms = 1', 'FACT_CONTRADICTS note:1 atMs'],
    ['hold deleted', 'DELETE FROM retention_holds WHERE id = 1', 'FACT_MISSING hold:1'],
    [
      'hold lifted',
      `UPDATE retention_holds SET lifted_by = 3, lifted_at = '${LATER}', lift_reason = 'x' WHERE id = 1`,
      'FACT_CONTRADICTS hold:1 liftedBy, liftedAt, liftReason',
    ],
    [
      'hold in force again',
      'UPDATE retention_holds SET lifted_by = NULL, lifted_at = NULL, lift_reason = NULL WHERE id = 2',
      'FACT_CONTRADICTS hold:2 liftedBy',
    ],
    [
      'hold on another',
      'UPDATE retention_holds SET recording_id = 2 WHERE id = 1',
      'FACT_CONTRADICTS hold:1 subject',
    ],
    [
      'hold back-dated',
      "UPDATE retention_holds SET set_at = '2026-02-01T00:00:00.000Z' WHERE id = 1",
      'FACT_CONTRADICTS hold:1 setAt',
    ],
    [
      'hold put in',
      `INSERT INTO retention_holds (recording_id, reason, set_by, set_at) VALUES (3, 'x', 3, '${AT}')`,
      'FACT_UNWITNESSED hold:3',
    ],
    ['disclosure deleted', 'DELETE FROM disclosures', 'FACT_MISSING disclosure:1'],
    [
      'disclosure open for longer',
      "UPDATE disclosures SET expires_at = '2027-03-02T03:00:00.000Z'",
      'FACT_CONTRADICTS disclosure:1 expiresAt',
    ],
    [
      'disclosure to others',
      "UPDATE disclosures SET people = '[7,9]'",
      'FACT_CONTRADICTS disclosure:1 people',
    ],
    [
      'disclosure decided by another',
      'UPDATE disclosures SET decided_by = 5',
      'FACT_CONTRADICTS disclosure:1 decidedBy',
    ],
    [
      'disclosure refused afterwards',
      "UPDATE disclosures SET state = 'refused'",
      'FACT_CONTRADICTS disclosure:1 state',
    ],
    [
      'disclosure reasoned otherwise',
      "UPDATE disclosures SET reason = 'tò mò'",
      'FACT_CONTRADICTS disclosure:1 reasonSha256',
    ],
    ['listening deleted', 'DELETE FROM disclosure_uses WHERE id = 1', 'FACT_MISSING disclosure:1'],
    [
      'early deletion approved',
      "UPDATE deletion_requests SET state = 'approved'",
      'FACT_CONTRADICTS deletion:1 state',
    ],
  ])('%s', (_what, statement, first) => {
    tamper(statement)
    expect(found()[0]).toContain(first)
  })
})

describe('R060: a request for a recording', () => {
  beforeEach(writeAll)
  test.each([
    "UPDATE disclosures SET state = 'requested', revision = 3",
    "UPDATE disclosures SET expires_at = '2027-01-01T00:00:00.000Z', revision = 3, state = 'revoked'",
    "UPDATE disclosures SET reason = 'x'",
    "UPDATE disclosures SET state = 'revoked', revision = 9",
    "UPDATE retention_holds SET reason = 'x' WHERE id = 1",
    'DELETE FROM disclosures',
  ])('takes no step but a legal one: %s', (statement) => {
    expect(() => db.raw.exec(statement)).toThrow(/stays as it|one step|never deleted/)
  })
  test('is revoked', () => {
    db.raw.exec("UPDATE disclosures SET state = 'revoked', revision = 3, ended_by = 3, ended_at = 'x'")
  })
})

test('R104: a trigger away, rewritten or put in is named, and none of a database that migrations made', () => {
  const made = migratedTriggers('migrations')
  const look = () =>
    changedTriggers(createWitnessStore(db).triggers(), made).map(({ code, subject }) => `${code} ${subject}`)
  expect(made.size).toBeGreaterThan(40)
  expect(look()).toEqual([])
  db.raw.exec('DROP TRIGGER retention_holds_no_delete')
  db.raw.exec('DROP TRIGGER recording_notes_no_update')
  db.raw.exec('CREATE TRIGGER recording_notes_no_update BEFORE UPDATE ON recording_notes BEGIN SELECT 1; END')
  db.raw.exec('CREATE TRIGGER mine AFTER INSERT ON audit BEGIN SELECT 1; END')
  expect(look()).toEqual([
    'TRIGGER_CHANGED trigger:recording_notes_no_update',
    'TRIGGER_MISSING trigger:retention_holds_no_delete',
    'TRIGGER_CHANGED trigger:mine',
  ])
})
