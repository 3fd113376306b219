import { acceptanceOf } from './acceptance-policy.ts'
import { type Acceptance } from './contract.ts'
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
