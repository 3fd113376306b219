import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CALL_TABLE, type CallEventType, outcomeOf, stepCall } from '../../src/calls/call-machine.ts'
import { CALL_STATES, type CallState } from '../../src/calls/contract.ts'

const EVENTS: readonly CallEventType[] = [
  'queued',
  'offered',
  'offerEnded',
  'connected',
  'held',
  'unheld',
  'operatorLeft',
  'transferred',
  'callbackAsked',
  'messageStarted',
  'ended',
]
const anyEvents = fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 })
const starts = fc.constantFrom<CallState>('arriving', 'dialing')

function walk(start: CallState, events: readonly CallEventType[]) {
  let state = start
  const steps = events.map((event) => {
    const step = stepCall(state, event)
    state = step.state
    return step
  })
  return { state, steps }
}

describe('call machine', () => {
  it('reaches every state from an arriving or a dialled call', () => {
    const reached = new Set<CallState>(['arriving', 'dialing'])
    for (let round = 0; round < CALL_STATES.length; round += 1) {
      for (const state of [...reached]) for (const event of EVENTS) reached.add(stepCall(state, event).state)
    }
    expect([...reached].sort()).toEqual([...CALL_STATES].sort())
  })

  it('ends from every living state and lets nothing lead out of the end', () => {
    for (const state of CALL_STATES) expect(stepCall(state, 'ended').state).toBe('ended')
    expect(Object.keys(CALL_TABLE.ended)).toEqual([])
  })

  it('files exactly one end however late, doubled or disordered the events are', () => {
    fc.assert(
      fc.property(starts, anyEvents, (start, events) => {
        const { steps } = walk(start, [...events, 'ended', 'ended'])
        const ends = steps.filter(
          ({ effects }) => effects.includes('fileUnanswered') || effects.includes('noteEnd'),
        )
        expect(ends).toHaveLength(1)
        expect(steps.filter(({ effects }) => effects.includes('collectRecordings'))).toHaveLength(1)
      }),
    )
  })

  it('takes a doubled event as one', () => {
    fc.assert(
      fc.property(starts, anyEvents, fc.constantFrom(...EVENTS), (start, events, event) => {
        const { state } = walk(start, [...events, event])
        const again = stepCall(state, event)
        expect(again.state).toBe(state)
        expect(again.effects).not.toContain('fileUnanswered')
        expect(again.effects).not.toContain('noteEnd')
      }),
    )
  })

  it('counts a call by what happened in it', () => {
    const nothing = { direction: 'in', answered: false, callbackAsked: false, messageLeft: false } as const
    expect(outcomeOf(nothing)).toBe('abandoned')
    expect(outcomeOf({ ...nothing, callbackAsked: true })).toBe('callback')
    expect(outcomeOf({ ...nothing, callbackAsked: true, messageLeft: true })).toBe('voicemail')
    expect(outcomeOf({ ...nothing, answered: true, callbackAsked: true })).toBe('answered')
    expect(outcomeOf({ ...nothing, direction: 'out' })).toBe('noAnswer')
  })
})
