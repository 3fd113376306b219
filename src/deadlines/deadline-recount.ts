import type { RecountPreview } from './contract.ts'
import type { DeadlineClock } from './deadline-keeper.ts'
import { type DeadlineRow, POLICY_VERSION, stateOf } from './deadline-policy.ts'
import type { DeadlineStore } from './deadline-store.ts'

/** Why a due time is another one: the version of the table that made it so. */
export interface RecountReason {
  readonly calendarName: string
  readonly number: number
  readonly reason: string
}

export interface DeadlineRecount {
  /** The row as its calendar has it now; written down, and told, where that is another due time. In the caller's transaction. */
  fresh(row: DeadlineRow): DeadlineRow
  /** Counts up to so many anew, in the caller's transaction: how many got another due time, and whether some are left. */
  begin(limit: number): { readonly changed: number; readonly behind: boolean }
  /** All that are left, in short transactions between which others get their turn. Joins a run that is under way. */
  run(): Promise<{ readonly changed: number }>
  /** What another set of calendars would do; `clock` is theirs. */
  preview(calendarIds: readonly string[], clock: DeadlineClock, now: Date): Promise<RecountPreview>
  /** No further batch is begun. */
  stop(): void
}

export interface RecountDeps {
  readonly store: DeadlineStore
  readonly clock: DeadlineClock
  readonly calendarIds: () => readonly string[]
  readonly whyOf: (calendarId: string) => RecountReason
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  /** In the transaction that writes it: `row` as it is now, and what it was due before. */
  readonly onRecomputed: (row: DeadlineRow, oldDueAt: string | null, why: RecountReason) => void
  /** After it: cases whose clocks are others now. */
  readonly onChanged: (ticketIds: readonly number[]) => void
  /** With all of a calendar counted: tells so many people of other due times; true where somebody is left. */
  readonly tellNews: (people: number) => boolean
  readonly codeOf: (ticketId: number) => string
  readonly log: { error(fields: object, message: string): void }
}

/** Short enough that a ringing phone does not wait for it. */
const BATCH = 50
const PREVIEW_BATCH = 250
const PREVIEW_FIRST = 20
/** Consoles are told of so many of one run; whoever looks later reads what is there. */
const TOLD = 500

/**
 * Counts open clocks anew when their calendar is another one (regulation.md 2.5 A19). Each row says by which version it was
 * counted, so what is still to be done is in the rows themselves: a run that is broken off is gone on with by the next, and
 * nothing is done twice. Met, void and broken clocks are never touched.
 */
