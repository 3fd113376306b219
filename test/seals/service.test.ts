import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash, verify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAccountStore } from '../../src/accounts/store.ts'
import { audit } from '../../src/accounts/tables.ts'
import { ConfigError } from '../../src/config.ts'
import {
  auditBytes,
  contentBytes,
  formatOf,
  GENESIS,
  oldRecordingBytes,
  recordingBytes,
} from '../../src/seals/chain.ts'
import { openKey, readHeads, sealPlaces } from '../../src/seals/head-folder.ts'
import { headBytes } from '../../src/seals/heads.ts'
import { createHeadSigner } from '../../src/seals/service.ts'
import { CHIEF, CITIZEN, createRig, HEARD, type Rig } from '../support/recording-rig.ts'
import { monoWav } from '../support/tone.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let rig: Rig
beforeEach(() => {
  rig = createRig()
})
afterEach(() => rig.close())

async function record(callId: string): Promise<void> {
  rig.call(callId)
  rig.files.set(`call-${callId}-citizen`, monoWav(CITIZEN))
  rig.files.set(`call-${callId}-operator`, monoWav(HEARD))
  await rig.recordings.collect(callId)
}

const links = () => rig.sealStore.sealsAfter(0, 100)

describe('R060: a link of the recordings', () => {
  test('says what arrived, when, of which call and case, and joins the link before', async () => {
    await record('c1')
    await record('c2')
    const [first, second] = links()
    const row = rig.row('c1')
    expect(first).toMatchObject({
      seq: 1,
      event: 'stored',
      at: row.settledAt,
      recordingId: row.id,
      callId: 'c1',
      ticketCode: 'HP26-000001',
      kind: 'call',
      file: row.file,
      sizeBytes: row.sizeBytes,
      sha256: row.sha256,
      startedAt: row.startedAt,
      endedAt: row.endedAt,
      prevHash: GENESIS,
    })
    expect(second?.prevHash).toBe(first?.hash)
    if (first === undefined) throw new Error('no link')
    expect(first.hash).toBe(sha256(recordingBytes(first)))
    expect(recordingBytes(first)).toBe(
      `["tongdai-recording-2",1,"${sha256(contentBytes(first))}","${GENESIS}"]`,
    )
    expect(contentBytes(first)).toMatch(
      /^\["tongdai-recording-content-5","2026-.*,null,false,\[\],"[0-9a-f]{64}"\]$/,
    )
    // As links were before the call, training and flags stood in them: their bytes never change.
    expect(contentBytes({ ...first, callFacts: null })).toMatch(
      /^\["tongdai-recording-content-4","2026-.*,null,false,\[\]\]$/,
    )
    const bare = { ...first, training: null, flags: null, callFacts: null }
    expect(contentBytes(bare)).toMatch(/^\["tongdai-recording-content-2","2026-.*,"\[\]"\]$/)
    expect(formatOf({ ...bare, hash: sha256(recordingBytes(bare)) })).toBe(2)
    expect(formatOf(bare)).toBeNull()
  })

  test('of the first format, with what it says in its own bytes, still holds', async () => {
    await record('c1')
    const [link] = links()
    if (link === undefined) throw new Error('no link')
    const old = {
      ...link,
      training: null,
      flags: null,
      callFacts: null,
      hash: sha256(oldRecordingBytes(link)),
    }
    expect(oldRecordingBytes(link)).toMatch(/^\["tongdai-recording-1",1,"2026-/)
    expect([formatOf(link), formatOf(old), formatOf({ ...old, sizeBytes: 1 })]).toEqual([2, 1, null])
  })

  test('is there when the recording is settled, and not before', async () => {
    rig.state.settleFails = new Error('disk away')
    await record('c1')
    expect([rig.row('c1').state, links()]).toEqual(['pending', []])
    rig.state.settleFails = undefined
    expect(await rig.recordings.collectPending()).toBe(1)
    expect(links()).toHaveLength(1)
  })

  test('stands for what is missing too, and another for what turns up after all', async () => {
    rig.call('c1')
    rig.pass(3_600_000)
    await rig.recordings.collectPending()
    rig.files.set('call-c1-citizen', monoWav(CITIZEN))
    rig.files.set('call-c1-operator', monoWav(HEARD))
    await rig.recordings.collectPending()
    expect(links().map(({ event }) => event)).toEqual(['missing', 'stored'])
    rig.recordings.expect({ callId: 'c2', kind: 'call', base: '../x', startedAt: 'x', training: false })
    expect(links().map(({ event }) => event)).toEqual(['missing', 'stored', 'missing'])
  })

  test('cannot be changed or removed', async () => {
    await record('c1')
    const { raw } = rig.db
    expect(() => raw.exec("UPDATE recording_seals SET call_id = 'c9'")).toThrow(/append-only/)
    expect(() => raw.exec('DELETE FROM recording_seals')).toThrow(/append-only/)
    expect(() => raw.exec('REPLACE INTO recording_seals SELECT * FROM recording_seals')).toThrow(
      /append-only/,
    )
  })

  test('decides at each opening: a file and a row that were changed to fit are not played', async () => {
    await record('c1')
    await rig.recordings.open(1, CHIEF).then(({ handle }) => handle.close())
    const path = join(rig.folder, rig.row('c1').file ?? '')
    const other = Buffer.concat([readFileSync(path), Buffer.from('more')])
    writeFileSync(path, other)
    rig.store.update(1, { sha256: createHash('sha256').update(other).digest('hex'), sizeBytes: other.length })
    await expect(rig.recordings.open(1, CHIEF)).rejects.toMatchObject({ code: 'RECORDING_ALTERED' })
    expect(rig.row('c1')).toMatchObject({ state: 'damaged', flags: ['altered'] })
    expect(rig.audits.at(-1)).toMatchObject({ action: 'recording.altered', subject: 'recording:1' })
    expect(rig.notes.at(-1)).toEqual({ callId: 'c1', what: 'damaged' })
  })

  test('is made once, in order, for what was settled before there were chains', async () => {
    const { raw } = rig.db
    await record('c1')
    await record('c2')
    raw.exec(
      "DROP TRIGGER recording_seals_no_delete; DELETE FROM recording_seals; UPDATE recordings SET settled_at = '2026-03-01T00:00:00.000Z' WHERE id = 2",
    )
    expect(rig.seals.takeUpRecordings((callId) => `of ${callId}`)).toBe(2)
    expect(links().map(({ event, recordingId, ticketCode }) => [event, recordingId, ticketCode])).toEqual([
      ['takenUp', 2, 'of c2'],
      ['takenUp', 1, 'of c1'],
    ])
    raw.exec('UPDATE recordings SET id = 9 WHERE id = 1')
    expect(rig.seals.takeUpRecordings(() => null)).toBe(0)
  })
})

describe('R104: a link of the audit log', () => {
  const line = (action: string) => ({
    at: '2026-03-02T01:00:00.000Z',
    actorId: null,
    action,
    subject: 'session',
    detail: { b: 1, a: 'đ' },
  })

  test('comes with its line, and joins the line before', () => {
    const accounts = createAccountStore(rig.db)
    accounts.appendAudit(line('signIn'))
    accounts.appendAudit(line('signOut'))
    const [first, second] = rig.sealStore.auditLinksAfter(0, 10)
    const [, stored] = rig.sealStore.lines(0, 10)
    if (stored === undefined) throw new Error('no line')
    expect(stored.detail).toBe('{"b":1,"a":"đ"}')
    expect(second).toEqual({
      seq: 2,
      prevHash: first?.hash,
      hash: sha256(auditBytes(stored, first?.hash ?? '')),
    })
    expect(() => rig.db.raw.exec('DELETE FROM audit_links')).toThrow(/append-only/)
    expect(() => rig.db.raw.exec("UPDATE audit_links SET hash = ''")).toThrow(/append-only/)
  })

  test('leaves no line without it: what is rolled back takes both along', () => {
    const accounts = createAccountStore(rig.db)
    expect(() => {
      rig.db.transaction(() => {
        accounts.appendAudit(line('signIn'))
        throw new Error('no')
      })
    }).toThrow('no')
    accounts.appendAudit(line('signIn'))
    expect(rig.sealStore.auditLinksAfter(0, 10)).toMatchObject([{ seq: 1, prevHash: GENESIS }])
  })

  test('is made once for what was there before; a line written past the service gets none', () => {
    for (const action of ['a', 'b']) rig.db.orm.insert(audit).values(line(action)).run()
    expect(rig.seals.takeUpLines()).toBe(2)
    rig.db.orm.insert(audit).values(line('c')).run()
    expect(rig.seals.takeUpLines()).toBe(0)
    expect(rig.sealStore.auditLinksAfter(0, 10).map(({ seq }) => seq)).toEqual([1, 2])
  })
})

describe('heads', () => {
  const signerIn = (places = sealPlaces(rig.root, null)) =>
    createHeadSigner({
      store: rig.sealStore,
      transaction: rig.db.transaction.bind(rig.db),
      now: () => rig.state.now,
      headsDir: places.headsDir,
      key: openKey(places),
    })

  test('are signed once on each day of the city, each naming the one before', async () => {
    const signer = signerIn()
    expect([signer.signToday(), signer.signToday()]).toEqual([true, false])
    await record('c1')
    rig.pass(24 * 3_600_000)
    expect(signerIn().signToday()).toBe(true)
    const [first, second] = readHeads(join(rig.root, 'heads'))
    expect([first?.name, second?.name]).toEqual(['2026-03-02.json', '2026-03-03.json'])
    const [of1] = links()
    expect(first?.signed?.head).toMatchObject({ previous: null, chains: [{ seq: 0 }, { seq: 0, at: null }] })
    expect(second?.signed?.head).toEqual({
      format: 'tongdai-head-1',
      signedAt: rig.state.now.toISOString(),
      chains: [
        { name: 'audit', seq: 0, hash: GENESIS, at: null, count: 0 },
        { name: 'recordings', seq: 1, hash: of1?.hash, at: of1?.at, count: 1 },
      ],
      previous: sha256(headBytes(first?.signed?.head as never)),
    })
  })

  test('can be checked by whoever has the public key, from the file alone', () => {
    const signer = signerIn()
    signer.signToday()
    const text = readFileSync(join(rig.root, 'heads', '2026-03-02.json'), 'utf8')
    const { head, signature, publicKey } = JSON.parse(text) as Record<string, string>
    expect(publicKey).toBe(signer.publicKey())
    const ok = verify(
      null,
      Buffer.from(JSON.stringify(head)),
      signer.publicKey(),
      Buffer.from(signature ?? '', 'base64'),
    )
    expect(ok).toBe(true)
  })

  test('have one more that follows the chains through the day', async () => {
    const signer = signerIn()
    signer.signToday()
    signer.signLatest()
    const signedAt = () =>
      readHeads(join(rig.root, 'heads')).find(({ name }) => name === 'latest.json')?.signed?.head.signedAt
    const before = signedAt()
    rig.pass(60_000)
    signer.signLatest()
    expect(signedAt()).toBe(before)
    await record('c1')
    signer.signLatest()
    expect(signedAt()).toBe(rig.state.now.toISOString())
    expect(readdirSync(join(rig.root, 'heads')).sort()).toEqual([
      '2026-03-02.json',
      'latest.json',
      'public.pem',
    ])
  })

  test('are signed with a key that only this user reads, or one that was given', () => {
    openKey(sealPlaces(rig.root, null))
    expect(statSync(join(rig.root, 'seal.key')).mode & 0o777).toBe(0o600)
    const elsewhere = mkdtempSync(join(tmpdir(), 'key-'))
    const given = join(elsewhere, 'city.key')
    expect(() => openKey(sealPlaces(rig.root, given))).toThrow(ConfigError)
    writeFileSync(given, 'no key')
    expect(() => openKey(sealPlaces(rig.root, given))).toThrow(/SEAL_KEY_FILE.*openssl genpkey/s)
    rmSync(elsewhere, { recursive: true })
  })
})
