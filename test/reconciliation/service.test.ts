import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createQueueLogFile } from '../../src/reconciliation/queue-log-file.ts'
import {
  createReconciliation,
  type Reconciliation,
  type ReconciliationDeps,
} from '../../src/reconciliation/service.ts'
import { createReconciliationStore } from '../../src/reconciliation/store.ts'
import { createRecordingStore } from '../../src/recordings/store.ts'
import { type CallDesk, createCallDesk, MAI, SUPERVISOR_VIEWER } from '../support/call-desk.ts'

const HOUR_MS = 3_600_000

let desk: CallDesk
let folder: string
let queueLog: string
let journal: Awaited<ReturnType<ReconciliationDeps['journal']>>
let atPbx: string[]
let isPbxAway: boolean

beforeEach(async () => {
  desk = createCallDesk()
  folder = await mkdtemp(join(tmpdir(), 'reconcile-'))
  queueLog = join(folder, 'queue_log')
  await writeFile(queueLog, '')
  journal = []
  atPbx = []
  isPbxAway = false
})
afterEach(async () => {
  await desk.close()
  await rm(folder, { recursive: true })
})

function start(changes: Partial<ReconciliationDeps> = {}): Reconciliation {
  const orAway = async <T>(value: () => T): Promise<T> => {
    if (isPbxAway) throw new Error('away')
    return value()
  }
  return createReconciliation({
    store: createReconciliationStore(desk.db),
    journal: () => orAway(() => journal),
    queueLog: createQueueLogFile(queueLog),
    recordingsAtPbx: () => orAway(() => atPbx),
    isLive: (callId) => desk.calls.isLive(callId),
    transaction: desk.db.transaction.bind(desk.db),
    nameOf: (id) => (id === SUPERVISOR_VIEWER.id ? SUPERVISOR_VIEWER.name : null),
    audit: (actorId, action, subject, detail) =>
      void desk.audited.push({ actorId: actorId ?? 0, action, subject, detail: detail ?? {} }),
    onChange: () => undefined,
    now: desk.now,
    log: desk.logger,
    ...changes,
  })
}

const idAt = (ms: number, n: number) => `hp1-${String(Math.floor(ms / 1_000))}.${String(n)}`

/** An answered call that ended, with its recording stored: nothing about it is odd. */
function playCall(n: number): string {
  const id = idAt(desk.now().getTime(), n)
  desk.arrive(id)
  desk.calls.event(id, { type: 'connected', operatorId: MAI }, desk.now())
  desk.calls.event(id, { type: 'ended' }, desk.now())
  createRecordingStore(desk.db).add({
    callId: id,
    kind: 'call',
    base: `call-${id}`,
    state: 'stored',
    flags: [],
    startedAt: desk.now().toISOString(),
    training: false,
    kept: [],
    search: '',
  })
  return id
}
const logLine = (id: string, event: string, ms = desk.now().getTime()) =>
  appendFile(queueLog, `${String(Math.floor(ms / 1_000))}|${id}|hotline|op-11|${event}|x|0950000777|1\n`)
const kinds = (list: Reconciliation, state: 'open' | 'done' = 'open') =>
  list
    .page({ state, offset: 0, limit: 50 })
    .items.map(({ kind, subject, state: is }) => ({ kind, subject, is }))

