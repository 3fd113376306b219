import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CallView } from '../../src/calls/contract.ts'
import { AppError } from '../../src/platform/errors.ts'
import type { PresenceView } from '../../src/presence/contract.ts'
import { createSupervisions, type SupervisionDeps } from '../../src/supervision/service.ts'
import { createSupervisionStore } from '../../src/supervision/store.ts'
import { ADMIN, createDesk, type Desk, OPERATOR, OTHER_OPERATOR, SUPERVISOR } from '../support/desk.ts'

const OTHER_SUPERVISOR = { ...SUPERVISOR, id: 9, username: 'other', name: 'Phạm Thị Nhàn' }

const aCall = (changes: Partial<CallView> = {}): CallView => ({
  id: 'call-1',
  direction: 'in',
  state: 'talking',
  outcome: null,
  number: { raw: '', e164: null, display: '', kind: 'anonymous' },
  callerName: null,
  line: '02251022',
  operatorId: OPERATOR.id,
  operatorName: OPERATOR.name,
  ticketCode: 'HP26-000001',
  training: false,
  noticeVersion: null,
  startedAt: '2026-03-02T00:59:00.000Z',
  queuedAt: null,
  answeredAt: null,
  endedAt: null,
  endedBy: null,
  ...changes,
})
const aPresence = (changes: Partial<PresenceView> = {}): PresenceView => ({
  state: 'ready',
  reason: null,
  since: '2026-03-02T00:59:00.000Z',
  wrapUpEndsAt: null,
  wrapUpExtended: false,
  next: 'ready',
  ...changes,
})

let desk: Desk
let calls: Map<number, CallView>
let presence: Partial<PresenceView>
let asked: string[]
let audited: unknown[][]
let told: unknown[]
let refuse: Set<string>
let alive: string[]
let operatorLeg: string | undefined
let mayRead: boolean

beforeEach(() => {
  desk = createDesk()
  calls = new Map(
    [OPERATOR, OTHER_OPERATOR].map(({ id }) => [id, aCall({ id: `call-${String(id)}`, operatorId: id })]),
  )
  presence = { state: 'paused' }
  asked = []
  audited = []
  told = []
  refuse = new Set()
  alive = []
  operatorLeg = 'leg'
  mayRead = true
})
afterEach(() => desk.close())

