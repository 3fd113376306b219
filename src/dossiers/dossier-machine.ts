import type { Role } from '../accounts/contract.ts'
import type { DossierAction, DossierState } from './contract.ts'

interface DossierEdge {
  readonly from: DossierState
  readonly action: DossierAction
  readonly to: DossierState
  readonly actors: readonly Role[]
}

/** Đ9.6: "Tổng đài 1022 có trách nhiệm tổng hợp, gửi". */
export const COMPILERS = ['operator', 'supervisor'] as const satisfies readonly Role[]

/** The life of a dossier. Each state is come to once; what is sent is never taken back. */
export const DOSSIER_EDGES: readonly DossierEdge[] = [
  { from: 'listed', action: 'edit', to: 'listed', actors: COMPILERS },
  { from: 'listed', action: 'takeOut', to: 'listed', actors: COMPILERS },
  { from: 'listed', action: 'undo', to: 'undone', actors: COMPILERS },
  // The same cases under a new number, as they are now
  { from: 'listed', action: 'recompile', to: 'undone', actors: COMPILERS },
  { from: 'listed', action: 'send', to: 'sent', actors: COMPILERS },
  { from: 'sent', action: 'recordDocument', to: 'documentIssued', actors: ['cityOffice'] },
]

/** The edge this role may take now, if there is one. */
export function dossierEdge(state: DossierState, action: DossierAction, role: Role): DossierEdge | undefined {
  return DOSSIER_EDGES.find(
    (edge) => edge.from === state && edge.action === action && edge.actors.includes(role),
  )
}

/** What this role may do next: buttons come from here. */
export function dossierActions(state: DossierState, role: Role): DossierAction[] {
  return DOSSIER_EDGES.filter((edge) => edge.from === state && edge.actors.includes(role)).map(
    ({ action }) => action,
  )
}
