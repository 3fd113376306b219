import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type PresenceView } from '../../src/presence/contract.ts'
import { createPresence, type PresenceService } from '../../src/presence/service.ts'
import { createPresenceStore } from '../../src/presence/store.ts'
import { createDesk, type Desk, OPERATOR } from '../support/desk.ts'

const MAI = OPERATOR.id
const STRANGER = 77
const WRAP_UP_MS = 60_000
const GONE_MS = 12_000

let desk: Desk
let presence: PresenceService
let queue: Map<number, { member: boolean; paused: boolean; reason: string }>
let told: PresenceView[]
let warnings: number
let pbxAway: boolean

function start(): void {
  presence = createPresence({
    store: createPresenceStore(desk.db),
    members: {
      all: async () => {
        if (pbxAway) throw new Error('away')
        return [...queue.keys()]
      },
      put: async (personId, membership) => {
        if (pbxAway) throw new Error('away')
        queue.set(personId, membership)
      },
    },
    writing: desk.db,
    now: () => new Date(),
    wrapUpMs: WRAP_UP_MS,
    wrapUpExtensionMs: 30_000,
    consoleGoneMs: GONE_MS,
    onChange: (_, view) => void told.push(view),
    log: { warn: () => void (warnings += 1) },
  })
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-02T01:00:00Z') })
  desk = createDesk()
  queue = new Map()
  told = []
  warnings = 0
  pbxAway = false
  start()
})
afterEach(async () => {
  presence.close()
  vi.useRealTimers()
  await desk.close()
})

const state = () => presence.view(MAI).state
const seconds = (count: number) => vi.advanceTimersByTime(count * 1000)
const rows = (where = '') =>
  desk.db.raw.prepare(`SELECT state, reason, note FROM presence_log ${where} ORDER BY id`).all()

function sitDown(): void {
  presence.consoleOpened(MAI)
  presence.set(MAI, { state: 'ready' })
}
/** The console's last sign of life was now, and the service has noticed. */
const vanish = () => {
  presence.consoleClosed(MAI, new Date())
}

describe('R020: an operator', () => {
  it('is a member of the queue while ready, paused with the reason, and out when gone', () => {
    sitDown()
    expect(queue.get(MAI)).toEqual({ member: true, paused: false, reason: '' })
    presence.set(MAI, { state: 'paused', reason: 'meal' })
    expect(queue.get(MAI)).toEqual({ member: true, paused: true, reason: 'meal' })
    presence.set(MAI, { state: 'offline' })
    expect(queue.get(MAI)).toMatchObject({ member: false })
    expect(rows()).toEqual([
      { state: 'ready', reason: null, note: null },
      { state: 'paused', reason: 'meal', note: null },
      { state: 'offline', reason: null, note: null },
    ])
  })

  it('has one line in the log for a call that is told of twice', () => {
    sitDown()
    presence.callStarted(MAI, 'c1')
    presence.callStarted(MAI, 'c1')
    expect(rows()).toMatchObject([{ state: 'ready' }, { state: 'onCall' }])
  })

  it('cannot leave in the middle of a call', () => {
    sitDown()
    presence.callStarted(MAI, 'c1')
    expect(() => presence.set(MAI, { state: 'offline' })).toThrow(
      expect.objectContaining({ code: 'ON_A_CALL' }),
    )
    expect(state()).toBe('onCall')
  })

  it('who no longer works here leaves the queue, a running call excepted', () => {
    sitDown()
    presence.callStarted(MAI, 'c1')
    presence.dismiss(MAI)
    expect(state()).toBe('onCall')
    presence.callEnded(MAI, 'c1')
    presence.dismiss(MAI)
    expect(state()).toBe('offline')
    expect(queue.get(MAI)).toMatchObject({ member: false })
    seconds(120)
    expect(state()).toBe('offline')
  })

  it('is put right by the next resync when the PBX was away', async () => {
    pbxAway = true
    sitDown()
    await vi.waitFor(() => {
      expect(warnings).toBe(1)
    })
    expect(queue.size).toBe(0)
    pbxAway = false
    await presence.pushAll()
    expect(queue.get(MAI)).toMatchObject({ member: true, paused: false })
  })

  it('keeps nobody whom only the PBX remembers: after a restore they would ring at an empty seat', async () => {
    sitDown()
    queue.set(STRANGER, { member: true, paused: false, reason: '' })
    await presence.pushAll()
    expect(queue.get(STRANGER)).toMatchObject({ member: false })
    expect(queue.get(MAI)).toMatchObject({ member: true })
  })
})