function build(changes: Partial<SupervisionDeps> = {}) {
  let ids = 0
  const ask = (...words: readonly unknown[]): Promise<void> => {
    const text = words.join(' ')
    asked.push(text)
    return refuse.has(String(words[0]))
      ? Promise.reject(new AppError('unavailable', 'ARI_UNREACHABLE', text))
      : Promise.resolve()
  }
  return createSupervisions({
    store: createSupervisionStore(desk.db),
    exchange: {
      hasPhone: (id) => Promise.resolve(id !== OTHER_SUPERVISOR.id),
      ring: (...of) => ask('ring', ...of),
      seat: (id) => ask('seat', id),
      snoop: (...of) => ask('snoop', ...of),
      join: (...of) => ask('join', ...of),
      hangUp: (channel) => ask('hangUp', channel),
      cleanUp: (id) => ask('cleanUp', id),
      alive: () => Promise.resolve(alive),
    },
    callOf: (id) => calls.get(id) ?? null,
    operatorLeg: () => Promise.resolve(operatorLeg),
    presence: { view: () => aPresence(presence) },
    mayReadCase: () => mayRead,
    nameOf: (id) => (id === SUPERVISOR.id ? SUPERVISOR.name : null),
    audit: (...line) => void audited.push(line),
    tell: (...words) => void told.push(words),
    policy: { shown: true },
    transaction: (work) => desk.db.transaction(work),
    now: desk.now,
    newId: () => `id0${String((ids += 1))}`,
    log: { warn: () => undefined },
    ...changes,
  })
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const FROM = '2026-03-02T01:00:00.000Z'
const SUBJECT = `person:${String(OPERATOR.id)}`

async function listening(changes: Partial<SupervisionDeps> = {}) {
  const made = build(changes)
  await made.supervise(OPERATOR.id, 'listen', SUPERVISOR)
  made.take({ type: 'came', id: 'id01', nth: null })
  await settled()
  made.take({ type: 'came', id: 'id01', nth: 1 })
  await settled()
  return made
}

describe('listening', () => {
  test('rings the supervisor, and puts an ear on the operator’s leg when they have answered', async () => {
    const made = build()
    await made.supervise(OPERATOR.id, 'listen', SUPERVISOR)
    expect(asked).toEqual([`ring id01 ${String(SUPERVISOR.id)}`])
    expect(made.of(OPERATOR.id)).toEqual({
      supervisorId: SUPERVISOR.id,
      supervisorName: SUPERVISOR.name,
      mode: 'listen',
      since: null,
    })
    expect(audited).toEqual([])
    made.take({ type: 'came', id: 'id01', nth: null })
    await settled()
    made.take({ type: 'came', id: 'id01', nth: 1 })
    await settled()
    expect(asked.slice(1)).toEqual(['seat id01', 'snoop id01 1 leg listen', 'join id01 1'])
    expect(made.of(OPERATOR.id)?.since).toBe(FROM)
    expect(told).toEqual([[OPERATOR.id, { name: SUPERVISOR.name, mode: 'listen' }]])
    expect(audited).toEqual([
      [
        SUPERVISOR.id,
        'supervision.started',
        SUBJECT,
        { callId: 'call-1', mode: 'listen', from: FROM, ticketCode: 'HP26-000001', shown: true },
      ],
    ])
  })

  test('changes to whispering by a second ear, and the first ends only when that one is there', async () => {
    const made = await listening()
    asked = []
    await made.supervise(OPERATOR.id, 'whisper', SUPERVISOR)
    expect(asked).toEqual(['snoop id01 2 leg whisper'])
    // The first one's end, in whichever order it is told, is no end of the listening.
    made.take({ type: 'came', id: 'id01', nth: 2 })
    await settled()
    made.take({ type: 'gone', id: 'id01', nth: 1 })
    expect(asked.slice(1)).toEqual(['join id01 2', 'hangUp supervise-id01-1'])
    expect(made.of(OPERATOR.id)?.mode).toBe('whisper')
    expect(audited.at(-1)).toEqual([
      SUPERVISOR.id,
      'supervision.changed',
      SUBJECT,
      { callId: 'call-1', mode: 'whisper', before: 'listen', from: FROM },
    ])
    await made.supervise(OPERATOR.id, 'whisper', SUPERVISOR)
    expect(asked).toHaveLength(3)
  })

  test('answered while another mode was asked for begins in that one', async () => {
    const made = build()
    await made.supervise(OPERATOR.id, 'listen', SUPERVISOR)
    await made.supervise(OPERATOR.id, 'barge', SUPERVISOR)
    made.take({ type: 'came', id: 'id01', nth: null })
    await settled()
    expect(asked.at(-1)).toBe('snoop id01 1 leg barge')
  })

  test.each([
    ['the supervisor hangs up', { nth: null }, 'left'],
    ['the operator’s call ends', { nth: 1 }, 'callOver'],
  ] as const)('ends when %s, and the log says from when until when', async (_, gone, why) => {
    const made = await listening()
    asked = []
    desk.pass(30_000)
    made.take({ type: 'gone', id: 'id01', ...gone })
    expect(made.of(OPERATOR.id)).toBeNull()
    expect(made.listenerOf(OPERATOR.id)).toBeNull()
    expect(told.at(-1)).toEqual([OPERATOR.id, null])
    expect(audited.at(-1)).toEqual([
      SUPERVISOR.id,
      'supervision.ended',
      SUBJECT,
      { callId: 'call-1', mode: 'listen', from: FROM, until: '2026-03-02T01:00:30.000Z', why },
    ])
    expect(asked).toEqual(['hangUp supervise-id01', 'hangUp supervise-id01-1', 'cleanUp id01'])
    made.take({ type: 'gone', id: 'id01', nth: null })
    expect(audited).toHaveLength(2)
  })

  test('ends when a transfer takes the operator away from the citizen, and goes on while they are together', async () => {
    const made = await listening()
    made.talkMoved('call-1', true)
    made.talkMoved('another', false)
    expect(made.of(OPERATOR.id)).not.toBeNull()
    made.talkMoved('call-1', false)
    expect(audited.at(-1)?.[3]).toMatchObject({ why: 'transferred' })
  })

  test('that nobody answered leaves no line in the log', async () => {
    const made = build()
    await made.supervise(OPERATOR.id, 'listen', SUPERVISOR)
    made.take({ type: 'gone', id: 'id01', nth: null })
    expect(made.of(OPERATOR.id)).toBeNull()
    expect(audited).toEqual([])
    expect(told).toEqual([])
  })

  test('that cannot be set up ends, and what comes of it later is hung up', async () => {
    refuse.add('snoop')
    const made = await listening()
    expect(audited.at(-1)?.[3]).toMatchObject({ why: 'failed' })
    asked = []
    made.take({ type: 'came', id: 'id01', nth: 1 })
    expect(asked).toEqual(['hangUp supervise-id01-1'])
  })

  test('is hidden from the operator where the city says so, until the supervisor speaks', async () => {
    const made = await listening({ policy: { shown: false } })
    expect(told).toEqual([[OPERATOR.id, null]])
    await made.supervise(OPERATOR.id, 'whisper', SUPERVISOR)
    expect(told.at(-1)).toEqual([OPERATOR.id, { name: SUPERVISOR.name, mode: 'whisper' }])
    expect(audited[0]?.[3]).toMatchObject({ shown: false })
  })

  test('is left by the supervisor; by who does not listen nothing is', async () => {
    const made = await listening()
    await made.leave(OTHER_SUPERVISOR)
    expect(made.of(OPERATOR.id)).not.toBeNull()
    await made.leave(SUPERVISOR)
    expect(made.of(OPERATOR.id)).toBeNull()
    expect(audited.at(-1)?.[3]).toMatchObject({ why: 'left' })
  })
})

describe('is refused', () => {
  const refusal = (code: string) => expect.objectContaining({ code }) as unknown

  test('where there is no talk, or the operator is with an agency', async () => {
    calls.set(OPERATOR.id, aCall({ state: 'transferred' }))
    await expect(build().supervise(OPERATOR.id, 'listen', SUPERVISOR)).rejects.toEqual(
      refusal('SUPERVISION_NO_TALK'),
    )
    calls.set(OPERATOR.id, aCall())
    operatorLeg = undefined
    await expect(build().supervise(OPERATOR.id, 'listen', SUPERVISOR)).rejects.toEqual(
      refusal('SUPERVISION_NO_TALK'),
    )
  })

  test('for a confidential case that one may not read, and for others than supervisors', async () => {
    await expect(build().supervise(OPERATOR.id, 'listen', ADMIN)).rejects.toEqual(
      refusal('SUPERVISION_REFUSED'),
    )
    mayRead = false
    await expect(build().supervise(OPERATOR.id, 'listen', SUPERVISOR)).rejects.toEqual(
      refusal('SUPERVISION_REFUSED'),
    )
  })

  test('to a second supervisor, for a second talk, on a busy phone, and without a phone', async () => {
    const made = await listening()
    await expect(made.supervise(OPERATOR.id, 'listen', OTHER_SUPERVISOR)).rejects.toEqual(
      refusal('SUPERVISION_TAKEN'),
    )
    await expect(made.supervise(OTHER_OPERATOR.id, 'listen', SUPERVISOR)).rejects.toEqual(
      refusal('SUPERVISION_RUNNING'),
    )
    await expect(made.supervise(OTHER_OPERATOR.id, 'listen', OTHER_SUPERVISOR)).rejects.toEqual(
      refusal('SUPERVISION_NO_PHONE'),
    )
    presence = { state: 'onCall' }
    await expect(made.supervise(OTHER_OPERATOR.id, 'listen', OTHER_SUPERVISOR)).rejects.toEqual(
      refusal('SUPERVISOR_ON_A_CALL'),
    )
  })

  test('to one of two who ask in the same moment', async () => {
    const made = build({ presence: { view: () => aPresence() } })
    const both = await Promise.allSettled([
      made.supervise(OPERATOR.id, 'listen', SUPERVISOR),
      made.supervise(OPERATOR.id, 'listen', { ...OTHER_SUPERVISOR, id: 10 }),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  test('by a PBX that is away, and nothing is left of it', async () => {
    refuse.add('ring')
    const made = build()
    await expect(made.supervise(OPERATOR.id, 'listen', SUPERVISOR)).rejects.toEqual(
      refusal('ARI_UNREACHABLE'),
    )
    expect(made.of(OPERATOR.id)).toBeNull()
  })
})

describe('after a gap', () => {
  test('what still runs goes on', async () => {
    alive = ['supervise-id01', 'supervise-id01-1']
    const made = await listening()
    asked = []
    await made.resync()
    expect(made.of(OPERATOR.id)).not.toBeNull()
    expect(asked).toEqual([])
  })

  test('what the PBX no longer has is over, and what nobody knows of is hung up', async () => {
    alive = ['supervise-id01', 'supervise-ffff', 'supervise-ffff-3']
    const made = await listening()
    asked = []
    await made.resync()
    expect(audited.at(-1)?.[3]).toMatchObject({ why: 'unseen' })
    expect(asked).toEqual([
      'hangUp supervise-id01',
      'hangUp supervise-id01-1',
      'cleanUp id01',
      'hangUp supervise-ffff',
      'hangUp supervise-ffff-3',
    ])
  })
})
