import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  membershipOf,
  OFFLINE,
  type Presence,
  type PresenceEvent,
  stepPresence,
} from '../../src/presence/presence-machine.ts'

const AT = '2026-03-02T01:00:00.000Z'
const LATER = '2026-03-02T01:01:00.000Z'
const run = (events: readonly PresenceEvent[], from: Presence = OFFLINE) =>
  events.reduce((presence, event) => stepPresence(presence, event, AT), from)

const anyEvent: fc.Arbitrary<PresenceEvent> = fc.constantFrom<PresenceEvent>(
  { type: 'ready' },
  { type: 'pause', reason: 'meal' },
  { type: 'leave' },
  { type: 'callStarted', callId: 'a' },
  { type: 'callEnded', callId: 'a', wrapUpEndsAt: LATER },
  { type: 'callEnded', callId: 'b', wrapUpEndsAt: LATER },
  { type: 'wrapUpElapsed' },
  { type: 'wrapUpExtended', wrapUpEndsAt: LATER },
  { type: 'consoleGone' },
  { type: 'consoleBack' },
)

describe('presence machine', () => {
  it('goes from ready over a call and its wrap-up back to ready by itself', () => {
    const talking = run([{ type: 'ready' }, { type: 'callStarted', callId: 'a' }])
    expect(talking.state).toBe('onCall')
    const wrapUp = run([{ type: 'callEnded', callId: 'a', wrapUpEndsAt: LATER }], talking)
    expect(wrapUp).toMatchObject({ state: 'wrapUp', wrapUpEndsAt: LATER })
    expect(membershipOf(wrapUp)).toMatchObject({ member: true, paused: true })
    expect(run([{ type: 'wrapUpElapsed' }], wrapUp).state).toBe('ready')
  })

  it('keeps a pause asked for during a call until the call and its wrap-up are over', () => {
    const presence = run([
      { type: 'ready' },
      { type: 'callStarted', callId: 'a' },
      { type: 'pause', reason: 'meal' },
      { type: 'callEnded', callId: 'a', wrapUpEndsAt: LATER },
      { type: 'wrapUpElapsed' },
    ])
    expect(presence).toMatchObject({ state: 'paused', reason: 'meal' })
  })

  it('takes what it is told twice as told once', () => {
    const talking = run([{ type: 'ready' }, { type: 'callStarted', callId: 'a' }])
    expect(stepPresence(talking, { type: 'callStarted', callId: 'a' }, LATER)).toBe(talking)
    expect(stepPresence(talking, { type: 'ready' }, LATER)).toBe(talking)
    expect(stepPresence(talking, { type: 'callStarted', callId: 'b' }, LATER)).toMatchObject({ callId: 'b' })
    expect(stepPresence(talking, { type: 'pause', reason: 'meal' }, LATER)).toMatchObject({ next: 'paused' })
  })

  it('extends a wrap-up once', () => {
    const wrapUp = run([
      { type: 'ready' },
      { type: 'callStarted', callId: 'a' },
      { type: 'callEnded', callId: 'a', wrapUpEndsAt: AT },
      { type: 'wrapUpExtended', wrapUpEndsAt: LATER },
    ])
    expect(wrapUp).toMatchObject({ wrapUpEndsAt: LATER, wrapUpExtended: true })
    expect(stepPresence(wrapUp, { type: 'wrapUpExtended', wrapUpEndsAt: AT }, AT)).toBe(wrapUp)
  })

  it('gives a vanished console back what it had', () => {
    const ready = run([{ type: 'ready' }, { type: 'consoleGone' }])
    expect(ready.state).toBe('away')
    expect(membershipOf(ready).paused).toBe(true)
    expect(run([{ type: 'consoleBack' }], ready).state).toBe('ready')
    const paused = run([{ type: 'pause', reason: 'meal' }, { type: 'consoleGone' }, { type: 'consoleBack' }])
    expect(paused).toMatchObject({ state: 'paused', reason: 'meal' })
  })

  it('ignores the end of a call that is not the running one', () => {
    const talking = run([{ type: 'ready' }, { type: 'callStarted', callId: 'a' }])
    expect(stepPresence(talking, { type: 'callEnded', callId: 'b', wrapUpEndsAt: LATER }, AT)).toBe(talking)
  })

  it('never lets the queue ring an empty seat, a paused or a wrapping-up operator', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const presence = run(events)
        const { member, paused } = membershipOf(presence)
        if (member && !paused) expect(['ready', 'onCall']).toContain(presence.state)
        if (presence.state === 'wrapUp') expect(presence.wrapUpEndsAt).not.toBeNull()
        if (presence.state === 'paused') expect(presence.reason).not.toBeNull()
      }),
    )
  })
})
