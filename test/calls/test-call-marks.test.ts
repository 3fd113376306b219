import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Arrival, createCalls } from '../../src/calls/service.ts'
import { createCallStore } from '../../src/calls/store.ts'
import { createDesk, type Desk, OPERATOR } from '../support/desk.ts'

const NUMBER = '0950000777'
let desk: Desk
let calls: ReturnType<typeof createCalls>

beforeEach(() => {
  desk = createDesk()
  const nothing = () => undefined
  calls = createCalls({
    store: createCallStore(desk.db),
    tickets: desk.tickets,
    recordings: { expect: nothing, collect: async () => undefined },
    presence: { callStarted: nothing, callEnded: nothing },
    nameOf: (id) => (id === OPERATOR.id ? OPERATOR.name : null),
    voicemailOf: () => null,
    notices: { pop: nothing, popClosed: nothing, call: nothing, waiting: nothing, missed: nothing },
    acknowledge: nothing,
    transaction: desk.db.transaction.bind(desk.db),
    now: desk.now,
    areaCode: '225',
    log: { info: nothing, warn: nothing, error: nothing },
  })
})

afterEach(() => desk.close())

function arrive(callId: string, training: boolean): void {
  const arrival: Arrival = {
    callId,
    direction: 'in',
    from: NUMBER,
    name: '',
    line: '02251022',
    noticeVersion: 'n-1',
    recording: null,
    training,
    operatorId: null,
    ticketCode: null,
  }
  calls.arrived(arrival, desk.now())
  calls.event(callId, { type: 'queued' }, desk.now())
}

/** Rings at the operator; the pop their console shows. */
function offer(callId: string) {
  calls.event(callId, { type: 'offered', operatorId: OPERATOR.id }, desk.now())
  return calls.popsOf(OPERATOR.id).find((pop) => pop.callId === callId)
}

describe('a test call', () => {
  it('answered by the scripted operator ends as an answered call with one training draft', () => {
    arrive('test-1', true)
    calls.event('test-1', { type: 'connected', operatorId: null }, desk.now())
    const code = calls.find('test-1')?.ticketCode
    calls.event('test-1', { type: 'ended' }, desk.now())

    const call = calls.find('test-1')
    expect(call).toMatchObject({ outcome: 'answered', training: true, operatorId: null, ticketCode: code })
    const all = desk.tickets.list({ training: true }, OPERATOR)
    expect(all.total).toBe(1)
    expect(all.items[0]).toMatchObject({
      code,
      state: 'draft',
      training: true,
      operatorName: null,
      kind: null,
    })
  })

  it('stays out of the missed list, the ticket list and the pop of the next real call from its number', () => {
    arrive('test-1', true)
    calls.event('test-1', { type: 'ended' }, desk.now())
    expect(calls.find('test-1')?.outcome).toBe('abandoned')
    expect(calls.missed()).toEqual([])
    expect(desk.tickets.list({}, OPERATOR).total).toBe(0)

    arrive('real-1', false)
    expect(offer('real-1')).toMatchObject({
      training: false,
      callsToday: 1,
      missedToday: 0,
      lastCalls: [],
      lastTickets: [],
      openTickets: [],
    })
  })

  it('carries its mark to the pop of an operator who is really there', () => {
    arrive('test-1', true)
    expect(offer('test-1')?.training).toBe(true)
  })

  it('under the number of a citizen who waits to be rung back leaves them waiting', () => {
    arrive('real-1', false)
    calls.event('real-1', { type: 'ended' }, desk.now())
    arrive('test-1', true)
    calls.event('test-1', { type: 'connected', operatorId: null }, desk.now())
    calls.event('test-1', { type: 'ended' }, desk.now())
    expect(calls.missed().map(({ callId }) => callId)).toEqual(['real-1'])
  })
})

describe('a call answered at a phone of the PBX that is no operator here', () => {
  it('is an answered call with a draft that waits for somebody, not one to ring back', () => {
    arrive('real-1', false)
    calls.event('real-1', { type: 'connected', operatorId: null }, desk.now())
    calls.event('real-1', { type: 'ended' }, desk.now())
    expect(calls.find('real-1')?.outcome).toBe('answered')
    expect(calls.missed()).toEqual([])
    const { items } = desk.tickets.list({}, OPERATOR)
    expect(items.map(({ state, kind }) => [state, kind])).toEqual([['draft', null]])
  })
})
