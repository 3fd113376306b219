import { type Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import { answeringUnit, isDraft } from './attachments.ts'
import { type CaseSights } from './case-sights.ts'
import { type CaseSight } from './contract.ts'
import { createReporterCover, type ReporterFacts } from './personal-data-policy.ts'
import { type TicketPorts } from './service.ts'
import { type SlipPaper } from './slip-paper.ts'
import { type AttachmentRecord, type SlipRecord, type Ticket } from './ticket.ts'
import { createSlipStanding } from './slip-standing.ts'
import { type CaseParts, partsOf } from './visibility-policy.ts'

export interface OpenAttachment extends AttachmentRecord {
  readonly path: string
}

/** A slip behind its link, as far as its reader may read it. */
export interface OpenedSlip {
  readonly slip: SlipRecord
  readonly paper: SlipPaper
  /** The reader is signed in and may read the slip itself, not only what anybody with the link may. */
  readonly isTheirs: boolean
  /** Somebody of the unit it was sent to. */
  readonly isOfUnit: boolean
}

interface SeenCase {
  readonly ticket: Ticket
  readonly sight: CaseSight
}

/** Slips and files of cases, cut to what their reader may see (visibility-policy.ts). */
export function createCaseReadings(
  ports: Pick<TicketPorts, 'store' | 'files' | 'city' | 'coHandling' | 'deadlines'>,
  sights: CaseSights,
) {
  const { store, files, city } = ports
  const standing = createSlipStanding(ports)

  /** What was issued, whether it holds still, and until when. */
  const paperOf = (slip: SlipRecord, ticket: Ticket | undefined): SlipPaper => {
    const issued = slip.body as unknown as SlipPaper
    if (ticket === undefined) return issued
    const lapse = standing.lapseOf(slip, ticket)
    if (lapse !== null) return { ...issued, lapse }
    const { dueNow } = standing.ofCase(ticket)(slip)
    return dueNow === undefined ? issued : { ...issued, dueNow }
  }

  const mayRead = (slip: SlipRecord, parts: CaseParts, reader: Person): boolean =>
    parts.slips === 'all' || (parts.slips === 'own' && sights.viewer(reader).unitIds.includes(slip.unitId))

  return {
    /** Undefined for a link that never was. */
    slipByToken(token: string, reader: Person | null): OpenedSlip | undefined {
      const slip = store.slipByToken(token)
      if (slip === undefined) return undefined
      const ticket = store.find(slip.ticketId)
      const paper = paperOf(slip, ticket)
      const sight = reader === null || ticket === undefined ? null : sights.of(ticket, reader)
      const isOfUnit = reader !== null && sights.viewer(reader).unitIds.includes(slip.unitId)
      if (reader === null || ticket === undefined || sight === null)
        return { slip, paper: covered(paper, ticket), isTheirs: false, isOfUnit }
      const parts = partsOf(sights.viewer(reader), sight)
      const isTheirs = mayRead(slip, parts, reader)
      return {
        slip,
        paper: isTheirs ? shown(paper, ticket, parts) : covered(paper, ticket),
        isTheirs,
        isOfUnit,
      }
    },

    /** Throws SLIP_NOT_FOUND, also for one that is not theirs. */
    slipPaper({ ticket, sight }: SeenCase, version: number, reader: Person): SlipPaper {
      const parts = partsOf(sights.viewer(reader), sight)
      const slip = store.slips(ticket.id).find((candidate) => candidate.version === version)
      if (slip === undefined || !mayRead(slip, parts, reader))
        throw new AppError('notFound', 'SLIP_NOT_FOUND', 'no such slip')
      return shown(paperOf(slip, ticket), ticket, parts)
    },

    /** Throws ATTACHMENT_NOT_FOUND, also where the reader is shown no files. */
    attachment({ ticket, sight }: SeenCase, id: number, reader: Person): OpenAttachment {
      const parts = partsOf(sights.viewer(reader), sight)
      const attachment = store.attachments(ticket.id).find((candidate) => candidate.id === id)
      const ownUnitId = answeringUnit(sights.viewer(reader), city.officeUnitId)
      const isOthers = attachment !== undefined && isDraft(attachment) && attachment.unitId !== ownUnitId
      if (attachment === undefined || !parts.files || isOthers)
        throw new AppError('notFound', 'ATTACHMENT_NOT_FOUND', 'no such attachment')
      const name = parts.reporter ? attachment.name : createReporterCover(ticket).freeText(attachment.name)
      return { ...attachment, name, path: files.path(attachment.file) }
    },
  }
}

/** The paper never changes; who may read all of it does, with the case becoming confidential or going elsewhere. */
function shown(paper: SlipPaper, ticket: Ticket, parts: CaseParts): SlipPaper {
  if (parts.reporter) return paper
  const words = covered(paper, ticket)
  return parts.files ? words : { ...words, attachments: [] }
}

/** Without who reported it, by the facts of now and by those of the paper, in whatever words it stands (Đ12.2). */
function covered(paper: SlipPaper, ticket: Ticket | undefined): SlipPaper {
  const { freeText, headline } = createReporterCover(
    ...(ticket === undefined ? [] : [ticket]),
    ...(paper.reporter === null ? [] : [reporterFacts(paper.reporter, paper.place)]),
  )
  return {
    ...paper,
    reporter: null,
    title: headline(paper.title, paper.content),
    content: freeText(paper.content),
    place: freeText(paper.place),
    note: freeText(paper.note),
    ...(paper.directive?.documentNo === undefined
      ? {}
      : { directive: { ...paper.directive, documentNo: freeText(paper.directive.documentNo) } }),
    attachments: paper.attachments.map(freeText),
  }
}

function reporterFacts(reporter: NonNullable<SlipPaper['reporter']>, place: string): ReporterFacts {
  return {
    reporterName: reporter.name,
    reporterOrganisation: reporter.organisation,
    reporterPhone: reporter.phone,
    reporterEmail: reporter.email,
    reporterAddress: reporter.address,
    phoneE164: null,
    callerE164: null,
    place,
  }
}
