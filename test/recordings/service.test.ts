import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/platform/errors.ts'
import {
  CHIEF,
  CITIZEN,
  createRig,
  HEARD,
  OTHER,
  type Rig,
  STARTED,
  TAKER,
} from '../support/recording-rig.ts'
import { monoWav, stereoSides, toneLevels, unclosedWav } from '../support/tone.ts'

const MINUTE = 60_000
const FILE = '2026/03/02/call-c1-1.wav'
const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })

let rig: Rig
beforeEach(() => {
  rig = createRig()
})
afterEach(() => rig.close())

function bothSides(callId: string): void {
  rig.files.set(`call-${callId}-citizen`, monoWav(CITIZEN))
  rig.files.set(`call-${callId}-operator`, monoWav(HEARD))
}

describe('after the hang-up', () => {
  test('both sides become one sealed stereo file in the folder of the city’s day', async () => {
    rig.call('c1')
    bothSides('c1')
    await rig.recordings.collect('c1')
    const bytes = readFileSync(join(rig.folder, FILE))
    expect(rig.row('c1')).toMatchObject({
      state: 'stored',
      flags: [],
      file: FILE,
      durationMs: 3_000,
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    const { left, right } = stereoSides(bytes)
    expect(toneLevels(left, 8_000, [440, 880]).map((level) => level > 0.1)).toEqual([true, false])
    expect(toneLevels(right, 8_000, [440, 880]).map((level) => level > 0.1)).toEqual([false, true])
    expect(rig.filed()).toEqual([FILE])
    expect(rig.removed).toEqual(['call-c1-citizen', 'call-c1-operator'])
    expect(rig.notes).toEqual([{ callId: 'c1', what: 'stored' }])
    expect(rig.changed).toEqual([1])
  })

  test('waits until the PBX has closed its files', async () => {
    await rig.close()
    rig = createRig({ retryMs: [1, 1, 1, 1] })
    rig.call('c1')
    rig.files.set('call-c1-citizen', unclosedWav(CITIZEN.subarray(0, 800)))
    rig.files.set('call-c1-operator', unclosedWav(HEARD.subarray(0, 800)))
    rig.state.beforeFetch = (count) => {
      // One side is closed before the other.
      if (count === 4) rig.files.set('call-c1-operator', monoWav(HEARD))
      if (count === 7) bothSides('c1')
    }
    await rig.recordings.collect('c1')
    expect(rig.state.fetches).toBe(8)
    expect(rig.row('c1')).toMatchObject({ state: 'stored', flags: [], durationMs: 3_000 })
  })

  test('does not wait hours longer because the clock was set back', async () => {
    rig.call('c1')
    rig.files.set('call-c1-citizen', unclosedWav(CITIZEN))
    rig.files.set('call-c1-operator', unclosedWav(HEARD))
    rig.pass(-2 * 3_600_000)
    await rig.recordings.collectPending()
    rig.state.uptimeMs += 59_000
    await rig.recordings.collectPending()
    expect(rig.row('c1').state).toBe('pending')
    rig.state.uptimeMs += 1_000
    await rig.recordings.collectPending()
    expect(rig.row('c1')).toMatchObject({ state: 'stored', flags: ['neverClosed'] })
  })

  test('each consultation of a call is filed, however often it was put through', async () => {
    rig.call('c1')
    bothSides('c1')
    for (const base of ['consult-one-1', 'consult-two-1', 'consult-two-1']) {
      rig.recordings.expect({ callId: 'c1', kind: 'consult', base, startedAt: STARTED, training: false })
      rig.files.set(`${base}-citizen`, monoWav(CITIZEN))
      rig.files.set(`${base}-operator`, monoWav(HEARD))
    }
    await rig.recordings.collect('c1')
    expect(rig.recordings.byCalls(['c1'], CHIEF).map(({ kind, state }) => [kind, state])).toEqual([
      ['call', 'stored'],
      ['consult', 'stored'],
      ['consult', 'stored'],
    ])
  })

  test('a message left is filed beside its call', async () => {
    rig.call('c1', { operatorId: null, operatorName: null })
    const message = {
      callId: 'c1',
      kind: 'voicemail',
      base: 'vm-c1',
      startedAt: STARTED,
      training: false,
    } as const
    rig.recordings.expect(message)
    bothSides('c1')
    rig.files.set('vm-c1', monoWav(CITIZEN))
    await rig.recordings.collect('c1')
    expect(rig.filed()).toEqual([FILE, '2026/03/02/vm-c1-2.wav'])
    expect(rig.recordings.voicemailOf('c1')).toBe(2)
    expect(rig.recordings.voicemailOf('c2')).toBeNull()
    expect(readFileSync(join(rig.folder, '2026/03/02/vm-c1-2.wav'))).toEqual(monoWav(CITIZEN))
  })

  test('saying and collecting everything twice changes nothing', async () => {
    rig.call('c1')
    bothSides('c1')
    await Promise.all([
      rig.recordings.collect('c1'),
      rig.recordings.collect('c1'),
      rig.recordings.collectPending(),
    ])
    const row = rig.row('c1')
    rig.call('c1')
    await rig.recordings.collect('c1')
    await rig.recordings.collectPending()
    expect(rig.store.ofCall('c1')).toEqual([row])
    expect(rig.notes).toHaveLength(1)
  })

  test('leaves calls alone that are still running', async () => {
    rig.call('c1', { endedAt: null })
    bothSides('c1')
    await rig.recordings.collectPending()
    expect(rig.state.fetches).toBe(0)
    expect(rig.row('c1').state).toBe('pending')
  })

  test('a consultation that goes on after the citizen left is filed when it ends, with all of it', async () => {
    rig.call('c1')
    bothSides('c1')
    const base = 'consult-4711-1'
    rig.recordings.expect({ callId: 'c1', kind: 'consult', base, startedAt: STARTED, training: false })
    rig.consults.set(base, null)
    rig.files.set(`${base}-citizen`, unclosedWav(CITIZEN))
    rig.files.set(`${base}-operator`, unclosedWav(HEARD))
    rig.pass(2 * MINUTE) // longer than any file of an ended call stays open
    await rig.recordings.collect('c1')
    await rig.recordings.collectPending()
    expect(rig.store.ofCall('c1').map(({ state }) => state)).toEqual(['stored', 'pending'])

    rig.consults.set(base, rig.state.now.toISOString())
    await rig.recordings.collectPending() // its files are being closed
    expect(rig.store.ofCall('c1')[1]?.state).toBe('pending')
    rig.files.set(`${base}-citizen`, monoWav(CITIZEN))
    rig.files.set(`${base}-operator`, monoWav(HEARD))
    await rig.recordings.collectPending()
    expect(rig.store.ofCall('c1')[1]).toMatchObject({ state: 'stored', flags: [], durationMs: 3_000 })
  })

  test('many calls at once each get their own file', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `m${String(i)}`)
    for (const id of ids) {
      rig.call(id)
      bothSides(id)
    }
    await Promise.all(ids.map((id) => rig.recordings.collect(id)))
    expect(rig.filed()).toHaveLength(30)
    expect(rig.files.size).toBe(0)
  })
})

