import type { Person } from '../accounts/contract.ts'
import type { DisclosureMode, DisclosureState } from './contract.ts'

/** For whom, how, and for how long. */
export interface Terms {
  readonly personIds: readonly number[]
  readonly mode: DisclosureMode
  readonly hours: number
}

const HOUR_MS = 3_600_000

/** A supervisor may narrow what was asked, and never widen it. */
export function isWithin(granted: Terms, asked: Terms): boolean {
  return (
    granted.hours <= asked.hours &&
    (granted.mode === asked.mode || granted.mode === 'play') &&
    granted.personIds.every((id) => asked.personIds.includes(id))
  )
}

export function expiryOf(now: Date, hours: number): string {
  return new Date(now.getTime() + hours * HOUR_MS).toISOString()
}

/** Accounts that a unit may name: its own officers and head who are there today. */
export function ofUnit(people: readonly Person[], unitId: string): Person[] {
  return people.filter((person) => person.unitId === unitId && person.active)
}

/** A request, as far as it decides who gets the recording now. */
interface Standing {
  readonly state: DisclosureState
  readonly unitId: string
  readonly people: readonly number[] | null
  readonly mode: DisclosureMode | null
}

type Denial =
  /** In the very words for a request that never was. */
  | 'DISCLOSURE_NOT_FOUND'
  | 'DISCLOSURE_NOT_APPROVED'
  | 'DISCLOSURE_REVOKED'
  | 'DISCLOSURE_EXPIRED'
  | 'DISCLOSURE_PLAY_ONLY'

/**
 * Why this person does not get the recording now; null where they do. Named people of the unit alone (R060), while they are of it, and
 * as long as the unit sees the whole of the case: a voice tells who it is, and the reporter of a confidential case is kept from the unit
 * unless a supervisor released them to it (Đ7.3, Đ12.1; A15).
 */
export function denialOf(
  one: Standing,
  viewer: Pick<Person, 'id' | 'unitId'>,
  { what, readsCase }: { readonly what: DisclosureMode; readonly readsCase: boolean },
): Denial | null {
  const isNamed = viewer.unitId === one.unitId && one.people?.includes(viewer.id) === true
  if (!isNamed || !readsCase) return 'DISCLOSURE_NOT_FOUND'
  switch (one.state) {
    case 'approved':
      return what === 'download' && one.mode !== 'download' ? 'DISCLOSURE_PLAY_ONLY' : null
    case 'expired':
      return 'DISCLOSURE_EXPIRED'
    case 'revoked':
      return 'DISCLOSURE_REVOKED'
    case 'requested':
    case 'refused':
    case 'withdrawn':
      return 'DISCLOSURE_NOT_APPROVED'
  }
}

/** Of a request for a range of a recording, where in the sound it begins. A guess for a suffix ("the last 500 bytes") is none: 0. */
export function startOf(
  range: string | undefined,
  { sizeBytes, durationMs }: { readonly sizeBytes: number; readonly durationMs: number | null },
): number {
  const first = Number(/^bytes=(\d+)-/i.exec(range?.trim() ?? '')?.[1] ?? 0)
  if (sizeBytes <= 0 || first >= sizeBytes) return 0
  return Math.round((first / sizeBytes) * (durationMs ?? 0))
}
