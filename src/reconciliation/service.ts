import { setImmediate as turn } from 'node:timers/promises'
import type { AuditAction, Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import type {
  DiscrepancyKind,
  DiscrepancyPage,
  DiscrepancyQuery,
  DiscrepancyState,
  DiscrepancyView,
  ReconcileRun,
} from './contract.ts'
import type { LoggedCall } from './queue-log-policy.ts'
import {
  beganAt,
  callOfRecording,
  compareQueueLog,
  type Finding,
  finding,
  lastDue,
} from './reconcile-policy.ts'

const HOUR_MS = 3_600_000
/** What happened less than an hour ago may still be on its way. */
const GRACE_MS = HOUR_MS
/** A run looks back so far at least: what was late last night is looked at once more. */
const LOOK_BACK_MS = 48 * HOUR_MS
/** A service that was off for a year does not compare the year. */
const LONGEST_MS = 31 * 24 * HOUR_MS
/** A recording is collected seconds after its call; a day later somebody has to look. */
const LATE_MS = 24 * HOUR_MS
const LONGEST_CALL_MS = 12 * HOUR_MS
const IDS_AT_ONCE = 500

export interface Discrepancy extends Finding {
  readonly id: number
  readonly foundAt: string
  readonly lastSeenAt: string
  readonly state: DiscrepancyState
  readonly resolvedAt: string | null
  readonly resolvedBy: number | null
  readonly words: string | null
}

/** How far the queue log was read: the file it was, and the bytes of it. */
export interface QueueLogPlace {
  readonly file: string
  readonly bytes: number
}

export interface QueueLog {
  /** What it says of calls from there on, up to a moment. Throws when it cannot be read. */
  read(
    place: QueueLogPlace | undefined,
    untilIso: string,
  ): Promise<{ calls: readonly LoggedCall[]; place: QueueLogPlace }>
}

export interface ReconciliationStore {
  /** What does not match among calls that began in [from, to); recordings of those that ended before `lateIso` are late. */
  mismatches(fromIso: string, toIso: string, lateIso: string): Finding[]
  /** Of calls not over although they began before that. */
  neverEnded(beforeIso: string): Finding[]
  countCalls(fromIso: string, toIso: string): number
  firstCallAt(): string | null
  callsOf(ids: readonly string[]): ReadonlyMap<string, { isAnswered: boolean; ticketCode: string | null }>
  /** Of these names of recordings, those that no row has. */
  unknownRecordings(bases: readonly string[]): string[]
  /** A new row, or the old one seen again; `settled` ones are open again, resolved ones stay. */
  put(finding: Finding, at: string): boolean
  add(finding: Finding, at: string): void
  open(): Discrepancy[]
  settle(id: number, at: string): void
  find(id: number): Discrepancy | undefined
  /** False when it is not open any more. */
  resolve(id: number, by: { personId: number; words: string; at: string }): boolean
  page(
    states: readonly DiscrepancyState[],
    offset: number,
    limit: number,
  ): { items: Discrepancy[]; total: number }
  addRun(run: Omit<ReconcileRun, 'id'>, place: QueueLogPlace | undefined): void
  lastRun(): { run: ReconcileRun; place: QueueLogPlace | undefined } | undefined
}

export interface ReconciliationDeps {
  readonly store: ReconciliationStore
  /** Entries of the PBX's journal and when each ended. Throws when the PBX is away. */
  readonly journal: () => Promise<
    readonly { readonly callId: string; readonly endedAt: string | null; readonly isReadable: boolean }[]
  >
  /** Null where this machine does not see it. */
  readonly queueLog: QueueLog | null
  /** Names of recordings at the PBX. Throws when they cannot be listed. */
  readonly recordingsAtPbx: () => Promise<readonly string[]>
  /** Calls that run, as far as the service knows. */
  readonly isLive: (callId: string) => boolean
  readonly transaction: <T>(work: () => T) => T
  readonly nameOf: (personId: number) => string | null
  readonly audit: (
    actorId: number | null,
    action: AuditAction,
    subject: string,
    detail?: Record<string, unknown>,
  ) => void
  readonly onChange: () => void
  readonly now: () => Date
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

export interface Reconciliation {
  /** Compares all sources; one run at a time. */
  run(): Promise<ReconcileRun>
  /** The nightly run, if it was not made since its time came. */
  runIfDue(): Promise<void>
  /** The PBX had no room for calls: a row for a person, written before the PBX forgets its count. */
  reportOverflow(calls: number, first: string | null, last: string | null): void
  page(query: DiscrepancyQuery): DiscrepancyPage
  /** Throws DISCREPANCY_NOT_FOUND, DISCREPANCY_NOT_OPEN. */
  resolve(id: number, words: string, by: Person): DiscrepancyView
}

/** Compares what the PBX kept with what the service wrote, each night, and makes a list for a person of what does not match. */
export function createReconciliation(deps: ReconciliationDeps): Reconciliation {
  const { store, now, log } = deps
  let running: Promise<ReconcileRun> | undefined

  async function compare(): Promise<ReconcileRun> {
    const startedAt = now().toISOString()
    const before = store.lastRun()
    const to = new Date(now().getTime() - GRACE_MS)
    const window = windowOf(to, before?.run.toAt)
    const findings: Finding[] = []
    const calls = await compareRows(window, findings)
    const journal = await source('journal', () => readJournal(findings))
    const queueLog =
      deps.queueLog === null
        ? { state: 'absent' as const, value: undefined }
        : await source('queueLog', () => readQueueLog(deps.queueLog, before?.place, window, findings))
    const recordings = await source('recordings', () => readRecordings(window.toIso, findings))
    const read = new Set<DiscrepancyKind>([
      ...ROW_KINDS,
      ...(journal.state === 'read' ? (['journalStuck'] as const) : []),
      ...(recordings.state === 'read' ? (['recordingUnknown'] as const) : []),
    ])
    const { found, settled } = write(findings, { read, fromIso: window.fromIso })
    const run: Omit<ReconcileRun, 'id'> = {
      startedAt,
      finishedAt: now().toISOString(),
      fromAt: window.fromIso,
      toAt: window.toIso,
      journal: journal.state,
      queueLog: queueLog.state,
      recordings: recordings.state,
      calls,
      found,
      settled,
    }
    store.addRun(run, queueLog.value ?? before?.place)
    log.info(run, 'sources are compared')
    deps.onChange()
    return { ...run, id: store.lastRun()?.run.id ?? 0 }
  }

  function windowOf(to: Date, lastToAt: string | undefined): { fromIso: string; toIso: string } {
    const wished = Math.min(to.getTime() - LOOK_BACK_MS, Date.parse(lastToAt ?? to.toISOString()))
    const from = new Date(Math.max(wished, to.getTime() - LONGEST_MS)).toISOString()
    const first = store.firstCallAt() ?? to.toISOString()
    const toIso = to.toISOString()
    // Of a hotline whose first call is too fresh to be compared there is nothing yet.
    const known = from < first ? first : from
    return { fromIso: known < toIso ? known : toIso, toIso }
  }

  /** Hour by hour: a ringing phone gets its turn between two of them. */
  async function compareRows(
    window: { fromIso: string; toIso: string },
    findings: Finding[],
  ): Promise<number> {
    let calls = 0
    const endMs = Date.parse(window.toIso)
    const late = new Date(endMs - LATE_MS).toISOString()
    for (let atMs = Date.parse(window.fromIso); atMs < endMs; atMs += HOUR_MS) {
      const from = new Date(atMs).toISOString()
      const to = new Date(Math.min(endMs, atMs + HOUR_MS)).toISOString()
      findings.push(...store.mismatches(from, to, late))
      calls += store.countCalls(from, to)
      await turn()
    }
    findings.push(
      ...store
        .neverEnded(new Date(endMs - LONGEST_CALL_MS).toISOString())
        .filter(({ subject }) => !deps.isLive(subject)),
    )
    return calls
  }

  async function readJournal(findings: Finding[]): Promise<void> {
    const limit = new Date(now().getTime() - GRACE_MS).toISOString()
    for (const { callId, endedAt, isReadable } of await deps.journal()) {
      const since = endedAt ?? beganAt(callId) ?? now().toISOString()
      const isLeft = endedAt !== null && endedAt < limit
      if (!deps.isLive(callId) && (isLeft || !isReadable))
        findings.push(finding('journalStuck', callId, since))
    }
  }

  async function readQueueLog(
    queueLog: QueueLog | null,
    place: QueueLogPlace | undefined,
    window: { fromIso: string; toIso: string },
    findings: Finding[],
  ): Promise<QueueLogPlace | undefined> {
    if (queueLog === null) return undefined
    const read = await queueLog.read(place, window.toIso)
    // What was logged before this service had its first call is another's.
    const logged = read.calls.filter(({ at }) => at >= window.fromIso)
    for (let at = 0; at < logged.length; at += IDS_AT_ONCE) {
      const some = logged.slice(at, at + IDS_AT_ONCE)
      findings.push(...compareQueueLog(some, store.callsOf(some.map(({ callId }) => callId))))
      await turn()
    }
    return read.place
  }

  async function readRecordings(toIso: string, findings: Finding[]): Promise<void> {
    const names = await deps.recordingsAtPbx()
    const old = names.filter((name) => {
      const callId = callOfRecording(name)
      return callId !== undefined && (beganAt(callId) ?? '') < toIso && !deps.isLive(callId)
    })
    for (let at = 0; at < old.length; at += IDS_AT_ONCE) {
      for (const name of store.unknownRecordings(old.slice(at, at + IDS_AT_ONCE))) {
        findings.push(
          finding('recordingUnknown', name, beganAt(callOfRecording(name) ?? '') ?? now().toISOString()),
        )
      }
      await turn()
    }
  }

  /** A source that is away is said to be, and its rows are neither found nor settled. */
  async function source<T>(
    name: string,
    read: () => Promise<T>,
  ): Promise<{ readonly state: 'read' | 'away'; readonly value: T | undefined }> {
    try {
      return { state: 'read', value: await read() }
    } catch (err) {
      log.warn({ source: name, err }, 'a source could not be compared; the next run tries again')
      return { state: 'away', value: undefined }
    }
  }

  function write(
    findings: readonly Finding[],
    { read, fromIso }: { readonly read: ReadonlySet<DiscrepancyKind>; readonly fromIso: string },
  ): { found: number; settled: number } {
    const at = now().toISOString()
    const seen = new Set(findings.map(({ kind, subject }) => `${kind} ${subject}`))
    return deps.transaction(() => {
      const found = findings.filter((each) => store.put(each, at)).length
      let settled = 0
      for (const row of store.open()) {
        if (seen.has(`${row.kind} ${row.subject}`) || !isGone(row, { read, fromIso })) continue
        store.settle(row.id, at)
        settled += 1
      }
      return { found, settled }
    })
  }

  /** Only what was looked at again and matches now. */
  function isGone(
    { kind, subject, since }: Discrepancy,
    { read, fromIso }: { readonly read: ReadonlySet<DiscrepancyKind>; readonly fromIso: string },
  ): boolean {
    if (kind === 'callUnknown') return store.callsOf([subject]).size > 0
    if (kind === 'answerUnknown') return store.callsOf([subject]).get(subject)?.isAnswered === true
    if (!read.has(kind)) return false
    return !ROW_KINDS.includes(kind) || kind === 'callNeverEnded' || since >= fromIso
  }

  const viewOf = ({ resolvedBy, ...row }: Discrepancy): DiscrepancyView => ({
    ...row,
    resolvedByName: resolvedBy === null ? null : deps.nameOf(resolvedBy),
  })

  const run = (): Promise<ReconcileRun> => {
    running ??= compare().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    run,
    async runIfDue() {
      const last = store.lastRun()?.run
      if (last === undefined || last.startedAt < lastDue(now()).toISOString()) await run()
    },
    reportOverflow(count, first, last) {
      const at = now().toISOString()
      store.add(
        {
          kind: 'journalOverflow',
          subject: `${first ?? at}/${last ?? at}`,
          since: first ?? at,
          ticketCode: null,
          count,
        },
        at,
      )
      deps.onChange()
    },
    page({ state = 'open', offset = 0, limit = 50 }) {
      const { items, total } = store.page(
        state === 'open' ? ['open'] : ['resolved', 'settled'],
        offset,
        limit,
      )
      return { items: items.map(viewOf), total, lastRun: store.lastRun()?.run ?? null }
    },
    resolve(id, words, by) {
      const at = now().toISOString()
      const row = deps.transaction(() => {
        const before = store.find(id)
        if (before === undefined) throw new AppError('notFound', 'DISCREPANCY_NOT_FOUND', 'no such row')
        if (!store.resolve(id, { personId: by.id, words: words.trim(), at })) {
          throw new AppError('conflict', 'DISCREPANCY_NOT_OPEN', 'it is not open any more')
        }
        deps.audit(by.id, 'discrepancy.resolved', `discrepancy:${String(id)}`, {
          kind: before.kind,
          subject: before.subject,
        })
        return store.find(id) ?? before
      })
      deps.onChange()
      return viewOf(row)
    },
  }
}

/** Kinds that come from our own rows and are looked for anew within the window of each run. */
const ROW_KINDS: readonly DiscrepancyKind[] = [
  'recordingLate',
  'recordingLost',
  'recordingNotAsked',
  'callWithoutTicket',
  'ticketDiffers',
  'ticketWithoutCall',
  'callNeverEnded',
]
