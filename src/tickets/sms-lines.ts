import { type SmsView } from '../messages/contract.ts'
import { type OutboxRequest, vietnamMobile } from '../messages/service.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { createReporterCover } from './personal-data-policy.ts'
import { type Ticket } from './ticket.ts'

/** What whoever reported a case is told of it. */
type CitizenWord = 'merged' | 'rejected' | 'question' | 'promised' | 'result' | CitizenNews
export type CitizenNews = 'received' | 'forwarded'

/** A message about a case, and the line its history has of it. */
export interface CaseSms extends Pick<OutboxRequest, 'template' | 'slots' | 'urgent' | 'actBy' | 'occasion'> {
  /** As the directory or the form has the number. */
  readonly to: string
  /** Null: whoever reported the case. Nothing of them goes into the history. */
  readonly toName: string | null
  /** Type of the line. */
  readonly line: string
  readonly at: Date
  /** Null: a clock. */
  readonly actorId: number | null
  /** What the line says besides. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Puts messages beside their cause, in the caller's transaction: the message and its line in the history, always both. */
export function createSmsLines(
  ports: Pick<TicketPorts, 'outbox' | 'city' | 'now'>,
  book: Pick<CaseBook, 'addEvent'>,
) {
  const lines = {
    sendTo(ticket: Ticket, { line, at, actorId, detail, ...request }: CaseSms): SmsView {
      const { code: ticketCode, training } = ticket
      const { toName } = request
      const sms = ports.outbox.enqueue({ ...request, ticketCode, training })
      book.addEvent(ticket, line, at.toISOString(), actorId, {
        ...detail,
        ...(toName === null ? {} : { to: sms.to, toName }),
        smsId: sms.id,
        state: sms.state,
        problem: sms.problem,
      })
      return sms
    },

    reachesCitizen,

    /** To whoever reported it; where no SMS reaches them the history says so, and the desk rings. */
    tellCitizen(ticket: Ticket, template: CitizenWord, slots: Readonly<Record<string, string>> = {}): void {
      const to = citizenNumber(ticket)
      if (!reachesCitizen(ticket) && !isNews(template))
        book.addEvent(ticket, 'citizenNotReachableBySms', ports.now().toISOString(), null, { word: template })
      if (to === null) return
      lines.sendTo(ticket, {
        template,
        slots: { code: ticket.code, hotline: ports.city.hotline, ...slots },
        to,
        toName: null,
        line: 'citizenSms',
        at: ports.now(),
        actorId: null,
      })
    },

    /** The two that a city may do without (`citizenSms` of its city.json). */
    keepCitizenPosted(ticket: Ticket, word: CitizenNews, slots: Readonly<Record<string, string>> = {}): void {
      if (ports.city.citizenSms?.includes(word) === true) lines.tellCitizen(ticket, word, slots)
    },
  }
  return lines
}

/** As the case has it today, however it was written; null where there is none. */
export function citizenNumber({ reporterPhone, callerE164 }: Ticket): string | null {
  return reporterPhone ?? callerE164
}

/** Whether the outbox would take an SMS to whoever reported it: there is a number, and it is a mobile. */
function reachesCitizen(ticket: Ticket): boolean {
  const to = citizenNumber(ticket)
  return to !== null && vietnamMobile(to) !== undefined
}

/** What a citizen may do without: nobody waits for an answer to it. */
function isNews(word: CitizenWord): boolean {
  return word === 'received' || word === 'forwarded' || word === 'merged'
}

/** What it is about and where, for an SMS to staff: nothing personal travels by SMS, confidential or not (Đ12.2, A15). */
export function staffWords(ticket: Ticket, area = ''): { readonly title: string; readonly place: string } {
  const { freeText, headline } = createReporterCover(ticket)
  return {
    title: headline(ticket.title, ticket.content),
    place: freeText([ticket.place, area].filter((part) => part.trim() !== '').join(', ')),
  }
}

export type SmsLines = ReturnType<typeof createSmsLines>
