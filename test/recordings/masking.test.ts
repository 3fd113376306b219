import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CallView } from '../../src/calls/contract.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createMasking } from '../../src/recordings/masking.ts'
import { createMaskStore } from '../../src/recordings/masks-store.ts'
import { createDesk, type Desk, OPERATOR, OTHER_OPERATOR } from '../support/desk.ts'

const FROM = '2026-03-02T01:00:00.000Z'

let desk: Desk
let call: CallView
let asked: unknown[]
let audited: unknown[][]
let told: unknown[]
let isAway: boolean

beforeEach(() => {
  desk = createDesk()
  call = {
    id: 'c1',
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
    startedAt: FROM,
    queuedAt: null,
    answeredAt: FROM,
    endedAt: null,
    endedBy: null,
  }
  asked = []
  audited = []
  told = []
  isAway = false
})
afterEach(() => desk.close())

const build = () =>
  createMasking({
    store: createMaskStore(desk.db),
    mute: (callId, muted) => {
      asked.push([callId, muted])
      return isAway ? Promise.reject(new AppError('unavailable', 'AMI_DOWN', '')) : Promise.resolve()
    },
    callOf: (id) => (id === call.id ? call : undefined),
    tell: (...words) => void told.push(words),
    audit: (...line) => void audited.push(line),
    transaction: (work) => desk.db.transaction(work),
    now: desk.now,
    log: { warn: () => undefined },
  })
const masks = () => createMaskStore(desk.db).ofCall('c1')
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('R068: the operator of a call', () => {
  test('masks its recording and records again; who and when is in the log', async () => {
    const masking = build()
    await masking.begin('c1', 'button', OPERATOR)
    const mask = { callId: 'c1', cause: 'button', since: FROM }
    expect(masking.of(OPERATOR.id)).toEqual(mask)
    desk.pass(12_000)
    await masking.end('c1', OPERATOR)
    expect(masking.of(OPERATOR.id)).toBeNull()
    expect(asked).toEqual([
      ['c1', true],
      ['c1', false],
    ])
    expect(told).toEqual([
      [OPERATOR.id, mask],
      [OPERATOR.id, null],
    ])
    const until = '2026-03-02T01:00:12.000Z'
    expect(masks()).toMatchObject([{ fromAt: FROM, untilAt: until, end: 'operator', cause: 'button' }])
    expect(audited).toEqual([
      [OPERATOR.id, 'recording.masked', 'ticket:HP26-000001', { callId: 'c1', cause: 'button', from: FROM }],
      [
        OPERATOR.id,
        'recording.unmasked',
        'ticket:HP26-000001',
        { callId: 'c1', from: FROM, until, why: 'operator' },
      ],
    ])
  })

  test('is one mask however often it is asked for, also when both words come at once', async () => {
    const masking = build()
    await Promise.all([
      masking.begin('c1', 'field', OPERATOR),
      masking.begin('c1', 'field', OPERATOR),
      masking.end('c1', OPERATOR),
      masking.end('c1', OPERATOR),
    ])
    expect(masks()).toHaveLength(1)
    expect(asked).toHaveLength(2)
  })

  test('is nobody else, and nobody once the call is over or with an agency', async () => {
    const masking = build()
    const refusal = expect.objectContaining({ code: 'MASK_NO_TALK' }) as unknown
    await expect(masking.begin('c1', 'button', OTHER_OPERATOR)).rejects.toEqual(refusal)
    await expect(masking.begin('unknown', 'button', OPERATOR)).rejects.toEqual(refusal)
    await masking.begin('c1', 'button', OPERATOR)
    await masking.end('c1', OTHER_OPERATOR)
    expect(masking.of(OPERATOR.id)).not.toBeNull()
    call = { ...call, state: 'transferred' }
    await expect(masking.begin('c1', 'button', OPERATOR)).rejects.toEqual(refusal)
  })

  test('is told when the PBX cannot: nothing is masked then, and what is masked stays so', async () => {
    isAway = true
    const masking = build()
    await expect(masking.begin('c1', 'button', OPERATOR)).rejects.toMatchObject({ code: 'AMI_DOWN' })
    expect(masking.of(OPERATOR.id)).toBeNull()
    expect(masks()).toMatchObject([{ end: 'failed', untilAt: FROM }])
    isAway = false
    await masking.begin('c1', 'button', OPERATOR)
    isAway = true
    await expect(masking.end('c1', OPERATOR)).rejects.toMatchObject({ code: 'AMI_DOWN' })
    expect(masking.of(OPERATOR.id)).not.toBeNull()
  })
})

describe('a mask ends by itself', () => {
  test('when the service ends in order, for nobody could end it then; where the PBX is away, when it is back', async () => {
    const masking = build()
    await masking.begin('c1', 'button', OPERATOR)
    isAway = true
    await masking.close()
    expect(masks()).toMatchObject([{ end: null }])
    isAway = false
    await masking.close()
    expect(asked.at(-1)).toEqual(['c1', false])
    expect(masks()).toMatchObject([{ end: 'resync' }])
    expect(audited.at(-1)?.[1]).toBe('recording.unmasked')
  })

  test('with the call, without asking the PBX', async () => {
    const masking = build()
    await masking.begin('c1', 'button', OPERATOR)
    call = { ...call, state: 'ended', endedAt: FROM }
    masking.followCall(call)
    await settled()
    expect(masks()).toMatchObject([{ end: 'callOver' }])
    expect(asked).toEqual([['c1', true]])
  })

  test('when the call goes on without who masked it', async () => {
    const masking = build()
    await masking.begin('c1', 'button', OPERATOR)
    masking.followCall({ ...call, state: 'held' })
    await settled()
    expect(masking.of(OPERATOR.id)).not.toBeNull()
    call = { ...call, state: 'transferred' }
    masking.followCall(call)
    await settled()
    expect(masks()).toMatchObject([{ end: 'left' }])
    expect(asked.at(-1)).toEqual(['c1', false])
  })

  test('after a restart of the service, and not for a moment without the PBX', async () => {
    const masking = build()
    await masking.begin('c1', 'button', OPERATOR)
    await masking.resync()
    expect(masking.of(OPERATOR.id)).not.toBeNull()
    const next = build()
    await next.resync()
    expect(masks()).toMatchObject([{ end: 'resync' }])
    expect(asked.at(-1)).toEqual(['c1', false])
  })
})