describe('a crash', () => {
  test('between the file and its row costs nothing: the second try ends in the same one file', async () => {
    rig.call('c1')
    bothSides('c1')
    rig.state.settleFails = new Error('crash')
    await rig.recordings.collect('c1')
    expect(rig.row('c1').state).toBe('pending')
    expect(rig.filed()).toEqual([FILE])
    expect(rig.files.size).toBe(2)
    const before = readFileSync(join(rig.folder, FILE))

    await rig.halt()
    const { root, calls, files } = rig
    rig = createRig({ root })
    for (const [id, facts] of calls) rig.calls.set(id, facts)
    for (const [name, bytes] of files) rig.files.set(name, bytes)
    await rig.recordings.collectPending()
    expect(rig.row('c1').state).toBe('stored')
    expect(rig.filed()).toEqual([FILE])
    expect(readFileSync(join(rig.folder, FILE))).toEqual(before)
    expect(rig.files.size).toBe(0)
  })

  test('before the PBX’s copy is deleted is made good by the sweep', async () => {
    rig.call('c1')
    bothSides('c1')
    rig.state.removeFails = new AppError('unavailable', 'PBX_AWAY', 'gone')
    await rig.recordings.collect('c1')
    expect(rig.row('c1')).toMatchObject({ state: 'stored', releasedAt: null })
    expect(rig.files.size).toBe(2)
    rig.state.removeFails = undefined
    await rig.recordings.collectPending()
    expect(rig.files.size).toBe(0)
    expect(rig.row('c1').releasedAt).not.toBeNull()
    expect(rig.notes).toHaveLength(1)
  })

  test('in mid-copy leaves litter that is swept a day later, and only then', async () => {
    await rig.recordings.collectPending()
    const litter = join(rig.folder, '.incoming/call-x-citizen.99.part')
    writeFileSync(litter, 'half')
    utimesSync(litter, rig.state.now, rig.state.now)
    await rig.recordings.collectPending()
    expect(rig.filed()).toHaveLength(1)
    rig.pass(25 * 60 * MINUTE)
    await rig.recordings.collectPending()
    expect(rig.filed()).toEqual([])
  })

  test('closing in the middle of waiting is quick and loses nothing', async () => {
    await rig.close()
    rig = createRig({ retryMs: [3_600_000] })
    rig.call('c1')
    const collected = rig.recordings.collect('c1')
    await expect.poll(() => rig.state.fetches).toBe(2)
    await rig.recordings.close()
    await collected
    expect(rig.row('c1').state).toBe('pending')
  })
})

