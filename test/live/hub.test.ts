import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import type { LiveMessage } from '../../src/live/contract.ts'
import { createLiveHub } from '../../src/live/service.ts'

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
  const heard: LiveMessage[] = []
  hub.open({
    person: PERSON,
    sessionId: 's',
    consoleId: 'console-1',
    send: (message) => void heard.push(message),
    close: () => undefined,
  })
  return { hub, heard }
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
const missed: LiveMessage = { type: 'missed', missed: [] }

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

  test('do not hold each other, nor anything else', () => {
    const { hub, heard } = openHub()
    const ticket: LiveMessage = { type: 'ticket', code: 'HP26-000001', version: 1 }
    for (const message of [waiting('a'), missed, ticket, ticket]) hub.toHotline(message)
    expect(heard).toEqual([ticket, ticket])
    vi.advanceTimersByTime(300)
    expect(heard).toEqual([ticket, ticket, waiting('a'), missed])
  })
})
