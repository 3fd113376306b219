import { type Person } from '../accounts/contract.ts'
import { type SmsView } from '../messages/contract.ts'
import { maskedNumber, seesWholeNumber, withoutNumbers } from '../platform/number-mask-policy.ts'
import { answeringUnit, isDraft, isOfCase } from './attachments.ts'
import { citizenTriesOf, factsOfHistory, handlerOf, promiseRequestOf } from './case-facts.ts'
import { type CaseSights } from './case-sights.ts'
import {
  type Attachment,
  type CaseSight,
  type CoHandlingView,
  type SlipView,
  type TicketForm,
  type TicketRow,
  type TicketView,
} from './contract.ts'
import { type SeenCase } from './co-handling.ts'
import { createReporterCover } from './personal-data-policy.ts'
import { acceptanceOfCase, isFilled } from './intake.ts'
import { type TicketPorts } from './service.ts'
import { type SlipPaper } from './slip-paper.ts'
import { rowClockOf } from './row-clock.ts'
import { slipViewOf } from './slips.ts'
import { isOfferable } from './ticket-guards.ts'
import { actionsFor } from './ticket-machine.ts'
import {
  type AttachmentRecord,
  formOf,
  type SlipRecord,
  type Ticket,
  type TicketEventRecord,
} from './ticket.ts'
import { createSlipStanding } from './slip-standing.ts'
import { type CaseParts, partsOf } from './visibility-policy.ts'

const NOBODY: TicketForm['reporter'] = {
  type: 'individual',
  name: '',
  organisation: null,
  phone: null,
  email: null,
  address: null,
}

