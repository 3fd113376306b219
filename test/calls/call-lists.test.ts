import { expect, test } from 'vitest'
import { missedOf, missedOnDesk } from '../../src/calls/call-lists.ts'
import { withoutCaller } from '../../src/calls/call-view.ts'
import type { MissedRow } from '../../src/calls/service.ts'

const row = (id: string, isConfidential: boolean): MissedRow => ({
  id,
  direction: 'in',
  state: 'ended',
  outcome: 'abandoned',
  numberRaw: '0950000777',
  numberE164: '+84950000777',
  numberDisplay: '0950 000 777',
  numberKind: 'mobile',
  callerName: 'Phạm Văn Đại',
  line: '02251022',
  training: false,
  noticeVersion: null,
  recording: null,
  voicemailRecording: null,
  callbackAt: null,
  callbackE164: null,
  operatorId: null,
  ticketId: 1,
  ticketCode: 'HP26-000001',
  startedAt: '2026-03-02T01:00:00.000Z',
  queuedAt: null,
  answeredAt: null,
  endedAt: '2026-03-02T01:01:00.000Z',
  endedBy: null,
  missedDoneAt: null,
  missedDoneBy: null,
  isConfidential,
})

test('R020, Đ12.1: a missed call of a confidential case is a line of its own, without number and name', () => {
  const lines = missedOf([row('b', false), row('a', false), row('secret', true)], '225', () => null)
  expect(lines.map(({ callId, times }) => [callId, times])).toEqual([
    ['b', 2],
    ['secret', 1],
  ])
  const [open, secret] = lines
  expect(open).toMatchObject({ callerName: 'Phạm Văn Đại', number: { display: '0950 000 777' } })
  expect(secret).toMatchObject({
    callerName: null,
    ticketCode: 'HP26-000001',
    confidential: true,
    number: { e164: null, display: '' },
  })
  expect(open?.confidential).toBe(false)
  expect(JSON.stringify(secret)).not.toMatch(/950000777|950 000 777|Phạm/)
})

test('A15: a call without its caller keeps all that does not tell who it was', () => {
  const call = {
    id: 'c1',
    direction: 'in',
    state: 'ended',
    outcome: 'answered',
    number: { raw: '0950000777', e164: '+84950000777', display: '0950 000 777', kind: 'mobile' },
    callerName: 'Phạm Văn Đại',
    line: '02251022',
    operatorId: 1,
    operatorName: 'Mai',
    ticketCode: 'HP26-000001',
    training: false,
    noticeVersion: null,
    startedAt: '2026-03-02T01:00:00.000Z',
    queuedAt: null,
    answeredAt: null,
    endedAt: null,
    endedBy: null,
  } as const
  expect(withoutCaller(call)).toEqual({
    ...call,
    callerName: null,
    number: { raw: '', e164: null, display: '', kind: 'anonymous' },
  })
})

test('R020, R068: a desk is told the newest eight to ring back and how many there are, with masked numbers where it looks on', () => {
  const rows = Array.from({ length: 11 }, (_, index) => ({
    ...row(`c${String(index)}`, false),
    numberE164: `+8495000${String(1_000 + index)}`,
    numberRaw: `095000${String(1_000 + index)}`,
  }))
  const all = missedOf(rows, '225', () => null)
  const whole = missedOnDesk(all, true)
  expect(whole).toEqual({ missed: all.slice(0, 8), missedTotal: 11 })
  const masked = missedOnDesk(all, false)
  expect(masked.missed.map(({ number }) => number.e164)).toEqual(Array(8).fill(null))
  expect(masked.missedTotal).toBe(11)
  expect(missedOnDesk([], true)).toEqual({ missed: [], missedTotal: 0 })
})
