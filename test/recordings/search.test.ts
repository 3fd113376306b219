import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import type { RecordingQuery } from '../../src/recordings/contract.ts'
import { filterOf, type SearchTerm } from '../../src/recordings/search-policy.ts'
import { CHIEF, createRig, OTHER, type Rig, TAKER } from '../support/recording-rig.ts'

const NOTHING = {
  terms: null,
  from: null,
  until: null,
  operatorId: null,
  unitId: null,
  minMs: null,
  maxMs: null,
}

const begins = (word: string): SearchTerm => ({ kind: 'begins', word })
const code = (series: string, number: string): SearchTerm => ({ kind: 'code', parts: [series, number] })
const whole = (digits: string): SearchTerm => ({ kind: 'number', digits })

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
      terms: [begins('duong'), begins('hp26')],
      operatorId: 4,
      unitId: 'u',
      minMs: 30_000,
      maxMs: 90_000,
    })
  })

  test.each<[string, SearchTerm[]]>([
    ['hp26-1', [code('hp26', '000001')]],
    ['HP26-000012', [code('hp26', '000012')]],
    ['hp26-', [begins('hp26')]],
    ['hp26-0950000', [code('hp26', '0950000')]],
    ['0950a', [begins('0950a')]],
  ])('a code is found by its number: %s', (q, terms) => {
    expect(filterOf({ q }).terms).toEqual(terms)
  })

  test.each<[string, SearchTerm[]]>([
    ['0950 000.777', [whole('0950000777')]],
    ['+84 950 000 777', [whole('0950000777')]],
    ['0084950000777', [whole('0950000777')]],
    ['+81 3-1234-5678', [whole('81312345678')]],
    ['0950 000', [whole('0950000')]],
    ['0950\u19b0', [whole('0950')]],
    ['\u1cf20950\u19c0000', [whole('0950000')]],
    ['０９５０', []],
    ['hạ 0950000777 hp26-3', [begins('ha'), whole('0950000777'), code('hp26', '000003')]],
    ['%', []],
  ])('digits that stand together are one number, however it is written: %s', (q, terms) => {
    expect(filterOf({ q }).terms).toEqual(terms)
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
    const number = '0950000777'
    for (const q of [number, `${number} HP26-000002`]) expect(found(q, admin)).not.toContain('secret')
    expect(found(number, admin)).toEqual(['open'])
    expect(found(number, CHIEF)).toEqual(['secret', 'open'])
  })

  test('R068: a number is found by the whole of it, and never made out by a part', () => {
    rig.call('mobile')
    rig.call('landline', { numberDisplay: '0225 3950 113', ticketCode: 'HP26-000113' })
    rig.call('short', { numberDisplay: '113', operatorName: null, ticketCode: null })
    const found = (q: string) => rig.recordings.page({ q }, CHIEF).items.map(({ callId }) => callId)
    for (const q of [
      '0950000777',
      '0950 000 777',
      '+84 950 000 777',
      'duong 0950000777',
      '84950000777',
      '84 950 000 777',
      '950000777',
      'duong 950 000 777',
    ])
      expect(found(q), q).toEqual(['mobile'])
    for (const q of ['02253950113', '2253950113', '84 225 3950 113'])
      expect(found(q), q).toEqual(['landline'])
    expect(found('113')).toEqual(['short'])
    const parts = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((length) => '0950000777'.slice(0, length))
    for (const q of [
      ...parts,
      '000',
      '777',
      '0950 000',
      '0950 000 77',
      '000 777',
      '3950',
      'hp26 000',
      'duong 0950',
      '8495000077',
      '95000077',
      '+376 950 000',
    ])
      expect(found(q), q).toEqual([])
    for (const q of ['hp26-0950', 'hp26-0950000', 'hp26-095000', 'hp26-0950000777'])
      expect(found(q), q).toEqual([])
    expect(found('HP26-113')).toEqual(['landline'])
  })
})
