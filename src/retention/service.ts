import type { AuditAction, Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import {
  type Blocker,
  type DecideDeletion,
  type DeletedRecording,
  type DeletionAction,
  type DeletionCause,
  type DeletionRequest,
  type GiveReason,
  type Hold,
  type KeptRecording,
  type PlaceHold,
  type RefuseDeletion,
  RETENTION_KINDS,
  type RetentionView,
} from './contract.ts'
import { createDeleting, type DeletingDeps } from './deleting.ts'
import { deletionActions, deletionEdge } from './deletion-machine.ts'
import { createDropping, type DroppingDeps } from './dropping.ts'
import { createKeeping, type KeepingDeps } from './keeping.ts'
import { blockersOfTwo } from './retention-policy.ts'
import type { DeletionRow, HoldRow, KeptRow, RequestRow } from './store.ts'

export type RetentionDeps = Omit<DeletingDeps, 'keeping'> &
  Pick<DroppingDeps, 'archive' | 'original'> &
  KeepingDeps & {
    readonly nameOf: (personId: number) => string | null
    /** After it was committed: a hold or a request is new, or over. */
    readonly changed: () => void
  }

export type Retention = ReturnType<typeof createRetention>

/** Rows of each list of the page. */
const SHOWN = 200
const SHOWN_DELETED = 50

const AUDITED: Readonly<Record<Exclude<DeletionAction, 'overtake'>, AuditAction>> = {
  approve: 'deletion.approved',
  refuse: 'deletion.refused',
  withdraw: 'deletion.withdrawn',
}

/** How long recordings are kept, what keeps them longer, and who lets them go sooner (R059, R068; Law 91/2025/QH15, Article 14). */
export function createRetention(deps: RetentionDeps) {
  const { store, rules, nameOf, now } = deps
  const keeping = createKeeping(deps)
  const deleting = createDeleting({ ...deps, keeping })
  const dropping = createDropping({ ...deps, keeping })

  function mustKeep(recordingId: number): KeptRow {
    const row = keeping.find(recordingId)
    if (row === undefined) throw new AppError('notFound', 'RECORDING_NOT_FOUND', 'no such recording')
    return row
  }

  /** Throws RECORDING_DELETED, RECORDING_NOT_SETTLED, NOTHING_TO_DELETE, RECORDING_KEPT with what keeps it. */
  function mustLetGo(row: KeptRow): void {
    if (row.state === 'deleted') throw new AppError('conflict', 'RECORDING_DELETED', 'it is deleted already')
    if (row.state === 'pending') throw new AppError('conflict', 'RECORDING_NOT_SETTLED', 'it is on its way')
    if (row.hasFiles === 0) throw new AppError('conflict', 'NOTHING_TO_DELETE', 'there is no file of it')
    const blockers = blockersOfTwo(keeping.blockers(row))
    if (blockers.length > 0)
      throw new AppError('conflict', 'RECORDING_KEPT', `kept: ${blockers.join(', ')}`, {
        details: { blockers },
      })
  }

  const aboutOf = (recordingId: number): KeptRecording => keeping.viewOf(mustKeep(recordingId))

  const holdView = (row: HoldRow): Hold => ({
    id: row.id,
    recordingId: row.recordingId,
    ticketCode: row.ticketCode,
    reason: row.reason,
    setByName: nameOf(row.setBy),
    setAt: row.setAt,
    liftedByName: row.liftedBy === null ? null : nameOf(row.liftedBy),
    liftedAt: row.liftedAt,
    liftReason: row.liftReason,
  })

  function requestView(row: RequestRow, viewer: Person): DeletionRequest {
    const kept = mustKeep(row.recordingId)
    return {
      id: row.id,
      revision: row.revision,
      state: row.state,
      recording: keeping.viewOf(kept),
      cause: row.cause,
      reason: row.reason,
      askedByName: nameOf(row.askedBy),
      askedAt: row.askedAt,
      decidedByName: row.decidedBy === null ? null : nameOf(row.decidedBy),
      decidedAt: row.decidedAt,
      endReason: row.endReason,
      blockers: row.state === 'requested' ? blockersOfTwo(keeping.blockers(kept)) : [],
      actions: deletionActions(row, viewer),
    }
  }

  const deletedView = (row: DeletionRow): DeletedRecording => ({
    recording: aboutOf(row.recordingId),
    cause: row.cause,
    days: row.days,
    basis: row.basis,
    deletedAt: row.deletedAt ?? '',
    removedAt: row.removedAt,
  })

  function nextOf({ recordingId, dueAt }: DeletionRow): RetentionView['next']['items'][number] {
    const row = mustKeep(recordingId)
    const blockers: Blocker[] = keeping.blockers(row)
    return { recording: keeping.viewOf(row), dueAt, blockers }
  }

  /** Writes a step down once it is one that may be taken; two who take one at once: the second hears of it. */
  function step(
    id: number,
    { action, revision, actor }: { action: keyof typeof AUDITED; revision: number; actor: Person },
    change: (row: RequestRow) => Partial<RequestRow>,
  ): RequestRow {
    const changed = deps.transaction(() => {
      const row = store.request(id)
      if (row === undefined) throw new AppError('notFound', 'DELETION_NOT_FOUND', 'no such request')
      const edge = deletionEdge(row, action, actor)
      if (row.revision !== revision || row.state !== 'requested')
        throw new AppError('conflict', 'DELETION_CHANGED', 'somebody has decided on it, or it is over')
      if (edge === undefined)
        throw action === 'withdraw'
          ? new AppError('forbidden', 'DELETION_NOT_YOURS', 'only who asked may withdraw it')
          : new AppError('forbidden', 'DELETION_OWN', 'nobody decides on a request of their own')
      store.updateRequest(id, { state: edge.to, revision: revision + 1, ...change(row) })
      deps.audit(actor.id, AUDITED[action], `recording:${String(row.recordingId)}`, { requestId: id })
      return row
    })
    deps.changed()
    return store.request(id) ?? changed
  }

  const decided = (actor: Person) => ({ decidedBy: actor.id, decidedAt: now().toISOString() })

  /** In the caller's transaction. Throws as `ask`. */
  function addRequest(
    recordingId: number,
    asked: { readonly reason: string; readonly cause: RequestRow['cause']; subjectRequestId: number | null },
    actor: Person,
  ): RequestRow {
    mustLetGo(mustKeep(recordingId))
    if (store.waitingFor(recordingId).length > 0)
      throw new AppError('conflict', 'DELETION_PENDING', 'this was asked for and is not decided yet')
    const row = store.addRequest({
      revision: 1,
      state: 'requested',
      recordingId,
      ...asked,
      reason: asked.reason.trim(),
      askedBy: actor.id,
      askedAt: now().toISOString(),
    })
    deps.audit(actor.id, 'deletion.requested', `recording:${String(recordingId)}`, {
      requestId: row.id,
      cause: asked.cause,
    })
    return row
  }

  return {
    async view(viewer: Person): Promise<RetentionView> {
      const [archive, byKind, total] = await Promise.all([
        deps.archive.counts(),
        store.nextByKind(),
        store.deletedCount(),
      ])
      const run = store.lastRun()
      return {
        rules: RETENTION_KINDS.map((kind) => {
          const rule = rules[kind]
          return { kind, days: rule?.days ?? null, basis: rule?.basis ?? null }
        }),
        lastRun: run ?? null,
        next: {
          total: byKind.reduce((sum, { count }) => sum + count, 0),
          byKind,
          items: store.next(SHOWN).map(nextOf),
        },
        archive: {
          days: deps.original?.days ?? null,
          basis: deps.original?.basis ?? null,
          ...archive,
        },
        holds: [...store.standingHolds(SHOWN), ...store.liftedHolds(20)].map(holdView),
        requests: store.requests(50).map((row) => requestView(row, viewer)),
        deleted: { total, items: store.deleted(SHOWN_DELETED).map(deletedView) },
      }
    },

    /** Throws RECORDING_NOT_FOUND, RECORDING_DELETED, TICKET_NOT_FOUND, HOLD_STANDS: each holds a thing once, for their own reason. */
    hold(asked: PlaceHold, actor: Person): Hold {
      const row = deps.transaction(() => {
        const recordingId = 'recordingId' in asked ? asked.recordingId : null
        const ticketCode = 'ticketCode' in asked ? asked.ticketCode : null
        if (recordingId !== null && mustKeep(recordingId).state === 'deleted')
          throw new AppError('conflict', 'RECORDING_DELETED', 'it is deleted already')
        if (ticketCode !== null && !store.caseExists(ticketCode))
          throw new AppError('notFound', 'TICKET_NOT_FOUND', 'no such ticket')
        if (store.holdsOn({ recordingId, ticketCode }).some(({ setBy }) => setBy === actor.id))
          throw new AppError('conflict', 'HOLD_STANDS', 'this person holds it already')
        const reason = asked.reason.trim()
        const added = store.addHold({
          recordingId,
          ticketCode,
          reason,
          setBy: actor.id,
          setAt: now().toISOString(),
        })
        deps.audit(actor.id, 'hold.placed', subjectOf(added), { holdId: added.id, reason })
        return added
      })
      deps.changed()
      return holdView(row)
    },

    /** Throws HOLD_NOT_FOUND, HOLD_LIFTED. */
    lift(id: number, { reason }: GiveReason, actor: Person): Hold {
      const row = deps.transaction(() => {
        const found = store.hold(id)
        if (found === undefined) throw new AppError('notFound', 'HOLD_NOT_FOUND', 'no such hold')
        if (found.liftedAt !== null) throw new AppError('conflict', 'HOLD_LIFTED', 'it was lifted already')
        const change = { liftedBy: actor.id, liftedAt: now().toISOString(), liftReason: reason.trim() }
        store.lift(id, change)
        deps.audit(actor.id, 'hold.lifted', subjectOf(found), { holdId: id, reason: change.liftReason })
        return { ...found, ...change }
      })
      deps.changed()
      return holdView(row)
    },

    /**
     * Asks that it goes before its time. Throws RECORDING_NOT_FOUND, RECORDING_DELETED, RECORDING_NOT_SETTLED, NOTHING_TO_DELETE,
     * RECORDING_KEPT, DELETION_PENDING.
     */
    ask(recordingId: number, { reason }: GiveReason, actor: Person): DeletionRequest {
      const row = deps.transaction(() =>
        addRequest(recordingId, { reason, cause: 'early', subjectRequestId: null }, actor),
      )
      deps.changed()
      return requestView(row, actor)
    },
    addRequest,
    causeOf: (recordingId: number): DeletionCause | null => {
      const row = store.deletion(recordingId)
      return row?.deletedAt == null ? null : row.cause
    },
    statesOf: (subjectRequestId: number, recordingIds: readonly number[]) =>
      recordingIds.length === 0 ? [] : store.statesOf(subjectRequestId, recordingIds),
    isAsked: (recordingId: number): boolean => store.waitingFor(recordingId).length > 0,

    /** It goes at once. Throws DELETION_NOT_FOUND, DELETION_CHANGED, DELETION_OWN, and as `ask` where something keeps it by now. */
    async approve(id: number, { revision }: DecideDeletion, actor: Person): Promise<DeletionRequest> {
      const row = step(id, { action: 'approve', revision, actor }, ({ recordingId, cause, reason }) => {
        const kept = mustKeep(recordingId)
        mustLetGo(kept)
        // Written as decided first, so that starting does not take it for one that still waits.
        store.updateRequest(id, { state: 'approved' })
        deleting.start(kept, {
          cause,
          days: null,
          basis: reason,
          dueAt: now().toISOString(),
          requestId: id,
          actorId: actor.id,
        })
        return decided(actor)
      })
      deps.notify(row.recordingId, keeping.find(row.recordingId)?.ticketCode ?? null)
      await deleting.finish(row.recordingId)
      return requestView(row, actor)
    },

    /** Throws DELETION_NOT_FOUND, DELETION_CHANGED, DELETION_OWN. */
    refuse: (id: number, { revision, reason }: RefuseDeletion, actor: Person): DeletionRequest =>
      requestView(
        step(id, { action: 'refuse', revision, actor }, () => ({
          ...decided(actor),
          endReason: reason.trim(),
        })),
        actor,
      ),

    /** Throws DELETION_NOT_FOUND, DELETION_CHANGED, DELETION_NOT_YOURS. */
    withdraw: (id: number, { revision }: DecideDeletion, actor: Person): DeletionRequest =>
      requestView(
        step(id, { action: 'withdraw', revision, actor }, () => decided(actor)),
        actor,
      ),

    keeping,
    run: () => deleting.run(),
    /** What a crash left half done. */
    async finishAll(): Promise<number> {
      return (await deleting.finishAll()) + (await deps.archive.finishDrops())
    },
    /** The nightly job for originals whose copies stand for them. */
    dropOriginals: () => dropping.run(),
    async close(): Promise<void> {
      await dropping.close()
      await deleting.close()
    },
  }
}

function subjectOf({ recordingId, ticketCode }: Pick<HoldRow, 'recordingId' | 'ticketCode'>): string {
  return recordingId === null ? `ticket:${ticketCode ?? ''}` : `recording:${String(recordingId)}`
}