/** Puts a ticket together with what other features know of it, cut to what its reader may see. */
export function createTicketViews(
  ports: TicketPorts,
  sights: CaseSights,
  coHandlingOf: (seen: SeenCase, events: readonly TicketEventRecord[], viewer: Person) => CoHandlingView,
) {
  const { store, directory, people } = ports
  const standing = createSlipStanding(ports)
  const nameOf = (id: number | null): string | null => (id === null ? null : people.nameOf(id))

  const head = (ticket: Ticket, sight: CaseSight) => {
    // Which unit has it tells what it is about.
    const isTheirs = sight !== 'mask' && sight !== 'ownSlips'
    const unitId = isTheirs ? ticket.unitId : null
    return {
      code: ticket.code,
      version: ticket.version,
      sight,
      state: ticket.state,
      channel: ticket.channel,
      training: ticket.training,
      createdAt: ticket.createdAt,
      updatedAt: ticket.updatedAt,
      receivedAt: ticket.receivedAt,
      dueAt: isTheirs ? ticket.dueAt : null,
      operatorId: ticket.operatorId,
      operatorName: nameOf(ticket.operatorId),
      unitId,
      ...unitNames(ticket, unitId),
    }
  }

  /**
   * The unit by the name it had when the case was last moved, as papers of that time have it, and who does its work now where
   * that is called otherwise.
   */
  const unitNames = (
    { updatedAt }: Ticket,
    unitId: string | null,
  ): { readonly unitName: string | null; readonly unitNowName: string | null } => {
    if (unitId === null) return { unitName: null, unitNowName: null }
    const name =
      directory.at(new Date(updatedAt)).unit(unitId)?.name ?? directory.unit(unitId)?.name ?? unitId
    const now = directory.successorOf(unitId)?.name ?? null
    return { unitName: name, unitNowName: now === name ? null : now }
  }

  /** Slips of the reader's own unit, the oldest first. */
  const ownSlips = (ticket: Ticket, viewer: Person): SlipRecord[] => {
    const { unitIds } = sights.viewer(viewer)
    return store.slips(ticket.id).filter(({ unitId }) => unitIds.includes(unitId))
  }

  const matterOf = (ticket: Ticket, parts: CaseParts, viewer: Person): TicketForm => {
    const { confidential } = ticket
    const cover = createReporterCover(ticket)
    if (parts.matter === 'now') {
      const form = formOf(ticket)
      if (parts.reporter) return form
      return {
        ...form,
        title: cover.headline(form.title, form.content),
        content: cover.freeText(form.content),
        place: cover.freeText(form.place),
        reporter: NOBODY,
      }
    }
    const empty = {
      ...formOf(ticket),
      kind: null,
      categoryId: null,
      fieldId: null,
      areaId: null,
      urgent: false,
    }
    const paper = parts.matter === 'none' ? undefined : ownSlips(ticket, viewer).map(paperOf).at(-1)
    return {
      ...empty,
      kind: paper?.kind ?? null,
      urgent: paper?.urgent ?? false,
      title: cover.headline(paper?.title ?? '', paper?.content ?? ''),
      content: cover.freeText(paper?.content ?? ''),
      place: cover.freeText(paper?.place ?? ''),
      confidential,
      reporter: NOBODY,
    }
  }

  const eventsOf = (
    all: readonly TicketEventRecord[],
    ticket: Ticket,
    parts: CaseParts,
    viewer: Person,
  ): readonly TicketEventRecord[] => {
    if (parts.history === 'none') return []
    if (parts.history === 'whole') return all
    const numbers = new Set(ownSlips(ticket, viewer).map(({ number }) => number))
    return all.filter(({ detail: { number } }) => typeof number === 'string' && numbers.has(number))
  }

  const slipsOf = (ticket: Ticket, parts: CaseParts, viewer: Person): SlipRecord[] => {
    if (parts.slips === 'none') return []
    return parts.slips === 'all' ? store.slips(ticket.id) : ownSlips(ticket, viewer)
  }

  const messagesOf = (ticket: Ticket, parts: CaseParts): SmsView[] => {
    if (!parts.messages) return []
    const all = ports.outbox.ofTicket(ticket.code)
    if (parts.reporter) return all
    const cover = createReporterCover(ticket)
    return all
      .filter(({ to }) => !cover.isOwnNumber(to))
      .map((sms) => ({ ...sms, text: cover.text(sms.text) }))
  }

  /** A row of a list. For a reader who has no business with the case at all, its code and state. */
  const row = (ticket: Ticket, viewer: Person): TicketRow => {
    const sight = sights.of(ticket, viewer) ?? 'mask'
    const parts = partsOf(sights.viewer(viewer), sight)
    const { kind, title, place, fieldId, urgent, confidential } = matterOf(ticket, parts, viewer)
    // R068: a list tells no log who looked, the case's own page does.
    const seesNumber = seesWholeNumber(viewer, ticket.operatorId)
    const shownNumber = (display: string): string => (seesNumber ? display : maskedNumber(display))
    return {
      ...head(ticket, sight),
      kind,
      title: seesNumber ? title : withoutNumbers(title),
      place,
      fieldName: fieldId === null ? null : (directory.field(fieldId)?.field.name ?? fieldId),
      urgent,
      confidential,
      reporterName: parts.reporter ? ticket.reporterName : '',
      phoneDisplay: parts.reporter ? shownNumber(ticket.phoneDisplay) : '',
      unseen: false,
    }
  }

  /** For those whose head decides: which of the cases wait for it (Đ9.3). */
  const promiseOf = ({ id, state }: Ticket, { unitId }: Person): Pick<TicketRow, 'promiseWaits'> => {
    const request = unitId === null || state !== 'inProgress' ? null : promiseRequestOf(store.events(id))
    return request === null ? {} : { promiseWaits: request.promisedAt }
  }

  return {
    row,

    /** A row with what its reader has to do by when; asks for clocks, which what is shown while a phone rings does not. */
    listed: (ticket: Ticket, viewer: Person): TicketRow => {
      const known = row(ticket, viewer)
      if (known.sight === 'mask' || known.sight === 'ownSlips') return { ...known, clock: null }
      return {
        ...known,
        clock: rowClockOf(ticket.state, ports.deadlines.ofTicket(ticket.id)),
        ...promiseOf(ticket, viewer),
        ...(ticket.state === 'received' ? { returned: store.nextSlipVersion(ticket.id) > 1 } : {}),
      }
    },

    view: (ticket: Ticket, sight: CaseSight, viewer: Person): TicketView => {
      const parts = partsOf(sights.viewer(viewer), sight)
      const cover = createReporterCover(ticket)
      const said = (text: string): string => (parts.reporter ? text : cover.freeText(text))
      const history = store.events(ticket.id)
      const answer = lastAnswer(history)
      const request = promiseRequestOf(history)
      const agencyAnswer = resultOf(answer)
      const ownUnitId = answeringUnit(sights.viewer(viewer), ports.city.officeUnitId)
      const files = parts.files ? store.attachments(ticket.id) : []
      const slips = slipsOf(ticket, parts, viewer)
      const deadlines = parts.history === 'whole' ? ports.deadlines.ofTicket(ticket.id) : undefined
      const standingOf = standing.ofCase(ticket, {
        slips: parts.slips === 'all' ? slips : undefined,
        clocks: deadlines,
      })
      const filesOf = (isMeant: (file: AttachmentRecord) => boolean): Attachment[] =>
        files.filter(isMeant).map((file) => attachmentView({ ...file, name: said(file.name) }))
      return {
        ...head(ticket, sight),
        form: matterOf(ticket, parts, viewer),
        answer: parts.matter === 'now' && ticket.answer !== null ? said(ticket.answer) : null,
        acceptance: parts.matter === 'now' && parts.reporter ? acceptanceOfCase(ticket) : [],
        actions:
          parts.moves && viewer.role !== 'admin' && viewer.role !== 'auditor'
            ? actionsFor(
                ticket.state,
                viewer.role,
                isOfferable({
                  ...factsOfHistory(history, ticket, ports.now()),
                  isFilled: ticket.state !== 'draft' || isFilled(store, ticket),
                  hasCall: ticket.state === 'draft' && store.callIds(ticket.id).length > 0,
                  byCityOffice: viewer.role === 'cityOffice',
                }),
              )
            : [],
        events: eventsOf(history, ticket, parts, viewer).map(({ id, at, type, actorId, detail }) => ({
          id,
          at,
          type,
          actorName: nameOf(actorId),
          detail: parts.reporter ? detail : (cover.value(detail) as Record<string, unknown>),
        })),
        attachments: filesOf(isOfCase),
        answerFiles: filesOf(({ answerId }) => answerId !== null && answerId === answer?.id),
        draftFiles: filesOf((file) => isDraft(file) && file.unitId === ownUnitId),
        slips: slips.map((slip): SlipView => slipViewOf(slip, ticket.code, standingOf(slip))),
        messages: messagesOf(ticket, parts),
        calls: parts.calls ? ports.callsOf(ticket.id) : [],
        recordings: parts.calls ? ports.recordingsOf(store.callIds(ticket.id), viewer) : [],
        dossier: parts.dossier ? ports.dossiers.ofTicket(ticket.id) : [],
        deadlines: deadlines ?? [],
        promiseRequest:
          request === null || parts.history !== 'whole'
            ? null
            : {
                promisedAt: request.promisedAt,
                reason: said(request.reason),
                at: request.at,
                askedBy: nameOf(request.actorId),
              },
        citizenTries: parts.history === 'whole' ? citizenTriesOf(history) : 0,
        officeCopies: parts.dossier
          ? ports.oversight
              .ofTicket(ticket.id)
              .map(({ seenBy, ...copy }) => ({ ...copy, seenByName: nameOf(seenBy) }))
          : [],
        coHandling: shownOf(coHandlingOf({ ticket, sight }, history, viewer), said),
        agencyAnswer: agencyAnswer === null || parts.matter !== 'now' ? null : said(agencyAnswer),
        handler: parts.matter === 'now' ? handlerOf(history, ticket.unitId) : null,
      }
    },
  }
}

/** What the units wrote may name who reported it. */
function shownOf(one: CoHandlingView, said: (text: string) => string): CoHandlingView {
  return {
    ...one,
    units: one.units.map((unit) => ({ ...unit, reason: said(unit.reason) })),
    statements: one.statements.map((statement) => ({ ...statement, text: said(statement.text) })),
  }
}

function paperOf({ body }: SlipRecord): SlipPaper {
  return body as unknown as SlipPaper
}

function attachmentView({ id, name, mediaType, sizeBytes, at, signature }: AttachmentRecord): Attachment {
  return { id, name, mediaType, sizeBytes, at, signature }
}

/** The last result a unit gave. */
export function agencyAnswerOf(events: readonly TicketEventRecord[]): string | null {
  return resultOf(lastAnswer(events))
}

/** The line of the history with that result. */
export function lastAnswer(events: readonly TicketEventRecord[]): TicketEventRecord | undefined {
  return events.findLast(({ type }) => type === 'agencyAnswered')
}

function resultOf(answer: TicketEventRecord | undefined): string | null {
  const result = answer?.detail['result']
  return typeof result === 'string' ? result : null
}
