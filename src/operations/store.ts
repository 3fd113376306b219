import { statSync } from 'node:fs'
import type { Db } from '../db/open.ts'
import type { StoredFigures } from './meters.ts'

const DAY_MS = 24 * 3_600_000

export interface OperationsStore {
  figures(now: Date): StoredFigures
  /** SMS that are due and not with the carrier, and since when the oldest is (ISO 8601). */
  outbox(now: Date): { readonly waiting: number; readonly oldestAt: string | null }
  walBytes(): number
  /** Throws when the database does not answer. */
  ping(): void
}

export function createOperationsStore({ raw }: Pick<Db, 'raw'>, databasePath: string): OperationsStore {
  const one = <T>(query: string) => raw.prepare<unknown[], T>(query).pluck()
  const calls = one<number>('SELECT coalesce(max(rowid), 0) FROM calls')
  const outcomes = raw.prepare<[string], { outcome: string; n: number }>(
    `SELECT coalesce(outcome, 'running') AS outcome, count(*) AS n FROM calls WHERE started_at >= ? GROUP BY 1`,
  )
  const caughtUp = raw.prepare<[], { rebuilt: number; failed: number }>(
    'SELECT coalesce(sum(rebuilt), 0) AS rebuilt, coalesce(sum(failed), 0) AS failed FROM catch_up_runs',
  )
  const outbox = raw.prepare<[string], { n: number; oldest: string | null }>(
    `SELECT count(*) AS n, min(next_at) AS oldest FROM outbox WHERE next_at <= ? AND state IN ('pending', 'sending')`,
  )
  const unknown = one<number>(`SELECT count(*) FROM outbox WHERE state = 'unknown'`)
  const pending = one<number>(`SELECT count(*) FROM recordings WHERE state = 'pending'`)
  const open = one<number>(`SELECT count(*) FROM deadlines
     WHERE satisfied_at IS NULL AND voided_at IS NULL AND breached_at IS NULL AND paused_at IS NULL`)
  const alive = one<number>('SELECT 1')

  function walBytes(): number {
    return statSync(`${databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0
  }

  function outboxAt(now: Date): { readonly waiting: number; readonly oldestAt: string | null } {
    const { n = 0, oldest = null } = outbox.get(now.toISOString()) ?? {}
    return { waiting: n, oldestAt: oldest }
  }

  return {
    outbox: outboxAt,
    figures(now) {
      const { waiting, oldestAt } = outboxAt(now)
      const { rebuilt, failed } = caughtUp.get() ?? { rebuilt: 0, failed: 0 }
      return {
        calls: calls.get() ?? 0,
        callsByOutcome: new Map(
          outcomes.all(new Date(now.getTime() - DAY_MS).toISOString()).map(({ outcome, n }) => [outcome, n]),
        ),
        rebuiltCalls: rebuilt,
        failedCalls: failed,
        outboxWaiting: waiting,
        outboxOldestAt: oldestAt,
        outboxUnknown: unknown.get() ?? 0,
        recordingsPending: pending.get() ?? 0,
        openDeadlines: open.get() ?? 0,
      }
    },
    walBytes,
    ping() {
      alive.get()
    },
  }
}
