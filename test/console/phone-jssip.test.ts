import type { UA } from 'jssip'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createJsSipPhone } from '../../src/console/softphone/phone-jssip.ts'
import { memoryStorage } from './support.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** What JsSIP's agents and sessions tell with. */
class Emitter {
  private handlers: readonly (readonly [string, (event: unknown) => void])[] = []
  on(name: string, handler: (event: unknown) => void): void {
    this.handlers = [...this.handlers, [name, handler]]
  }
  removeListener(name: string, handler: (event: unknown) => void): void {
    this.handlers = this.handlers.filter((one) => one[0] !== name || one[1] !== handler)
  }
  hearers(name: string): number {
    return this.handlers.filter(([wanted]) => wanted === name).length
  }
  emit(name: string, event: unknown = {}): void {
    for (const [wanted, handler] of this.handlers) if (wanted === name) handler(event)
  }
}

/** A registrar's other side: the test says what happens to it. */
class TestAgent extends Emitter {
  readonly done: string[] = []
  connected = true
  isConnected(): boolean {
    return this.connected
  }
  /** The service restarts: its WebSocket goes, and JsSIP opens another. */
  drop(): void {
    this.connected = false
    this.emit('disconnected')
  }
  comeBack(): void {
    this.connected = true
    this.emit('connected')
    this.emit('registered')
  }
  start(): void {
    this.done.push('start')
  }
  stop(): void {
    this.done.push('stop')
  }
  register(): void {
    this.done.push('register')
  }
  unregister(): void {
    this.done.push('unregister')
  }
}

class TestSession extends Emitter {
  readonly done: string[] = []
  readonly connection = Object.assign(new EventTarget(), { connectionState: 'connected' })
  readonly remote_identity = { display_name: '0950000777', uri: { user: '0950000777' } }
  /** JsSIP's of the INVITE, proceeding. */
  readonly transaction = {
    state: 2,
    isGivenUp: false,
    onTransportError(): void {
      this.isGivenUp = true
    },
  }
  over = false
  answer(): void {
    this.done.push('answer')
  }
  terminate({ status_code: code }: { readonly status_code?: number } = {}): void {
    if (this.over) throw new Error('Invalid status: 8')
    this.done.push(code === undefined ? 'terminate' : `terminate ${String(code)}`)
    this.end('Terminated')
  }
  end(cause: string): void {
    this.over = true
    this.emit('ended', { originator: 'local', message: null, cause })
  }
}

async function openPhone(media?: MediaDevices) {
  const agents: TestAgent[] = []
  let accounts = 0
  const phone = createJsSipPhone({
    account: () => {
      accounts += 1
      return Promise.resolve({
        path: '/sip',
        uri: 'sip:op1@pbx',
        username: 'op1',
        password: 'x',
        displayName: 'Hạ',
      } as never)
    },
    origin: 'http://localhost',
    media,
    audio: document.createElement('audio'),
    ringTone: { start: () => undefined, stop: () => undefined } as never,
    storage: memoryStorage(),
    report: () => undefined,
    popShown: () => Promise.resolve(),
    nowMs: () => Date.now(),
    createAgent: () => {
      const agent = new TestAgent()
      agents.push(agent)
      return agent as unknown as UA
    },
  })
  await phone.start()
  const agent = (): TestAgent => {
    const last = agents.at(-1)
    if (last === undefined) throw new Error('no agent yet')
    return last
  }
  agent().emit('registered')
  /** A citizen calls and is talked with. */
  const talk = (): TestSession => {
    const session = new TestSession()
    agent().emit('newRTCSession', { originator: 'remote', session, request: { hasHeader: () => false } })
    session.emit('peerconnection', { peerconnection: session.connection })
    session.emit('confirmed')
    return session
  }
  /** A citizen calls. */
  const ring = (): TestSession => {
    const session = new TestSession()
    const request = { hasHeader: () => false, server_transaction: session.transaction }
    agent().emit('newRTCSession', { originator: 'remote', session, request })
    return session
  }
  return { phone, agent, talk, ring, accounts: () => accounts }
}

