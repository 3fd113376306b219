import { type Role } from '../accounts/contract.ts'
import { type CaseSight, type CoAction, type TicketState } from './contract.ts'
import { AT_UNIT } from './ticket-machine.ts'

/*
 * Several units with one case (Đ9.5a; regulation.md 2.5 A11). One leads: the case is its own, and the clocks. The others add what
 * is theirs to say, have no clock, do not answer the citizen and are not told who it is. Where they cannot agree on a plan, the
 * City Office takes the lead, with the position of each.
 */

/** A case, as far as it decides who may do what about its co-handling units. */
export interface CoHandledCase {
  readonly state: TicketState
  readonly leadUnitId: string | null
  readonly coUnitIds: readonly string[]
}

/** Somebody who sees the case. */
export interface CoActor {
  readonly role: Role
  /** Units they speak for. */
  readonly unitIds: readonly string[]
  readonly sight: CaseSight
}

/** While a unit has the case, or the City Office looks for a plan. */
const OPEN: readonly TicketState[] = [...AT_UNIT, 'cityOffice']
const ARRANGERS: readonly Role[] = ['operator', 'supervisor', 'cityOffice']

/** What this person may do now, in the order in which it is offered. */
export function coActionsOf(actor: CoActor, one: CoHandledCase): CoAction[] {
  if (!OPEN.includes(one.state)) return []
  if (ARRANGERS.includes(actor.role)) {
    if (actor.sight === 'mask' || one.leadUnitId === null) return []
    return one.coUnitIds.length === 0 ? ['add'] : ['add', 'remove']
  }
  const takesPart = actor.unitIds.some((id) => id === one.leadUnitId || one.coUnitIds.includes(id))
  if (!takesPart || one.coUnitIds.length === 0) return []
  // A unit speaks through its head where it disagrees, and only while there is still a lead to disagree with.
  const maySayNo = actor.role === 'head' && one.state !== 'cityOffice'
  return maySayNo ? ['contribute', 'disagree'] : ['contribute']
}
