import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CatchUp, createCatchUp } from '../../src/calls/catch-up.ts'
import { createCatchUpStore } from '../../src/calls/catch-up-store.ts'
import { type JournalRow } from '../../src/calls/journal-ami.ts'
import { type TakenUp } from '../../src/calls/resync-ami.ts'
import { type CallDesk, createCallDesk, SUPERVISOR_VIEWER } from '../support/call-desk.ts'

/** 02:10 in the city. */
const FROM_MS = Date.UTC(2026, 2, 1, 19, 10)

let desk: CallDesk
let steps: string[]
let collected: PromiseWithResolvers<number>
let over: { calls: number; first: Date | null; last: Date | null } | undefined
let catchUp: CatchUp

beforeEach(() => {
  desk = createCallDesk()
  steps = []
  over = undefined
  collected = Promise.withResolvers()
})
afterEach(async () => {
  catchUp.stop()
  collected.resolve(0)
  await catchUp.finished()
  await desk.close()
})

/** A call a minute, every other of them missed. */
function rows(count: number): JournalRow[] {
  return Array.from({ length: count }, (_, index) => {
    const inMs = FROM_MS + index * 60_000
    const answered = index % 2 === 0 ? `&con=${String(inMs + 4_000)}&mem=op-11` : ''
    return {
      callId: `hp1-1764000000.${String(index)}`,
      value: `v=1&in=${String(inMs)}&from=0950000${String(100 + index)}&name=&line=02251022&notice=n1&rec=call-${String(index)}&training=0&q=${String(inMs + 1_000)}${answered}&end=${String(inMs + 30_000)}&cause=16&qs=&by=caller`,
    }
  })
}

function start(taken: Partial<TakenUp>, holdMs?: number): CatchUp {
  catchUp = createCatchUp({
    calls: desk.calls,
    journal: {
      overflow: () => Promise.resolve(over),
      forgetOverflow: async () => void steps.push('overflow forgotten'),
    },
    takeUpLive: async () => {
      steps.push('live')
      return { live: 0, ended: 0, rebuilt: [], failed: 0, past: [], rows: 0, ...taken }
    },
    whenLive: async () => void steps.push('in step'),
    collect: () => {
      steps.push(`collect after ${String(desk.acknowledged.length)} calls`)
      return collected.promise
    },
    onOverflow: (calls, first, last) =>
      void steps.push(`overflow ${String(calls)} ${String(first)} ${String(last)}`),
    acknowledge: (callId) => void desk.acknowledged.push(callId),
    runs: createCatchUpStore(desk.db),
    onChange: () => undefined,
    now: desk.now,
    ...(holdMs === undefined ? {} : { holdMs }),
    log: desk.logger,
  })
  return catchUp
}

describe('what happened while the service did not listen', () => {
  it('is made up for in order: what lives, the journal, with which events are heard, and the recordings', async () => {
    const past = rows(37)
    const caught = start({ past, rows: past.length, live: 3 }, 60_000)
    await caught.run()
    expect(caught.state()).toMatchObject({ phase: 'recordings', done: 37 })
    collected.resolve(20)
    await caught.finished()
    expect(steps).toEqual(['live', 'in step', 'collect after 37 calls'])
    expect(caught.state()).toEqual({ phase: 'done', rows: 37, total: 37, done: 37, failed: 0 })
    expect(desk.tickets.list({}, SUPERVISOR_VIEWER).total).toBe(37)
    expect(caught.page(10)).toEqual([
      {
        id: 1,
        reason: 'start',
        startedAt: desk.now().toISOString(),
        finishedAt: desk.now().toISOString(),
        live: 3,
        ended: 0,
        rebuilt: 37,
        failed: 0,
        recordings: 20,
        fromAt: '2026-03-01T19:10:00.000Z',
        toAt: '2026-03-01T19:46:30.000Z',
      },
    ])
  })

  it('keeps no phone waiting for longer than its hold, and goes on behind the events', async () => {
    const past = rows(100)
    const caught = start({ past, rows: past.length }, 0)
    await caught.run()
    expect(caught.state().phase).not.toBe('done')
    collected.resolve(0)
    await caught.finished()
    expect(caught.state()).toMatchObject({ phase: 'done', done: 100 })
    expect(desk.acknowledged).toHaveLength(100)
  })

  it('is told only once, however often the PBX keeps telling it', async () => {
    collected.resolve(0)
    const past = rows(5)
    const caught = start({ past })
    await caught.run()
    await caught.run()
    await caught.finished()
    expect(caught.page(10).map(({ rebuilt }) => rebuilt)).toEqual([5])
    expect(desk.tickets.list({}, SUPERVISOR_VIEWER).total).toBe(5)
  })

  it('leaves one call that cannot be written to the next time, and takes its neighbours', async () => {
    collected.resolve(0)
    desk.db.raw.exec(
      "CREATE TRIGGER bad BEFORE INSERT ON calls WHEN NEW.id LIKE '%.3' BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    const caught = start({ past: rows(20) })
    await caught.run()
    await caught.finished()
    expect(caught.page(1)).toMatchObject([{ rebuilt: 19, failed: 1 }])
    expect(desk.acknowledged).not.toContain('hp1-1764000000.3')
    desk.db.raw.exec('DROP TRIGGER bad')
    await caught.run()
    await caught.finished()
    expect(caught.page(1)).toMatchObject([{ reason: 'reconnect', rebuilt: 1, failed: 0 }])
    expect(desk.tickets.list({}, SUPERVISOR_VIEWER).total).toBe(20)
  })

  it('tells of calls the PBX had no room for before the PBX forgets them', async () => {
    collected.resolve(0)
    over = { calls: 4, first: new Date(FROM_MS), last: null }
    const caught = start({})
    await caught.run()
    await caught.finished()
    expect(steps.slice(2)).toEqual([
      'overflow 4 2026-03-01T19:10:00.000Z null',
      'overflow forgotten',
      'collect after 0 calls',
    ])
  })

  it('shows nobody as missed who was spoken with since', async () => {
    collected.resolve(0)
    desk.arrive('later', { from: '0950000101', at: new Date(FROM_MS + 3_600_000) })
    desk.calls.event('later', { type: 'connected', operatorId: 11 }, new Date(FROM_MS + 3_601_000))
    const caught = start({ past: rows(4) })
    await caught.run()
    await caught.finished()
    expect(desk.missed.map(({ number }) => number.e164)).toEqual(['+84950000103'])
  })
})
