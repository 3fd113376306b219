import { TICKET_STATES, type TicketState } from './contract.ts'
import { STATES, TICKET_EDGES } from './ticket-machine.ts'

/** The life cycle as a Mermaid state diagram, for the README: actions with their article. */
export function drawTickets(): string {
  return [
    'stateDiagram-v2',
    `  [*] --> ${TICKET_STATES[0]}`,
    ...TICKET_STATES.flatMap(arrowsFrom).map((arrow) => `  ${arrow}`),
  ].join('\n')
}

function arrowsFrom(state: TicketState): string[] {
  const actions = new Map<TicketState, string[]>()
  for (const { from, to, action, article } of TICKET_EDGES)
    if (from === state) actions.set(to, [...(actions.get(to) ?? []), `${action} (${article})`])
  const arrows = [...actions].map(([to, labels]) => `${state} --> ${to}: ${labels.join(', ')}`)
  return STATES[state].isEnd ? [...arrows, `${state} --> [*]`] : arrows
}
