import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import type { RecordingQuery } from '../../src/recordings/contract.ts'
import { filterOf } from '../../src/recordings/search-policy.ts'
import { CHIEF, createRig, OTHER, type Rig, TAKER } from '../support/recording-rig.ts'

const NOTHING = {
  words: [],
  from: null,
  until: null,
  operatorId: null,
  unitId: null,
  minMs: null,
  maxMs: null,
}

describe('what is asked for', () => {
  test('nothing in particular', () => {
    expect(filterOf({})).toEqual(NOTHING)
  })

  test('days are the city’s, from midnight to midnight, both included', () => {
    expect(filterOf({ from: '2026-03-01', to: '2026-03-01' })).toMatchObject({
      from: '2026-02-28T17:00:00.000Z',
      until: '2026-03-01T17:00:00.000Z',
    })
  })

  test('words are folded, a length is in milliseconds', () => {
    const asked = { q: ' Đường  HP26 ', operatorId: 4, unitId: 'u', minSeconds: 30, maxSeconds: 90 }
    expect(filterOf(asked)).toEqual({
      ...NOTHING,
      words: ['duong', 'hp26'],
      operatorId: 4,
      unitId: 'u',
      minMs: 30_000,
      maxMs: 90_000,
    })
  })

  test.each([
    ['hp26-1', 'hp26-000001'],
    ['HP26-000012', 'hp26-000012'],
    ['hp26-', 'hp26-'],
    ['0225-31', '0225-31'],
  ])('a code is found by its number: %s', (q, word) => {
    expect(filterOf({ q }).words).toEqual([word])
  })

  test.each([
    [{ from: '2026-02-31' }, 'DAY_INVALID'],
    [{ to: '2026-13-01' }, 'DAY_INVALID'],
    [{ to: '0000-00-00' }, 'DAY_INVALID'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'PERIOD_INVALID'],
  ])('%j is refused', (asked, code) => {
    expect(() => filterOf(asked)).toThrow(expect.objectContaining({ kind: 'invalid', code }))
  })
})

describe('what is found', () => {
  let rig: Rig

  beforeEach(() => {
    rig = createRig()
    const call = rig.db.raw.prepare(
      `INSERT INTO calls (id, direction, state, number_raw, number_display, number_kind, line, training, operator_id, ticket_id, started_at)
      VALUES (?, 'in', 'ended', '', '', 'mobile', '', 0, ?, ?, ?)`,
    )
    const expected = (callId: string, startedAt: string, durationMs: number | null): void => {
      rig.recordings.expect({ callId, kind: 'call', base: `call-${callId}`, startedAt, training: false })
      rig.store.update(rig.row(callId).id, { durationMs })
    }
    call.run('c1', TAKER.id, 1, '2026-03-01T01:00:00.000Z')
    expected('c1', '2026-03-01T01:00:00.000Z', 20_000)
    call.run('c2', OTHER.id, 2, '2026-03-01T18:00:00.000Z')
    expected('c2', '2026-03-01T18:00:00.000Z', 90_000)
    expected('unknown', '2026-03-03T01:00:00.000Z', null)
    const ticket = rig.db.raw.prepare(
      `INSERT INTO tickets (id, code, unit_id, state, channel, created_at, updated_at) VALUES (?, ?, ?, 'assigned', 'phone', ?, '')`,
    )
    ticket.run(1, 'HP26-000001', 'chieu-sang', '2026-03-01T01:00:00.000Z')
    // Opened on the day after its call began.
    ticket.run(2, 'HP26-000002', 'so-xay-dung', '2026-03-02T17:30:00.000Z')
  })
  afterEach(() => rig.close())

  test.each<[RecordingQuery, string[]]>([
    [{}, ['unknown', 'c2', 'c1']],
    [{ from: '2026-03-02' }, ['unknown', 'c2']],
    [{ to: '2026-03-01' }, ['c1']],
    [{ from: '2026-03-02', to: '2026-03-02' }, ['c2']],
    [{ operatorId: TAKER.id }, ['c1']],
    [{ operatorId: 99 }, []],
    [{ unitId: 'so-xay-dung' }, ['c2']],
    [{ minSeconds: 20 }, ['c2', 'c1']],
    [{ minSeconds: 21 }, ['c2']],
    [{ maxSeconds: 20 }, ['c1']],
    [{ minSeconds: 21, maxSeconds: 89 }, []],
    [{ unitId: 'so-xay-dung', minSeconds: 21, from: '2026-03-02' }, ['c2']],
    [{ unitId: 'so-xay-dung', operatorId: TAKER.id }, []],
    [{ unitId: 'so-xay-dung', operatorId: OTHER.id, to: '2026-03-02' }, ['c2']],
    [{ unitId: 'so-xay-dung', from: '2026-03-03' }, []],
    [{ unitId: 'chieu-sang', to: '2026-03-01' }, ['c1']],
    [{ operatorId: OTHER.id, from: '2026-03-02', to: '2026-03-02' }, ['c2']],
    [{ operatorId: TAKER.id, from: '2026-03-02' }, []],
    [{ operatorId: OTHER.id, minSeconds: 91 }, []],
  ])('%j', (asked, callIds) => {
    const { items, total } = rig.recordings.page(asked, CHIEF)
    expect([items.map(({ callId }) => callId), total]).toEqual([callIds, callIds.length])
  })

  test('Đ12.1, A15: a number leads nobody to a confidential case that they may not read', () => {
    const admin: Person = { ...CHIEF, id: 9, role: 'admin' }
    const insert = rig.db.raw.prepare(
      `INSERT INTO calls (id, direction, state, number_raw, number_display, number_kind, line, training, ticket_id, started_at)
      VALUES (?, 'in', 'ended', '', '', 'mobile', '', 0, ?, '2026-03-01T01:00:00.000Z')`,
    )
    insert.run('open', 1)
    insert.run('secret', 2)
    rig.call('open')
    rig.call('secret', { ticketCode: 'HP26-000002' })
    rig.db.raw.prepare('UPDATE tickets SET confidential = 1, operator_id = ? WHERE id = 2').run(TAKER.id)
    rig.confidential.set('HP26-000002', TAKER.id)
    const found = (q: string, viewer: Person) =>
      rig.recordings.page({ q }, viewer).items.map(({ callId }) => callId)
    for (const q of ['0950', '0950 HP26-000002']) expect(found(q, admin)).not.toContain('secret')
    expect(found('0950', admin)).toEqual(['open'])
    expect(found('0950', CHIEF)).toEqual(['secret', 'open'])
  })
})