describe('a PBX that dies under a call', () => {
  it('is asked with the same account while the call lasts, and with a new one after it', async () => {
    const { phone, agent, talk, accounts } = await openPhone()
    const session = talk()
    const first = agent()
    first.emit('registrationFailed')
    await vi.advanceTimersByTimeAsync(8_000)
    first.emit('registrationFailed')
    await vi.advanceTimersByTimeAsync(8_000)
    expect(first.done).toEqual(['start', 'register', 'register'])
    expect(accounts()).toBe(1)
    phone.letGo()
    expect(session.done).toEqual(['terminate'])
    expect(phone.state.value).toMatchObject({ call: 'idle', failure: 'Connection Error' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(accounts()).toBe(2)
    expect(agent()).not.toBe(first)
    agent().emit('registered')
    expect(phone.state.value.line).toBe('ready')
  })

  it('keeps an account that was taken again before the call ended', async () => {
    const { phone, agent, talk, accounts } = await openPhone()
    const session = talk()
    agent().emit('registrationFailed')
    agent().emit('registered')
    session.end('Terminated')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(accounts()).toBe(1)
    expect(phone.state.value).toMatchObject({ line: 'ready', call: 'idle', failure: null })
  })

  it('ends a call whose sound is gone for good, with the word for it', async () => {
    const { phone, talk } = await openPhone()
    const session = talk()
    session.connection.connectionState = 'disconnected'
    session.connection.dispatchEvent(new Event('connectionstatechange'))
    expect(phone.state.value.call).toBe('talking')
    session.connection.connectionState = 'failed'
    session.connection.dispatchEvent(new Event('connectionstatechange'))
    expect(session.done).toEqual(['terminate'])
    expect(phone.state.value).toMatchObject({ call: 'idle', failure: 'RTP Timeout' })
  })

  it('lets go of a call that JsSIP has ended without a word', async () => {
    const { phone, talk } = await openPhone()
    const session = talk()
    session.over = true
    phone.letGo()
    expect(phone.state.value.call).toBe('idle')
  })
})

describe('a service that dies while a call rings', () => {
  const microphone = {
    getUserMedia: () => Promise.resolve(Object.assign(new MediaStream(), { getTracks: () => [] })),
  } as unknown as MediaDevices

  it('leaves the call ringing, and its answer is said on the next line', async () => {
    const { phone, agent, ring } = await openPhone(microphone)
    const session = ring()
    session.transaction.onTransportError()
    expect(session.transaction.isGivenUp).toBe(false)
    agent().drop()
    expect(phone.state.value.call).toBe('ringing')
    const answered = phone.answer()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(session.done).toEqual([])
    agent().comeBack()
    await answered
    expect(session.done).toEqual(['answer'])
    session.emit('accepted')
    session.emit('confirmed')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(phone.state.value.call).toBe('talking')
  })

  it('waits for no line any more once the call is over', async () => {
    const { phone, agent, ring } = await openPhone(microphone)
    const hearers = agent().hearers('connected')
    const session = ring()
    agent().drop()
    const answered = phone.answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(agent().hearers('connected')).toBe(hearers + 1)
    session.emit('failed', { cause: 'Canceled' })
    await answered
    expect(agent().hearers('connected')).toBe(hearers)
    expect(session.done).toEqual([])
  })

  it('takes the next call at once, whatever became of the one before', async () => {
    const { phone, agent, ring } = await openPhone()
    const dead = ring()
    agent().drop()
    agent().comeBack()
    const next = ring()
    expect(dead.done).toEqual(['terminate'])
    expect(next.done).toEqual([])
    expect(phone.state.value).toMatchObject({ call: 'ringing', failure: null })
  })

  it('refuses a second call beside one whose line holds', async () => {
    const { ring } = await openPhone()
    const first = ring()
    expect(ring().done).toEqual(['terminate 486'])
    expect(first.done).toEqual([])
  })

  it('rings no longer than the queue would, when nobody ends it', async () => {
    const { phone, agent, ring } = await openPhone()
    const session = ring()
    agent().drop()
    agent().comeBack()
    await vi.advanceTimersByTimeAsync(19_000)
    expect(phone.state.value.call).toBe('ringing')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(session.done).toEqual(['terminate'])
    expect(phone.state.value).toMatchObject({ call: 'idle', failure: null })
  })

  it('gives an INVITE up as JsSIP does once it is answered, or ended with no line to say it on', async () => {
    const { ring } = await openPhone()
    const { transaction } = ring()
    transaction.state = 4
    transaction.onTransportError()
    expect(transaction.isGivenUp).toBe(true)
    const other = await openPhone()
    const ended = other.ring()
    ended.emit('failed', { cause: 'Rejected' })
    expect(ended.transaction.isGivenUp).toBe(true)
  })
})

describe('the note of a line that broke', () => {
  it('goes a while after the line is back, and stays until then', async () => {
    const { phone, agent, talk } = await openPhone()
    talk()
    agent().drop()
    phone.letGo()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(phone.state.value.failure).toBe('Connection Error')
    agent().comeBack()
    await vi.advanceTimersByTimeAsync(19_000)
    expect(phone.state.value.failure).toBe('Connection Error')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(phone.state.value.failure).toBeNull()
  })

  it('is not one of the other side', async () => {
    const { phone, talk } = await openPhone()
    talk().end('Busy')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(phone.state.value.failure).toBe('Busy')
  })
})

describe('another page that takes over', () => {
  it('leaves the running call here, and gets the registration', async () => {
    const { phone, agent, talk } = await openPhone()
    const session = talk()
    phone.retire()
    agent().emit('disconnected')
    agent().emit('registrationFailed')
    await vi.advanceTimersByTimeAsync(300_000)
    expect(agent().done).toEqual(['start', 'unregister'])
    expect(session.done).toEqual([])
    expect(phone.state.value).toMatchObject({ line: 'off', call: 'talking' })
    phone.hangUp()
    expect(phone.state.value.call).toBe('idle')
    phone.stop()
    expect(agent().done).toEqual(['start', 'unregister', 'stop'])
  })

  it('may give the calls back while the old one lasts', async () => {
    const { phone, agent, talk } = await openPhone()
    talk()
    phone.retire()
    await phone.start()
    agent().emit('registered')
    expect(agent().done).toEqual(['start', 'unregister', 'register'])
    expect(phone.state.value).toMatchObject({ line: 'ready', call: 'talking' })
  })

  it('ends the telephone of a page without a call', async () => {
    const { phone, agent } = await openPhone()
    phone.retire()
    expect(agent().done).toEqual(['start', 'stop'])
    expect(phone.state.value).toMatchObject({ line: 'off', call: 'idle' })
  })
})

describe('a supervisor’s phone', () => {
  it('picks up by itself what they asked for on the board, and lets everything else ring', async () => {
    for (const [headers, call] of [
      [['X-Supervision'], 'answering'],
      [[], 'ringing'],
    ] as const) {
      const { phone, agent } = await openPhone()
      agent().emit('newRTCSession', {
        originator: 'remote',
        session: new TestSession(),
        request: { hasHeader: (name: string) => (headers as readonly string[]).includes(name) },
      })
      expect(phone.state.value.call).toBe(call)
    }
  })
})
