import type { Role } from '../accounts/contract.ts'
import type { RecordingKind } from './contract.ts'

interface Viewer {
  readonly id: number
  readonly role: Role
}

/** A recording, as far as it decides who hears it. */
interface Recorded {
  readonly kind: RecordingKind
  /** Who took the call. */
  readonly operatorId: number | null
  /** Not kept from the viewer as confidential. */
  readonly mayReadCase: boolean
}

/**
 * Least privilege (R068): an operator hears the calls they took themselves, and messages left for whoever rings back;
 * supervisors and admins hear all. People of units ask for a copy (Đ10.1) and hear nothing here. A voice tells who it is: where the
 * case is confidential, all of that holds only for those who may read the whole of it (Đ7.3, Đ12.1; A15).
 */
export function mayPlay(viewer: Viewer, { kind, operatorId, mayReadCase }: Recorded): boolean {
  if (!mayReadCase) return false
  if (viewer.role === 'operator') return kind === 'voicemail' || operatorId === viewer.id
  return viewer.role === 'supervisor' || viewer.role === 'admin'
}

/** Who asks whether an altered file is the sealed one again: of those who hear all, whoever may hear this one. */
export function mayRecheck(viewer: Viewer, recorded: Recorded): boolean {
  return viewer.role !== 'operator' && mayPlay(viewer, recorded)
}
