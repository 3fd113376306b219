import type { DeadlineKind, DeadlineView } from './contract.ts'
import {
  DEADLINE_RULES,
  type DeadlineRow,
  isFirstOfUnit,
  isStatutory,
  kindsBeside,
  POLICY_VERSION,
  stateOf,
  viewOf,
} from './deadline-policy.ts'
import type { DeadlineStore } from './deadline-store.ts'
import { momentText } from './explanation-policy.ts'
import type { SlipDue } from './service.ts'

/** What a calendar says of one clock. Null: the calendar of that year is not confirmed, and `explanation` says so. */
export interface DueTime {
  readonly dueAt: Date | null
  readonly warnAt: Date | null
  readonly calendarId: string
  readonly calendarVersion: string
  readonly explanation: string
}

/** Working time, as clocks need it. */
export interface DeadlineClock {
  /** `chosen`: the day that a promise or a directive names. */
  due(asked: { kind: DeadlineKind; startedAt: Date; unitId: string | null; chosen?: Date }): DueTime
  /** Whether somebody works at that moment or just before or after it; true where the calendar does not reach. */
  isWorked(asked: { kind: DeadlineKind; unitId: string | null; at: Date }): boolean
  /** Whether somebody vouches for the calendar of that moment. */
  reaches(asked: { kind: DeadlineKind; unitId: string | null; at: Date }): boolean
  /** Working minutes between two moments, by the calendar that clock is counted by. */
  between(row: DeadlineRow, span: { readonly from: Date; readonly to: Date }): number
  /** What was left when it stopped, counted from now on; with the working minutes it stood still. */
  goOn(row: DeadlineRow, stoppedAt: Date, at: Date): DueTime & { readonly stoodMinutes: number }
  /** Working time until that clock ends; null where it does not run, has no date, or is counted in other days. */
  left(row: DeadlineRow, now: Date): DeadlineView['left']
  /** Version of the calendar of that id as it holds now; undefined for one that is no longer there. */
  versionOf(calendarId: string): string | undefined
  /** From its start on by its calendar as it holds now; undefined where that cannot be known. */
  recount(row: DeadlineRow): DueTime | undefined
  /** Its end alone, ISO 8601 UTC; what it has where it cannot be counted anew. */
  recountedDue(row: DeadlineRow): string | null
}

/** What one step does to the clocks of a case. */
export interface ClockStep {
  readonly ticketId: number
  readonly unitId: string | null
  readonly at: Date
  readonly start?: readonly DeadlineKind[]
  readonly satisfy?: readonly DeadlineKind[]
  readonly void?: readonly DeadlineKind[]
  readonly pause?: readonly DeadlineKind[]
  readonly resume?: readonly DeadlineKind[]
  /** When those go on, where that was before anybody looked (`at`): the clock they stood still for had run out by then. */
  readonly resumeFrom?: Date
  /** Clocks that the new state knows; all others are stopped and count for nobody. */
  readonly keep: readonly DeadlineKind[]
  readonly chosen?: Date
}

export interface DeadlineKeeper {
  /** In the caller's transaction. The statutory end that stands now, if any. */
  step(step: ClockStep): SlipDue | null
  ofTicket(ticketId: number): DeadlineView[]
  /** How that clock stands; null for one that never was. */
  stateOf(deadlineId: number): DeadlineView['state'] | null
  /** When the case must go on, by the clock of Đ9.3 or Đ9.4 that runs; null when none does. */
  due(ticketId: number): SlipDue | null
  /** Working minutes since the newest of those clocks was started; 0 where none ever was. */
  ranFor(ticketId: number, kinds: readonly DeadlineKind[], now: Date): number
  /** Working minutes until the case must go on (`due`); 0 when that is over, and where nothing runs. */
  leftFor(ticketId: number, now: Date): number
  /** The newest of those kinds where it ran out: found to have, or, given `now`, by then with nobody having looked. Null else. */
  broken(ticketId: number, kinds: readonly DeadlineKind[], now?: Date): DeadlineRow | null
  /** Whether those whose clock that is work then: the two ends of their hours count. */
  isWorked(kind: DeadlineKind, unitId: string | null, at: Date): boolean
  /** Whether somebody vouches for the calendar of that moment, by which that clock is counted. */
  reaches(kind: DeadlineKind, unitId: string | null, at: Date): boolean
  /** When that clock would end if it began then; null where the calendar does not reach. */
  dueFrom(kind: DeadlineKind, unitId: string | null, from: Date): Date | null
  /**
   * What of a case has run out and no sweep has seen yet, dealt with now: nobody's step may come between the end of a clock and
   * what follows from it (Đ9.4), and none makes a breach undone.
   */
  settle(ticketId: number): void
  /** Marks what ran out, each once, with the moment it did; then reminds. Answers how many of both. */
  sweep(): { readonly breached: number; readonly warned: number }
}

