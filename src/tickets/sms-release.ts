import { type OutboxMessage, vietnamMobile } from '../messages/service.ts'
import { smsDue } from '../deadlines/service.ts'
import { promiseRequestOf } from './case-facts.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type Overtaken, overtakenBy } from './sms-release-policy.ts'
import { leadingCase } from './followers.ts'
import { citizenNumber } from './sms-lines.ts'
import { HANDOVER, TOOK_OVER } from './succession.ts'
import { type Ticket } from './ticket.ts'

type Waiting = Pick<
  OutboxMessage,
  'id' | 'template' | 'to' | 'toName' | 'textVi' | 'ticketCode' | 'occasion' | 'createdAt'
>

/**
 * Asks, when a message about a case may go out, whether there is still something to say, and writes down where not. What is still to be
 * said goes to the number that the case has now, and names no citizen a time gone by.
 */
export function createSmsRelease(
  {
    store,
    outbox,
    deadlines,
    directory,
    city,
    now,
  }: Pick<TicketPorts, 'store' | 'outbox' | 'deadlines' | 'directory' | 'city' | 'now'>,
  book: Pick<CaseBook, 'addEvent'>,
) {
  const caseOf = ({ ticketCode }: Waiting) => (ticketCode === null ? undefined : store.findByCode(ticketCode))

  /** Since it was written, by a unit that has nobody with this number; the City Office goes on hearing what it is told. */
  function wasHandedOver(ticket: Ticket, { template, to, createdAt }: Waiting): boolean {
    const isBeside = template === 'slipCoHandler'
    const taken = store
      .events(ticket.id)
      .findLast(
        ({ type, at, detail }) =>
          type === TOOK_OVER && at > createdAt && (detail['beside'] === true) === isBeside,
      )
    if (taken === undefined) return false
    const units = [String(taken.detail['unitId']), ...(template === 'overdue' ? [city.officeUnitId] : [])]
    return !units
      .flatMap((id) => directory.successorOf(id)?.people ?? [])
      .some(({ phone }) => vietnamMobile(phone) === to)
  }

  const hasLeft = ({ to, toName }: Waiting): boolean =>
    toName !== null &&
    !directory.directory().units.some(({ people }) => people.some(({ phone }) => vietnamMobile(phone) === to))

  function namesPast(ticket: Ticket, { textVi }: Waiting): boolean {
    const at = now().toISOString()
    return [ticket.id, leadingCase(store, ticket).id]
      .flatMap((id) => deadlines.ofTicket(id))
      .some(({ kind, dueAt }) => dueAt !== null && dueAt < at && textVi.includes(smsDue(kind, dueAt)))
  }

  /** As the case is now; null where no SMS reaches whoever reported it any more. */
  function mendForCitizen(ticket: Ticket, { id, template, to }: Waiting, isPast: boolean): Overtaken | null {
    const today = vietnamMobile(citizenNumber(ticket) ?? '')
    if (today === undefined) return 'noNumber'
    if (today !== to) outbox.readdress(id, today)
    if (template !== 'forwarded' || !isPast) return null
    const unit = directory.successorOf(leadingCase(store, ticket).unitId ?? '')?.smsName ?? city.hotline
    const slots = { code: ticket.code, unit, hotline: city.hotline }
    outbox.reword(id, { template: 'forwardedUndated', slots })
    return null
  }

  return {
    /** In the transaction of its sending. Null for what is about no case. */
    overtaken(message: Waiting): Overtaken | null {
      const ticket = caseOf(message)
      if (ticket === undefined) return null
      const { id, template, to, occasion, createdAt } = message
      const clockId = /^deadline:(\d+)(?::\d+)?$/.exec(occasion ?? '')?.[1]
      const isPast = namesPast(ticket, message)
      const why = overtakenBy({
        template,
        state: ticket.state,
        clock: clockId === undefined ? null : deadlines.stateOf(Number(clockId)),
        later: outbox.laterTo({ id, to, ticketCode: ticket.code }),
        promiseWaits: template === 'promiseAsked' && promiseRequestOf(store.events(ticket.id)) !== null,
        hasNewerSlip: (store.leadSlip(ticket.id)?.issuedAt ?? '') > createdAt,
        isHandover: occasion?.startsWith(HANDOVER) === true,
        wasHandedOver: wasHandedOver(ticket, message),
        hasLeft: hasLeft(message),
        namesPast: isPast,
      })
      return why === null && message.toName === null ? mendForCitizen(ticket, message, isPast) : why
    },

    /** In the transaction that drops it. */
    dropped(message: Waiting, why: string): void {
      const ticket = caseOf(message)
      if (ticket === undefined) return
      const { id: smsId, template, toName } = message
      book.addEvent(ticket, 'smsDropped', now().toISOString(), null, {
        smsId,
        template,
        why,
        ...(toName === null ? {} : { toName }),
      })
    },
  }
}
