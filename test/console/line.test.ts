import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyLive,
  isRunning,
  isTransferring,
  type LineState,
  longestWaiting,
  NO_LINE,
} from '../../src/console/state/line.ts'
import type { LiveMessage } from '../../src/live/contract.ts'
import { aCall, aMissedCall, aPop, aPresence, aSnapshot, aTransfer } from './support.ts'

const after = (...messages: readonly LiveMessage[]): LineState => messages.reduce(applyLive, NO_LINE)
const closed = (
  reason: Extract<LiveMessage, { type: 'popClosed' }>['reason'],
  callId = 'call-1',
): LiveMessage => ({
  type: 'popClosed',
  callId,
  reason,
  operatorName: reason === 'answeredElsewhere' ? 'Trần Văn Đức' : null,
})
const anyMessage: fc.Arbitrary<LiveMessage> = fc.oneof(
  fc.constantFrom('call-1', 'call-2').map((callId): LiveMessage => ({ type: 'pop', pop: aPop({ callId }) })),
  fc
    .tuple(
      fc.constantFrom('answered', 'answeredElsewhere', 'noAnswer', 'callerGone'),
      fc.constantFrom('call-1', 'call-2'),
    )
    .map(([reason, callId]) => closed(reason, callId)),
  fc
    .tuple(fc.constantFrom('call-1', 'call-2'), fc.constantFrom('ringing', 'talking', 'held', 'ended'))
    .map(([id, state]): LiveMessage => ({ type: 'call', call: aCall({ id, state }) })),
  fc
    .tuple(
      fc.constantFrom('call-1', 'call-2'),
      fc.constantFrom('ringing', 'merged', 'completed', 'returned', 'abandoned'),
    )
    .map(([callId, state]): LiveMessage => ({
      type: 'transfer',
      transfer: aTransfer({ id: `of-${callId}`, callId, state }),
    })),
  fc.constantFrom<LiveMessage>(aSnapshot(), { type: 'presence', presence: aPresence() }),
)

describe('what the line looks like', () => {
  it('keeps what is told again as it was, so that its row need not be drawn anew', () => {
    const call = aMissedCall()
    const told = (...missed: (typeof call)[]): LiveMessage => ({ type: 'missed', missed, missedTotal: 40 })
    const before = after(told(call, { ...call, callId: 'call-8' }))
    const next = applyLive(
      before,
      told({ ...call, callId: 'call-9' }, { ...call, times: 2 }, { ...call, callId: 'call-8' }),
    )
    expect(next.missed.map(({ callId, times }) => `${callId} ${String(times)}`)).toEqual([
      'call-9 1',
      'call-7 2',
      'call-8 1',
    ])
    expect(next.missed[2]).toBe(before.missed[1])
    expect(next.missed[1]).not.toBe(before.missed[0])
  })

  it('shows each ringing call once, however often it is told', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 40 }), (messages) => {
        const ids = after(...messages).pops.map((pop) => pop.callId)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  it('never rings for a call that is being talked on', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 40 }), (messages) => {
        const talking = applyLive(after(...messages), { type: 'call', call: aCall() })
        expect(talking.pops.map((pop) => pop.callId)).not.toContain('call-1')
      }),
    )
  })

  it('is as the snapshot says, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 40 }), (messages) => {
        const line = applyLive(after(...messages), aSnapshot({ pops: [aPop({ callId: 'call-9' })] }))
        expect(line.pops.map((pop) => pop.callId)).toEqual(['call-9'])
        expect(line.call).toBeNull()
        expect(line.replaced).toBe(false)
      }),
    )
  })

  it('keeps what was known of the caller for the talk, whichever message comes first', () => {
    const pop: LiveMessage = { type: 'pop', pop: aPop() }
    const call: LiveMessage = { type: 'call', call: aCall() }
    for (const order of [
      [pop, closed('answered'), call],
      [pop, call, closed('answered')],
    ]) {
      expect(after(...order)).toMatchObject({ pops: [], callPop: { callId: 'call-1' }, popEnd: null })
    }
  })

  it('says who took a call that rang here', () => {
    const line = after({ type: 'pop', pop: aPop() }, closed('answeredElsewhere'))
    expect(line.pops).toEqual([])
    expect(line.popEnd).toMatchObject({ reason: 'answeredElsewhere', operatorName: 'Trần Văn Đức' })
  })

  it('does not let the late end of an older call hide the running one', () => {
    const line = after(
      { type: 'call', call: aCall({ id: 'call-2' }) },
      { type: 'call', call: aCall({ id: 'call-1', state: 'ended' }) },
    )
    expect(line.call?.id).toBe('call-2')
    expect(isRunning(line.call)).toBe(true)
  })

  it('keeps the caller’s facts over a reconnect in mid-call', () => {
    const line = after(
      { type: 'pop', pop: aPop() },
      { type: 'call', call: aCall() },
      aSnapshot({ call: aCall() }),
    )
    expect(line.callPop?.callId).toBe('call-1')
  })

  it('finds who waits longest', () => {
    const caller = (callId: string, since: string) => ({
      callId,
      since,
      display: '',
      training: false,
      back: false,
    })
    expect(longestWaiting([])).toBeUndefined()
    expect(
      longestWaiting([caller('b', '2026-03-02T01:05:00Z'), caller('a', '2026-03-02T01:00:00Z')])?.callId,
    ).toBe('a')
  })
})

