import type { Unit } from '../../agencies/contract.ts'

/** Numbers of today's mobile networks; the outbox refuses all others. A test holds it to the outbox's own rule. */
const MOBILE = /^(?:\+84|0084|84|0)(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}$/

export function takesSms(phone: string): boolean {
  return MOBILE.test(phone.replace(/[\s.\-()]/g, ''))
}

/** What stands in the way of telling a unit's officers by SMS; null when one of them can be told. */
export function unreachable(unit: Pick<Unit, 'people'>): 'noOfficer' | 'noMobile' | null {
  const officers = unit.people.filter(({ role }) => role === 'officer')
  if (officers.length === 0) return 'noOfficer'
  return officers.some(({ phone }) => takesSms(phone)) ? null : 'noMobile'
}
