import type { Blocker, KeptRecording } from './contract.ts'
import { blockersOf, type RetentionFacts, retentionKindOf } from './retention-policy.ts'
import type { KeptRow, RetentionStore } from './store.ts'

export interface KeepingDeps {
  readonly store: RetentionStore
  /** Days in which a citizen may object to an answer (Đ9.5b). */
  readonly objectionDays: number
  /** Does nothing follow that state by itself? */
  readonly isOver: (caseState: string) => boolean
  /** Do a recording's row and the newest link of its chain agree? */
  readonly fitsSeal: (recordingId: number) => boolean
  readonly now: () => Date
}

export type Keeping = ReturnType<typeof createKeeping>

/** What is known of a recording, and what keeps it. */
export function createKeeping({ store, objectionDays, isOver, fitsSeal, now }: KeepingDeps) {
  function factsOf(row: KeptRow): RetentionFacts {
    const known = (state: string | null, changedAt: string | null) =>
      state === null || changedAt === null ? null : { isOver: isOver(state), changedAt }
    const cases = [known(row.caseState, row.caseChangedAt), known(row.leadState, row.leadChangedAt)]
    return {
      kind: row.kind,
      training: row.training === 1,
      direction: row.direction,
      startedAt: row.startedAt,
      endedAt: row.endedAt,
      isHeld: row.isHeld === 1,
      isDisclosed: row.isDisclosed === 1,
      isAltered: (JSON.parse(row.flags) as string[]).includes('altered'),
      ticketCode: row.ticketCode,
      cases: row.ticketCode === null ? [] : cases,
    }
  }

  return {
    factsOf,
    blockers: (row: KeptRow): Blocker[] =>
      blockersOf(factsOf(row), { now: now(), objectionDays, fitsSeal: fitsSeal(row.id) }),
    find: (recordingId: number): KeptRow | undefined => store.kept(recordingId, now().toISOString()),
    viewOf: (row: KeptRow): KeptRecording => ({
      id: row.id,
      kind: retentionKindOf(factsOf(row)),
      startedAt: row.startedAt,
      durationMs: row.durationMs,
      sizeBytes: row.sizeBytes,
      ticketCode: row.ticketCode,
    }),
  }
}
