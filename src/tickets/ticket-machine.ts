import { type TicketState } from './contract.ts'

/** Who may set an action off. Officers, heads and the City Office join with their desks. */
export type TicketActor = 'operator' | 'supervisor'

export type TicketAction = 'receive' | 'answer' | 'sendSlip'

/** What must hold before an edge is taken; each names the code of its refusal. */
export type TicketGuard = 'complete' | 'hasContent'

export interface TicketEdge {
  readonly from: TicketState
  readonly action: TicketAction
  readonly to: TicketState
  readonly guard: TicketGuard
  readonly article: string
  readonly actors: readonly TicketActor[]
  /** A draft is received first, in the same step: nobody presses two buttons during a call. */
  readonly through?: 'receive'
}

const DESK = ['operator', 'supervisor'] as const

/** First rows of regulation.md 2.2; the life cycle grows here, row by row. */
export const TICKET_EDGES: readonly TicketEdge[] = [
  { from: 'draft', action: 'receive', to: 'received', guard: 'complete', article: 'Đ8.1', actors: DESK },
  {
    from: 'draft',
    action: 'answer',
    to: 'answered',
    guard: 'complete',
    article: 'Đ9.1',
    actors: DESK,
    through: 'receive',
  },
  {
    from: 'draft',
    action: 'sendSlip',
    to: 'assigned',
    guard: 'complete',
    article: 'Đ9.3',
    actors: DESK,
    through: 'receive',
  },
  { from: 'received', action: 'answer', to: 'answered', guard: 'hasContent', article: 'Đ9.1', actors: DESK },
  {
    from: 'received',
    action: 'sendSlip',
    to: 'assigned',
    guard: 'hasContent',
    article: 'Đ9.3',
    actors: DESK,
  },
  // Đ14.2: sent to the wrong unit; the next one gets a slip of its own, with a time of its own (regulation.md 2.5 A10)
  {
    from: 'assigned',
    action: 'sendSlip',
    to: 'assigned',
    guard: 'hasContent',
    article: 'Đ14.2',
    actors: DESK,
  },
]

/** States whose content still changes and that still run: shown to whoever calls again. */
export const OPEN_STATES: readonly TicketState[] = ['draft', 'received', 'assigned']

/** The edge an action takes now, if it may be taken at all. */
export function edgeFor(state: TicketState, action: TicketAction): TicketEdge | undefined {
  return TICKET_EDGES.find((edge) => edge.from === state && edge.action === action)
}

/** What may be done next: buttons come from here. `save` and `attach` change no state and are open until answered. */
export function actionsFor(state: TicketState): string[] {
  const moves = TICKET_EDGES.filter((edge) => edge.from === state).map((edge) => edge.action)
  return OPEN_STATES.includes(state) ? [...moves, 'save', 'attach'] : [...moves, 'attach']
}

export interface GuardFacts {
  readonly content: string
  readonly reporterName: string
  readonly organisation: string | null
  /** Telephone, e-mail or the channel itself: some way to give the answer. */
  readonly canBeReached: boolean
}

/** Code of the first thing that is missing (regulation.md 2.2 row 1), or null. */
export function missingFor(guard: TicketGuard, facts: GuardFacts): string | null {
  if (facts.content.trim() === '') return 'CONTENT_REQUIRED'
  if (guard === 'hasContent') return null
  if (facts.reporterName.trim() === '' && (facts.organisation ?? '').trim() === '')
    return 'REPORTER_NAME_REQUIRED'
  if (!facts.canBeReached) return 'REPORTER_CONTACT_REQUIRED'
  return null
}