describe('the wrap-up', () => {
  beforeEach(() => {
    sitDown()
    presence.callStarted(MAI, 'c1')
    presence.callEnded(MAI, 'c1')
  })

  it('keeps calls away, ends by itself and is told', () => {
    expect(state()).toBe('wrapUp')
    expect(queue.get(MAI)).toMatchObject({ paused: true })
    seconds(59)
    expect(state()).toBe('wrapUp')
    seconds(1)
    expect(state()).toBe('ready')
    expect(queue.get(MAI)).toMatchObject({ paused: false })
    expect(told.at(-1)?.state).toBe('ready')
  })

  it('is extended once, with a reason that stays', () => {
    seconds(50)
    presence.extendWrapUp(MAI, 'còn ghi phiếu')
    seconds(30)
    expect(state()).toBe('wrapUp')
    expect(() => presence.extendWrapUp(MAI, 'again')).toThrow(
      expect.objectContaining({ code: 'WRAP_UP_EXTENDED_ONCE' }),
    )
    seconds(10)
    expect(state()).toBe('ready')
    expect(() => presence.extendWrapUp(MAI, 'late')).toThrow(
      expect.objectContaining({ code: 'NOT_IN_WRAP_UP' }),
    )
    expect(rows('WHERE note IS NOT NULL')).toEqual([{ state: 'wrapUp', reason: null, note: 'còn ghi phiếu' }])
  })

  it('ends early when the operator is done, and does not come back later', () => {
    presence.set(MAI, { state: 'ready' })
    presence.set(MAI, { state: 'paused', reason: 'break' })
    seconds(120)
    expect(state()).toBe('paused')
  })

  it('leads to the pause that was asked for during the call', () => {
    presence.set(MAI, { state: 'ready' })
    presence.callStarted(MAI, 'c2')
    presence.set(MAI, { state: 'paused', reason: 'meal' })
    expect(state()).toBe('onCall')
    presence.callEnded(MAI, 'c2')
    expect(state()).toBe('wrapUp')
    seconds(60)
    expect(presence.view(MAI)).toMatchObject({ state: 'paused', reason: 'meal' })
  })

  it('that ended while the service was down ends at its start; one that runs goes on to its time', () => {
    seconds(20)
    presence.close()
    seconds(10)
    start()
    presence.restore()
    presence.consoleOpened(MAI)
    expect(state()).toBe('wrapUp')
    seconds(29)
    expect(state()).toBe('wrapUp')
    seconds(1)
    expect(state()).toBe('ready')
    presence.callStarted(MAI, 'c2')
    presence.callEnded(MAI, 'c2')
    presence.close()
    seconds(300)
    start()
    presence.restore()
    presence.consoleOpened(MAI)
    seconds(0)
    expect(state()).toBe('ready')
  })
})

describe('readiness without an open console', () => {
  it('does not last: nobody would hear the call', () => {
    presence.set(MAI, { state: 'ready' })
    expect(state()).toBe('ready')
    seconds(13)
    expect(state()).toBe('away')
    expect(queue.get(MAI)).toMatchObject({ paused: true })
  })

  it('is not made longer by asking again', () => {
    sitDown()
    vanish()
    seconds(10)
    presence.set(MAI, { state: 'ready' })
    seconds(3)
    expect(state()).toBe('away')
    presence.set(MAI, { state: 'ready' })
    expect(state()).toBe('ready')
    seconds(13)
    expect(state()).toBe('away')
  })

  it('becomes lasting with the console', () => {
    presence.set(MAI, { state: 'ready' })
    seconds(5)
    presence.consoleOpened(MAI)
    seconds(60)
    expect(state()).toBe('ready')
  })
})

