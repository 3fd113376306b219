import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRecordingStore } from '../../src/recordings/store.ts'
import { callText, changedCall, heardOf, lastingText } from '../../src/seals/call-facts.ts'
import { contentBytes, formatOf, type RecordingSeal } from '../../src/seals/chain.ts'
import { createSeals } from '../../src/seals/service.ts'
import { createSealStore } from '../../src/seals/store.ts'
import { verifyChains } from '../../src/seals/verifying.ts'
import { type CallDesk, createCallDesk, journal, MAI, TUAN } from '../support/call-desk.ts'
import { fillDraft, OPERATOR } from '../support/desk.ts'

let desk: CallDesk
beforeEach(() => {
  desk = createCallDesk()
  desk.ready(MAI)
  desk.ready(TUAN)
})
afterEach(() => desk.close())

const sealStore = () => createSealStore(desk.db)
const seals = () =>
  createSeals({ store: sealStore(), transaction: desk.db.transaction.bind(desk.db), now: desk.now })
const found = () => {
  const store = sealStore()
  return verifyChains(store, { own: [], copies: [], trusted: [] }, store.triggers()).findings.map(
    ({ code, subject, detail }) => `${code} ${subject} ${detail}`,
  )
}

/** As it is settled after the hang-up; answers its id. */
function settle(callId: string, ticketCode: string | null): number {
  const store = createRecordingStore(desk.db)
  const at = desk.now().toISOString()
  store.add({
    callId,
    kind: 'call',
    base: `call-${callId}`,
    state: 'missing',
    flags: ['notAtPbx'],
    startedAt: at,
    endedAt: at,
    settledAt: at,
    releasedAt: at,
    training: false,
    kept: [],
    search: '',
  })
  const id = store.idOf(callId, 'call') ?? 0
  seals().append(id, 'missing', ticketCode)
  return id
}
function linkOf(id: number): RecordingSeal {
  const link = sealStore().sealOf(id)
  if (link === undefined) throw new Error('no link')
  return link
}
function answered(callId: string): string {
  desk.arrive(callId)
  desk.calls.event(callId, { type: 'queued' }, desk.now())
  desk.calls.event(callId, { type: 'connected', operatorId: MAI }, desk.now())
  desk.pass(5_000)
  return desk.tickets.byCall(callId)?.code ?? ''
}
const sql = (statement: string) => void desk.db.raw.exec(statement)

