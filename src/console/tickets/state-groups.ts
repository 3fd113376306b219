import type { TicketState } from '../../tickets/contract.ts'

/** All states for the list's filter, by who has the case; within a group in the order of the life cycle. */
export const STATE_GROUPS = [
  { group: 'desk', states: ['draft', 'received', 'agencyAnswered'] },
  { group: 'unit', states: ['assigned', 'inProgress', 'verifying', 'cityOffice'] },
  { group: 'citizen', states: ['needsClarification', 'awaitingCitizen', 'answered'] },
  { group: 'late', states: ['escalated', 'overdue'] },
  { group: 'end', states: ['closed', 'rejected', 'merged', 'withdrawn', 'discarded'] },
] as const satisfies readonly { readonly group: string; readonly states: readonly TicketState[] }[]

type StateGroup = (typeof STATE_GROUPS)[number]['group']
/** What the list is narrowed to: one state, or all of a group. */
export type StateChoice = TicketState | `group:${StateGroup}`

export function groupChoice(group: StateGroup): StateChoice {
  return `group:${group}`
}

export function statesOf(choice: StateChoice): TicketState[] {
  const found = STATE_GROUPS.find(({ group }) => groupChoice(group) === choice)
  return found === undefined ? [choice as TicketState] : [...found.states]
}

/** A clock has run out and the case has gone up for it. */
export function isLateState(state: TicketState): boolean {
  return state === 'escalated' || state === 'overdue'
}
