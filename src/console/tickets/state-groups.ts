import type { TicketState } from '../../tickets/contract.ts'

/** All states for the list's filter, by who has the case; within a group in the order of the life cycle. */
export const STATE_GROUPS = [
  { group: 'desk', states: ['draft', 'received', 'agencyAnswered'] },
  { group: 'unit', states: ['assigned', 'inProgress', 'verifying', 'cityOffice'] },
  { group: 'citizen', states: ['needsClarification', 'awaitingCitizen', 'answered'] },
  { group: 'late', states: ['escalated', 'overdue'] },
  { group: 'end', states: ['closed', 'rejected', 'merged', 'withdrawn'] },
] as const satisfies readonly { readonly group: string; readonly states: readonly TicketState[] }[]

/** A clock has run out and the case has gone up for it. */
export function isLateState(state: TicketState): boolean {
  return state === 'escalated' || state === 'overdue'
}