describe('the comparison of each night', () => {
  it('finds nothing where everything matches, and says what it looked at', async () => {
    const id = playCall(1)
    await logLine(id, 'ENTERQUEUE')
    await logLine(id, 'CONNECT')
    atPbx = [`call-${id}-citizen`, `call-${id}-operator`, 'doctor-trial']
    desk.pass(2 * HOUR_MS)
    const list = start()
    expect(await list.run()).toMatchObject({
      calls: 1,
      found: 0,
      settled: 0,
      journal: 'read',
      queueLog: 'read',
      recordings: 'read',
    })
    expect(kinds(list)).toEqual([])
  })

  it('lists once whatever only one source knows, however often it looks', async () => {
    const known = playCall(1)
    const lost = idAt(desk.now().getTime(), 2)
    const answered = idAt(desk.now().getTime(), 3)
    desk.arrive(answered)
    desk.calls.event(answered, { type: 'ended' }, desk.now())
    for (const id of [known, lost, answered]) await logLine(id, 'ENTERQUEUE')
    for (const id of [known, answered]) await logLine(id, 'CONNECT')
    atPbx = [`call-${lost}-citizen`, `vm-${lost}`]
    journal = [
      { callId: 'odd', endedAt: null, isReadable: false },
      { callId: lost, endedAt: desk.now().toISOString(), isReadable: true },
    ]
    desk.pass(2 * HOUR_MS)
    const list = start()
    expect(await list.run()).toMatchObject({ found: 6 })
    await list.run()
    expect(kinds(list)).toHaveLength(6)
    expect(new Set(kinds(list).map(({ kind, subject }) => `${kind} ${subject}`))).toEqual(
      new Set([
        `callUnknown ${lost}`,
        `answerUnknown ${answered}`,
        `recordingUnknown call-${lost}-citizen`,
        `recordingUnknown vm-${lost}`,
        'journalStuck odd',
        `journalStuck ${lost}`,
      ]),
    )
  })

  it('sees calls without a case, with another’s case, without a recording, and cases of calls that are not there', async () => {
    const [bare, crossed, silent, gone] = [playCall(1), playCall(2), playCall(3), playCall(4)]
    const { raw } = desk.db
    raw.prepare('update calls set ticket_id = null, ticket_code = null where id = ?').run(bare)
    raw.prepare('update calls set ticket_id = ticket_id + 100 where id = ?').run(crossed)
    raw
      .prepare("update recordings set state = 'missing', flags = '[\"notAtPbx\"]' where call_id = ?")
      .run(silent)
    raw.prepare('delete from calls where id = ?').run(gone)
    const late = playCall(5)
    raw.prepare("update recordings set state = 'pending' where call_id = ?").run(late)
    desk.arrive(idAt(desk.now().getTime(), 6)) // and never ends
    desk.pass(26 * HOUR_MS)
    const list = start({ isLive: () => false })
    await list.run()
    expect(new Set(kinds(list).map(({ kind }) => kind))).toEqual(
      new Set([
        'callWithoutTicket',
        'ticketDiffers',
        'recordingLost',
        'ticketWithoutCall',
        'recordingLate',
        'callNeverEnded',
      ]),
    )
  })

  it('settles by itself what matches again, and only where it could look', async () => {
    const id = idAt(desk.now().getTime(), 7)
    playCall(1)
    journal = [{ callId: id, endedAt: desk.now().toISOString(), isReadable: true }]
    await logLine(id, 'ENTERQUEUE')
    desk.pass(2 * HOUR_MS)
    const list = start()
    await list.run()
    journal = []
    isPbxAway = true
    expect(await list.run()).toMatchObject({ journal: 'away', recordings: 'away', settled: 0 })
    isPbxAway = false
    desk.arrive(id)
    expect(await list.run()).toMatchObject({ settled: 2 })
    expect(kinds(list, 'done').map(({ is }) => is)).toEqual(['settled', 'settled'])
  })

  it('goes on in the queue log where it stopped, and begins anew with a new file', async () => {
    playCall(1)
    await logLine('hp1-1.8', 'ENTERQUEUE')
    await appendFile(queueLog, 'half a li')
    desk.pass(2 * HOUR_MS)
    const list = start()
    await list.run()
    await appendFile(queueLog, 'ne\n')
    await logLine('hp1-1.9', 'ENTERQUEUE')
    expect(await list.run(), 'younger than an hour: the next run').toMatchObject({ found: 0 })
    desk.pass(2 * HOUR_MS)
    expect(await list.run()).toMatchObject({ found: 1 })
    await rm(queueLog)
    expect(await list.run()).toMatchObject({ queueLog: 'away' })
    await logLine('hp1-1.10', 'ENTERQUEUE', desk.now().getTime() - 2 * HOUR_MS)
    expect(await list.run()).toMatchObject({ queueLog: 'read', found: 1 })
  })

  it('is made up for when its night was missed, and not made twice', async () => {
    const list = start()
    await list.runIfDue()
    await list.runIfDue()
    const runs = () => desk.db.raw.prepare('select count(*) from reconcile_runs').pluck().get()
    expect(runs()).toBe(1)
    desk.pass(24 * HOUR_MS)
    await list.runIfDue()
    expect(runs()).toBe(2)
  })
})

describe('what does not match', () => {
  it('is resolved by a person in words that stay', async () => {
    const list = start()
    list.reportOverflow(12, '2026-03-01T19:10:00.000Z', '2026-03-01T20:10:00.000Z')
    const [row] = list.page({ state: 'open', offset: 0, limit: 10 }).items
    if (row === undefined) throw new Error('nothing was reported')
    expect(row).toMatchObject({ kind: 'journalOverflow', count: 12, since: '2026-03-01T19:10:00.000Z' })
    const words = 'Đã gọi lại 12 số theo ghi âm còn ở tổng đài.'
    expect(list.resolve(row.id, words, SUPERVISOR_VIEWER)).toMatchObject({
      state: 'resolved',
      words,
      resolvedByName: SUPERVISOR_VIEWER.name,
    })
    expect(() => list.resolve(row.id, 'lần nữa', SUPERVISOR_VIEWER)).toThrow(
      expect.objectContaining({ code: 'DISCREPANCY_NOT_OPEN' }),
    )
    expect(() => list.resolve(99, words, SUPERVISOR_VIEWER)).toThrow(
      expect.objectContaining({ code: 'DISCREPANCY_NOT_FOUND' }),
    )
    expect(desk.audited.at(-1)).toMatchObject({ action: 'discrepancy.resolved' })
    expect(() => desk.db.raw.exec("update discrepancies set words = 'x'")).toThrow(/stays/)
    expect(() => desk.db.raw.exec('delete from discrepancies')).toThrow(/kept/)
    await list.run()
    expect(kinds(list)).toEqual([])
  })
})
