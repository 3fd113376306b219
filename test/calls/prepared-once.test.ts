import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAccountStore } from '../../src/accounts/store.ts'
import { createCallStore } from '../../src/calls/store.ts'
import { type Db, openDb } from '../../src/db/open.ts'
import { createRecordingStore } from '../../src/recordings/store.ts'
import { GENESIS } from '../../src/seals/chain.ts'
import { createSealStore } from '../../src/seals/store.ts'
import { createTransferStore } from '../../src/transfers/store.ts'

let db: Db
let prepared: string[]
beforeEach(() => {
  db = openDb(':memory:', resolve(import.meta.dirname, '../../migrations'))
  prepared = []
  const prepare = db.raw.prepare.bind(db.raw)
  db.raw.prepare = (wanted: string) => {
    prepared.push(wanted)
    return prepare(wanted)
  }
})
afterEach(() => {
  db.close()
})

test('what every call asks and writes is prepared by the first of them: the text costs more than running it', () => {
  const calls = createCallStore(db)
  const recordings = createRecordingStore(db)
  const transfers = createTransferStore(db)
  const seals = createSealStore(db)
  const accounts = createAccountStore(db)

  function oneCall(nth: number): void {
    const callId = `call-${String(nth)}`
    const at = '2026-03-02T01:00:00.000Z'
    recordings.add({
      callId,
      kind: 'call',
      base: callId,
      startedAt: at,
      training: false,
      state: 'pending',
      flags: [],
      kept: [],
      search: '',
    })
    const [row] = recordings.ofCall(callId)
    expect(row).toMatchObject({ state: 'pending' })
    recordings.update(nth, { endedAt: at })
    recordings.update(nth, { state: 'stored', flags: ['citizenSilent'], settledAt: at })
    recordings.update(nth, { releasedAt: at })
    expect(recordings.find(nth)).toMatchObject({
      state: 'stored',
      flags: ['citizenSilent'],
      endedAt: at,
      releasedAt: at,
    })
    expect(recordings.ofCalls(['another', callId]).map(({ id }) => id)).toEqual([nth])
    expect(recordings.ofCalls([])).toEqual([])
    seals.addSeal({
      seq: nth,
      at,
      event: 'stored',
      recordingId: nth,
      callId,
      ticketCode: null,
      kind: 'call',
      startedAt: at,
      endedAt: at,
      settledAt: at,
      file: null,
      durationMs: null,
      sizeBytes: null,
      sha256: null,
      kept: '[]',
      archive: null,
      training: null,
      flags: null,
      callFacts: null,
      prevHash: GENESIS,
      hash: callId,
    })
    expect(seals.sealOf(nth)).toMatchObject({ callId, file: null })
    expect(seals.recording(nth)).toMatchObject({ callId })
    expect(transfers.open()).toEqual([])
    expect(transfers.running(callId)).toBeUndefined()
    expect(transfers.ofCall(callId)).toEqual([])
    expect(calls.ofTicket(nth)).toEqual([])
    expect(accounts.byId(nth)).toBeUndefined()
  }

  oneCall(1)
  prepared.length = 0
  oneCall(2)
  expect(prepared).toEqual([])
})
