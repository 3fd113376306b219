import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  carriesCall,
  isConnected,
  mediaFailure,
  MICROPHONE_PROBLEMS,
  PHONE_CALLS,
  PHONE_OFF,
  phoneActions,
  type PhoneEvent,
  type PhoneState,
  stepPhone,
} from '../../src/console/softphone/phone-machine.ts'

const anyEvent: fc.Arbitrary<PhoneEvent> = fc.oneof(
  fc.constantFrom<PhoneEvent>(
    { type: 'starting' },
    { type: 'registered' },
    { type: 'lost' },
    { type: 'refused' },
    { type: 'stopped' },
    { type: 'retired' },
    { type: 'answering' },
    { type: 'recovered' },
  ),
  fc.record({ type: fc.constantFrom('invited', 'dialling', 'resuming'), peer: fc.string() }),
  fc.record({ type: fc.constant('established' as const), atMs: fc.nat() }),
  fc.record({ type: fc.constant('held' as const), held: fc.boolean() }),
  fc.record({ type: fc.constant('muted' as const), muted: fc.boolean() }),
  fc.record({
    type: fc.constant('microphone' as const),
    problem: fc.constantFrom(null, ...MICROPHONE_PROBLEMS),
  }),
  fc.record({ type: fc.constant('ended' as const), failure: fc.constantFrom(null, 'Busy') }),
)
const events = fc.array(anyEvent, { maxLength: 60 })

const after = (...steps: readonly PhoneEvent[]): PhoneState =>
  steps.reduce((state, event) => stepPhone(state, event).state, PHONE_OFF)

const RINGING = [
  { type: 'starting' },
  { type: 'registered' },
  { type: 'invited', peer: '0950000777' },
] as const satisfies readonly PhoneEvent[]

describe('the softphone, whatever happens in whatever order', () => {
  it('rings exactly while a call rings', () => {
    fc.assert(
      fc.property(events, (steps) => {
        let state = PHONE_OFF
        let sounding = false
        for (const event of steps) {
          const step = stepPhone(state, event)
          for (const effect of step.effects) {
            if (effect === 'ring') sounding = true
            if (effect === 'stopRing') sounding = false
          }
          state = step.state
          expect(sounding).toBe(state.call === 'ringing')
        }
      }),
    )
  })

  it('tells the service of each coming and going of its line once', () => {
    fc.assert(
      fc.property(events, (steps) => {
        let state = PHONE_OFF
        let known = false
        for (const event of steps) {
          const step = stepPhone(state, event)
          for (const effect of step.effects) {
            if (effect === 'reportReady' || effect === 'reportGone') {
              expect(known).toBe(effect === 'reportGone')
              known = effect === 'reportReady'
            }
          }
          state = step.state
          if (state.line === 'ready') expect(known).toBe(true)
          if (state.line === 'off' || state.line === 'refused') expect(known).toBe(false)
        }
      }),
    )
  })

  it('keeps nothing of a call once it is over', () => {
    fc.assert(
      fc.property(events, (steps) => {
        const state = stepPhone(after(...steps), { type: 'ended', failure: null }).state
        expect(state.call).toBe('idle')
        expect(state.talkingSince).toBeNull()
        expect(state.muted).toBe(false)
      }),
    )
  })

  it('shows the time of talking only while there is a call', () => {
    fc.assert(
      fc.property(events, (steps) => {
        const state = after(...steps)
        if (state.talkingSince !== null) expect(isConnected(state.call)).toBe(true)
      }),
    )
  })

  it('can always hang up a call, and offers nothing but dialling without one', () => {
    for (const call of PHONE_CALLS) {
      const actions = phoneActions({ ...PHONE_OFF, line: 'ready', call })
      expect(actions.includes('hangUp')).toBe(call !== 'idle')
      expect(actions.includes('dial')).toBe(call === 'idle')
    }
  })

  it('never loses a running call to a lost line', () => {
    fc.assert(
      fc.property(
        events,
        fc.constantFrom<PhoneEvent>({ type: 'lost' }, { type: 'refused' }),
        (steps, away) => {
          const before = after(...steps)
          expect(stepPhone(before, away).state.call).toBe(before.call)
        },
      ),
    )
  })
})

describe('the softphone', () => {
  it('leaves the citizen ringing when the microphone fails on answering', () => {
    const state = after(...RINGING, { type: 'answering' }, { type: 'microphone', problem: 'denied' })
    expect(state).toMatchObject({ call: 'ringing', microphone: 'denied' })
    expect(phoneActions(state)).toContain('answer')
  })

  it('sends a second caller away busy and keeps the first', () => {
    const talking = after(...RINGING, { type: 'answering' }, { type: 'established', atMs: 5 })
    const step = stepPhone(talking, { type: 'invited', peer: '0950000778' })
    expect(step.effects).toEqual(['rejectBusy'])
    expect(step.state).toEqual(talking)
  })

  it('does not hold what does not talk', () => {
    const ringing = after(...RINGING)
    expect(stepPhone(ringing, { type: 'held', held: true }).state).toEqual(ringing)
  })

  it('keeps the reason of a failed call until the next one', () => {
    const failed = after({ type: 'dialling', peer: '1' }, { type: 'ended', failure: 'Busy' })
    expect(failed.failure).toBe('Busy')
    expect(stepPhone(failed, { type: 'dialling', peer: '2' }).state.failure).toBeNull()
  })

  it('takes up a call after a reload with its time of talking', () => {
    const state = after({ type: 'resuming', peer: '0950000777' }, { type: 'established', atMs: 1_000 })
    expect(state).toMatchObject({ call: 'talking', talkingSince: 1_000, peer: '0950000777' })
  })

  it('keeps its call and takes no other when another page takes over', () => {
    const talking = after(...RINGING, { type: 'answering' }, { type: 'established', atMs: 5 })
    const step = stepPhone(talking, { type: 'retired' })
    expect(step.state).toEqual({ ...talking, line: 'off' })
    expect(step.effects).toEqual(['reportGone'])
  })

  it.each(PHONE_CALLS.map((call) => [call, call !== 'idle' && call !== 'ringing'] as const))(
    'in %s has a call of its own: %s',
    (call, carries) => {
      expect(carriesCall(call)).toBe(carries)
    },
  )

  it.each([
    ['new', null],
    ['connecting', null],
    ['connected', null],
    ['disconnected', null],
    ['closed', null],
    ['failed', 'RTP Timeout'],
  ] as const)('takes a connection that is %s for a failure: %s', (connection, failure) => {
    expect(mediaFailure(connection)).toBe(failure)
  })
})