export function createDeadlineRecount(deps: RecountDeps): DeadlineRecount {
  const { store, clock } = deps
  let running: Promise<{ changed: number }> | undefined
  let stopped = false

  function isBehind(row: DeadlineRow): boolean {
    if (row.policyVersion !== POLICY_VERSION || row.breachedAt !== null) return false
    const version = clock.versionOf(row.calendarId)
    return version !== undefined && version !== row.calendarVersion
  }

  /** What is written of one; `changed` where it is due at another time. */
  function recount(
    row: DeadlineRow,
    whyOf: (calendarId: string) => RecountReason,
  ): { readonly row: DeadlineRow; readonly changed: boolean } {
    const due = clock.recount(row)
    const calendarVersion = clock.versionOf(row.calendarId) ?? row.calendarVersion
    if (due === undefined) {
      store.update(row.id, { calendarVersion })
      return { row: { ...row, calendarVersion }, changed: false }
    }
    const dueAt = due.dueAt?.toISOString() ?? null
    const warnAt = due.warnAt?.toISOString() ?? null
    // Reminded too early by a table that no more holds: the reminder that counts is still to come.
    const isToCome = warnAt !== null && warnAt > deps.now().toISOString()
    const times = {
      dueAt,
      warnAt,
      warnedAt: isToCome ? null : row.warnedAt,
      calendarVersion,
      explanation: due.explanation,
    }
    store.update(row.id, times)
    const written = { ...row, ...times }
    const changed = dueAt !== row.dueAt
    if (changed) deps.onRecomputed(written, row.dueAt, whyOf(row.calendarId))
    return { row: written, changed }
  }

  /** Rows of one calendar, in the caller's transaction; answers the cases whose clock ends at another time. */
  function countEach(rows: readonly DeadlineRow[]): number[] {
    let why: RecountReason | undefined
    const whyOf = (calendarId: string): RecountReason => (why ??= deps.whyOf(calendarId))
    return rows.filter((row) => recount(row, whyOf).changed).map(({ ticketId }) => ticketId)
  }

  const behind = (calendarId: string, afterId: number, limit: number): DeadlineRow[] => {
    const version = clock.versionOf(calendarId)
    if (version === undefined) return []
    return store.behind({ calendarId, policyVersion: POLICY_VERSION, version, afterId, limit })
  }

  /** One batch in one transaction; should it fail, each of its rows in one of its own, so that one holds up no other. */
  function batch(rows: readonly DeadlineRow[]): number[] {
    const work = (some: readonly DeadlineRow[]): number[] => deps.transaction(() => countEach(some))
    try {
      return work(rows)
    } catch {
      return rows.flatMap((row) => {
        try {
          return work([row])
        } catch (err) {
          deps.log.error(
            { err, deadlineId: row.id },
            'a deadline could not be counted anew; the next run tries again',
          )
          return []
        }
      })
    }
  }

  async function drain(): Promise<{ changed: number }> {
    let changed = 0
    for (const calendarId of deps.calendarIds()) {
      let afterId = 0
      for (;;) {
        if (stopped) return { changed }
        const rows = behind(calendarId, afterId, BATCH)
        const last = rows.at(-1)
        if (last === undefined) break
        const ticketIds = batch(rows)
        deps.onChanged(ticketIds.slice(0, Math.max(0, TOLD - changed)))
        changed += ticketIds.length
        afterId = last.id
        await aTurn()
      }
    }
    // Not before: who has several cases that moved hears of them in one message.
    while (!stopped && deps.tellNews(1)) await aTurn()
    return { changed }
  }

  return {
    fresh: (row) => (isBehind(row) && isOpen(row) ? recount(row, deps.whyOf).row : row),
    begin(limit) {
      let left = limit
      const ticketIds: number[] = []
      for (const calendarId of deps.calendarIds()) {
        if (left < 0) break
        const rows = behind(calendarId, 0, left + 1)
        ticketIds.push(...countEach(rows.slice(0, left)))
        left -= rows.length
      }
      if (left >= 0) deps.tellNews(Infinity)
      // A transaction never awaits, so a microtask runs after the caller's.
      queueMicrotask(() => {
        deps.onChanged(ticketIds)
      })
      return { changed: ticketIds.length, behind: left < 0 }
    },
    run() {
      running ??= drain().finally(() => {
        running = undefined
      })
      return running
    },
    async preview(calendarIds, candidate, now) {
      const tally = createTally(now, deps.codeOf)
      for (const calendarId of calendarIds) {
        const asked = { calendarId, policyVersion: POLICY_VERSION, limit: PREVIEW_BATCH }
        let afterId = 0
        for (;;) {
          const rows = store.openBy({ ...asked, afterId })
          for (const row of rows) tally.add(row, candidate.recountedDue(row))
          afterId = rows.at(-1)?.id ?? afterId
          if (rows.length < PREVIEW_BATCH) break
          await aTurn()
        }
      }
      return tally.result()
    },
    stop() {
      stopped = true
    },
  }
}

function isOpen(row: DeadlineRow): boolean {
  const state = stateOf(row)
  return state === 'running' || state === 'paused'
}

/** Others' work that waits is done first. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

interface Moved {
  readonly row: DeadlineRow
  readonly newDueAt: string | null
  readonly overdue: boolean
}

/** Adds up what would change, keeping the most pressing ones. */
function createTally(now: Date, codeOf: (ticketId: number) => string) {
  const iso = now.toISOString()
  const sums = { open: 0, changed: 0, earlier: 0, later: 0, overdue: 0, undated: 0, dated: 0 }
  let first: Moved[] = []
  return {
    add(row: DeadlineRow, newDueAt: string | null): void {
      sums.open += 1
      if (newDueAt === row.dueAt) return
      sums.changed += 1
      if (newDueAt === null) sums.undated += 1
      else if (row.dueAt === null) sums.dated += 1
      else if (newDueAt < row.dueAt) sums.earlier += 1
      else sums.later += 1
      const overdue = row.pausedAt === null && newDueAt !== null && newDueAt < iso
      if (overdue) sums.overdue += 1
      first.push({ row, newDueAt, overdue })
      if (first.length > 10 * PREVIEW_FIRST) first = mostPressing(first)
    },
    result: (): RecountPreview => ({
      ...sums,
      first: mostPressing(first).map(({ row, newDueAt, overdue }) => ({
        code: codeOf(row.ticketId),
        kind: row.kind,
        oldDueAt: row.dueAt,
        newDueAt,
        overdue,
      })),
    }),
  }
}

function mostPressing(moved: readonly Moved[]): Moved[] {
  const end = ({ newDueAt }: Moved): string => newDueAt ?? '9'
  return [...moved].sort((a, b) => (end(a) < end(b) ? -1 : 1)).slice(0, PREVIEW_FIRST)
}
