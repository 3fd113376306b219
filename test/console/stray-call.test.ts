import { signal } from '@preact/signals'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Phone } from '../../src/console/softphone/phone.ts'
import type { PhoneCall } from '../../src/console/softphone/phone-machine.ts'
import {
  followSession,
  isStray,
  type PhoneSession,
  watchStrayCall,
} from '../../src/console/softphone/stray-call.ts'
import { type LineState, NO_LINE } from '../../src/console/state/line.ts'
import { aCall, aPop, aTransfer, testPhone } from './support.ts'

const SEEN: PhoneSession = { before: null, seen: true }
const ENDED = aCall({ state: 'ended' })
const BLIND = { ami: false, ari: false, disk: 'ok', recordings: null } as const

describe('the end of a call that the phone has not heard', () => {
  it.each<[string, boolean, PhoneSession | null, PhoneCall, Partial<LineState>]>([
    ['an end', true, SEEN, 'talking', { call: ENDED }],
    ['an end under hold', true, SEEN, 'held', { call: ENDED }],
    ['an end while the answer is on its way', true, SEEN, 'answering', { call: ENDED }],
    ['a call put through', true, SEEN, 'talking', { call: aCall({ state: 'transferred' }) }],
    ['a snapshot without a call', true, SEEN, 'talking', { call: null }],
    ['no call, but no PBX either', false, SEEN, 'talking', { call: null, links: BLIND }],
    ['an end, with the PBX still away', true, SEEN, 'talking', { call: ENDED, links: BLIND }],
    ['a call that runs', false, SEEN, 'talking', { call: aCall() }],
    [
      'operator and agency after the citizen left',
      false,
      SEEN,
      'talking',
      { call: ENDED, transfer: aTransfer() },
    ],
    ['a finished transfer', true, SEEN, 'talking', { call: ENDED, transfer: aTransfer({ state: 'failed' }) }],
    ['the next call rings', false, SEEN, 'ringing', { call: ENDED }],
    ['nothing in the phone', false, null, 'idle', { call: ENDED }],
    ['a dial-out not seen yet', false, { before: null, seen: false }, 'dialling', { call: ENDED }],
    ['a page that is told nothing any more', false, SEEN, 'talking', { call: ENDED, replaced: true }],
  ])('%s: %s', (_what, stray, session, phone, line) => {
    expect(isStray(session, phone, { ...NO_LINE, ...line })).toBe(stray)
  })

  it.each<[string, boolean, PhoneCall, Partial<LineState>, Partial<LineState>]>([
    ['rings, then talks', true, 'ringing', { call: aCall({ state: 'ringing' }) }, { call: aCall() }],
    ['is taken up after a reload', true, 'resuming', { call: aCall() }, { call: aCall() }],
    ['dials after the end of another', false, 'dialling', { call: ENDED }, { call: ENDED }],
    ['dials before the end of another is told', false, 'dialling', { call: aCall() }, { call: ENDED }],
    [
      'dials, and the service knows',
      true,
      'dialling',
      { call: ENDED },
      { call: aCall({ id: 'call-2', state: 'dialing' }) },
    ],
  ])('knows a session that %s as seen: %s', (_what, seen, phone, before, now) => {
    const begun = followSession(null, phone, before.call ?? null)
    expect(followSession(begun, phone, now.call ?? null)?.seen).toBe(seen)
  })
})

describe('the watch over the phone', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const watched = (call: PhoneCall) => {
    const { phone, state, done } = testPhone({ call })
    const line = signal<LineState>({ ...NO_LINE, call: aCall({ state: 'ringing' }) })
    watchStrayCall({ line, phone: signal<Phone | null>(phone) })
    return {
      done,
      serve: (changes: Partial<LineState>) => {
        line.value = { ...line.value, ...changes }
      },
      become: (next: PhoneCall) => {
        state.value = { ...state.value, call: next }
      },
    }
  }

  it('lets the phone hear the BYE first', async () => {
    const { done, serve, become } = watched('talking')
    serve({ call: aCall() })
    serve({ call: ENDED })
    await vi.advanceTimersByTimeAsync(1_500)
    become('idle')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(done).toEqual([])
  })

  it('ends what the PBX cannot end any more, once', async () => {
    const { done, serve } = watched('talking')
    serve({ call: aCall() })
    serve({ call: ENDED })
    await vi.advanceTimersByTimeAsync(1_900)
    expect(done).toEqual([])
    serve({ waiting: [] })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(done).toEqual(['letGo'])
  })

  it('leaves alone what began after the word', async () => {
    const { done, serve, become } = watched('talking')
    serve({ call: aCall() })
    serve({ call: ENDED })
    become('idle')
    become('dialling')
    become('talking')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(done).toEqual([])
  })

  it('ends what rings on after its pop is closed, though the next offer has come', async () => {
    const { done, serve } = watched('ringing')
    serve({ pops: [aPop()] })
    await vi.advanceTimersByTimeAsync(60_000)
    serve({ pops: [] })
    await vi.advanceTimersByTimeAsync(900)
    expect(done).toEqual([])
    serve({ pops: [aPop()] })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(done).toEqual(['letGo'])
  })

  it.each<[string, PhoneCall]>([
    ['hears the CANCEL', 'idle'],
    ['is being answered', 'answering'],
  ])('leaves a phone alone that %s', async (_what, next) => {
    const { done, serve, become } = watched('ringing')
    serve({ pops: [aPop()] })
    serve({ pops: [] })
    become(next)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(done).toEqual([])
  })

  it.each<[string, Partial<LineState>, Partial<LineState>]>([
    ['what rings without a pop', {}, {}],
    ['whose pop is still there', { pops: [aPop()] }, { pops: [aPop()] }],
    ['what a service without a PBX says nothing of', { pops: [aPop()] }, { pops: [], links: BLIND }],
    ['a page that is told nothing any more', { pops: [aPop()] }, { pops: [], replaced: true }],
  ])('lets ring %s', async (_what, before, now) => {
    const { done, serve } = watched('ringing')
    serve(before)
    serve(now)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(done).toEqual([])
  })

  it('takes the word back with the service', async () => {
    const { done, serve } = watched('talking')
    serve({ call: aCall() })
    serve({ call: null })
    await vi.advanceTimersByTimeAsync(1_000)
    serve({ call: aCall() })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(done).toEqual([])
  })
})
