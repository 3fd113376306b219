import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../platform/errors.ts'
import { baseOf, nameOf, sidesOf } from './collect-policy.ts'
import type { FolderProblem, RecordingFlag } from './contract.ts'
import { createCollector, type Settlement } from './collecting.ts'
import { problemOf, type RecordingFolder } from './recording-folder.ts'
import type { Sealer } from './sealer.ts'
import type { RecordingDeps } from './service.ts'
import type { RecordingRow } from './store.ts'

export interface CollectingDeps extends Omit<RecordingDeps, 'folder' | 'sealer'> {
  readonly folder: RecordingFolder
  readonly sealer: Sealer
  readonly searchOf: (callId: string) => string
}

/** The file is closed within 20 ms of the hang-up; a loaded PBX takes longer. */
const RETRY_MS = [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800] as const
const PAGE = 200
/** A file that turns up later than this after it was given up is not looked for. */
const HOPE_MS = 7 * 24 * 3_600_000

/** When to collect what: at once after a hang-up, again and again for a while, and by the sweep for as long as it takes. */
export function createCollecting(deps: CollectingDeps) {
  const { store, source, folder, now, log } = deps
  const collector = createCollector(deps)
  const closing = new AbortController()
  /** One try per recording at a time; all tries one after the other, for the sake of disk and PBX. */
  const underWay = new Map<number, Promise<boolean>>()
  let line: Promise<unknown> = Promise.resolve()
  let sweeping: Promise<number> | undefined
  let problem: FolderProblem | null = null

  /** True when there is nothing left to do for it. Never rejects. */
  function attempt(id: number, endedAt: string): Promise<boolean> {
    const running = underWay.get(id)
    if (running !== undefined) return running
    const tried = line.then(() => tryOnce(id, endedAt)).finally(() => underWay.delete(id))
    line = tried
    underWay.set(id, tried)
    return tried
  }

  async function tryOnce(id: number, endedAt: string): Promise<boolean> {
    if (closing.signal.aborted) return false
    const row = store.find(id)
    if (row?.state !== 'pending') return true
    const ended = endOf(row, endedAt)
    if (ended === null) return false
    try {
      const result = await collector.collect({ ...row, endedAt: ended })
      meet(null)
      if (result === undefined) return false
      settle(row, ended, result)
      await release([row])
      return true
    } catch (err) {
      note(err, id)
      return false
    }
  }

  /** Null: it is still being recorded. A consultation ends when its own leg does, the citizen may have left before. */
  function endOf(row: RecordingRow, callEndedAt: string): string | null {
    const ended = row.endedAt ?? callEndedAt
    const own = row.kind === 'consult' ? deps.consultEnd(row.base) : undefined
    if (own === undefined) return ended
    return own === null || Date.parse(own) > Date.parse(ended) ? own : ended
  }

  function settle(row: RecordingRow, endedAt: string, facts: Settlement): void {
    const { id, callId, kind } = row
    const detail = {
      recordingId: id,
      kind,
      flags: facts.flags,
      sha256: facts.sha256,
      kept: facts.kept.length,
    }
    deps.transaction(() => {
      store.update(id, {
        ...facts,
        endedAt,
        settledAt: now().toISOString(),
        search: deps.searchOf(callId),
      })
      deps.seals.append(id, facts.state, deps.callFacts(callId)?.ticketCode ?? null)
      if (facts.state === 'stored') deps.onStored(callId, detail)
      else deps.onLost(callId, facts.state, detail)
    })
    const fields = { recordingId: id, callId, state: facts.state, flags: facts.flags }
    if (facts.state === 'stored' || facts.flags.includes('tooShort')) log.info(fields, 'recording settled')
    else log.error(fields, 'a recording is lost')
    deps.notify.recordingChanged(id, deps.callFacts(callId)?.ticketCode ?? null)
  }

  /** The PBX need not keep what is filed here. Failing is no loss: the sweep asks again. */
  async function release(rows: readonly RecordingRow[]): Promise<void> {
    let failed = 0
    let lastErr: unknown
    for (const { id, base, kind } of rows) {
      try {
        for (const side of sidesOf(kind)) await source.remove(nameOf(base, side))
        store.update(id, { releasedAt: now().toISOString() })
      } catch (err) {
        failed += 1
        lastErr = err
      }
    }
    if (failed > 0) log.warn({ err: lastErr, failed }, 'the PBX keeps its copies of recordings for now')
  }

  function meet(next: FolderProblem | null): void {
    if (next === problem) return
    problem = next
    deps.notify.filingChanged()
  }

  /** A full disk is a state, said once; the rest is said each time. */
  function note(err: unknown, id: number): void {
    if (closing.signal.aborted) return
    const word = problemOf(err)
    if (word === null) {
      const away = err instanceof AppError && err.kind === 'unavailable'
      log[away ? 'warn' : 'error'](
        { err, recordingId: id },
        'a recording could not be collected; it is tried again',
      )
    } else if (word !== problem) log.error({ err, problem: word }, 'recordings cannot be filed')
    meet(word ?? problem)
  }

  async function untilSettled(id: number, endedAt: string): Promise<void> {
    for (const ms of [0, ...(deps.retryMs ?? RETRY_MS)]) {
      if (ms > 0 && !(await waited(ms))) return
      if (await attempt(id, endedAt)) return
    }
    log.info({ recordingId: id }, 'recording not complete yet; the sweep goes on')
  }

  /** False when the service closes meanwhile. */
  async function waited(ms: number): Promise<boolean> {
    try {
      await pause(ms, undefined, { signal: closing.signal })
      return true
    } catch (error) {
      if (closing.signal.aborted) return false
      throw error
    }
  }

  /** How many it settled. */
  async function sweepOnce(): Promise<number> {
    let settled = 0
    try {
      await folder.ready()
      await folder.sweep()
      // What ails the PBX's folder is known only when something is fetched from it.
      if (problem !== null && problem !== 'pbxFolderAway') {
        log.info({ problem }, 'recordings can be filed again')
        meet(null)
      }
    } catch (err) {
      note(err, 0)
      return settled
    }
    await hopeForMissing()
    for (let after = 0; !closing.signal.aborted;) {
      const rows = store.pending(after, PAGE)
      for (const row of rows) {
        const facts = deps.callFacts(row.callId)
        // A row without a call cannot be: if it is, its own beginning has to do.
        const endedAt = facts === undefined ? row.startedAt : facts.endedAt
        if (endedAt !== null && (await attempt(row.id, endedAt))) settled += 1
      }
      const last = rows.at(-1)
      if (last === undefined || rows.length < PAGE) break
      after = last.id
    }
    await release(store.unreleased(PAGE))
    return settled
  }

  /** What was given up and lies at the PBX after all (a share that was not mounted) is pending again. */
  async function hopeForMissing(): Promise<void> {
    const since = new Date(now().getTime() - HOPE_MS).toISOString()
    const absent = store.missingSince(since).filter(({ flags }) => flags.some(wasAbsent))
    const missing = new Map(absent.map(({ base, id }) => [base, id]))
    if (missing.size === 0) return
    try {
      for (const name of await source.list()) {
        const id = missing.get(name) ?? missing.get(baseOf(name))
        if (id !== undefined)
          store.update(id, { state: 'pending', flags: [], settledAt: null, releasedAt: null })
      }
    } catch (err) {
      note(err, 0)
    }
  }

  return {
    async collectCall(callId: string): Promise<void> {
      const endedAt = deps.callFacts(callId)?.endedAt ?? now().toISOString()
      const rows = store.ofCall(callId).filter(({ state }) => state === 'pending')
      for (const { id } of rows) store.update(id, { endedAt })
      await Promise.all(rows.map(({ id }) => untilSettled(id, endedAt)))
    },
    sweep(): Promise<number> {
      sweeping ??= sweepOnce()
        .catch((err: unknown) => {
          log.error({ err }, 'the sweep for recordings failed; the next one tries again')
          return 0
        })
        .finally(() => {
          sweeping = undefined
        })
      return sweeping
    },
    problem: () => problem,
    /** Ends the waiting and lets what is under way come to its end. */
    async close(): Promise<void> {
      closing.abort()
      await Promise.all([line, sweeping])
    },
  }
}

/** Not a file with nothing in it, nor a name that is none. */
function wasAbsent(flag: RecordingFlag): boolean {
  return flag === 'notAtPbx' || flag === 'tooShort'
}
