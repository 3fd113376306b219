import type { Person } from '../accounts/contract.ts'
import type { DossierClock, RecountReason } from '../deadlines/service.ts'
import { AppError } from '../platform/errors.ts'
import type { TicketRow } from '../tickets/contract.ts'
import type {
  DossierFilter,
  DossierMark,
  DossierPage,
  DossierQuery,
  DossierReason,
  DossierRow,
  ListResult,
  SetDossierRow,
} from './contract.ts'
import { becameUrgent, type CaseFacts, planListing, startOf } from './dossier-policy.ts'

/** One entry of the list as it is kept. */
export interface DossierItem {
  readonly id: number
  readonly ticketId: number
  readonly ticketCode: string
  readonly reason: DossierReason
  readonly callId: string | null
  readonly agency: string | null
  readonly why: string | null
  readonly startedAt: string
  readonly listedAt: string
  readonly dueAt: string | null
  readonly dueText: string
  readonly training: boolean
  readonly removedAt: string | null
  readonly removedBy: number | null
  readonly removedWhy: string | null
  /** The dossier it was compiled into and not taken out of. */
  readonly dossier: { readonly id: number; readonly number: string; readonly sentAt: string | null } | null
}

type Removal = Pick<DossierItem, 'removedAt' | 'removedBy' | 'removedWhy'>

export interface DossierStore {
  find(id: number): DossierItem | undefined
  ofTicket(ticketId: number): DossierItem[]
  insert(item: Omit<DossierItem, 'id' | 'dossier' | keyof Removal>): DossierItem
  setRemoved(id: number, removal: Removal): DossierItem
  /** Standing ones that no dossier has taken to the City Office, and that were not over by then. */
  waiting(now: string): DossierItem[]
  setDue(id: number, due: { readonly dueAt: string | null; readonly dueText: string }): void
  page(wanted: {
    readonly show: DossierFilter
    readonly training: boolean
    readonly now: string
    readonly offset: number
    readonly limit: number
  }): { readonly items: DossierItem[]; readonly total: number }
}

/** A case, as far as the list concerns it. */
export interface DossierCase extends CaseFacts {
  readonly id: number
  readonly code: string
  readonly training: boolean
}

/** Who did it and when. */
export interface DossierCause {
  readonly at: string
  readonly actorId: number | null
}

/** What cases need of the list: told inside the transaction of the cause, it is there exactly once per case and reason. */
export interface DossierList {
  /** A case was written: marked urgent, received, or something that is of no concern here. */
  caseChanged(before: DossierCase, after: DossierCase, cause: DossierCause): void
  /** The citizen is put through (Đ9.1). */
  putThrough(
    ticket: DossierCase,
    call: { readonly callId: string; readonly agency: string | null },
    cause: DossierCause,
  ): void
  /** Entries that stand, the oldest first. */
  ofTicket(ticketId: number): DossierMark[]
}

export interface DossierPorts {
  readonly transaction: <T>(work: () => T) => T
  readonly store: DossierStore
  readonly now: () => Date
  readonly clock: DossierClock
  readonly people: { nameOf(id: number): string | null }
  readonly cases: {
    /** For a result that is put on the list by hand; undefined where there is no such case for the viewer. */
    find(code: string, viewer: Person): (DossierCase & { readonly resultAt: string | null }) | undefined
    /** A mask of what the viewer may not see. */
    row(ticketId: number, viewer: Person): TicketRow
    /** An entry of the case's history; tells nobody by itself. */
    note(
      ticketId: number,
      event: {
        readonly at: string
        readonly type: string
        readonly actorId: number | null
        readonly detail: Record<string, unknown>
      },
    ): void
    /** Tells the consoles that what the case shows has changed. */
    touched(code: string): void
  }
  /** Which version of the city's calendar holds, and why it does. */
  readonly calendarReason: () => RecountReason
  /** "QĐ 587/QĐ-UBND" */
  readonly regulation: string
}

