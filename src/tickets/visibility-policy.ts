import { type Role } from '../accounts/contract.ts'
import { type CaseSight, type TicketState } from './contract.ts'

/*
 * Who may see which case, and which parts of it (Đ7.3, Đ12.1, Đ12.2; regulation.md 2.5 A15). List, view, search, slips, files,
 * the list of Đ9.6 and the live line all ask here. The store says `scopeOf` in SQL; a test holds the two against each other.
 *
 * - The hotline sees every case, but a confidential one only whoever holds it and the supervisors; the others learn that it exists.
 * - A unit's officers and head see the cases that are with their unit, and answer the citizen (Đ9.3): so they see who it is,
 *   unless that is confidential and no supervisor released it to that unit (A15). A unit that gave a case back or lost it (Đ14.2) keeps what it was sent, its own slip, because
 *   it answers for what it did with it; of who it was and what came after it needs nothing any more. Whoever takes over a unit's
 *   work has its cases and slips like its own (regulation.md 1.7), and those of a unit that is over have nothing from that day.
 * - A unit that works on a case beside the one that leads (Đ9.5a) sees what it is about and how far it is. Who reported it, it
 *   need not know: the lead answers.
 * - The City Office follows all that was forwarded (Đ14.1), what it leads (Đ9.5), and what is reported to it (Đ9.6). It sees who
 *   the citizen is only while it leads, because only then it answers.
 * - All that is not said here is not seen.
 */

/** Somebody who looks. */
export interface Viewer {
  readonly id: number
  readonly role: Role
  /**
   * Their unit, and those that ended and whose work came to it. Empty without a unit, and for one that is over or that the
   * directory does not have: then nothing is theirs.
   */
  readonly unitIds: readonly string[]
}

/** A case, as far as it decides who sees it. */
export interface CaseStanding {
  readonly state: TicketState
  readonly confidential: boolean
  /** The operator who holds it. */
  readonly operatorId: number | null
  readonly unitId: string | null
  /** The unit that may know of a confidential case who reported it. */
  readonly releasedTo: string | null
  /** Units that were ever sent a slip. */
  readonly slipUnitIds: readonly string[]
  /** Units that work on it beside the one that leads. */
  readonly coUnitIds: readonly string[]
  /** The City Office leads, or led. */
  readonly wasLed: boolean
  /** It stands on the list of Đ9.6. */
  readonly isListed: boolean
}

/** What of a case is shown. */
export interface CaseParts {
  /** What it is about: as it is now, as the own slip says, or nothing. */
  readonly matter: 'now' | 'ownSlip' | 'none'
  readonly reporter: boolean
  readonly history: 'whole' | 'ownSlips' | 'none'
  readonly slips: 'all' | 'own' | 'none'
  readonly files: boolean
  readonly messages: boolean
  /** Calls and recordings: the hotline's own. */
  readonly calls: boolean
  /** Its place on the list of Đ9.6, which the hotline makes for the City Office. */
  readonly dossier: boolean
  /** Whether anything may be done with it here. */
  readonly moves: boolean
}

/** Which cases a list may draw from, as data for the store. */
export type CaseScope =
  | { readonly of: 'nothing' }
  | { readonly of: 'all' }
  /** Confidential ones of others as a mask. */
  | { readonly of: 'hotline'; readonly holderId: number }
  | { readonly of: 'unit'; readonly unitIds: readonly string[] }
  | { readonly of: 'cityOffice' }

/** A case is with no unit here, whichever had it before it came back. */
export const STATES_WITHOUT_UNIT: readonly TicketState[] = [
  'draft',
  'received',
  'needsClarification',
  'rejected',
]

/** How much this person sees of this case; null: for them there is no such case. */
export function sightOf(viewer: Viewer, one: CaseStanding): CaseSight | null {
  switch (viewer.role) {
    case 'supervisor':
      return 'whole'
    case 'operator':
    case 'admin':
      return one.confidential && one.operatorId !== viewer.id ? 'mask' : 'whole'
    case 'officer':
    case 'head': {
      const { unitIds } = viewer
      const isAny = (ids: readonly string[]): boolean => ids.some((id) => unitIds.includes(id))
      const isAtUnits = !STATES_WITHOUT_UNIT.includes(one.state)
      if (isAtUnits && one.unitId !== null && unitIds.includes(one.unitId))
        return one.confidential && one.releasedTo !== one.unitId ? 'withoutReporter' : 'whole'
      if (isAtUnits && isAny(one.coUnitIds)) return 'coHandling'
      return isAny(one.slipUnitIds) ? 'ownSlips' : null
    }
    case 'cityOffice': {
      const leads = one.state === 'cityOffice'
      if (leads && !one.confidential) return 'whole'
      return leads || one.wasLed || one.isListed || one.slipUnitIds.length > 0 ? 'withoutReporter' : null
    }
    case 'auditor':
      return null
  }
}

/** What is shown at a sight. */
export function partsOf(viewer: Viewer, sight: CaseSight): CaseParts {
  switch (sight) {
    case 'whole':
    case 'withoutReporter':
      return {
        matter: 'now',
        reporter: sight === 'whole',
        history: 'whole',
        slips: 'all',
        files: true,
        messages: true,
        calls: isOfHotline(viewer),
        dossier: isOfHotline(viewer) || viewer.role === 'cityOffice',
        moves: viewer.role !== 'admin',
      }
    case 'coHandling':
      return { ...NOTHING, matter: 'now', history: 'whole', slips: 'own', files: true }
    case 'ownSlips':
      return { ...NOTHING, matter: 'ownSlip', history: 'ownSlips', slips: 'own' }
    case 'mask':
      return NOTHING
  }
}

/** The same as `sightOf` for all cases at once. */
export function scopeOf(viewer: Viewer): CaseScope {
  switch (viewer.role) {
    case 'supervisor':
      return { of: 'all' }
    case 'operator':
    case 'admin':
      return { of: 'hotline', holderId: viewer.id }
    case 'officer':
    case 'head':
      return viewer.unitIds.length === 0 ? { of: 'nothing' } : { of: 'unit', unitIds: viewer.unitIds }
    case 'cityOffice':
      return { of: 'cityOffice' }
    case 'auditor':
      return { of: 'nothing' }
  }
}

const NOTHING: CaseParts = {
  matter: 'none',
  reporter: false,
  history: 'none',
  slips: 'none',
  files: false,
  messages: false,
  calls: false,
  dossier: false,
  moves: false,
}

function isOfHotline({ role }: Viewer): boolean {
  return role === 'operator' || role === 'supervisor' || role === 'admin'
}
