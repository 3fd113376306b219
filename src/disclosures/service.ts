import { createHash } from 'node:crypto'
import type { AuditAction, Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { Recordings } from '../recordings/service.ts'
import type {
  ApproveDisclosure,
  AskDisclosure,
  CaseDisclosures,
  DisclosableRecording,
  DisclosureAction,
  DisclosureMode,
  DisclosurePage,
  DisclosureQuery,
  DisclosureState,
  DisclosureUse,
  DisclosureView,
  EndDisclosure,
  WithdrawDisclosure,
} from './contract.ts'
import { DECIDERS, disclosureActions, disclosureEdge, stateAt } from './disclosure-machine.ts'
import { denialOf, expiryOf, isWithin, ofUnit } from './disclosure-policy.ts'
import type { DisclosureRow, DisclosureStore, DisclosureUseRow } from './store.ts'

/** A case as far as a recording of it goes. */
export interface WholeCase {
  readonly callIds: readonly string[]
  readonly reporter: { readonly name: string | null; readonly phone: string | null }
}

export interface DisclosureDeps {
  readonly store: DisclosureStore
  /** Undefined for whoever does not see the whole of the case, reporter included (visibility-policy.ts). */
  readonly wholeCase: (code: string, viewer: Person) => WholeCase | undefined
  readonly recordings: Pick<Recordings, 'byCalls'> & {
    readonly disclosed: Pick<Recordings['disclosed'], 'about'>
  }
  readonly people: { list(): Person[]; nameOf(id: number): string | null }
  readonly unitName: (unitId: string) => string | null
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  /** After it was committed. `personIds`: who asked, and for whom. */
  readonly notify: (news: DisclosureNews) => void
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
}

export interface DisclosureNews {
  readonly id: number
  readonly ticketCode: string
  readonly state: DisclosureState
  readonly personIds: readonly number[]
}

/** A request under which this person gets the recording now. */
export interface Grant extends DisclosureRow {
  readonly expiresAt: string
}

export type Disclosures = ReturnType<typeof createDisclosures>

const AUDITED: Readonly<Record<DisclosureAction, AuditAction>> = {
  approve: 'disclosure.approved',
  refuse: 'disclosure.refused',
  revoke: 'disclosure.revoked',
  withdraw: 'disclosure.withdrawn',
}

/** A unit asks for a recording, a supervisor decides (Đ10.1 ¶2, R060). */
export function createDisclosures(deps: DisclosureDeps) {
  const { store, people, now } = deps

  const named = (ids: readonly number[]) => ids.map((id) => ({ id, name: people.nameOf(id) ?? '' }))

  function mustFind(id: number): DisclosureRow {
    const row = store.find(id)
    if (row === undefined) throw notFound()
    return row
  }

  /** What the person who asked sees of the case now: what they may not hear, nobody of their unit may. */
  function unitReads({ ticketCode, requesterId, recordingId }: DisclosureRow): boolean {
    const requester = people.list().find(({ id }) => id === requesterId)
    return requester !== undefined && readsCase({ ticketCode, recordingId }, requester)
  }

  /** The whole of the case, and the recording is still one of its calls. */
  function readsCase(
    { ticketCode, recordingId }: Pick<DisclosureRow, 'ticketCode' | 'recordingId'>,
    viewer: Person,
  ): boolean {
    const callId = deps.recordings.disclosed.about(recordingId)?.callId
    const whole = deps.wholeCase(ticketCode, viewer)
    return whole !== undefined && callId !== undefined && whole.callIds.includes(callId)
  }

  function denied(row: DisclosureRow, viewer: Person, what: DisclosureMode) {
    const one = { ...row, state: stateAt(row, now()) }
    return denialOf(one, viewer, { what, readsCase: readsCase(row, viewer) })
  }

  function viewOf(row: DisclosureRow, viewer: Person): DisclosureView {
    const state = stateAt(row, now())
    const decides = DECIDERS.some((role) => role === viewer.role)
    return {
      id: row.id,
      revision: row.revision,
      state,
      ticketCode: row.ticketCode,
      recording: aboutOf(row.recordingId),
      unitName: deps.unitName(row.unitId) ?? row.unitId,
      reason: row.reason,
      requesterName: people.nameOf(row.requesterId) ?? '',
      requestedAt: row.requestedAt,
      asked: { mode: row.askedMode, hours: row.askedHours, people: named(row.askedPeople) },
      granted:
        row.mode === null || row.hours === null || row.people === null
          ? null
          : { mode: row.mode, hours: row.hours, people: named(row.people) },
      decidedByName: row.decidedBy === null ? null : people.nameOf(row.decidedBy),
      decidedAt: row.decidedAt,
      expiresAt: row.expiresAt,
      endReason: row.endReason,
      endedAt: row.endedAt,
      endedByName: row.endedBy === null ? null : people.nameOf(row.endedBy),
      actions: disclosureActions({ ...row, state }, viewer),
      mayPlay: denied(row, viewer, 'play') === null,
      mayDownload: denied(row, viewer, 'download') === null,
      unitReads: decides ? unitReads(row) : readsCase(row, viewer),
      uses: decides ? store.usesOf(row.id).map(useOf) : null,
    }
  }

  function aboutOf(id: number): DisclosableRecording {
    const about = deps.recordings.disclosed.about(id)
    return {
      id,
      kind: about?.kind ?? 'call',
      startedAt: about?.startedAt ?? '',
      durationMs: about?.durationMs ?? null,
    }
  }

  const useOf = ({ at, personId, what, fromMs }: DisclosureUseRow): DisclosureUse => ({
    at,
    personName: people.nameOf(personId),
    what,
    fromMs,
  })

  function tell(row: DisclosureRow): void {
    deps.notify({
      id: row.id,
      ticketCode: row.ticketCode,
      state: stateAt(row, now()),
      personIds: [...new Set([row.requesterId, ...(row.people ?? row.askedPeople)])],
    })
  }

  function audit(row: DisclosureRow, actor: Person, action: AuditAction): void {
    deps.audit(actor.id, action, `recording:${String(row.recordingId)}`, {
      disclosureId: row.id,
      ticketCode: row.ticketCode,
      unitId: row.unitId,
      personIds: row.people ?? row.askedPeople,
      mode: row.mode ?? row.askedMode,
      hours: row.hours ?? row.askedHours,
      reasonSha256: createHash('sha256').update(row.reason).digest('hex'),
      ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt }),
    })
  }

  /** Writes a step down once it is one that may be taken; two who take one at once: the second hears of it. */
  function step(
    id: number,
    { action, revision, actor }: { action: DisclosureAction; revision: number; actor: Person },
    change: (row: DisclosureRow, at: Date) => Partial<DisclosureRow>,
  ): DisclosureView {
    const at = now()
    const row = deps.transaction(() => {
      const found = mustFind(id)
      // Of other people's requests nobody of a unit learns that they exist.
      if (action === 'withdraw' && found.requesterId !== actor.id) throw notFound()
      const edge = disclosureEdge({ ...found, state: stateAt(found, at) }, action, actor)
      if (found.revision !== revision || edge === undefined) throw refusalOf(found, revision, actor)
      store.update(id, { ...change(found, at), state: edge.to, revision: revision + 1 })
      const changed = mustFind(id)
      audit(changed, actor, AUDITED[action])
      return changed
    })
    tell(row)
    return viewOf(row, actor)
  }

  const ended = ({ reason }: Pick<EndDisclosure, 'reason'>, actor: Person, at: Date) => ({
    endedBy: actor.id,
    endedAt: at.toISOString(),
    endReason: reason.trim(),
  })

  function mustRead(code: string, viewer: Person): WholeCase & { readonly unitId: string } {
    const whole = deps.wholeCase(code, viewer)
    if (whole === undefined || viewer.unitId === null)
      throw new AppError('notFound', 'TICKET_NOT_FOUND', 'no such ticket')
    return { ...whole, unitId: viewer.unitId }
  }

  function ofCase(code: string, viewer: Person): CaseDisclosures {
    const whole = mustRead(code, viewer)
    return {
      recordings: deps.recordings
        .byCalls(whole.callIds, viewer)
        .filter(({ state }) => state === 'stored')
        .map(({ id, kind, startedAt, durationMs }) => ({ id, kind, startedAt, durationMs })),
      people: ofUnit(people.list(), whole.unitId).map(({ id, name }) => ({ id, name })),
      items: store
        .ofTicket(code)
        .filter(({ unitId }) => unitId === viewer.unitId)
        .map((row) => viewOf(row, viewer)),
    }
  }

  return {
    /** Throws TICKET_NOT_FOUND, also for a case of which this person does not see the whole. */
    ofCase,

    /** Throws as `ofCase`. */
    mustRead(code: string, viewer: Person): void {
      mustRead(code, viewer)
    },

    /** Throws TICKET_NOT_FOUND, RECORDING_NOT_FOUND, PERSON_NOT_OF_UNIT, DISCLOSURE_PENDING. */
    ask(code: string, asked: AskDisclosure, actor: Person): DisclosureView {
      const { recordings, people: known } = ofCase(code, actor)
      if (!recordings.some(({ id }) => id === asked.recordingId))
        throw new AppError('notFound', 'RECORDING_NOT_FOUND', 'no such recording')
      if (!asked.personIds.every((wanted) => known.some(({ id }) => id === wanted)))
        throw new AppError('invalid', 'PERSON_NOT_OF_UNIT', 'not somebody of your unit')
      const row = deps.transaction(() => {
        const isPending = store
          .ofTicket(code)
          .some(
            ({ state, recordingId, requesterId }) =>
              state === 'requested' && recordingId === asked.recordingId && requesterId === actor.id,
          )
        if (isPending)
          throw new AppError('conflict', 'DISCLOSURE_PENDING', 'this was asked for and is not decided yet')
        const added = store.add({
          revision: 1,
          state: 'requested',
          ticketCode: code,
          recordingId: asked.recordingId,
          unitId: actor.unitId ?? '',
          requesterId: actor.id,
          requestedAt: now().toISOString(),
          reason: asked.reason.trim(),
          askedMode: asked.mode,
          askedHours: asked.hours,
          askedPeople: asked.personIds,
        })
        audit(added, actor, 'disclosure.requested')
        return added
      })
      tell(row)
      return viewOf(row, actor)
    },

    /**
     * What was asked, or less. Throws DISCLOSURE_NOT_FOUND, DISCLOSURE_CHANGED, DISCLOSURE_OWN, DISCLOSURE_WIDER, CASE_NOT_READABLE,
     * PERSON_NOT_OF_UNIT.
     */
    approve: (id: number, { revision, ...terms }: ApproveDisclosure, actor: Person): DisclosureView =>
      step(id, { action: 'approve', revision, actor }, (row, at) => {
        const asked = { mode: row.askedMode, hours: row.askedHours, personIds: row.askedPeople }
        if (!isWithin(terms, asked))
          throw new AppError('invalid', 'DISCLOSURE_WIDER', 'more than what was asked')
        const known = ofUnit(people.list(), row.unitId)
        if (!terms.personIds.every((wanted) => known.some((person) => person.id === wanted)))
          throw new AppError('invalid', 'PERSON_NOT_OF_UNIT', 'somebody is not of that unit any more')
        if (!unitReads(row))
          throw new AppError('conflict', 'CASE_NOT_READABLE', 'the unit does not see who reported it')
        return {
          mode: terms.mode,
          hours: terms.hours,
          people: terms.personIds,
          decidedBy: actor.id,
          decidedAt: at.toISOString(),
          expiresAt: expiryOf(at, terms.hours),
        }
      }),

    /** These throw DISCLOSURE_NOT_FOUND, DISCLOSURE_CHANGED, and the first two DISCLOSURE_OWN. */
    refuse: (id: number, body: EndDisclosure, actor: Person): DisclosureView =>
      step(id, { action: 'refuse', revision: body.revision, actor }, (_row, at) => ({
        decidedBy: actor.id,
        decidedAt: at.toISOString(),
        ...ended(body, actor, at),
      })),
    revoke: (id: number, body: EndDisclosure, actor: Person): DisclosureView =>
      step(id, { action: 'revoke', revision: body.revision, actor }, (_row, at) => ended(body, actor, at)),
    withdraw: (id: number, { revision }: WithdrawDisclosure, actor: Person): DisclosureView =>
      step(id, { action: 'withdraw', revision, actor }, (_row, at) => ({
        endedBy: actor.id,
        endedAt: at.toISOString(),
      })),

    page({ group, offset = 0, limit = 50 }: DisclosureQuery, viewer: Person): DisclosurePage {
      const { items, total } = store.page(group, now().toISOString(), { offset, limit })
      return { items: items.map((row) => viewOf(row, viewer)), total, waiting: store.waiting() }
    },

    /** To whom a recording was given, newest first. */
    ofRecording: (recordingId: number, viewer: Person): DisclosureView[] =>
      store.ofRecording(recordingId).map((row) => viewOf(row, viewer)),

    /** Throws DISCLOSURE_NOT_FOUND, _NOT_APPROVED, _REVOKED, _EXPIRED, _PLAY_ONLY where this person does not get the recording now. */
    mustHave(id: number, viewer: Person, what: DisclosureMode): Grant {
      const row = mustFind(id)
      const code = denied(row, viewer, what)
      if (code === 'DISCLOSURE_NOT_FOUND') throw notFound()
      if (code !== null || row.expiresAt === null)
        throw new AppError(
          'forbidden',
          code ?? 'DISCLOSURE_NOT_APPROVED',
          'this recording is not open to you',
        )
      return { ...row, expiresAt: row.expiresAt }
    },
  }
}

function notFound(): AppError {
  return new AppError('notFound', 'DISCLOSURE_NOT_FOUND', 'no such request')
}

function refusalOf(row: DisclosureRow, revision: number, actor: Person): AppError {
  const isOwn = row.requesterId === actor.id || row.askedPeople.includes(actor.id)
  return row.revision === revision && isOwn && DECIDERS.some((role) => role === actor.role)
    ? new AppError(
        'forbidden',
        'DISCLOSURE_OWN',
        'nobody decides on a request of their own, or for themselves',
      )
    : new AppError('conflict', 'DISCLOSURE_CHANGED', 'somebody has decided on it, or it is over')
}
