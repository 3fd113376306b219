import type { RecordingKind } from './contract.ts'

interface Viewer {
  readonly id: number
  readonly role: 'operator' | 'supervisor' | 'admin'
}

/**
 * Least privilege (R068): an operator hears the calls they took themselves, and messages left for whoever rings back;
 * supervisors and admins hear all.
 */
export function mayPlay(viewer: Viewer, kind: RecordingKind, operatorId: number | null): boolean {
  if (viewer.role !== 'operator') return true
  return kind === 'voicemail' || operatorId === viewer.id
}