describe('a console that vanishes', () => {
  it('pauses its operator, and all is as before when it returns', () => {
    sitDown()
    vanish()
    seconds(11)
    expect(state()).toBe('ready')
    seconds(1)
    expect(state()).toBe('away')
    expect(queue.get(MAI)).toEqual({ member: true, paused: true, reason: 'away' })
    presence.consoleOpened(MAI)
    expect(state()).toBe('ready')
    expect(queue.get(MAI)).toMatchObject({ paused: false })
  })

  it('and returns in time was never away', () => {
    sitDown()
    vanish()
    seconds(11)
    presence.consoleOpened(MAI)
    seconds(60)
    expect(state()).toBe('ready')
    expect(rows()).toHaveLength(1)
  })

  it('returns to the pause it left, with its reason', () => {
    sitDown()
    presence.set(MAI, { state: 'paused', reason: 'meeting' })
    vanish()
    seconds(12)
    expect(state()).toBe('away')
    presence.consoleOpened(MAI)
    expect(presence.view(MAI)).toMatchObject({ state: 'paused', reason: 'meeting' })
  })

  it('returns to a wrap-up that is not over, and to ready when it is', () => {
    sitDown()
    presence.callStarted(MAI, 'c1')
    presence.callEnded(MAI, 'c1')
    vanish()
    seconds(20)
    expect(state()).toBe('away')
    presence.consoleOpened(MAI)
    expect(state()).toBe('wrapUp')
    seconds(40)
    expect(state()).toBe('ready')
    presence.callStarted(MAI, 'c2')
    presence.callEnded(MAI, 'c2')
    vanish()
    seconds(61)
    expect(state()).toBe('away')
    presence.consoleOpened(MAI)
    expect(state()).toBe('ready')
  })

  it('in mid-call leaves the call alone, and nobody is rung at its seat afterwards', () => {
    sitDown()
    presence.callStarted(MAI, 'c1')
    vanish()
    seconds(60)
    expect(state()).toBe('onCall')
    presence.callEnded(MAI, 'c1')
    expect(state()).toBe('away')
    expect(queue.get(MAI)).toMatchObject({ paused: true })
    presence.consoleOpened(MAI)
    expect(state()).toBe('wrapUp')
  })

  it('in mid-call and is back before its end gets its wrap-up', () => {
    sitDown()
    presence.callStarted(MAI, 'c1')
    vanish()
    seconds(30)
    presence.consoleOpened(MAI)
    expect(state()).toBe('onCall')
    presence.callEnded(MAI, 'c1')
    seconds(30)
    expect(state()).toBe('wrapUp')
  })

  it('just before the call ends is waited for like any other', () => {
    sitDown()
    presence.callStarted(MAI, 'c1')
    vanish()
    seconds(5)
    presence.callEnded(MAI, 'c1')
    expect(state()).toBe('wrapUp')
    seconds(7)
    expect(state()).toBe('away')
  })

  it('with a second one open leaves the operator at the desk', () => {
    sitDown()
    presence.consoleOpened(MAI)
    vanish()
    seconds(60)
    expect(state()).toBe('ready')
    vanish()
    seconds(12)
    expect(state()).toBe('away')
  })

  it('does not come back after a restart of the service: paused in the same time', () => {
    sitDown()
    presence.close()
    start()
    presence.restore()
    expect(state()).toBe('ready')
    seconds(12)
    expect(state()).toBe('away')
  })

  it('comes back after a restart of the service in time: nothing happened', () => {
    sitDown()
    presence.close()
    start()
    presence.restore()
    seconds(3)
    presence.consoleOpened(MAI)
    seconds(60)
    expect(state()).toBe('ready')
  })
})

describe('a change in a transaction of somebody else', () => {
  it('is told to queue and console when that is committed', async () => {
    sitDown()
    await vi.advanceTimersByTimeAsync(0)
    told.length = 0
    queue.clear()
    desk.db.transaction(() => {
      presence.callStarted(MAI, 'c1')
      presence.callEnded(MAI, 'c1')
      expect(state()).toBe('wrapUp')
      expect([told, queue.size]).toEqual([[], 0])
    })
    expect(told.map((view) => view.state)).toEqual(['onCall', 'wrapUp'])
    expect(queue.get(MAI)).toMatchObject({ paused: true })
    seconds(WRAP_UP_MS / 1000)
    expect(state()).toBe('ready')
  })

  it('never was, when that is taken back', () => {
    sitDown()
    const before = presence.view(MAI)
    told.length = 0
    queue.clear()
    const lines = rows().length
    expect(() => {
      desk.db.transaction(() => {
        presence.callStarted(MAI, 'c1')
        presence.callEnded(MAI, 'c1')
        throw new Error('disk full')
      })
    }).toThrow('disk full')
    expect(presence.view(MAI)).toEqual(before)
    expect(rows()).toHaveLength(lines)
    seconds(WRAP_UP_MS / 1000)
    expect([told, queue.size, presence.view(MAI)]).toEqual([[], 0, before])
  })
})
