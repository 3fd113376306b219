import { TRANSFER_STATES, type TransferState } from './contract.ts'
import { isOver, TRANSFER_TABLE, type TransferEdge } from './transfer-machine.ts'

/** The table as a Mermaid state diagram, for the README. */
export function drawTransfers(): string {
  return [
    'stateDiagram-v2',
    `  [*] --> ${TRANSFER_STATES[0]}`,
    ...TRANSFER_STATES.flatMap(arrowsFrom).map((arrow) => `  ${arrow}`),
  ].join('\n')
}

function arrowsFrom(state: TransferState): string[] {
  if (isOver(state)) return [`${state} --> [*]`]
  const events = new Map<TransferState, string[]>()
  for (const [event, { to }] of Object.entries<TransferEdge>(TRANSFER_TABLE[state]))
    events.set(to, [...(events.get(to) ?? []), event])
  return [...events].map(([to, labels]) => `${state} --> ${to}: ${labels.join(', ')}`)
}
