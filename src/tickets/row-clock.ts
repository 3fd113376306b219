import { type DeadlineView } from '../deadlines/contract.ts'
import { type RowClock, type TicketState } from './contract.ts'
import { STATES } from './ticket-machine.ts'

/**
 * The one clock that a list shows of a case: what runs before what stands still, the sooner end first; where all of them ran out,
 * the last that did. What is answered or over has none to go on by.
 */
export function rowClockOf(state: TicketState, deadlines: readonly DeadlineView[]): RowClock | null {
  const { isEnd, clocks } = STATES[state]
  if (isEnd || state === 'answered') return null
  const open = deadlines.filter((clock) => clock.state === 'running' || clock.state === 'paused')
  const [first] = open.sort((a, b) => rank(a).localeCompare(rank(b)))
  // An overdue case goes on under the head's clock, which is over.
  const known = state === 'overdue' ? ['head'] : clocks
  const broken = deadlines.findLast((clock) => clock.state === 'breached' && known.includes(clock.kind))
  return first ?? broken ?? null
}

function rank(clock: DeadlineView): string {
  return `${clock.state === 'paused' ? '1' : '0'}${clock.dueAt ?? '~'}`
}
