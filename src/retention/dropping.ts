import { type RetentionRule, RETENTION_KINDS } from './contract.ts'
import type { DeletingDeps } from './deleting.ts'
import type { Keeping } from './keeping.ts'
import { cutoffOf, dueOf, verdictOf } from './retention-policy.ts'
import type { KeptRow, RetentionStore } from './store.ts'

type SizedCount = { readonly count: number; readonly sizeBytes: number }

export interface DroppingDeps extends Pick<DeletingDeps, 'audit' | 'notify' | 'transaction' | 'now' | 'log'> {
  readonly store: Pick<RetentionStore, 'walkCopied' | 'kept'>
  readonly keeping: Keeping
  /** Null: an original stays as long as its recording. */
  readonly original: RetentionRule | null
  /** Copies for the archive (src/recordings). */
  readonly archive: {
    counts(): Promise<{
      readonly originals: SizedCount
      readonly copies: SizedCount
      readonly announced: SizedCount
      readonly unfit: number
    }>
    /** In the caller's transaction. */
    announce(id: number, at: string | null): void
    check(id: number): Promise<'fit' | 'unfit' | 'later'>
    /** In the caller's transaction: row and chain say that the copy stands for the original. */
    settleDrop(id: number, ticketCode: string | null): void
    /** Answers how many files are still there. */
    finishDrops(): Promise<number>
  }
}

export interface DropRun {
  readonly announced: number
  readonly dropped: number
  readonly unfit: number
  /** What was left for the next night: too many, or no time for it now. */
  readonly later: number
}

/** Rows looked at between two turns of whoever else waits. */
const PAGE = 200
/** Each is decoded and compared once more: a night has room for this many. */
const MOST_DROPS = 2_000

/**
 * Lets originals go whose copies stand for them, by the same care as recordings as a whole: a week on the list first, and never what a hold, an
 * open case, an objection period, a request or a doubt keeps. The copy is held against the original at that moment.
 */
export function createDropping(deps: DroppingDeps) {
  const { store, keeping, archive, original, now, log } = deps
  let isClosed = false
  let running: Promise<DropRun> | undefined

  function verdict(row: KeptRow, rule: RetentionRule, at: Date) {
    const rules = Object.fromEntries(RETENTION_KINDS.map((kind) => [kind, rule]))
    const due = dueOf(keeping.factsOf(row), rules)
    if (due === null) return { type: 'leave' as const, dueAt: null }
    const blockers = keeping.blockers(row)
    const type = verdictOf({ dueAt: due.dueAt, announcedAt: row.dropAnnouncedAt, blockers }, at)
    return { type, dueAt: due.dueAt.toISOString() }
  }

  /** A page of the walk: who comes on the list, who off it, and who may go now. */
  function look(rows: readonly KeptRow[], rule: RetentionRule, at: Date) {
    const due: number[] = []
    let announced = 0
    for (const row of rows) {
      const { type } = verdict(row, rule, at)
      if (type === 'delete') due.push(row.id)
      else if (type === 'announce') {
        announced += 1
        if (row.dropAnnouncedAt === null) archive.announce(row.id, at.toISOString())
      } else if (row.dropAnnouncedAt !== null) archive.announce(row.id, null)
    }
    return { due, announced }
  }

  /** Looked at once more, in the transaction that lets it go: checking the copy took its time. */
  function drop(id: number, rule: RetentionRule): boolean {
    const dropped = deps.transaction(() => {
      const row = store.kept(id, now().toISOString())
      if (row === undefined || verdict(row, rule, now()).type !== 'delete') return undefined
      archive.settleDrop(id, row.ticketCode)
      const { days, basis } = rule
      deps.audit(null, 'recording.originalDropped', `recording:${String(id)}`, {
        callId: row.callId,
        ticketCode: row.ticketCode,
        days,
        basis,
      })
      return row
    })
    if (dropped !== undefined) deps.notify(id, dropped.ticketCode)
    return dropped !== undefined
  }

  async function runOnce(rule: RetentionRule): Promise<DropRun> {
    const at = now()
    const tally = { announced: 0, dropped: 0, unfit: 0, later: 0 }
    await archive.finishDrops()
    let after = { startedAt: '', id: 0 }
    for (;;) {
      const { rows, due, announced } = deps.transaction(() => {
        const page = store.walkCopied({ until: cutoffOf(rule, at), after }, at.toISOString(), PAGE)
        return { rows: page, ...look(page, rule, at) }
      })
      tally.announced += announced
      for (const id of due) await dropOne(id, rule, tally)
      await archive.finishDrops()
      const last = rows.at(-1)
      if (isClosed || last === undefined || rows.length < PAGE) break
      after = last
    }
    log.info({ ...tally }, 'originals whose copies stand for them')
    return tally
  }

  async function dropOne(
    id: number,
    rule: RetentionRule,
    tally: { dropped: number; unfit: number; later: number },
  ): Promise<void> {
    const found = isClosed || tally.dropped >= MOST_DROPS ? 'later' : await archive.check(id)
    if (found === 'fit') tally.dropped += drop(id, rule) ? 1 : 0
    else tally[found] += 1
  }

  return {
    /** The nightly job; null where no rule lets originals go. One at a time. */
    run(): Promise<DropRun | null> {
      if (original === null) return Promise.resolve(null)
      running ??= runOnce(original).finally(() => {
        running = undefined
      })
      return running
    },
    async close(): Promise<void> {
      isClosed = true
      await running?.catch(() => undefined)
    },
  }
}
