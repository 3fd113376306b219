import {
  type Channel,
  type TicketForm,
  type TicketKind,
  type TicketState,
  type PdfSignature,
} from './contract.ts'
import { type MomentRange } from '../platform/day-range.ts'
import { type CaseScope } from './visibility-policy.ts'

/** A case as the service works with it. Times are ISO 8601 UTC. */
export interface Ticket {
  readonly id: number
  readonly code: string
  readonly version: number
  readonly state: TicketState
  readonly channel: Channel
  readonly training: boolean
  readonly kind: TicketKind | null
  readonly categoryId: string | null
  readonly fieldId: string | null
  readonly title: string
  readonly content: string
  readonly place: string
  readonly areaId: string | null
  readonly urgent: boolean
  readonly confidential: boolean
  readonly reporterType: TicketForm['reporter']['type']
  readonly reporterName: string
  readonly reporterOrganisation: string | null
  readonly reporterPhone: string | null
  readonly reporterEmail: string | null
  readonly reporterAddress: string | null
  readonly phoneE164: string | null
  readonly phoneDisplay: string
  readonly callerE164: string | null
  readonly answer: string | null
  readonly answerSource: string | null
  readonly operatorId: number | null
  readonly unitId: string | null
  /** The case it was merged into (row 22); null while it stands on its own. */
  readonly followsId: number | null
  /** The unit to which a supervisor released who reported a confidential case (A15). */
  readonly releasedTo: string | null
  /** When the City Office first took the lead (Đ9.5). */
  readonly officeAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly receivedAt: string | null
  readonly dueAt: string | null
}

export type TicketPatch = Partial<Omit<Ticket, 'id' | 'code' | 'version'>>

/** A ticket about to be written; everything unsaid is empty. */
export type NewTicket = Pick<Ticket, 'code' | 'state' | 'channel' | 'createdAt' | 'updatedAt'> & TicketPatch

export interface TicketEventRecord {
  readonly id: number
  readonly at: string
  readonly type: string
  readonly actorId: number | null
  readonly detail: Record<string, unknown>
}

export interface AttachmentRecord {
  readonly id: number
  readonly ticketId: number
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly file: string
  readonly at: string
  /** Whose answer it goes with; null for a file of the case. */
  readonly unitId: string | null
  /** The line of the history that gave that answer; null while the answer is being written. */
  readonly answerId: number | null
  readonly signature: PdfSignature | null
}

export interface SlipRecord {
  readonly id: number
  readonly ticketId: number
  readonly number: string
  readonly version: number
  readonly token: string
  readonly unitId: string
  readonly unitName: string
  readonly body: Record<string, unknown>
  readonly issuedAt: string
  readonly dueAt: string | null
}

export interface TicketFilter extends Partial<MomentRange> {
  /** Whose list it is: rows they may not see are no rows, and what they may not see of a row is not searched. */
  readonly scope: CaseScope
  /** The words of `folded`, for rows of which only the code may be searched. */
  readonly words: readonly string[]
  readonly folded?: string
  readonly exact?: string
  /** Any of these. */
  readonly states?: readonly TicketState[]
  readonly operatorId?: number
  /** What this operator's desk has to watch, by when it ends. */
  readonly deskOf?: number
  /** What ends first comes first. */
  readonly byEnd?: boolean
  /** Of a list by end: escalated ones before the rest. */
  readonly escalatedFirst?: boolean
  /** Only what the City Office has not seen yet. */
  readonly unseen?: boolean
  /** With one of these. */
  readonly unitIds?: readonly string[]
  readonly phoneE164?: string
  readonly training: boolean
  readonly offset: number
  readonly limit: number
}

/** The part of a ticket that people fill in. */
export function formOf(ticket: Ticket): TicketForm {
  return {
    kind: ticket.kind,
    categoryId: ticket.categoryId,
    fieldId: ticket.fieldId,
    title: ticket.title,
    content: ticket.content,
    place: ticket.place,
    areaId: ticket.areaId,
    urgent: ticket.urgent,
    confidential: ticket.confidential,
    reporter: {
      type: ticket.reporterType,
      name: ticket.reporterName,
      organisation: ticket.reporterOrganisation,
      phone: ticket.reporterPhone,
      email: ticket.reporterEmail,
      address: ticket.reporterAddress,
    },
  }
}

/** The reverse of formOf, for the keys that came. */
export function patchOf(form: Partial<TicketForm>): TicketPatch {
  const { reporter, ...rest } = form
  if (reporter === undefined) return rest
  return {
    ...rest,
    reporterType: reporter.type,
    reporterName: reporter.name,
    reporterOrganisation: reporter.organisation,
    reporterPhone: reporter.phone,
    reporterEmail: reporter.email,
    reporterAddress: reporter.address,
  }
}
