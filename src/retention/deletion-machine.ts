import type { Role } from '../accounts/contract.ts'
import type { DeletionAction, DeletionState } from './contract.ts'

/** Who holds, asks and decides. */
export const KEEPERS = ['supervisor', 'admin'] as const satisfies readonly Role[]

interface DeletionEdge {
  readonly from: DeletionState
  readonly action: DeletionAction
  readonly to: DeletionState
  /** Of two people: the one who asked, or the other. `system` is the nightly job. */
  readonly by: 'asker' | 'other' | 'system'
}

/** The life of a request to delete before the time. What is decided stays so: whoever still wants it asks again. */
export const DELETION_EDGES: readonly DeletionEdge[] = [
  { from: 'requested', action: 'approve', to: 'approved', by: 'other' },
  { from: 'requested', action: 'refuse', to: 'refused', by: 'other' },
  { from: 'requested', action: 'withdraw', to: 'withdrawn', by: 'asker' },
  { from: 'requested', action: 'overtake', to: 'overtaken', by: 'system' },
]

interface Asked {
  readonly state: DeletionState
  readonly askedBy: number
}
interface Actor {
  readonly id: number
  readonly role: Role
}

/** The edge this person may take now, if there is one; null is the job. */
export function deletionEdge(
  one: Asked,
  action: DeletionAction,
  actor: Actor | null,
): DeletionEdge | undefined {
  const by = actor === null ? 'system' : actor.id === one.askedBy ? 'asker' : 'other'
  const mayAct = actor === null || KEEPERS.some((role) => role === actor.role)
  return mayAct
    ? DELETION_EDGES.find((edge) => edge.from === one.state && edge.action === action && edge.by === by)
    : undefined
}

/** What this person may do next: buttons come from here. */
export function deletionActions(one: Asked, actor: Actor): DeletionAction[] {
  return DELETION_EDGES.flatMap(({ action }) =>
    deletionEdge(one, action, actor) === undefined ? [] : [action],
  )
}
