import { setImmediate as turn } from 'node:timers/promises'
import type { AuditAction } from '../accounts/contract.ts'
import type { RecordingKind } from '../recordings/contract.ts'
import type { Blocker, DeletionCause, RetentionRules, RetentionRun } from './contract.ts'
import { deletionEdge } from './deletion-machine.ts'
import type { Keeping } from './keeping.ts'
import { cutoffOf, dueOf, retentionKindOf, verdictOf } from './retention-policy.ts'
import type { DeletionRow, KeptRow, RetentionStore } from './store.ts'

export interface DeletingDeps {
  readonly store: RetentionStore
  readonly rules: RetentionRules
  readonly keeping: Keeping
  readonly recordings: {
    /** In the caller's transaction: row and chain say that it is gone. Answers its files. */
    settle(id: number, ticketCode: string | null): string[]
    /** Files, and what was made of them; gone already is success. */
    remove(id: number, files: readonly string[]): Promise<void>
  }
  readonly audit: (
    actorId: number | null,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  /** In the transaction in which it goes by two people: the history of its case says so. */
  readonly noteCase: (callId: string, cause: 'early' | 'erasure', detail: Record<string, unknown>) => void
  /** After it was committed. */
  readonly notify: (recordingId: number, ticketCode: string | null) => void
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly log: {
    info(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

interface Why {
  readonly cause: DeletionCause
  readonly days: number | null
  readonly basis: string | null
  readonly dueAt: string
  readonly requestId: number | null
  readonly actorId: number | null
}

/** Rows looked at between two turns of whoever else waits. */
const PAGE = 200
const WALKS: readonly { readonly kind: RecordingKind; readonly training: boolean }[] = (
  ['call', 'consult', 'voicemail'] as const
).flatMap((kind) => [
  { kind, training: false },
  { kind, training: true },
])

/** Row and chain first, files second: what a crash leaves half done is finished by the next run. */
export function createDeleting(deps: DeletingDeps) {
  const { store, rules, keeping, recordings, now, log } = deps
  let isClosed = false
  let running: Promise<RetentionRun> | undefined

  /** In the caller's transaction, which has made sure that it may go. */
  function start(row: KeptRow, { actorId, ...why }: Why): void {
    const at = now().toISOString()
    const kind = retentionKindOf(keeping.factsOf(row))
    const files = recordings.settle(row.id, row.ticketCode)
    store.startDeletion({ recordingId: row.id, kind, ...why, deletedAt: at, files }, at)
    for (const asked of store.waitingFor(row.id)) {
      const edge = deletionEdge(asked, 'overtake', null)
      if (edge !== undefined)
        store.updateRequest(asked.id, { state: edge.to, revision: asked.revision + 1, decidedAt: at })
    }
    const { cause, days, basis, requestId } = why
    deps.audit(actorId, 'recording.deleted', `recording:${String(row.id)}`, {
      callId: row.callId,
      ticketCode: row.ticketCode,
      kind,
      cause,
      ...(days === null ? {} : { days, basis }),
      ...(requestId === null ? {} : { requestId }),
    })
    if (cause !== 'rule') deps.noteCase(row.callId, cause, { recordingId: row.id })
  }

  /** False where a file is still there; it is tried again. Never rejects. */
  async function finish(row: Pick<DeletionRow, 'recordingId' | 'files'>): Promise<boolean> {
    try {
      await recordings.remove(row.recordingId, row.files ?? [])
      store.finishDeletion(row.recordingId, now().toISOString())
      return true
    } catch (err) {
      log.error(
        { err, recordingId: row.recordingId },
        'files of a deleted recording could not be removed; it is tried again',
      )
      return false
    }
  }

  /** What a crash or a disk left half done. Answers how many are still not. */
  async function finishAll(): Promise<number> {
    const failed = new Set<number>()
    for (;;) {
      const rows = store.unfinished(PAGE + failed.size).filter(({ recordingId }) => !failed.has(recordingId))
      if (rows.length === 0 || isClosed) return failed.size
      for (const row of rows) if (!(await finish(row))) failed.add(row.recordingId)
    }
  }

  interface Tally {
    announced: number
    readonly deleted: number[]
    readonly blocked: Map<Blocker, number>
  }

  /** In one transaction, so that nobody puts a hold on between the look and the deed. */
  function decide(row: KeptRow, at: Date, tally: Tally): void {
    const due = dueOf(keeping.factsOf(row), rules)
    if (due === null) return
    const { dueAt, kind, rule } = due
    const blockers = keeping.blockers(row)
    const verdict = verdictOf({ dueAt, announcedAt: row.announcedAt, blockers }, at)
    if (verdict === 'blocked' && dueAt <= at)
      for (const blocker of blockers) tally.blocked.set(blocker, (tally.blocked.get(blocker) ?? 0) + 1)
    if (verdict === 'announce') {
      const facts = { kind, days: rule.days, basis: rule.basis, dueAt: dueAt.toISOString() }
      store.announce({ recordingId: row.id, ...facts }, at.toISOString())
      tally.announced += 1
    }
    if (verdict === 'delete') {
      const { days, basis } = rule
      start(row, { cause: 'rule', days, basis, dueAt: dueAt.toISOString(), requestId: null, actorId: null })
      tally.deleted.push(row.id)
    }
  }

  async function runOnce(): Promise<RetentionRun> {
    const at = now()
    const tally: Tally = { announced: 0, deleted: [], blocked: new Map() }
    let failed = await finishAll()
    for (const { kind, training } of WALKS) {
      const until = untilOf(kind, training, at)
      if (until === null) continue
      let after = { startedAt: '', id: 0 }
      for (;;) {
        const before = tally.deleted.length
        const rows = deps.transaction(() => {
          const page = store.walk({ kind, training, until, after }, at.toISOString(), PAGE)
          for (const row of page) decide(row, at, tally)
          return page
        })
        const gone = rows.filter(({ id }) => tally.deleted.indexOf(id, before) >= 0)
        for (const row of gone) deps.notify(row.id, row.ticketCode)
        const last = rows.at(-1)
        if (gone.length > 0) failed = await finishAll()
        if (isClosed || last === undefined || rows.length < PAGE) break
        after = last
        await turn()
      }
    }
    // A run that was cut short has not seen all.
    if (!isClosed) await store.unannounceBefore(at.toISOString())
    const run: RetentionRun = {
      at: at.toISOString(),
      announced: tally.announced,
      deleted: tally.deleted.length,
      blocked: [...tally.blocked].map(([blocker, count]) => ({ blocker, count })),
      failed,
    }
    store.addRun(run)
    log[failed > 0 ? 'error' : 'info']({ ...run }, 'recordings whose time is over')
    return run
  }

  /** Null: no rule lets any of them go. */
  function untilOf(kind: RecordingKind, training: boolean, at: Date): string | null {
    const kinds = (['in', 'out'] as const).map((direction) => retentionKindOf({ kind, training, direction }))
    const cutoffs = kinds.flatMap((known) => {
      const rule = rules[known]
      return rule === undefined ? [] : [cutoffOf(rule, at)]
    })
    return cutoffs.length === 0 ? null : (cutoffs.sort().at(-1) ?? null)
  }

  return {
    start,
    finish: async (recordingId: number): Promise<void> => {
      const row = store.deletion(recordingId)
      if (row?.deletedAt != null && row.removedAt === null) await finish(row)
    },
    finishAll,
    /** The nightly job. One at a time. */
    run(): Promise<RetentionRun> {
      running ??= runOnce().finally(() => {
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
