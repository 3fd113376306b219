import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import type { LiveMessage } from '../../src/live/contract.ts'
import { createLiveHub, type LiveHub } from '../../src/live/service.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const PERSON: Person = {
  id: 1,
  username: 'mai',
  name: 'Nguyễn Thị Mai',
  role: 'operator',
  unitId: null,
  active: true,
  mustChangePassword: false,
}

function openHub() {
  const hub = createLiveHub()
  return { hub, heard: openConsole(hub) }
}

function openConsole(
  hub: LiveHub,
  person: Person = PERSON,
  told: (count: number) => void = () => undefined,
): LiveMessage[] {
  const heard: LiveMessage[] = []
  hub.open({
    person,
    sessionId: 's',
    consoleId: 'console-1',
    send: (...messages) => {
      heard.push(...messages)
      told(messages.length)
    },
    close: () => undefined,
  })
  return heard
}

const waiting = (...callIds: string[]): LiveMessage => ({
  type: 'waiting',
  waiting: callIds.map((callId) => ({
    callId,
    display: '',
    since: '2026-03-02T01:00:00Z',
    training: false,
    back: false,
  })),
})
const missed: LiveMessage = { type: 'missed', missed: [], missedTotal: 0 }
const LINKS: LiveMessage = { type: 'links', links: { ami: true, ari: true, disk: 'ok', recordings: null } }

describe('lists told to everybody', () => {
  test('go out a moment later, the newest in place of those before', () => {
    const { hub, heard } = openHub()
    hub.toHotline(waiting('a'))
    hub.toHotline(waiting('a', 'b'))
    hub.toHotline(waiting('b'))
    expect(heard).toEqual([])
    vi.advanceTimersByTime(300)
    expect(heard).toEqual([waiting('b')])
    vi.advanceTimersByTime(5_000)
    expect(heard).toHaveLength(1)
    hub.toHotline(waiting())
    vi.advanceTimersByTime(300)
    expect(heard.at(-1)).toEqual(waiting())
  })

  test('hold nothing else, and go out together', () => {
    const { hub, heard } = openHub()
    hub.toHotline(waiting('a'))
    vi.advanceTimersByTime(200)
    hub.toHotline(missed)
    hub.toHotline(LINKS)
    expect(heard).toEqual([LINKS])
    vi.advanceTimersByTime(100)
    expect(heard).toEqual([LINKS, waiting('a'), missed])
  })

  test('R068: are made with whole numbers for those at the line, with masked ones for those who look on, once each', () => {
    const { hub, heard } = openHub()
    const others = (['supervisor', 'admin', 'operator'] as const).map((role, index) =>
      openConsole(hub, { ...PERSON, id: 2 + index, role }),
    )
    const made: boolean[] = []
    hub.listToHotline('waiting', (whole) => {
      made.push(whole)
      return waiting(whole ? 'whole' : 'masked')
    })
    vi.advanceTimersByTime(460)
    expect([heard, ...others]).toEqual(['whole', 'masked', 'masked', 'whole'].map((name) => [waiting(name)]))
    expect(made.sort()).toEqual([false, true])
  })

  test('come to one console after the other, each with all of them at once; what is new by then comes a turn later', () => {
    const hub = createLiveHub()
    const sent: string[] = []
    const desks = [1, 2].map((id) =>
      openConsole(hub, { ...PERSON, id }, (count) => sent.push(`${String(count)} to ${String(id)}`)),
    )
    hub.toHotline(waiting('a'))
    hub.toHotline(missed)
    vi.advanceTimersByTime(300)
    expect(sent).toEqual(['2 to 1'])
    hub.toHotline(waiting('b'))
    vi.advanceTimersByTime(160)
    expect(sent).toEqual(['2 to 1', '2 to 2'])
    vi.advanceTimersByTime(599)
    expect(sent).toHaveLength(2)
    vi.advanceTimersByTime(161)
    expect(sent).toEqual(['2 to 1', '2 to 2', '1 to 1', '1 to 2'])
    // Quiet again: the next comes as soon as the first did.
    vi.advanceTimersByTime(1_000)
    hub.toHotline(missed)
    vi.advanceTimersByTime(300)
    expect(sent).toHaveLength(5)
    vi.advanceTimersByTime(160)
    for (const heard of desks) expect(heard).toEqual([waiting('a'), missed, waiting('b'), missed])
  })

  test('do not come to a console that was shut while the others were told', () => {
    const hub = createLiveHub()
    const heard: LiveMessage[] = []
    openConsole(hub)
    const other = {
      person: { ...PERSON, id: 2 },
      sessionId: 's',
      consoleId: 'console-2',
      send: (...messages: readonly LiveMessage[]) => void heard.push(...messages),
      close: () => undefined,
    }
    hub.open(other)
    hub.toHotline(missed)
    vi.advanceTimersByTime(300)
    hub.shut(other)
    vi.advanceTimersByTime(1_000)
    expect(heard).toEqual([])
  })
})

describe('changes of cases and recordings', () => {
  const ticket = (code: string, version: number): LiveMessage => ({ type: 'ticket', code, version })
  const recording: LiveMessage = { type: 'recording', id: 7, ticketCode: 'HP26-000001' }

  test('go out a moment later, of each case and recording only the last', () => {
    const { hub, heard } = openHub()
    for (const version of [1, 2, 3]) hub.toReaders(ticket('HP26-000001', version), () => true)
    hub.toReaders(ticket('HP26-000002', 1), () => true)
    for (const message of [recording, recording]) hub.toHotline(message)
    expect(heard).toEqual([])
    vi.advanceTimersByTime(300)
    expect(heard).toEqual([ticket('HP26-000001', 3), ticket('HP26-000002', 1), recording])
  })

  test('are not told to a console that opened after them, and has read its lists since', () => {
    const { hub, heard } = openHub()
    hub.toReaders(ticket('HP26-000001', 1), () => true)
    hub.toReaders(ticket('HP26-000002', 1), () => true)
    const later = openConsole(hub)
    hub.toReaders(ticket('HP26-000002', 2), () => true)
    vi.advanceTimersByTime(460)
    expect(later).toEqual([ticket('HP26-000002', 2)])
    // The same person's other page was replaced.
    expect(heard.filter(({ type }) => type === 'ticket')).toHaveLength(2)
  })

  test('are not told to whom they no longer concern, and not at all once the service closes', () => {
    const { hub, heard } = openHub()
    hub.toReaders(ticket('HP26-000001', 1), () => true)
    hub.toReaders(ticket('HP26-000001', 2), () => false)
    vi.advanceTimersByTime(300)
    hub.toReaders(ticket('HP26-000001', 3), () => true)
    hub.stop()
    hub.toReaders(ticket('HP26-000001', 4), () => true)
    vi.advanceTimersByTime(300)
    expect(heard).toEqual([])
  })
})
