import { type Role } from './contract.ts'

/** Roles that belong to exactly one unit of the directory (Đ17.2). */
const UNIT_ROLES = ['officer', 'head'] as const satisfies readonly Role[]
export type UnitRole = (typeof UNIT_ROLES)[number]

/** Whether a person of this role belongs to a unit. */
export function hasUnit(role: Role): role is UnitRole {
  return UNIT_ROLES.some((known) => known === role)
}

/** Code of what is wrong with a role and its unit, or null. A unit that was right once and left the directory is not asked about again. */
export function unitProblem(
  person: { readonly role: Role; readonly unitId: string | null },
  isKnown: (unitId: string) => boolean,
): 'UNIT_REQUIRED' | 'UNIT_UNKNOWN' | 'UNIT_NOT_FOR_ROLE' | null {
  if (!hasUnit(person.role)) return person.unitId === null ? null : 'UNIT_NOT_FOR_ROLE'
  if (person.unitId === null) return 'UNIT_REQUIRED'
  return isKnown(person.unitId) ? null : 'UNIT_UNKNOWN'
}
