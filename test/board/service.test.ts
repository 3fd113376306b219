import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { createBoard } from '../../src/board/service.ts'
import { createBoardStore } from '../../src/board/store.ts'
import type { CallView, WaitingCaller } from '../../src/calls/contract.ts'
import type { PresenceView } from '../../src/presence/contract.ts'
import {
  ADMIN,
  createDesk,
  type Desk,
  OFFICER,
  OPERATOR,
  OTHER_OPERATOR,
  SUPERVISOR,
} from '../support/desk.ts'

const AT = '2026-03-02T01:00:00.000Z'

let desk: Desk
let people: readonly Person[]
let states: Map<number, Partial<PresenceView>>
let waiting: readonly WaitingCaller[]
let done: unknown[]

beforeEach(() => {
  desk = createDesk()
  people = [OPERATOR, OTHER_OPERATOR, SUPERVISOR, OFFICER]
  states = new Map()
  waiting = []
  talk = null
  done = []
})
afterEach(() => desk.close())

const viewOf = (id: number): PresenceView => ({
  state: 'offline',
  reason: null,
  since: AT,
  wrapUpEndsAt: null,
  wrapUpExtended: false,
  next: 'ready',
  ...states.get(id),
})

let talk: CallView | null = null
const board = (now = (): Date => desk.now()) =>
  createBoard({
    store: createBoardStore(desk.db),
    people: () => people,
    presence: {
      view: viewOf,
      set: (id, wish) => {
        done.push([id, wish])
        return viewOf(id)
      },
      dismiss: (id) => void done.push([id, 'dismissed']),
    },
    mayReadCase: (_code, { role }) => role === 'supervisor',
    calls: { waiting: () => waiting, current: () => talk },
    supervisionOf: () => null,
    endSessions: (id) => void done.push([id, 'sessions ended']),
    tell: (...told) => void done.push(told),
    audit: (...line) => void done.push(line),
    now,
  })

