import type { Role } from '../../accounts/contract.ts'
import { t } from '../i18n/translate.ts'

/** In the order people look for them: the hotline, then units, then the City Office and who inspects for it. */
const ROLES = [
  'operator',
  'supervisor',
  'admin',
  'officer',
  'head',
  'cityOffice',
  'auditor',
] as const satisfies readonly Role[]

/** Roles to choose from, in the page's language. */
export function roleOptions(): { readonly value: Role; readonly label: string }[] {
  return ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))
}

/** Officers and heads belong to a unit; the server refuses them without one. */
export function hasUnit(role: Role): boolean {
  return role === 'officer' || role === 'head'
}
