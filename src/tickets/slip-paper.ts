import { type Channel, type TicketForm, type TicketKind } from './contract.ts'
import { coverContacts } from './personal-data-policy.ts'

/** What a forwarding slip says (regulation.md 6.2), frozen when it is issued. Page and PDF are drawn from it alone. */
export interface SlipPaper {
  readonly number: string
  readonly version: number
  readonly ticketCode: string
  readonly training: boolean
  readonly urgent: boolean
  readonly city: string
  readonly hotline: string
  readonly receivedAt: string
  readonly channel: Channel
  readonly kind: TicketKind | null
  readonly category: string | null
  readonly field: string | null
  readonly title: string
  readonly content: string
  readonly place: string
  readonly area: string | null
  readonly attachments: readonly string[]
  /** Null for a confidential ticket: the unit never learns who it was (Đ12.1, regulation.md 2.5 A15). */
  readonly reporter: TicketForm['reporter'] | null
  /** The operator's preliminary verification (Đ13.1), or what the directive says. */
  readonly note: string
  readonly unit: { readonly name: string; readonly officers: readonly SlipOfficer[] }
  readonly level: 'officer' | 'head' | 'coHandler'
  /** Sent by a directive of the city's leaders (Đ9.5), whose words are the `note`; the document that says so, as far as it was named. */
  readonly directive?: { readonly documentNo?: string; readonly documentDate?: string }
  /** Of a slip to a co-handling unit (Đ9.5a): who leads, and whose clock `dueAt` is. */
  readonly leadUnit?: string
  readonly legalBasis: string
  readonly issuedAt: string
  readonly dueAt: string | null
  readonly dueText: string
  /** "08 giờ làm việc". */
  readonly dueWords: string
  readonly operatorName: string
  readonly link: string
  /** Not of what was issued: the slip holds no more when it is read, and which one took its place. */
  readonly lapse?: { readonly by: string | null }
  /** Not of what was issued either: when it is due as its clock stands now, where that is another time (A19). */
  readonly dueNow?: string
}

export interface SlipOfficer {
  readonly name: string
  readonly position: string
  readonly phone: string
}

/**
 * The part that anybody with the link may read: without reporter and operator's note, and with numbers and e-mail
 * addresses in the free text covered (Đ12.2).
 */
export function withoutPersonalData(paper: SlipPaper): SlipPaper {
  return {
    ...paper,
    reporter: null,
    note: '',
    title: coverContacts(paper.title),
    content: coverContacts(paper.content),
    place: coverContacts(paper.place),
    attachments: [],
    operatorName: '',
    unit: { name: paper.unit.name, officers: [] },
  }
}
