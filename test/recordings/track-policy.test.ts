import { expect, test } from 'vitest'
import { type CallCourse, marksOf, trackOf } from '../../src/recordings/track-policy.ts'
import type { TransferView } from '../../src/transfers/contract.ts'

const START = Date.parse('2026-03-02T01:00:00.000Z')
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString()
const SOUND = { startedAt: at(0), durationMs: 60_000 }
const TALK = [{ members: ['operator' as const, 'citizen' as const], sound: 'talk' as const }]

function transferTo(label: string): TransferView {
  return {
    id: 'transfer1',
    callId: 'call-1',
    ticketCode: null,
    operatorId: 1,
    operatorName: null,
    mode: 'consult',
    state: 'returned',
    hasLeft: false,
    actions: [],
    attempts: [
      {
        target: { number: '02250000113', unitId: 'cong-an', label, ask: true },
        number: { raw: '02250000113', e164: '+842250000113', display: '0225 000 0113', kind: 'landline' },
        state: 'accepted',
        startedAt: at(20),
        answeredAt: at(22),
        acceptedAt: at(23),
        endedAt: null,
        cause: null,
      },
    ],
    current: 0,
    startedAt: at(20),
    endedAt: null,
  }
}

const span = (
  from: number,
  to: number | null,
  changes: Partial<CallCourse['past']['spans'][number]> = {},
) => ({
  from: at(from),
  to: to === null ? null : at(to),
  groups: TALK,
  transferId: null,
  operatorName: 'Nguyễn Thị Hạ',
  attempt: null,
  end: null,
  ...changes,
})

function course(changes: Partial<CallCourse> = {}): CallCourse {
  return {
    direction: 'in',
    queuedAt: at(8),
    answeredAt: at(20),
    endedAt: at(60),
    past: { spans: [], transfers: [] },
    ...changes,
  }
}

const brief = (call: CallCourse | undefined, sound = SOUND) =>
  trackOf(sound, call).map(({ fromMs, toMs, phase }) => [phase, fromMs / 1_000, toMs / 1_000])

test('greeting, queue, and the line from the answer to the last sample', () => {
  const past = { spans: [span(20, 40), span(40, null)], transfers: [] }
  expect(brief(course({ past }))).toEqual([
    ['greeting', 0, 8],
    ['queue', 8, 20],
    ['line', 20, 40],
    ['line', 40, 60],
  ])
})

test('who hears whom is told with the names of operator and agency', () => {
  const transfer = transferTo('Trực ban · Công an phường')
  const withAgency = span(20, 50, {
    transferId: transfer.id,
    attempt: 0,
    end: { cause: 'merge', by: 'operator', name: null },
  })
  const [, , stretch] = trackOf(SOUND, course({ past: { spans: [withAgency], transfers: [transfer] } }))
  expect(stretch).toMatchObject({
    groups: TALK,
    operatorName: 'Nguyễn Thị Hạ',
    agencyName: 'Trực ban · Công an phường',
    cause: 'merge',
  })
})

test('an agency without a name is told by its number', () => {
  const transfer = transferTo('')
  const past = { spans: [span(20, 50, { transferId: transfer.id, attempt: 0 })], transfers: [transfer] }
  expect(trackOf(SOUND, course({ past })).at(-1)?.agencyName).toBe('0225 000 0113')
})

test('a call that nobody took ends in the queue', () => {
  expect(brief(course({ answeredAt: null, endedAt: at(45) }))).toEqual([
    ['greeting', 0, 8],
    ['queue', 8, 45],
  ])
})

test('a call that never came to the queue is greeting alone', () => {
  expect(brief(course({ queuedAt: null, answeredAt: null, endedAt: at(5) }))).toEqual([['greeting', 0, 5]])
})

test('a call of ours was dialled first', () => {
  const past = { spans: [span(20, null)], transfers: [] }
  expect(brief(course({ direction: 'out', queuedAt: null, past }))).toEqual([
    ['dialing', 0, 20],
    ['line', 20, 60],
  ])
})

test('what was before the first and after the last sample is cut off', () => {
  const past = { spans: [span(20, 200)], transfers: [] }
  const consult = { startedAt: at(30), durationMs: 10_000 }
  expect(brief(course({ past }), consult)).toEqual([['line', 0, 10]])
})

test('moments too short to see, unreadable times, unknown calls and unknown lengths tell nothing', () => {
  const past = { spans: [span(20, 20.2), span(20.2, 60), { ...span(0, 1), from: 'soon' }], transfers: [] }
  expect(brief(course({ past })).filter(([phase]) => phase === 'line')).toEqual([['line', 20.2, 60]])
  expect(brief(undefined)).toEqual([])
  expect(trackOf({ startedAt: at(0), durationMs: null }, course())).toEqual([])
  expect(trackOf({ startedAt: 'never', durationMs: 5 }, course())).toEqual([])
})

test('R068: what was masked is cut to the sound, in order, however short; what began after its end is not in it', () => {
  const at = (seconds: number): string =>
    new Date(Date.parse(SOUND.startedAt) + seconds * 1_000).toISOString()
  const mark = (from: number, until: number | null) => ({
    kind: 'masked' as const,
    name: 'Ha',
    from: at(from),
    until: until === null ? null : at(until),
  })
  const lengthMs = SOUND.durationMs
  const end = lengthMs / 1_000
  expect(
    marksOf(SOUND, [mark(end + 1, null), mark(5, null), mark(2, 2.05), mark(-3, 1)]).map(
      ({ fromMs, toMs }) => [fromMs, toMs],
    ),
  ).toEqual([
    [0, 1_000],
    [2_000, 2_050],
    [5_000, lengthMs],
  ])
})