/** `startedAt`: where the two days do not begin with the receipt. */
interface AddCause extends DossierCause {
  readonly why?: string | null
  readonly startedAt?: string
}

const ARTICLE = 'Đ9.6'

export type DossiersService = ReturnType<typeof createDossiers>

/** The list of urgent matters for City Office (Đ9.6, R058). */
export function createDossiers(ports: DossierPorts) {
  const { store, transaction } = ports

  const add = (
    ticket: DossierCase,
    reason: DossierReason,
    call: { readonly callId: string; readonly agency: string | null } | null,
    { at, actorId, why = null, startedAt = startOf(ticket, at) }: AddCause,
  ): void => {
    transaction(() => {
      const standing = store.ofTicket(ticket.id)
      const plan = planListing(reason, standing)
      if (plan === 'nothing') return
      const own = standing.find((item) => item.reason === reason)
      if (own !== undefined) {
        putBack(own, at, actorId)
        return
      }
      const due = ports.clock.due(new Date(startedAt))
      store.insert({
        ticketId: ticket.id,
        ticketCode: ticket.code,
        reason,
        callId: call?.callId ?? null,
        agency: call?.agency ?? null,
        why,
        startedAt,
        listedAt: at,
        dueAt: due.dueAt,
        dueText: due.text,
        training: ticket.training,
      })
      const told = why === null ? {} : { why }
      const detail = { reason, ...call, ...told, dueAt: due.dueAt, dueText: due.text, article: ARTICLE }
      ports.cases.note(ticket.id, { at, type: 'dossierListed', actorId, detail })
    })
  }

  const putBack = (item: DossierItem, at: string, actorId: number | null): DossierItem => {
    const { reason, dueAt, dueText } = item
    const detail = { reason, dueAt, dueText, article: ARTICLE }
    ports.cases.note(item.ticketId, { at, type: 'dossierPutBack', actorId, detail })
    return store.setRemoved(item.id, { removedAt: null, removedBy: null, removedWhy: null })
  }

  const remove = (item: DossierItem, why: string, at: string, actorId: number): DossierItem => {
    const detail = { reason: item.reason, why, article: ARTICLE }
    ports.cases.note(item.ticketId, { at, type: 'dossierRemoved', actorId, detail })
    return store.setRemoved(item.id, { removedAt: at, removedBy: actorId, removedWhy: why })
  }

  const list: DossierList = {
    caseChanged(before, after, cause) {
      if (becameUrgent(before, after)) add(after, 'urgent', null, cause)
    },
    putThrough(ticket, call, cause) {
      add(ticket, 'urgentTransfer', call, cause)
    },
    ofTicket: (ticketId) =>
      store
        .ofTicket(ticketId)
        .filter(({ removedAt }) => removedAt === null)
        .map(({ id, reason, dueAt, dueText, dossier }) => ({
          id,
          reason,
          dueAt,
          dueText,
          dossierNumber: dossier?.number ?? null,
          sentAt: dossier?.sentAt ?? null,
        })),
  }

  return {
    ...list,

    /**
     * The two days are working days: when the city's calendar is another one, what was not sent yet is due by that (A19), compiled or
     * not, and its case says so. What was over by the old one stays, and so do the papers of a dossier. Joins the caller's transaction; on repeat nothing happens.
     */
    recount(): void {
      const at = ports.now().toISOString()
      transaction(() => {
        for (const item of store.waiting(at)) {
          const { dueAt, text: dueText } = ports.clock.due(new Date(item.startedAt))
          if (dueAt === item.dueAt) continue
          store.setDue(item.id, { dueAt, dueText })
          ports.cases.note(item.ticketId, {
            at,
            type: 'dossierRecomputed',
            actorId: null,
            detail: { oldDueAt: item.dueAt, newDueAt: dueAt, ...ports.calendarReason(), article: ARTICLE },
          })
          ports.cases.touched(item.ticketCode)
        }
      })
    },

    page(
      { show = 'open', training = false, offset = 0, limit = 50 }: DossierQuery,
      viewer: Person,
    ): DossierPage {
      const page = store.page({ show, training, offset, limit, now: ports.now().toISOString() })
      return {
        items: page.items.map((item) => rowOf(item, viewer)),
        total: page.total,
        legalBasis: `Điều 9 khoản 6, ${ports.regulation}`,
      }
    },

    /**
     * A result that calls for a written reminder or an explanation (the second half of Đ9.6). Its two days run from the result.
     * Listed already is listed. Throws TICKET_NOT_FOUND, TICKET_OUT_OF_REACH, DOSSIER_NO_RESULT, DOSSIER_WHY_REQUIRED.
     */
    listResult({ ticketCode, why }: ListResult, actor: Person): DossierRow {
      const at = ports.now().toISOString()
      const item = transaction(() => {
        const ticket = ports.cases.find(ticketCode, actor)
        if (ticket === undefined) throw new AppError('notFound', 'TICKET_NOT_FOUND', 'no such ticket')
        if (ticket.resultAt === null) throw new AppError('conflict', 'DOSSIER_NO_RESULT', 'no result yet')
        add(ticket, 'result', null, { at, actorId: actor.id, why: saidWhy(why), startedAt: ticket.resultAt })
        const own = store.ofTicket(ticket.id).find(({ reason }) => reason === 'result')
        if (own === undefined) throw new RangeError('what was just listed is not there')
        return own
      })
      ports.cases.touched(ticketCode)
      return rowOf(item, actor)
    },

    /** Off the list with a reason, or on it again; what is so already stays as it is. Throws DOSSIER_ITEM_NOT_FOUND, DOSSIER_ITEM_COMPILED. */
    set(id: number, wanted: SetDossierRow, actor: Person): DossierRow {
      const at = ports.now().toISOString()
      const changed = transaction(() => {
        const item = store.find(id)
        if (item === undefined)
          throw new AppError('notFound', 'DOSSIER_ITEM_NOT_FOUND', 'no such entry of the list')
        if (wanted.removed === (item.removedAt !== null)) return item
        if (!wanted.removed) return putBack(item, at, actor.id)
        if (item.dossier !== null)
          throw new AppError(
            'conflict',
            'DOSSIER_ITEM_COMPILED',
            'it is in a dossier; take it out of that first',
          )
        return remove(item, saidWhy(wanted.why), at, actor.id)
      })
      ports.cases.touched(changed.ticketCode)
      return rowOf(changed, actor)
    },
  }

  function rowOf(item: DossierItem, viewer: Person): DossierRow {
    const { title, state, urgent, unitName, sight } = ports.cases.row(item.ticketId, viewer)
    const isMask = sight === 'mask'
    return {
      id: item.id,
      reason: item.reason,
      callId: isMask ? null : item.callId,
      agency: isMask ? null : item.agency,
      why: isMask ? null : item.why,
      startedAt: item.startedAt,
      listedAt: item.listedAt,
      dueAt: item.dueAt,
      dueText: item.dueText,
      training: item.training,
      removedAt: item.removedAt,
      removedByName: item.removedBy === null ? null : ports.people.nameOf(item.removedBy),
      removedWhy: isMask ? null : item.removedWhy,
      ticketCode: item.ticketCode,
      title,
      state,
      // What is masked stands on the list all the same; only its case says whether it is urgent still.
      urgent: isMask || urgent,
      unitName,
    }
  }
}

/** What somebody gave as a reason. Throws DOSSIER_WHY_REQUIRED for blanks. */
export function saidWhy(raw: string): string {
  const why = raw.normalize('NFC').trim()
  if (why === '') throw new AppError('invalid', 'DOSSIER_WHY_REQUIRED', 'say why')
  return why
}