describe('a transfer on the line', () => {
  const told = (changes: Parameters<typeof aTransfer>[0] = {}): LiveMessage => ({
    type: 'transfer',
    transfer: aTransfer(changes),
  })
  const talk: LiveMessage = { type: 'call', call: aCall() }

  it('is as it was told last, and comes with the snapshot after a reload', () => {
    expect(after(talk, told(), told({ state: 'consult' })).transfer?.state).toBe('consult')
    expect(after(aSnapshot({ call: aCall(), transfers: [aTransfer()] })).transfer?.id).toBe('transfer1')
    expect(after(talk, told(), aSnapshot({ call: aCall() })).transfer).toBeNull()
  })

  it('stays when it is over, past the end of its call, until the next call comes', () => {
    const over = after(talk, told(), told({ state: 'completed' }), {
      type: 'call',
      call: aCall({ state: 'transferred' }),
    })
    expect(over.transfer?.state).toBe('completed')
    expect(isRunning(over.call)).toBe(false)
    const ended = applyLive(over, { type: 'call', call: aCall({ state: 'ended' }) })
    expect(applyLive(ended, aSnapshot({ call: ended.call })).transfer?.state).toBe('completed')
    expect(applyLive(ended, { type: 'call', call: aCall({ id: 'call-2' }) }).transfer).toBeNull()
  })

  it('does not begin again for a word that was overtaken', () => {
    expect(after(talk, told({ state: 'returned' }), told({ state: 'consult' })).transfer?.state).toBe(
      'returned',
    )
  })

  it('is not covered by the end of an older one', () => {
    const line = after(talk, told({ id: 'second' }), told({ id: 'first', state: 'returned' }))
    expect(line.transfer).toMatchObject({ id: 'second', state: 'ringing' })
  })

  describe('that goes on when the operator already talks to somebody else', () => {
    const next: LiveMessage = { type: 'call', call: aCall({ id: 'call-2' }) }
    const left = { state: 'blind', hasLeft: true } as const
    const second = { id: 'second', callId: 'call-2' }

    it('makes room for the call on the desk, and is told to its end', () => {
      const line = after(talk, told(left), next)
      expect(line).toMatchObject({ transfer: null, behind: [{ id: 'transfer1', state: 'blind' }] })
      const over = applyLive(line, told({ state: 'completed' }))
      expect(over).toMatchObject({ transfer: null, behind: [{ state: 'completed' }] })
      expect(applyLive(over, told(left)).behind).toMatchObject([{ state: 'completed' }])
      expect(applyLive(over, { type: 'call', call: aCall({ id: 'call-3' }) }).behind).toEqual([])
    })

    it('leaves the desk to the transfer of that call, whichever is told first', () => {
      const both = { transfer: { id: 'second' }, behind: [{ id: 'transfer1' }] }
      expect(after(talk, told(left), next, told(second), told(left))).toMatchObject(both)
      expect(after(talk, next, told(second), told(left))).toMatchObject(both)
      const running = [aTransfer(second), aTransfer(left)]
      const call = aCall({ id: 'call-2' })
      expect(after(aSnapshot({ call, transfers: running }))).toMatchObject(both)
      expect(after(aSnapshot({ call, transfers: running.toReversed() }))).toMatchObject(both)
    })
  })

  it('never shows the end of another call’s', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 40 }), (messages) => {
        const { call, transfer } = after(...messages)
        if (call === null || transfer === null || isTransferring(transfer)) return
        expect(transfer.callId).toBe(call.id)
      }),
    )
  })
})
