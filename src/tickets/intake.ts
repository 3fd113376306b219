import { acceptanceOf } from './acceptance-policy.ts'
import { type Acceptance } from './contract.ts'
import { type TicketStore } from './store.ts'
import { type GuardFacts, NOTHING_GIVEN } from './ticket-guards.ts'
import { formOf, type Ticket } from './ticket.ts'

/** The conditions of Đ7 as they stand in this case. */
export function acceptanceOfCase(ticket: Ticket): Acceptance[] {
  return acceptanceOf(formOf(ticket), {
    isCall: ticket.channel === 'phone',
    canBeReached: canBeReached(ticket),
  })
}

/** What the history keeps of a case as it is received: all that was typed, and what was waived (R038, A14). */
export function intakeOf(ticket: Ticket): Record<string, unknown> {
  const waived = acceptanceOfCase(ticket).flatMap(({ item, state }) => (state === 'waived' ? [item] : []))
  return { form: formOf(ticket), ...(waived.length === 0 ? {} : { waived }) }
}

/** Telephone, e-mail or the number that called: some way to give the answer. */
export function canBeReached(
  ticket: Pick<Ticket, 'reporterPhone' | 'reporterEmail' | 'callerE164'>,
): boolean {
  return [ticket.reporterPhone, ticket.reporterEmail, ticket.callerE164].some(
    (way) => way !== null && way.trim() !== '',
  )
}

/**
 * What a case that was received must not lose again (Đ7.3): a unit works with it, and somebody waits for the answer. The code of the
 * first thing that a change would take away; what was never there is not asked for.
 */
export function takenAway(before: Ticket, after: Ticket): string | null {
  const lost = (has: (ticket: Ticket) => boolean): boolean => has(before) && !has(after)
  if (lost(({ content }) => content.trim() !== '')) return 'CONTENT_REQUIRED'
  if (lost((one) => one.reporterName.trim() !== '' || (one.reporterOrganisation ?? '').trim() !== ''))
    return 'REPORTER_NAME_REQUIRED'
  return lost(canBeReached) ? 'REPORTER_CONTACT_REQUIRED' : null
}

/** What guards ask of the case as it stands. */
export function wordsOfCase(
  ticket: Ticket,
): Pick<GuardFacts, 'content' | 'reporterName' | 'organisation' | 'canBeReached'> {
  return {
    content: ticket.content,
    reporterName: ticket.reporterName,
    organisation: ticket.reporterOrganisation,
    canBeReached: canBeReached(ticket),
  }
}

/** What guards are told where nothing but the case itself is known. */
export function factsOfCase(ticket: Ticket): GuardFacts {
  return { ...NOTHING_GIVEN, ...wordsOfCase(ticket) }
}

/** Something was written or attached. */
export function isFilled(store: Pick<TicketStore, 'attachments'>, ticket: Ticket): boolean {
  return !isBlank(ticket) || store.attachments(ticket.id).length > 0
}

/** Nobody has written anything in it; what stands there of itself is no word. */
function isBlank(ticket: Ticket): boolean {
  const { reporter, urgent, confidential, ...rest } = formOf(ticket)
  const { type, ...named } = reporter
  const words = [...Object.values(rest), ...Object.values(named)]
  return (
    !urgent && !confidential && type === 'individual' && words.every((word) => (word ?? '').trim() === '')
  )
}
