import type { Role } from '../accounts/contract.ts'
import type { RecordingKind } from './contract.ts'

interface Viewer {
  readonly id: number
  readonly role: Role
}

/**
 * Least privilege (R068): an operator hears the calls they took themselves, and messages left for whoever rings back;
 * supervisors and admins hear all. People of units ask for a copy (Đ10.1) and hear nothing here.
 */
export function mayPlay(viewer: Viewer, kind: RecordingKind, operatorId: number | null): boolean {
  if (viewer.role === 'operator') return kind === 'voicemail' || operatorId === viewer.id
  return viewer.role === 'supervisor' || viewer.role === 'admin'
}
