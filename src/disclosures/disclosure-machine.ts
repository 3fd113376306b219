import type { Role } from '../accounts/contract.ts'
import type { DisclosureAction, DisclosureState } from './contract.ts'

/** States that are written; `expired` is told from the clock. */
export const WRITTEN_STATES = ['requested', 'approved', 'refused', 'revoked', 'withdrawn'] as const
export type WrittenState = (typeof WRITTEN_STATES)[number]

/** Đ10.1 ¶2: "đơn vị có liên quan" asks. */
export const ASKERS = ['officer', 'head'] as const satisfies readonly Role[]
/** The hotline decides. */
export const DECIDERS = ['supervisor'] as const satisfies readonly Role[]

interface DisclosureEdge {
  readonly from: WrittenState
  readonly action: DisclosureAction
  readonly to: WrittenState
  readonly actors: readonly Role[]
}

/** The life of a request. What is refused, revoked, withdrawn or expired stays so: whoever needs it again asks again. */
export const DISCLOSURE_EDGES: readonly DisclosureEdge[] = [
  { from: 'requested', action: 'approve', to: 'approved', actors: DECIDERS },
  { from: 'requested', action: 'refuse', to: 'refused', actors: DECIDERS },
  { from: 'requested', action: 'withdraw', to: 'withdrawn', actors: ASKERS },
  { from: 'approved', action: 'revoke', to: 'revoked', actors: DECIDERS },
  { from: 'approved', action: 'withdraw', to: 'withdrawn', actors: ASKERS },
]

/** Where a request stands at a moment. Over from `expiresAt` on, that moment included. */
export function stateAt(
  { state, expiresAt }: { readonly state: WrittenState; readonly expiresAt: string | null },
  now: Date,
): DisclosureState {
  return state === 'approved' && expiresAt !== null && now.getTime() >= Date.parse(expiresAt)
    ? 'expired'
    : state
}

/** Somebody who acts on a request. */
interface Actor {
  readonly id: number
  readonly role: Role
}

/** Who asked, and for whom: neither decides, whatever their role has become since. */
interface Asked {
  readonly state: DisclosureState
  readonly requesterId: number
  readonly askedPeople: readonly number[]
}

/** The edge this person may take now, if there is one. Only who asked may withdraw. */
export function disclosureEdge(
  one: Asked,
  action: DisclosureAction,
  actor: Actor,
): DisclosureEdge | undefined {
  const isOwn = one.requesterId === actor.id
  const mayAct = action === 'withdraw' ? isOwn : !isOwn && !one.askedPeople.includes(actor.id)
  return mayAct
    ? DISCLOSURE_EDGES.find(
        (edge) => edge.from === one.state && edge.action === action && edge.actors.includes(actor.role),
      )
    : undefined
}

/** What this person may do next: buttons come from here. */
export function disclosureActions(one: Asked, actor: Actor): DisclosureAction[] {
  return DISCLOSURE_EDGES.flatMap(({ from, action }) =>
    from === one.state && disclosureEdge(one, action, actor) !== undefined ? [action] : [],
  )
}
