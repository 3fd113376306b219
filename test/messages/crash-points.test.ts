import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Db, openDb } from '../../src/db/open.ts'
import { createSender, type SenderPorts } from '../../src/messages/sender.ts'
import type { CarrierRecord, OutboxMessage, SmsProvider } from '../../src/messages/service.ts'
import { createMessageStore } from '../../src/messages/store.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')
const SILENT = { warn: () => undefined, error: () => undefined }
const MESSAGES = 3
const HOUR_MS = 3_600_000

class Crash extends Error {}

/** Counts what a process does, and ends it before the n-th thing: from then on nothing it does has any effect. */
function createFate(dieBefore: number) {
  let done = 0
  return {
    done: () => done,
    isDead: () => done >= dieBefore,
    step() {
      if (done >= dieBefore) throw new Crash()
      done += 1
    },
  }
}
type Fate = ReturnType<typeof createFate>

/** A carrier that outlives every process of ours, and what it took. */
function createCarrier() {
  const taken: { readonly id: number; readonly sid: string; readonly text: string }[] = []
  const records = (text: string): CarrierRecord[] =>
    taken.filter((one) => one.text === text).map(({ sid }) => ({ sid, status: 'sent', errorCode: null }))
  return {
    taken,
    /** As one process of ours sees it: it may die before the carrier hears anything, or before it hears the carrier's answer. */
    seenBy: (fate: Fate): SmsProvider => ({
      name: 'simulator',
      async send({ id, text }) {
        fate.step()
        const sid = `SM${String(taken.length + 1)}`
        taken.push({ id, sid, text })
        await Promise.resolve()
        fate.step()
        return { type: 'accepted', sid, status: 'queued' }
      },
      async find({ text }) {
        fate.step()
        await Promise.resolve()
        return records(text)
      },
      async look(sid) {
        fate.step()
        await Promise.resolve()
        return { sid, status: 'delivered', errorCode: null }
      },
    }),
  }
}

/** Every reading and writing of the outbox is a step, and so are the beginning and the end of a transaction. */
function senderOf(db: Db, carrier: ReturnType<typeof createCarrier>, fate: Fate, now: () => Date) {
  const store = createMessageStore(db)
  const stepping = new Proxy(store, {
    get: (target, key) => {
      const methods = target as unknown as Record<PropertyKey, (...given: unknown[]) => unknown>
      return (...given: unknown[]) => {
        fate.step()
        return methods[key]?.(...given)
      }
    },
  })
  const ports: SenderPorts = {
    transaction: (work) => {
      fate.step()
      const result = db.transaction(() => {
        const answer = work()
        fate.step()
        return answer
      })
      fate.step()
      return result
    },
    store: stepping,
    providers: { simulator: carrier.seenBy(fate) },
    now,
    quietHours: null,
    isAtWork: () => false,
    onChanged: () => undefined,
    overtaken: () => null,
    onDropped: () => undefined,
    onArrived: () => undefined,
    log: SILENT,
  }
  return createSender(ports)
}

function outboxOf(db: Db, now: Date): void {
  const store = createMessageStore(db)
  const at = now.toISOString()
  for (let number = 1; number <= MESSAGES; number += 1) {
    store.insert({
      template: 'slipOfficer',
      to: `+8495000000${String(number)}`,
      toName: null,
      text: `Phieu so ${String(number)}`,
      textVi: `Phiếu số ${String(number)}`,
      segments: 1,
      state: 'pending',
      provider: 'simulator',
      sid: null,
      carrierStatus: null,
      errorCode: null,
      ticketCode: null,
      occasion: null,
      urgent: false,
      training: false,
      attempts: 0,
      nextAt: at,
      handedAt: null,
      createdAt: at,
      updatedAt: at,
    })
  }
}

/** Dies before the n-th step, then a new process goes on for a day. Answers how many steps there were. */
async function live(dieBefore: number) {
  const db = openDb(':memory:', MIGRATIONS)
  try {
    let at = new Date('2026-03-02T01:00:00Z')
    const carrier = createCarrier()
    outboxOf(db, at)
    const fate = createFate(dieBefore)
    await senderOf(db, carrier, fate, () => at)
      .drain()
      .catch((cause: unknown) => {
        if (!(cause instanceof Crash)) throw cause
      })
    const next = senderOf(db, carrier, createFate(Infinity), () => at)
    for (let hour = 0; hour < 24; hour += 1) {
      await next.drain()
      at = new Date(at.getTime() + HOUR_MS)
    }
    const rows = db.raw.prepare('SELECT * FROM outbox ORDER BY id').all() as OutboxMessage[]
    return { steps: fate.done(), died: fate.isDead(), rows, taken: carrier.taken }
  } finally {
    db.close()
  }
}

describe('a process that dies between outbox and carrier', () => {
  it('before any step: no SMS goes out twice, and one that did not go out is told to a person', async () => {
    const whole = await live(Infinity)
    expect(whole.taken).toHaveLength(MESSAGES)
    expect(whole.rows.map(({ state }) => state)).toEqual(Array(MESSAGES).fill('delivered'))
    let unsure = 0
    for (let step = 0; step < whole.steps; step += 1) {
      const { rows, taken, died } = await live(step)
      expect(died, `step ${String(step)}`).toBe(true)
      for (const { id, state } of rows) {
        const count = taken.filter((one) => one.id === id).length
        const what = `SMS ${String(id)}, ${state}, death before step ${String(step)}`
        if (state === 'unknown') {
          // Written down as handed over, and never was: it is looked for, not sent again.
          expect(count, what).toBe(0)
          unsure += 1
        } else {
          expect(state, what).toBe('delivered')
          expect(count, what).toBe(1)
        }
      }
    }
    expect(whole.steps).toBeGreaterThan(20)
    expect(unsure).toBeGreaterThan(0)
  })
})
