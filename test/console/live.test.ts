import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLive, type LinkState } from '../../src/console/live.ts'
import { retryDelayMs } from '../../src/console/live-retry.ts'
import type { LiveMessage } from '../../src/live/contract.ts'
import { aSnapshot, TestSocket } from './support.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function open(alive: () => boolean = () => true) {
  const sockets: TestSocket[] = []
  const messages: LiveMessage[] = []
  const states: LinkState[] = []
  const live = createLive({
    open: () => {
      const socket = new TestSocket()
      sockets.push(socket)
      return socket.asWebSocket()
    },
    probe: () => Promise.resolve(alive()),
    consoleId: 'console-1',
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    random: () => 0,
  })
  live.start()
  const last = (): TestSocket => {
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('no socket yet')
    return socket
  }
  return { live, sockets, messages, states, last }
}

describe('the live line', () => {
  it('takes a frame of one message and of several, in order, and passes over what is none', () => {
    const { messages, last } = open()
    last().accept()
    for (const frame of [{ type: 'sms' }, [{ type: 'directory' }, 7, { type: 'catchUp' }], 'x', []])
      last().say(frame)
    expect(messages.map(({ type }) => type)).toEqual(['sms', 'directory', 'catchUp'])
  })

  it('says hello first, and again what the service must know', () => {
    const { live, last } = open()
    live.send({ type: 'phone', registered: true })
    last().accept()
    expect(last().sent).toEqual([
      { type: 'hello', consoleId: 'console-1' },
      { type: 'phone', registered: true },
    ])
  })

  it('comes back by itself, for as long as it takes, and repeats what the service must know', () => {
    const { live, sockets, states, last } = open()
    last().accept()
    live.send({ type: 'phone', registered: true })
    for (let attempt = 0; attempt < 12; attempt += 1) {
      last().end()
      expect(states.at(-1)).toBe('lost')
      vi.advanceTimersByTime(3_000)
    }
    expect(sockets).toHaveLength(13)
    last().accept()
    expect(states.at(-1)).toBe('open')
    expect(last().sent).toEqual([
      { type: 'hello', consoleId: 'console-1' },
      { type: 'phone', registered: true },
    ])
  })

  it('does not repeat a hold whose call is over', () => {
    const { live, last } = open()
    last().accept()
    live.send({ type: 'hold', callId: 'call-1', held: true })
    live.forgetHold()
    last().end()
    vi.advanceTimersByTime(3_000)
    last().accept()
    expect(last().sent).toEqual([{ type: 'hello', consoleId: 'console-1' }])
  })

  it('tries often for a second and a half, then waits longer each time, never above three seconds, and not all consoles at once', () => {
    const delays = [0, 1, 7, 8, 9, 10, 11, 50].map((attempt) => retryDelayMs(attempt, 0))
    expect(delays).toEqual([200, 200, 200, 400, 800, 1_600, 3_000, 3_000])
    expect(retryDelayMs(11, 1)).toBe(2_400)
    expect(retryDelayMs(0, 1)).toBe(160)
  })

  it('tries at once when the browser says the network is back', () => {
    const { live, sockets, last } = open()
    last().accept()
    last().end()
    live.nudge()
    expect(sockets).toHaveLength(2)
    live.nudge()
    expect(sockets).toHaveLength(2)
  })

  it('notices a line that died without a word', async () => {
    let alive = true
    const { states, sockets, last } = open(() => alive)
    last().accept()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(states.at(-1)).toBe('open')
    alive = false
    await vi.advanceTimersByTimeAsync(5_000)
    expect(states).toContain('lost')
    expect(sockets[0]?.closed).toBe(true)
    await vi.advanceTimersByTimeAsync(300)
    expect(sockets).toHaveLength(2)
  })

  it('says so when the same account works elsewhere, a copied tab included', () => {
    const { messages, last } = open()
    last().accept()
    last().end(4001)
    expect(messages).toEqual([{ type: 'replaced' }])
  })

  it('hands over messages and survives a damaged one', () => {
    const { messages, last } = open()
    last().accept()
    last().say('{"type":"snap')
    last().say('7')
    last().say(aSnapshot())
    expect(messages.map((message) => message.type)).toEqual(['snapshot'])
  })

  it('hears nothing of an old socket once a new one is there', () => {
    const { live, states, sockets, last } = open()
    last().accept()
    live.drop()
    vi.advanceTimersByTime(300)
    last().accept()
    sockets[0]?.end()
    expect(states.at(-1)).toBe('open')
    expect(sockets).toHaveLength(2)
  })

  it('stays away once stopped', async () => {
    const { live, sockets, states, last } = open(() => false)
    last().accept()
    live.stop()
    last().end()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sockets).toHaveLength(1)
    expect(states.at(-1)).toBe('stopped')
  })
})