export interface KeeperDeps {
  readonly store: DeadlineStore
  readonly clock: DeadlineClock
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  /** In the transaction that marks it: the case's own next step. */
  readonly onBreach: (row: DeadlineRow) => void
  /** In the transaction that notes it. */
  readonly onWarn: (row: DeadlineRow) => void
  readonly log: { error(fields: object, message: string): void }
  /** Counts a clock anew whose calendar was changed since (deadline-recount.ts): nothing is judged by a table that no more holds. */
  readonly fresh?: (row: DeadlineRow) => DeadlineRow
}

const BATCH = 200

/** True when it was marked; false when there turned out to be nothing to mark. */
type Mark = (row: DeadlineRow) => boolean

/** Keeps the clocks of cases: rows, their breaches, and the sweep that finds what ran out while nobody looked. */
export function createDeadlineKeeper(deps: KeeperDeps): DeadlineKeeper {
  const { store, clock } = deps
  const fresh = deps.fresh ?? ((row: DeadlineRow): DeadlineRow => row)

  function start(kind: DeadlineKind, { ticketId, unitId, at, chosen }: ClockStep): void {
    const due = clock.due({ kind, startedAt: at, unitId, ...(chosen === undefined ? {} : { chosen }) })
    store.add({
      ticketId,
      kind,
      unitId,
      startedAt: at.toISOString(),
      policyVersion: POLICY_VERSION,
      pauses: [],
      chosenAt: chosen?.toISOString() ?? null,
      ...timesOf(due),
    })
  }

  /** Met; late if its end had passed, even where no sweep has seen it yet. */
  function satisfy(row: DeadlineRow, at: Date): void {
    // While it stood still nothing ran out; before that it may have, by a calendar that came later.
    const ranUntil = row.pausedAt ?? at.toISOString()
    const isLate = row.breachedAt === null && row.dueAt !== null && ranUntil > row.dueAt
    store.update(row.id, {
      satisfiedAt: at.toISOString(),
      ...(isLate ? { breachedAt: row.dueAt, detectedAt: at.toISOString() } : {}),
    })
  }

  /** One that was met is left as it was; should it go on after all, then by the calendar of today, from its start. */
  function metBefore(row: DeadlineRow): DeadlineRow {
    if (row.satisfiedAt === null || row.calendarVersion === clock.versionOf(row.calendarId)) return row
    const due = row.policyVersion === POLICY_VERSION ? clock.recount(row) : undefined
    return due === undefined ? row : { ...row, ...timesOf(due) }
  }

  /** True where it goes on. */
  function resume(last: DeadlineRow, from: Date): boolean {
    const row = metBefore(last)
    const stoppedAt = row.pausedAt ?? row.satisfiedAt
    // A broken one has no time left to go on with.
    if (stoppedAt === null || row.breachedAt !== null) return false
    // By a clock that was set back meanwhile: it stood still for no time, and not for less than none.
    const at = from.toISOString() < stoppedAt ? new Date(stoppedAt) : from
    const { stoodMinutes, ...due } = clock.goOn(row, new Date(stoppedAt), at)
    store.update(row.id, {
      ...timesOf(due),
      pausedAt: null,
      satisfiedAt: null,
      pausedMinutes: row.pausedMinutes + stoodMinutes,
      pauses: row.pauses === null ? null : [...row.pauses, { from: stoppedAt, to: at.toISOString() }],
    })
    return true
  }

  /** In a transaction of its own: one case that fails holds up no other. False where it failed, and where there is nothing to mark. */
  function isMarked(id: number, mark: Mark): boolean {
    try {
      return deps.transaction(() => {
        const found = store.find(id)
        return found !== undefined && stateOf(found) === 'running' && mark(fresh(found))
      })
    } catch (err) {
      deps.log.error(
        { err, deadlineId: id },
        'a deadline could not be dealt with; the next sweep tries again',
      )
      return false
    }
  }

  /**
   * Until nothing is left: a clock that ends may set another going whose own end has passed (the citizen's, and the unit's that
   * stood still for it). Each is tried once; none waits for those that fail.
   */
  function drain(read: (limit: number) => number[], mark: Mark): number {
    const left = new Set<number>()
    let sum = 0
    for (;;) {
      const ids = read(BATCH + left.size).filter((id) => !left.has(id))
      if (ids.length === 0) return sum
      for (const id of ids) {
        if (isMarked(id, mark)) sum += 1
        else left.add(id)
      }
    }
  }

  const breaking =
    (now: string): Mark =>
    (row) => {
      if (row.dueAt === null || row.dueAt >= now) return false
      store.update(row.id, { breachedAt: row.dueAt, detectedAt: now })
      deps.onBreach({ ...row, breachedAt: row.dueAt, detectedAt: now })
      return true
    }

  /** The newest of each of those kinds, in the order they began. */
  const newest = (ticketId: number, kinds: readonly DeadlineKind[]): DeadlineRow[] =>
    kinds.flatMap((kind) => store.last(ticketId, kind) ?? []).sort((a, b) => a.id - b.id)

  /** A broken one stays open beside a later one, also when that was met: an answer is not to the earlier unit's credit. */
  const isNewest = (row: DeadlineRow): boolean =>
    row.breachedAt === null || newest(row.ticketId, kindsBeside(row.kind)).at(-1)?.id === row.id

  /** The clock of Đ9.3 or Đ9.4 that has not run out. */
  const statutory = (ticketId: number): DeadlineRow | undefined => statutoryAmong(store.open(ticketId))

  return {
    step(step) {
      const { ticketId, at } = step
      const iso = at.toISOString()
      const open = new Map(countingAmong(store.open(ticketId)).map((row) => [row.kind, fresh(row)]))
      for (const kind of step.satisfy ?? []) {
        const row = open.get(kind)
        if (row !== undefined && isNewest(row)) satisfy(row, at)
        open.delete(kind)
      }
      for (const [kind, row] of open) {
        const isStopped = step.void?.includes(kind) === true || !step.keep.includes(kind)
        // What is broken counts, whatever follows.
        if (row.breachedAt !== null || (!isStopped && step.start?.includes(kind) !== true)) continue
        store.update(row.id, { voidedAt: iso })
        open.delete(kind)
      }
      for (const kind of step.pause ?? []) {
        const row = open.get(kind)
        if (row !== undefined && row.breachedAt === null) store.update(row.id, { pausedAt: iso })
      }
      const goOn = countingAmong(newest(ticketId, step.resume ?? [])).filter((row) =>
        resume(row, step.resumeFrom ?? at),
      )
      for (const kind of step.start ?? []) start(kind, step)
      const isAsRead = step.resume === undefined && step.start?.some(isStatutory) !== true
      const due = dueAmong(isAsRead ? [...open.values()] : store.open(ticketId))
      const before = goOn.find(({ id }) => id === due?.deadlineId)
      return due === null || before === undefined ? due : { ...due, wentOnFrom: before.dueAt }
    },
    stateOf(deadlineId) {
      const row = store.find(deadlineId)
      return row === undefined ? null : stateOf(row)
    },
    ofTicket: (ticketId) => store.ofTicket(ticketId).map((row) => viewOf(row, clock.left(row, deps.now()))),
    due: (ticketId) => dueAmong(store.open(ticketId)),
    leftFor(ticketId, now) {
      const row = statutory(ticketId)
      if (row === undefined || row.dueAt === null) return 0
      return clock.between(row, { from: now, to: new Date(row.dueAt) })
    },
    ranFor(ticketId, kinds, now) {
      const row = newest(ticketId, kinds).at(-1)
      if (row === undefined) return 0
      return clock.between(row, { from: new Date(row.startedAt), to: now })
    },
    broken(ticketId, kinds, now) {
      const last = newest(ticketId, kinds).at(-1)
      if (last === undefined || last.breachedAt !== null) return last ?? null
      if (now === undefined || stateOf(last) !== 'running') return null
      const row = fresh(last)
      return row.dueAt !== null && now.toISOString() > row.dueAt ? row : null
    },
    isWorked: (kind, unitId, at) => clock.isWorked({ kind, unitId, at }),
    reaches: (kind, unitId, at) => clock.reaches({ kind, unitId, at }),
    dueFrom: (kind, unitId, from) => clock.due({ kind, startedAt: from, unitId }).dueAt,
    settle(ticketId) {
      const now = deps.now().toISOString()
      drain(() => store.over(ticketId, now), breaking(now))
    },
    sweep() {
      const now = deps.now().toISOString()
      const breached = drain((limit) => store.due(now, limit), breaking(now))
      const warned = drain(
        (limit) => store.toWarn(now, limit),
        (row) => {
          if (row.warnAt === null || row.warnAt > now || row.warnedAt !== null) return false
          store.update(row.id, { warnedAt: now })
          deps.onWarn(row)
          return true
        },
      )
      return { breached, warned }
    },
  }
}

