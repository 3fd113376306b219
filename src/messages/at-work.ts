import { type Unit, type UnitPerson } from '../agencies/contract.ts'
import { type AgencyDirectory } from '../agencies/service.ts'
import { type DeadlineKeeper } from '../deadlines/service.ts'
import { vietnamMobile } from './sms-policy.ts'

/** Of a message, what tells who reads it; `toName` is null for whoever reported a case. */
export interface Reader {
  /** E.164 */
  readonly to: string
  readonly toName: string | null
}

interface Working {
  readonly directory: Pick<AgencyDirectory, 'directory' | 'isOnDuty'>
  readonly deadlines: Pick<DeadlineKeeper, 'isWorked' | 'reaches'>
}

/**
 * Whether the reader of a message is at work: then quiet hours protect nobody, and the eight hours of a unit that works round the
 * clock run all night (Đ9.3). Off the rota is off duty, as long as somebody else of the unit in the same part is on it.
 */
export function createAtWork({ directory, deadlines }: Working): (reader: Reader, at: Date) => boolean {
  const isThere = (one: UnitPerson, { people }: Unit, at: Date): boolean =>
    directory.isOnDuty(one, at) ||
    !people.some((other) => other.role === one.role && directory.isOnDuty(other, at))
  // Where nobody vouches for the calendar nobody is known to be at work.
  const works = ({ id }: Unit, at: Date): boolean =>
    deadlines.reaches('officer', id, at) && deadlines.isWorked('officer', id, at)
  return ({ to, toName }, at) =>
    toName !== null &&
    directory
      .directory()
      .units.some(
        (unit) =>
          unit.people.some((one) => vietnamMobile(one.phone) === to && isThere(one, unit, at)) &&
          works(unit, at),
      )
}
