import { EventEmitter } from 'node:events'
import { type FastifyInstance, type FastifyRequest } from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Presence } from '../../src/presence/presence-machine.ts'
import { createPresence, type PresenceService } from '../../src/presence/service.ts'
import { type LiveMessage } from '../../src/live/contract.ts'
import { liveRoutes } from '../../src/live/routes.ts'
import { createLiveHub } from '../../src/live/service.ts'
import { readConfig } from '../../src/config.ts'
import { OPERATOR } from '../support/desk.ts'
import { messagesOf } from '../support/live-frames.ts'
import { NO_DATABASE } from '../support/no-database.ts'

/** A browser's end of the line: answers pings until its network is gone, which nobody tells the server. */
class Line extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  dead = false
  readonly sent: LiveMessage[] = []
  send(text: string): void {
    this.sent.push(...messagesOf(text))
  }
  ping(): void {
    if (!this.dead) setTimeout(() => this.emit('pong'), 40)
  }
  close(): void {
    this.terminate()
  }
  terminate(): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.emit('close')
  }
}

const { city } = readConfig({ AMI_SECRET: 'x', ARI_SECRET: 'x' })

let presence: PresenceService
/** When the queue was first told to pause. */
let paused: number[]
let connect: (line: Line) => void

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date('2026-03-02T01:00:00Z') })
  paused = []
  const rows = new Map<number, Presence>()
  presence = createPresence({
    store: { all: () => new Map(), find: () => undefined, save: (id, row) => void rows.set(id, row) },
    members: {
      all: () => Promise.resolve([]),
      put: async (_, membership) => {
        if (membership.paused) paused.push(Date.now())
      },
    },
    writing: NO_DATABASE,
    now: () => new Date(),
    wrapUpMs: 60_000,
    wrapUpExtensionMs: 60_000,
    consoleGoneMs: city.consoleGoneSeconds * 1000,
    onChange: () => undefined,
    log: { warn: () => undefined },
  })
  // The route's handler without its server: the clock of this test is not the network's.
  const get = (
    _path: string,
    _options: object,
    handler: (line: Line, request: Partial<FastifyRequest>) => void,
  ) => {
    connect = (line) => {
      handler(line, { person: OPERATOR, sessionId: 's' })
    }
  }
  await liveRoutes({ get } as unknown as Parameters<typeof liveRoutes>[0] & FastifyInstance, {
    hub: createLiveHub(),
    now: () => new Date(),
    snapshot: () => ({ type: 'replaced' }),
    onOpen: ({ id }) => {
      presence.consoleOpened(id)
    },
    onShut: ({ id }, lastHeardAt) => {
      presence.consoleClosed(id, lastHeardAt)
    },
    onPhone: () => undefined,
  })
})
afterEach(() => {
  presence.close()
  vi.useRealTimers()
})

async function seat(): Promise<Line> {
  const line = new Line()
  connect(line)
  line.emit('message', Buffer.from(JSON.stringify({ type: 'hello', consoleId: 'console-1' })))
  presence.set(OPERATOR.id, { state: 'ready' })
  await vi.advanceTimersByTimeAsync(30_000)
  return line
}

describe('a console whose network dies without a word', () => {
  it('is paused within 15 seconds of its last sign of life, whenever it dies between two pings', async () => {
    for (let diesAfterMs = 0; diesAfterMs <= 6_000; diesAfterMs += 100) {
      paused.length = 0
      const line = await seat()
      await vi.advanceTimersByTimeAsync(diesAfterMs)
      line.dead = true
      const diedAt = Date.now()
      await vi.advanceTimersByTimeAsync(15_000)
      const afterMs = (paused[0] ?? Infinity) - diedAt
      // Never at once either: a stutter of the network must not pull anybody out of the queue.
      expect(afterMs, `dies after ${String(diesAfterMs)} ms`).toBeGreaterThan(8_000)
      expect(afterMs).toBeLessThanOrEqual(15_000)
      expect(presence.view(OPERATOR.id).state).toBe('away')
    }
  })

  it('and comes back on a new line before that is never paused', async () => {
    const line = await seat()
    line.dead = true
    await vi.advanceTimersByTimeAsync(8_000)
    const next = new Line()
    connect(next)
    next.emit('message', Buffer.from(JSON.stringify({ type: 'hello', consoleId: 'console-1' })))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(presence.view(OPERATOR.id).state).toBe('ready')
    expect(paused).toEqual([])
    expect(line.readyState).toBe(3)
  })

  it('that answers late but answers stays', async () => {
    const line = await seat()
    line.ping = () => {
      setTimeout(() => line.emit('pong'), 5_000)
    }
    await vi.advanceTimersByTimeAsync(120_000)
    expect(line.readyState).toBe(1)
    expect(presence.view(OPERATOR.id).state).toBe('ready')
  })
})

describe('a page that says nothing or nonsense', () => {
  it('is sent away without a hello', async () => {
    const line = new Line()
    connect(line)
    await vi.advanceTimersByTimeAsync(5_001)
    expect(line.readyState).toBe(3)
  })

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"type":"hello"}',
    '{"type":"hello","consoleId":"x"}',
    '{"type":"root"}',
    '\u0000',
  ])('is sent away with %j', (text) => {
    const line = new Line()
    connect(line)
    line.emit('message', Buffer.from(text))
    expect(line.readyState).toBe(3)
  })
})
