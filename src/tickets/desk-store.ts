import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { type DeadlineKind } from '../deadlines/contract.ts'
import { type TicketState } from './contract.ts'
import { tickets } from './tables.ts'

/** With a unit, and a clock of its own running. */
const WITH_UNIT = [
  'assigned',
  'inProgress',
  'verifying',
  'escalated',
] as const satisfies readonly TicketState[]

/** Nothing runs in them that a list is put in order by. */
export const RESTING_STATES: readonly TicketState[] = [
  'draft',
  'answered',
  'closed',
  'rejected',
  'merged',
  'withdrawn',
]

/** A unit was sent it and sent it back, or it would not be here. */
const WAS_SENT = sql`EXISTS (SELECT 1 FROM slips WHERE slips.ticket_id = ${tickets.id})`

/**
 * What an operator has to watch: their own cases at the desk and with units. One that a unit sent back is everybody's, because
 * whoever took the call may have gone home; but nobody's else who may not open it (Đ12.1).
 */
export function onDeskOf(operatorId: number): SQL {
  const mine = and(eq(tickets.operatorId, operatorId), inArray(tickets.state, ['received', ...WITH_UNIT]))
  const back = and(eq(tickets.state, 'received'), eq(tickets.confidential, false), WAS_SENT)
  return sql`(${or(mine, back)})`
}

/** The end of the newest round of that clock, which may have been broken. */
const endOf = (kind: DeadlineKind): SQL => sql`(
  SELECT due_at FROM deadlines WHERE deadlines.ticket_id = ${tickets.id} AND kind = ${kind}
    AND satisfied_at IS NULL AND voided_at IS NULL ORDER BY round DESC LIMIT 1)`

/**
 * What ends first, what is overdue before it. At the desk it is the desk's own clock, which is no case's due time; without one it
 * is to be done at once (Đ9.2).
 */
export const BY_END = endOrder(sql.empty())

/** The same for a head: what has come up from an officer is theirs now, and before the rest (Đ9.4). */
export const ESCALATED_FIRST = endOrder(sql`WHEN 'escalated' THEN '0' || coalesce(${tickets.dueAt}, '')`)

function endOrder(first: SQL): SQL {
  return sql`CASE ${tickets.state} ${first}
  WHEN 'overdue' THEN '0' || coalesce(${endOf('head')}, '')
  WHEN 'received' THEN coalesce(${endOf('clarify')}, '1')
  ELSE coalesce(${tickets.dueAt}, '~') END`
}