describe('what the PBX does not have', () => {
  test('one side alone is kept and flagged', async () => {
    rig.call('c1')
    rig.files.set('call-c1-citizen', monoWav(CITIZEN))
    await rig.recordings.collect('c1')
    expect(rig.row('c1').state).toBe('pending')
    rig.pass(MINUTE)
    await rig.recordings.collectPending()
    expect(rig.row('c1')).toMatchObject({ state: 'stored', flags: ['operatorMissing'], durationMs: 3_000 })
  })

  test('neither side: ten minutes of hope, then missing with a reason', async () => {
    rig.call('c1')
    await rig.recordings.collect('c1')
    rig.pass(9 * MINUTE)
    await rig.recordings.collectPending()
    expect(rig.row('c1').state).toBe('pending')
    rig.pass(MINUTE)
    await rig.recordings.collectPending()
    expect(rig.row('c1')).toMatchObject({ state: 'missing', flags: ['notAtPbx'] })
    expect(rig.notes).toEqual([{ callId: 'c1', what: 'missing' }])
    expect(rig.logged.filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  test('found after all, it is filed', async () => {
    rig.call('c1')
    rig.pass(10 * MINUTE)
    await rig.recordings.collect('c1')
    expect(rig.row('c1').state).toBe('missing')
    bothSides('c1')
    await rig.recordings.collectPending()
    expect(rig.row('c1')).toMatchObject({ state: 'stored', flags: [] })
  })

  test('a PBX that cannot be asked is no reason to give up, however long', async () => {
    rig.call('c1')
    rig.state.fetchFails = new AppError('unavailable', 'PBX_AWAY', 'gone')
    rig.pass(24 * 60 * MINUTE)
    await rig.recordings.collect('c1')
    await rig.recordings.collectPending()
    expect(rig.row('c1').state).toBe('pending')
    rig.state.fetchFails = undefined
    bothSides('c1')
    await rig.recordings.collectPending()
    expect(rig.row('c1').state).toBe('stored')
  })

  test('a silent side is flagged', async () => {
    rig.call('c1')
    bothSides('c1')
    rig.files.set('call-c1-citizen', monoWav(Int16Array.from(CITIZEN, (_, i) => (i % 2 === 0 ? 8 : -8))))
    await rig.recordings.collect('c1')
    expect(rig.row('c1')).toMatchObject({ state: 'stored', flags: ['citizenSilent'] })
  })
})

describe('damaged files', () => {
  test.each([
    ['nothing in it', Buffer.alloc(0)],
    ['half a header', monoWav(CITIZEN).subarray(0, 30)],
    ['its end cut off', monoWav(CITIZEN).subarray(0, 20_000)],
    ['half a sample too much', Buffer.concat([monoWav(CITIZEN), Buffer.of(7)])],
    ['an error page instead of sound', Buffer.from('<html></html>')],
  ])('a message with %s is kept byte for byte, and said to be damaged', async (_, bytes) => {
    rig.calls.set('c1', {
      numberDisplay: '',
      operatorId: null,
      operatorName: null,
      answered: false,
      ticketCode: null,
      endedAt: STARTED,
    })
    rig.recordings.expect({
      callId: 'c1',
      kind: 'voicemail',
      base: 'vm-c1',
      startedAt: STARTED,
      training: false,
    })
    rig.files.set('vm-c1', bytes)
    await rig.recordings.collect('c1')
    const file = '2026/03/02/vm-c1-1-message.original'
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(rig.row('c1')).toMatchObject({
      state: 'damaged',
      flags: ['messageDamaged'],
      kept: [{ file, sizeBytes: bytes.length, sha256 }],
    })
    expect(readFileSync(join(rig.folder, file))).toEqual(bytes)
    expect(rig.filed()).toEqual([file])
    expect(rig.notes).toEqual([{ callId: 'c1', what: 'damaged' }])
    expect(rig.files.size).toBe(0)
  })

  test('a good side is played although the other is broken, and the broken bytes are kept', async () => {
    rig.call('c1')
    bothSides('c1')
    const broken = monoWav(HEARD).subarray(0, 999)
    rig.files.set('call-c1-operator', broken)
    rig.pass(MINUTE)
    await rig.recordings.collect('c1')
    expect(rig.row('c1')).toMatchObject({ state: 'stored', flags: ['operatorDamaged'], durationMs: 3_000 })
    expect(readFileSync(join(rig.folder, '2026/03/02/call-c1-1-operator.original'))).toEqual(broken)
  })

  test('what a PBX had written when it died is played, and flagged', async () => {
    rig.call('c1')
    rig.files.set('call-c1-citizen', unclosedWav(CITIZEN))
    rig.files.set('call-c1-operator', unclosedWav(HEARD))
    rig.pass(MINUTE)
    await rig.recordings.collectPending()
    expect(rig.row('c1')).toMatchObject({ state: 'stored', flags: ['neverClosed'], durationMs: 3_000 })
    expect(rig.row('c1').kept).toHaveLength(2)
  })
})

describe('names from the PBX', () => {
  test.each([
    ['leads out of the folder', '../../../etc/cron.d/x'],
    ['leads to another folder', 'call-x/../../y'],
    ['is empty', ''],
    ['is too long', 'a'.repeat(500)],
    ['holds a NUL', 'call-\u0000'],
  ])('one that %s touches no file and no call', async (_, base) => {
    rig.calls.set('c1', {
      numberDisplay: '',
      operatorId: null,
      operatorName: null,
      answered: false,
      ticketCode: null,
      endedAt: STARTED,
    })
    rig.recordings.expect({ callId: 'c1', kind: 'call', base, startedAt: STARTED, training: false })
    await rig.recordings.collect('c1')
    await rig.recordings.collectPending()
    expect(rig.row('c1')).toMatchObject({ state: 'missing', flags: ['badName'] })
    expect(rig.state.fetches).toBe(0)
    expect(rig.filed()).toEqual([])
  })

  test('two calls under one name do not overwrite each other', async () => {
    for (const callId of ['c1', 'c2']) {
      rig.call(callId)
      rig.store.update(rig.row(callId).id, { base: 'call-same' })
    }
    rig.files.set('call-same-citizen', monoWav(CITIZEN))
    rig.files.set('call-same-operator', monoWav(HEARD))
    rig.state.removeFails = new Error('read-only')
    await rig.recordings.collectPending()
    expect(rig.filed()).toEqual(['2026/03/02/call-same-1.wav', '2026/03/02/call-same-2.wav'])
  })
})

describe('a disk that is full', () => {
  test('deletes nothing, says so, and goes on by itself when there is room', async () => {
    rig.call('c1')
    bothSides('c1')
    rig.state.free = 1_000_000
    await rig.recordings.collect('c1')
    await rig.recordings.collectPending()
    expect(rig.recordings.problem()).toBe('diskFull')
    expect(rig.row('c1').state).toBe('pending')
    expect(rig.files.size).toBe(2)
    expect(rig.logged.filter(({ level }) => level === 'error')).toHaveLength(1)
    rig.state.free = 10e9
    await rig.recordings.collectPending()
    expect(rig.recordings.problem()).toBeNull()
    expect(rig.row('c1').state).toBe('stored')
  })

  test('in the middle of a copy is the same', async () => {
    rig.call('c1')
    bothSides('c1')
    rig.state.fetchFails = full
    await rig.recordings.collect('c1')
    expect(rig.recordings.problem()).toBe('diskFull')
    expect(rig.filed()).toEqual([])
    rig.state.fetchFails = undefined
    await rig.recordings.collectPending()
    expect(rig.recordings.problem()).toBeNull()
    expect(rig.row('c1').state).toBe('stored')
  })

  test.each(['folderElsewhere', 'folderForeign'] as const)(
    'a folder that is another (%s) gets nothing; the PBX keeps its files until it is ours again',
    async (notOurs) => {
      rig.call('c1')
      bothSides('c1')
      rig.state.notOurs = notOurs
      await rig.recordings.collect('c1')
      expect([rig.recordings.problem(), existsSync(rig.folder), rig.files.size]).toEqual([notOurs, false, 2])
      rig.state.notOurs = null
      await rig.recordings.collectPending()
      expect([rig.recordings.problem(), rig.row('c1').state]).toEqual([null, 'stored'])
      expect(rig.filing).toEqual([notOurs, null])
    },
  )

  test('in the middle of sealing leaves no half file', async () => {
    await rig.close()
    let failing = true
    const sealed = { durationMs: 1, sizeBytes: 1, sha256: 'x', peaks: [900, 900] }
    rig = createRig({
      sealer: {
        async seal({ out }) {
          writeFileSync(out, 'half')
          if (failing) throw full
          return sealed
        },
        hash: async () => sealed,
        compare: async () => null,
        close: async () => undefined,
      },
    })
    rig.call('c1')
    bothSides('c1')
    await rig.recordings.collect('c1')
    expect(rig.recordings.problem()).toBe('diskFull')
    expect(rig.filed()).toEqual([])
    expect(rig.files.size).toBe(2)
    failing = false
    await rig.recordings.collectPending()
    expect(rig.row('c1').state).toBe('stored')
  })

  test('a folder that cannot be written is told apart', async () => {
    rig.call('c1')
    bothSides('c1')
    writeFileSync(rig.folder, 'a file where the folder should be')
    await rig.recordings.collect('c1')
    expect(rig.recordings.problem()).toBe('folderUnwritable')
    expect(rig.row('c1').state).toBe('pending')
    expect(rig.files.size).toBe(2)
    rmSync(rig.folder)
    await rig.recordings.collectPending()
    expect(rig.recordings.problem()).toBeNull()
    expect(rig.row('c1').state).toBe('stored')
  })
})

describe('R060, R068: a recording whose call is another than was sealed', () => {
  test('is kept from whoever is written there now, and from units; whoever hears all hears it, and it is not altered', async () => {
    rig.call('c1')
    bothSides('c1')
    await rig.recordings.collect('c1')
    rig.db.raw.exec(`UPDATE calls SET operator_id = ${String(OTHER.id)}`)
    rig.call('c1', { operatorId: OTHER.id })
    const refused = { code: 'RECORDING_CALL_CHANGED' }
    const seen = (viewer: typeof CHIEF) => rig.recordings.byCalls(['c1'], viewer)[0]
    expect(seen(OTHER)).toMatchObject({ isCallChanged: true, playable: false })
    expect(seen(CHIEF)).toMatchObject({ isCallChanged: true, playable: true })
    expect(rig.recordings.page({}, CHIEF).items[0]).toMatchObject({ isCallChanged: true })
    await expect(rig.recordings.open(1, OTHER)).rejects.toMatchObject(refused)
    expect(() => rig.recordings.stored(1, OTHER)).toThrow(expect.objectContaining(refused))
    const unit = { person: OTHER, under: 'disclosure 1' }
    await expect(rig.recordings.disclosed.open(1, unit)).rejects.toMatchObject(refused)
    expect(() => rig.recordings.disclosed.stored(1)).toThrow(expect.objectContaining(refused))
    const opened = await rig.recordings.open(1, CHIEF)
    await opened.handle.close()
    expect(rig.row('c1')).toMatchObject({ state: 'stored', flags: [] })
    // Put back as it was.
    rig.db.raw.exec(`UPDATE calls SET operator_id = ${String(TAKER.id)}`)
    rig.call('c1')
    expect(seen(TAKER)).toMatchObject({ playable: true })
    expect(seen(TAKER)).not.toHaveProperty('isCallChanged')
    const again = await rig.recordings.open(1, TAKER)
    await again.handle.close()
  })
})

describe('who may play what', () => {
  const playable = (viewer: typeof TAKER) =>
    rig.recordings.byCalls(['c1'], viewer).map((view) => view.playable)

  test('the operator who took the call, supervisors, and nobody else', async () => {
    rig.call('c1')
    bothSides('c1')
    await rig.recordings.collect('c1')
    expect([playable(TAKER), playable(OTHER), playable(CHIEF)]).toEqual([[true], [false], [true]])
    await expect(rig.recordings.open(1, OTHER)).rejects.toMatchObject({ code: 'RECORDING_NOT_YOURS' })
    expect(rig.audits).toEqual([])
  })

  test('R068: of a confidential case only who reads the whole of it, whatever their role; nor is the number shown', async () => {
    rig.call('c1')
    bothSides('c1')
    await rig.recordings.collect('c1')
    rig.confidential.set('HP26-000001', OTHER.id)
    expect([playable(TAKER), playable(OTHER), playable(CHIEF)]).toEqual([[false], [false], [false]])
    await expect(rig.recordings.open(1, CHIEF)).rejects.toMatchObject({ code: 'RECORDING_NOT_YOURS' })
    expect(rig.recordings.page({}, CHIEF).items[0]).toMatchObject({
      numberDisplay: '',
      playable: false,
    })
    rig.confidential.set('HP26-000001', TAKER.id)
    expect([playable(TAKER), playable(CHIEF)]).toEqual([[true], [false]])
  })

  test('a message left may be heard by whoever rings back; the call around it not', async () => {
    rig.call('c1', { operatorId: null, operatorName: null })
    rig.recordings.expect({
      callId: 'c1',
      kind: 'voicemail',
      base: 'vm-c1',
      startedAt: STARTED,
      training: false,
    })
    bothSides('c1')
    rig.files.set('vm-c1', monoWav(CITIZEN))
    await rig.recordings.collect('c1')
    expect([playable(OTHER), playable(CHIEF)]).toEqual([
      [false, true],
      [true, true],
    ])
  })

  test('nothing that is not there yet', () => {
    rig.call('c1', { endedAt: null })
    expect(playable(CHIEF)).toEqual([false])
  })
})

test('finds recordings by number, operator without marks, and ticket', async () => {
  rig.call('c1')
  rig.call('c2', { numberDisplay: '0225 3 100%', operatorName: null, ticketCode: 'HP26-000002' })
  const found = (q: string) => rig.recordings.page({ q }, CHIEF).items.map(({ callId }) => callId)
  expect(found('')).toEqual(['c2', 'c1'])
  expect(found('0950000777')).toEqual(['c1'])
  expect(found('0950 000 777')).toEqual(['c1'])
  expect(found('duong 0950000777')).toEqual(['c1'])
  expect(found('HP26-000002')).toEqual(['c2'])
  expect(found('0225 3 100%')).toEqual(['c2'])
  expect(found('0%1')).toEqual([])
  expect(found('_')).toEqual([])
  expect(rig.recordings.page({ offset: 1, limit: 1 }, CHIEF)).toMatchObject({
    items: [{ callId: 'c1' }],
    total: 2,
  })
})