describe('R060: what a link says of the call', () => {
  test('is what its row says, and goes out as a hash that no list of numbers finds', () => {
    const code = answered('c1')
    desk.calls.event('c1', { type: 'ended' }, desk.now())
    const link = linkOf(settle('c1', code))
    expect(JSON.parse(link.callFacts ?? '')).toMatchObject({
      salt: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      numberE164: '+84950000777',
      direction: 'in',
      operatorId: MAI,
      ticketCode: code,
      linkedCode: code,
      outcome: 'answered',
      endedAt: desk.now().toISOString(),
    })
    expect(contentBytes(link)).not.toContain('950000777')
    expect(JSON.parse(contentBytes(link))).toEqual([
      'tongdai-recording-content-5',
      ...(JSON.parse(contentBytes({ ...link, callFacts: null })) as unknown[]).slice(1),
      expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    ])
    expect([formatOf(link), formatOf({ ...link, callFacts: `${link.callFacts ?? ''} ` })]).toEqual([2, null])
  })

  test('is said again by later links, whatever somebody made of the row meanwhile', () => {
    const id = settle('c1', answeredAndOver('c1'))
    const { callFacts } = linkOf(id)
    sql(`UPDATE calls SET operator_id = ${String(TUAN)}`)
    seals().append(id, 'missing', 'HP26-000009')
    expect(linkOf(id).callFacts).toBe(callFacts)
    expect(found()).toEqual(['CALL_CHANGED recording:1 operator; call c1'])
    expect([seals().fits(id), seals().callFits(id)]).toEqual([true, false])
  })

  test('is asked of the first link that names a case, where none says more', () => {
    const code = answeredAndOver('c1')
    const other = answeredAndOver('c2')
    const store = sealStore()
    expect(changedCall(store.callOf('c1'), { facts: null, code })).toEqual([])
    sql(
      "UPDATE ticket_calls SET ticket_id = (SELECT ticket_id FROM calls WHERE id = 'c2') WHERE call_id = 'c1'",
    )
    const old = { callFacts: null, ticketCode: code }
    const word = heardOf(heardOf(undefined, old), { ...old, ticketCode: other })
    expect(changedCall(store.callOf('c1'), word)).toEqual(['case'])
    expect(changedCall(undefined, word)).toEqual(['missing'])
    expect(changedCall(undefined, { facts: null, code: null })).toEqual([])
  })

  test('of a call that still runs holds what cannot change any more, and is asked once more', () => {
    answered('c1')
    const id = settle('c1', null)
    const first = linkOf(id).callFacts
    expect(lastingText(first)).toBeNull()
    desk.calls.event('c1', { type: 'connected', operatorId: TUAN }, desk.now())
    desk.calls.event('c1', { type: 'ended' }, desk.now())
    expect(found()).toEqual([])
    sql("UPDATE calls SET number_raw = '0950000999'")
    expect(found()).toEqual(['CALL_CHANGED recording:1 number; call c1'])
    sql("UPDATE calls SET number_raw = '0950000777'")
    seals().append(id, 'missing', null)
    sql('UPDATE calls SET operator_id = 99')
    expect(found()).toEqual(['CALL_CHANGED recording:1 operator; call c1'])
  })

  test('that is no JSON says nothing, and its link is named', () => {
    expect(lastingText('x')).toBeNull()
    expect(changedCall(undefined, { facts: 'x', code: null })).toEqual(['missing'])
    const code = answeredAndOver('c1')
    expect(changedCall(sealStore().callOf('c1'), { facts: '[1', code })).toEqual([])
    const call = sealStore().callOf('c1')
    if (call === undefined) throw new Error('no call')
    expect(callText(call)).not.toBe(callText(call))
  })
})

function answeredAndOver(callId: string): string {
  const code = answered(callId)
  desk.calls.event(callId, { type: 'ended' }, desk.now())
  return code
}

describe('R060: what the law and the day bring with them leaves calls whole', () => {
  test('a call that was put through, its journal replayed late, and rung back', () => {
    const arrivedAt = desk.now().getTime()
    const code = answered('c1')
    desk.calls.event('c1', { type: 'transferred' }, desk.now())
    desk.pass(5_000)
    desk.calls.event('c1', { type: 'ended' }, desk.now(), { endedBy: 'agency' })
    settle('c1', code)
    desk.restart()
    desk.calls.replay(
      journal('c1', arrivedAt, `&q=100&con=200&mem=op-${String(TUAN)}&cb=300&cbnum=0950000888&end=90000`),
    )
    desk.calls.event('c1', { type: 'connected', operatorId: TUAN }, desk.now())
    desk.calls.endMissing(new Set())
    expect(found()).toEqual([])
    // A lost call is rung back: the row says when.
    desk.arrive('c2')
    desk.calls.event('c2', { type: 'queued' }, desk.now())
    desk.calls.event('c2', { type: 'ended' }, desk.now())
    settle('c2', desk.tickets.byCall('c2')?.code ?? null)
    desk.calls.missedDone('c2', MAI)
    expect(desk.store.find('c2')?.missedDoneBy).toBe(MAI)
    expect(found()).toEqual([])
  })

  test('a case that is merged into another after its call was sealed', () => {
    const { code: parentCode, version } = fillDraft(desk)
    desk.tickets.sendSlip(parentCode, { version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    const child = fillDraft(desk)
    desk.dial('c1', MAI, '0950000777', child.code)
    desk.calls.event('c1', { type: 'connected', operatorId: MAI }, desk.now())
    desk.calls.event('c1', { type: 'ended' }, desk.now())
    settle('c1', child.code)
    const { version: read } = desk.tickets.view(child.code, OPERATOR)
    expect(
      desk.tickets.move(child.code, { version: read, action: 'merge', parentCode }, OPERATOR),
    ).toMatchObject({ state: 'merged' })
    expect(found()).toEqual([])
  })
})
