import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import type { CatchUpRun, CatchUpState } from './contract.ts'
import { type JournalEntry, parseJournalEntry } from './journal-entry.ts'
import type { Journal, JournalRow } from './journal-ami.ts'
import { leaveUnread, type TakenUp } from './resync-ami.ts'
import type { Calls } from './service.ts'

/**
 * Filed in one transaction before anybody else gets a turn: as many as take this long, which is far from what a ringing phone would
 * notice. A commit costs as much as several calls, so more at once is less for each.
 */
const BATCH_MS = 10
const BATCH = { first: 16, most: 128 } as const
/** Live events wait this long for the past at most: a pop must not be missing for a second (issue 5). */
const HOLD_MS = 200
/** How often a long run says how far it is. */
const NOTE_EVERY_MS = 1_000

/** Runs that made something up, kept for whoever looks back. */
export interface CatchUpStore {
  add(run: Omit<CatchUpRun, 'id'>): number
  update(id: number, run: Omit<CatchUpRun, 'id'>): void
  /** Newest first. */
  page(limit: number): CatchUpRun[]
}

export interface CatchUpDeps {
  readonly calls: Pick<Calls, 'replay' | 'rebuild' | 'find'>
  readonly journal: Pick<Journal, 'overflow' | 'forgetOverflow'>
  /** What lives comes first (resync-ami.ts). */
  readonly takeUpLive: () => Promise<TakenUp>
  /** Whatever else must be in step before an event is heard. */
  readonly whenLive: () => Promise<void>
  /** Recordings that nobody collected; answers how many were. */
  readonly collect: () => Promise<number>
  /** The PBX had no room for calls: told in words to a person, before the PBX forgets its count. Nothing else knows of them. */
  readonly onOverflow: (calls: number, first: string | null, last: string | null) => void
  readonly acknowledge: (callId: string) => void
  readonly runs: CatchUpStore
  readonly onChange: () => void
  readonly now: () => Date
  readonly holdMs?: number
  readonly log: {
    info(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

export interface CatchUp {
  /**
   * After each sign-in: live calls, then the journal, then recordings. Resolves when events may be heard, which is when the calls are
   * made up for, or after a fifth of a second, with the rest going on: no pop waits for a file to be copied. Throws what the PBX's link
   * threw while the live calls were taken up.
   */
  run(): Promise<void>
  /** Resolves when the run that goes on, if any, is over. */
  finished(): Promise<void>
  state(): CatchUpState
  page(limit: number): CatchUpRun[]
  /** Nothing more is written; `finished` tells when nothing more is under way. */
  stop(): void
}

/** Makes up for what happened while the service did not listen: exactly once, in order, and in nobody's way. */
export function createCatchUp(deps: CatchUpDeps): CatchUp {
  const { calls, runs, now, log } = deps
  let state: CatchUpState = { phase: 'waiting', rows: 0, total: 0, done: 0, failed: 0 }
  let isFirst = true
  let runCount = 0
  let isClosed = false
  let replaying: Promise<void> = Promise.resolve()
  let background: Promise<void> = Promise.resolve()

  async function run(): Promise<void> {
    runCount += 1
    const mine = runCount
    const isOver = (): boolean => isClosed || mine !== runCount
    // The journal is read anew: what the run before did not come to is in it.
    await replaying
    if (isClosed) return
    const reason = isFirst ? 'start' : 'reconnect'
    const startedAt = now().toISOString()
    state = { phase: 'live', rows: 0, total: 0, done: 0, failed: 0 }
    const taken = await deps.takeUpLive()
    await deps.whenLive()
    isFirst = false
    const book = createBook({ runs, now, onChange: deps.onChange }, { reason, startedAt, taken })
    state = { phase: 'journal', rows: taken.rows, total: taken.past.length, done: 0, failed: taken.failed }
    replaying = replay(taken.past, book, isOver).catch((err: unknown) => {
      log.error({ err }, 'the journal could not be replayed to its end; the next resync goes on with it')
    })
    background = replaying
      .then(() => finish(book, isOver))
      .catch((err: unknown) => {
        log.info({ err }, 'the catching up broke off; the next resync goes on with it')
      })
    const waiting = new AbortController()
    const held = pause(deps.holdMs ?? HOLD_MS, undefined, { signal: waiting.signal }).catch(() => undefined)
    await Promise.race([replaying, held])
    waiting.abort()
  }

  async function replay(past: readonly JournalRow[], book: Book, isOver: () => boolean): Promise<void> {
    let size: number = BATCH.first
    for (let at = 0; at < past.length;) {
      await turn()
      if (isOver()) return
      const startMs = performance.now()
      const rows = past.slice(at, at + size)
      const entries = rows.flatMap(({ callId, value }) => {
        const entry = parseJournalEntry(callId, value)
        if (entry === undefined) leaveUnread({ calls, acknowledge: deps.acknowledge, log }, callId)
        return entry ?? []
      })
      book.took(take(entries))
      at += rows.length
      state = { ...state, done: at, failed: book.failed() }
      size = batchAfter(rows.length, performance.now() - startMs)
    }
  }

  async function finish(book: Book, isOver: () => boolean): Promise<void> {
    if (isOver()) return
    state = { ...state, phase: 'recordings' }
    await reportOverflow()
    const recordings = await deps.collect()
    if (isOver()) return
    state = { ...state, phase: 'done' }
    log.info({ ...book.close(recordings), rows: state.rows }, 'calls are in step with the PBX')
  }

  /** All of them at once, or, where one cannot be written, one by one. */
  function take(entries: readonly JournalEntry[]): {
    readonly rebuilt: readonly JournalEntry[]
    readonly failed: number
  } {
    try {
      return { rebuilt: calls.rebuild(entries), failed: 0 }
    } catch (err) {
      log.info({ err }, 'journal entries could not be taken together; they are taken one by one')
    }
    const rebuilt: JournalEntry[] = []
    for (const entry of entries) {
      try {
        const wasOver = calls.find(entry.callId)?.state === 'ended'
        calls.replay(entry)
        if (!wasOver) rebuilt.push(entry)
      } catch (err) {
        log.error({ callId: entry.callId, err }, 'a journal entry could not be taken; it stays in the PBX')
      }
    }
    const left = entries.filter(({ callId }) => calls.find(callId)?.state !== 'ended')
    return { rebuilt, failed: left.length }
  }

  async function reportOverflow(): Promise<void> {
    const over = await deps.journal.overflow()
    if (over === undefined) return
    deps.onOverflow(over.calls, over.first?.toISOString() ?? null, over.last?.toISOString() ?? null)
    await deps.journal.forgetOverflow()
  }

  return {
    run,
    finished: () => background,
    state: () => state,
    page: (limit) => runs.page(limit),
    stop() {
      isClosed = true
    },
  }
}

/** How many come next, where so many took that long. */
function batchAfter(calls: number, ms: number): number {
  return Math.max(BATCH.first, Math.min(BATCH.most, Math.round((calls * BATCH_MS) / ms)))
}

/** The row of one run, written from the moment there is something to say. */
interface Book {
  took(taken: { readonly rebuilt: readonly JournalEntry[]; readonly failed: number }): void
  failed(): number
  close(recordings: number): Omit<CatchUpRun, 'id'>
}

function createBook(
  { runs, now, onChange }: Pick<CatchUpDeps, 'runs' | 'now' | 'onChange'>,
  begun: { readonly reason: CatchUpRun['reason']; readonly startedAt: string; readonly taken: TakenUp },
): Book {
  const { reason, startedAt, taken } = begun
  const { live, ended, failed } = taken
  let run: Omit<CatchUpRun, 'id'> = {
    reason,
    startedAt,
    finishedAt: null,
    live,
    ended,
    rebuilt: 0,
    failed,
    recordings: 0,
    fromAt: null,
    toAt: null,
  }
  let id: number | undefined
  let notedMs = 0
  if (ended + failed > 0) note()
  count(taken.rebuilt)

  function note(): void {
    if (id === undefined) id = runs.add(run)
    else runs.update(id, run)
    notedMs = now().getTime()
    onChange()
  }

  function count(rebuilt: readonly JournalEntry[]): void {
    if (rebuilt.length === 0) return
    for (const { arrivedAt, endedAt } of rebuilt) {
      const from = arrivedAt.toISOString()
      const to = (endedAt ?? arrivedAt).toISOString()
      run = {
        ...run,
        rebuilt: run.rebuilt + 1,
        fromAt: run.fromAt === null || from < run.fromAt ? from : run.fromAt,
        toAt: run.toAt === null || to > run.toAt ? to : run.toAt,
      }
    }
    if (id === undefined || now().getTime() - notedMs >= NOTE_EVERY_MS) note()
  }

  return {
    took(more) {
      run = { ...run, failed: run.failed + more.failed }
      if (more.failed > 0 && more.rebuilt.length === 0 && id === undefined) note()
      count(more.rebuilt)
    },
    failed: () => run.failed,
    close(recordings) {
      run = { ...run, recordings, finishedAt: now().toISOString() }
      if (id !== undefined) note()
      return run
    },
  }
}
