import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CallDesk, createCallDesk, MAI } from '../support/call-desk.ts'
import { OPERATOR } from '../support/desk.ts'

let desk: CallDesk

beforeEach(() => {
  desk = createCallDesk()
})
afterEach(() => desk.close())

function arrive(callId: string, training: boolean): void {
  desk.arrive(callId, { training })
  desk.calls.event(callId, { type: 'queued' }, desk.now())
}

/** Rings at the operator; the pop their console shows. */
function offer(callId: string) {
  desk.calls.event(callId, { type: 'offered', operatorId: MAI }, desk.now())
  return desk.popsOf(MAI).find((pop) => pop.callId === callId)
}

describe('a test call', () => {
  it('answered by the scripted operator ends as an answered call with one training draft', () => {
    arrive('test-1', true)
    desk.calls.event('test-1', { type: 'connected', operatorId: null }, desk.now())
    const code = desk.calls.find('test-1')?.ticketCode
    desk.calls.event('test-1', { type: 'ended' }, desk.now())

    const call = desk.calls.find('test-1')
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
    desk.calls.event('test-1', { type: 'ended' }, desk.now())
    expect(desk.calls.find('test-1')?.outcome).toBe('abandoned')
    expect(desk.calls.missed()).toEqual([])
    expect(desk.tickets.list({}, OPERATOR).total).toBe(0)

    arrive('real-1', false)
    expect(offer('real-1')).toMatchObject({
      training: false,
      back: null,
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
    desk.calls.event('real-1', { type: 'ended' }, desk.now())
    arrive('test-1', true)
    desk.calls.event('test-1', { type: 'connected', operatorId: null }, desk.now())
    desk.calls.event('test-1', { type: 'ended' }, desk.now())
    expect(desk.calls.missed().map(({ callId }) => callId)).toEqual(['real-1'])
  })
})

describe('a call answered at a phone of the PBX that is no operator here', () => {
  it('is an answered call with a draft that waits for somebody, not one to ring back', () => {
    arrive('real-1', false)
    desk.calls.event('real-1', { type: 'connected', operatorId: null }, desk.now())
    desk.calls.event('real-1', { type: 'ended' }, desk.now())
    expect(desk.calls.find('real-1')?.outcome).toBe('answered')
    expect(desk.calls.missed()).toEqual([])
    const { items } = desk.tickets.list({}, OPERATOR)
    expect(items.map(({ state, kind }) => [state, kind])).toEqual([['draft', null]])
  })
})
