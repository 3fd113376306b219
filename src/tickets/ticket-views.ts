import { type Person } from '../accounts/contract.ts'
import { type Attachment, type SlipView, type TicketRow, type TicketView } from './contract.ts'
import { type TicketPorts } from './service.ts'
import { slipViewOf } from './slips.ts'
import { actionsFor } from './ticket-machine.ts'
import { type AttachmentRecord, formOf, type Ticket, type TicketEventRecord } from './ticket.ts'

/** Puts a ticket together with what other features know of it. */
export function createTicketViews(ports: TicketPorts) {
  const { store, directory, people } = ports
  const nameOf = (id: number | null): string | null => (id === null ? null : people.nameOf(id))

  const head = (ticket: Ticket) => ({
    code: ticket.code,
    version: ticket.version,
    state: ticket.state,
    channel: ticket.channel,
    training: ticket.training,
    createdAt: ticket.createdAt,
    updatedAt: ticket.updatedAt,
    receivedAt: ticket.receivedAt,
    dueAt: ticket.dueAt,
    operatorId: ticket.operatorId,
    operatorName: nameOf(ticket.operatorId),
    unitId: ticket.unitId,
    unitName: ticket.unitId === null ? null : (directory.unit(ticket.unitId)?.name ?? ticket.unitId),
  })

  return {
    row: (ticket: Ticket): TicketRow => ({
      ...head(ticket),
      kind: ticket.kind,
      title: ticket.title,
      place: ticket.place,
      fieldName:
        ticket.fieldId === null ? null : (directory.field(ticket.fieldId)?.field.name ?? ticket.fieldId),
      urgent: ticket.urgent,
      confidential: ticket.confidential,
      reporterName: ticket.reporterName,
      phoneDisplay: ticket.phoneDisplay,
    }),

    view: (ticket: Ticket, viewer: Person): TicketView => ({
      ...head(ticket),
      form: formOf(ticket),
      answer: ticket.answer,
      actions: viewer.role === 'admin' ? [] : actionsFor(ticket.state, viewer.role),
      events: store.events(ticket.id).map(({ id, at, type, actorId, detail }) => ({
        id,
        at,
        type,
        actorName: nameOf(actorId),
        detail,
      })),
      attachments: store.attachments(ticket.id).map(attachmentView),
      slips: store.slips(ticket.id).map((slip): SlipView => slipViewOf(slip, ticket.code)),
      messages: ports.outbox.ofTicket(ticket.code),
      calls: ports.callsOf(ticket.id),
      recordings: ports.recordingsOf(store.callIds(ticket.id), viewer),
      dossier: ports.dossiers.ofTicket(ticket.id),
      deadlines: ports.deadlines.ofTicket(ticket.id),
      agencyAnswer: agencyAnswerOf(store.events(ticket.id)),
    }),
  }
}

function attachmentView({ id, name, mediaType, sizeBytes, at }: AttachmentRecord): Attachment {
  return { id, name, mediaType, sizeBytes, at }
}

/** The last result a unit gave. */
export function agencyAnswerOf(events: readonly TicketEventRecord[]): string | null {
  const result = events.findLast(({ type }) => type === 'agencyAnswered')?.detail['result']
  return typeof result === 'string' ? result : null
}