/** Without what an earlier unit was given: what it did not keep, a later one does not mend, nor take up again. */
function countingAmong(rows: readonly DeadlineRow[]): DeadlineRow[] {
  const first = rows.findLast(({ kind }) => isFirstOfUnit(kind))
  return rows.filter((row) => row === first || !isFirstOfUnit(row.kind))
}

function statutoryAmong(open: readonly DeadlineRow[]): DeadlineRow | undefined {
  return open.find(({ kind, breachedAt }) => isStatutory(kind) && breachedAt === null)
}

function dueAmong(open: readonly DeadlineRow[]): SlipDue | null {
  const row = statutoryAmong(open)
  return row === undefined ? null : dueOf(row)
}

/** As `DeadlineKeeper.due`, for whoever has looked at the clocks of the case already. */
export function dueAmongViews(clocks: readonly DeadlineView[]): SlipDue | null {
  const row = clocks.find(
    ({ kind, state, breachedAt }) =>
      isStatutory(kind) && breachedAt === null && (state === 'running' || state === 'paused'),
  )
  return row === undefined ? null : dueOf(row)
}

/** The end of a clock as an SMS says it: "16h45 T6 06/03"; what the regulation says where there is no date. */
export function smsDue(kind: DeadlineKind, dueAt: string | null): string {
  // No colon, as numbers and times are read in an SMS
  return dueAt === null ? DEADLINE_RULES[kind].words : momentText(new Date(dueAt)).replace(':', 'h')
}

function dueOf({
  id: deadlineId,
  kind,
  dueAt,
  explanation,
}: Pick<DeadlineRow, 'id' | 'kind' | 'dueAt' | 'explanation'>): SlipDue {
  const { words } = DEADLINE_RULES[kind]
  const text = dueAt === null ? `${words} (${explanation})` : momentText(new Date(dueAt))
  return { deadlineId, dueAt, words, text, smsText: smsDue(kind, dueAt) }
}

function timesOf({ dueAt, warnAt, calendarId, calendarVersion, explanation }: DueTime) {
  return {
    dueAt: dueAt?.toISOString() ?? null,
    warnAt: warnAt?.toISOString() ?? null,
    calendarId,
    calendarVersion,
    explanation,
  }
}