/** A citizen's call: seconds from the queue to the answer, null for none. */
function call(id: string, changes: Record<string, unknown> = {}): void {
  const row = {
    id,
    direction: 'in',
    state: 'ended',
    outcome: 'answered',
    number_raw: '',
    number_display: '',
    number_kind: 'mobile',
    line: '',
    training: 0,
    started_at: '2026-03-01T20:00:00.000Z',
    queued_at: '2026-03-01T20:00:10.000Z',
    answered_at: '2026-03-01T20:00:30.000Z',
    ...changes,
  }
  const names = Object.keys(row)
  desk.db.raw
    .prepare(`INSERT INTO calls (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
    .run(...Object.values(row))
}

describe('R020: the floor', () => {
  test('Đ12.1, A15: shows the number of a talk whose case is confidential to whoever may read that case alone', () => {
    states.set(OPERATOR.id, { state: 'onCall' })
    talk = {
      id: 'c1',
      direction: 'in',
      state: 'talking',
      outcome: 'answered',
      number: { raw: '0950000777', e164: '+84950000777', display: '0950 000 777', kind: 'mobile' },
      callerName: null,
      line: '',
      operatorId: OPERATOR.id,
      operatorName: OPERATOR.name,
      ticketCode: 'HP26-000001',
      training: false,
      noticeVersion: null,
      startedAt: AT,
      queuedAt: AT,
      answeredAt: AT,
      endedAt: null,
      endedBy: null,
    }
    const shownTo = (viewer: Person) =>
      board()
        .board(viewer)
        .operators.find(({ personId }) => personId === OPERATOR.id)?.call
    expect(shownTo(SUPERVISOR)).toMatchObject({ display: '0950 ••• 777', isMasked: true })
    expect(shownTo(ADMIN)).toMatchObject({ display: '' })
    expect(shownTo(ADMIN)).not.toHaveProperty('isMasked')
    // R068: whoever works the call sees the whole, a supervisor of the own one too.
    expect(shownTo({ ...SUPERVISOR, id: OPERATOR.id })).toMatchObject({ display: '0950 000 777' })
  })

  test('has everybody who takes calls, by name, and nobody else', () => {
    people = [...people, { ...OPERATOR, id: 77, name: 'An', active: false }]
    expect(
      board()
        .board(SUPERVISOR)
        .operators.map(({ name }) => name),
    ).toEqual(['Đoàn Thị Ngát', 'Nguyễn Thị Hạ', 'Trần Văn Đức'])
  })

  test('says how many wait, and since when the first of them does', () => {
    const caller = { callId: 'c', display: '', training: false, back: false }
    waiting = [
      { ...caller, since: '2026-03-02T00:59:30.000Z' },
      { ...caller, since: '2026-03-02T00:59:00.000Z' },
    ]
    expect(board().board(SUPERVISOR)).toMatchObject({ waiting: 2, longestSince: '2026-03-02T00:59:00.000Z' })
  })

  test('counts the city’s day: answered, within 20 s, abandoned; no training, nothing of ours, nothing of yesterday', () => {
    call('in time')
    call('late', { answered_at: '2026-03-01T20:00:30.001Z' })
    call('abandoned', { answered_at: null, outcome: 'abandoned' })
    call('callback', { answered_at: null, outcome: 'callback' })
    call('voicemail', { answered_at: null, outcome: 'voicemail' })
    call('waits', { answered_at: null, outcome: null, state: 'queued' })
    call('training', { training: 1 })
    call('ours', { direction: 'out' })
    call('no queue', { queued_at: null, answered_at: null, outcome: 'abandoned' })
    call('yesterday', { started_at: '2026-03-01T16:59:59.000Z' })
    expect(board().board(SUPERVISOR).today).toEqual({ answered: 2, inTime: 1, abandoned: 1, diverted: 2 })
  })

  test('is counted once for all who look in the same second, and again in the next', () => {
    let at = Date.parse(AT)
    const shown = board(() => new Date(at))
    expect(shown.board(SUPERVISOR).today.answered).toBe(0)
    call('one')
    at += 800
    expect(shown.board(SUPERVISOR).today.answered).toBe(0)
    at += 200
    expect(shown.board(SUPERVISOR).today.answered).toBe(1)
  })
})

describe('a supervisor’s word', () => {
  const HOW = { reason: 'technical' as const, words: ' Tai nghe hỏng ' }

  test('pauses somebody, tells them why, and is in the audit log', () => {
    states.set(OPERATOR.id, { state: 'onCall' })
    board().pause(OPERATOR.id, HOW, SUPERVISOR)
    expect(done).toEqual([
      [OPERATOR.id, { state: 'paused', reason: 'technical' }],
      [
        SUPERVISOR.id,
        'presence.forcedPause',
        `person:${String(OPERATOR.id)}`,
        { reason: 'technical', words: 'Tai nghe hỏng' },
      ],
      [OPERATOR.id, 'paused', SUPERVISOR.name, 'Tai nghe hỏng'],
    ])
  })

  test('signs somebody out, who is told before the page is closed', () => {
    states.set(OPERATOR.id, { state: 'paused', reason: 'meal' })
    board().signOut(OPERATOR.id, 'Hết ca', SUPERVISOR)
    expect(done).toEqual([
      [SUPERVISOR.id, 'presence.forcedSignOut', `person:${String(OPERATOR.id)}`, { words: 'Hết ca' }],
      [OPERATOR.id, 'signedOut', SUPERVISOR.name, 'Hết ca'],
      [OPERATOR.id, 'dismissed'],
      [OPERATOR.id, 'sessions ended'],
    ])
  })

  test('hangs up on no citizen', () => {
    states.set(OPERATOR.id, { state: 'onCall' })
    expect(() => {
      board().signOut(OPERATOR.id, 'Hết ca', SUPERVISOR)
    }).toThrow(expect.objectContaining({ code: 'OPERATOR_ON_A_CALL' }))
    expect(done).toEqual([])
  })

  test('does nothing to those who left, nor to people of units', () => {
    for (const [id, code] of [
      [OPERATOR.id, 'NOT_AT_THE_LINE'],
      [OFFICER.id, 'PERSON_NOT_FOUND'],
      [99, 'PERSON_NOT_FOUND'],
    ] as const) {
      expect(() => {
        board().pause(id, HOW, SUPERVISOR)
      }).toThrow(expect.objectContaining({ code }))
      expect(() => {
        board().signOut(id, 'Hết ca', SUPERVISOR)
      }).toThrow(expect.objectContaining({ code }))
    }
    expect(done).toEqual([])
  })
})
