import { type Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import { type CaseSights } from './case-sights.ts'
import { type TicketPorts } from './service.ts'
import { edgeFor, STATES } from './ticket-machine.ts'
import { type Ticket } from './ticket.ts'
import { TICKET_STATES } from './contract.ts'
import { scopeOf } from './visibility-policy.ts'

/** By what cases about the same matter are looked for. */
export interface AlikeTraces {
  /** The case that is being written. */
  readonly code: string | null
  /** As it was typed. */
  readonly phone: string | null
  /** Folded: names of places, and rare words. */
  readonly names: readonly string[]
  readonly words: readonly string[]
  readonly areaId: string | null
  /** ISO 8601: answered before this, a case is history. */
  readonly answeredSince: string
}

/** A case that may be about the same, with the numbers behind it for comparing; they go no further. */
export type AlikeCase = Pick<
  Ticket,
  | 'code'
  | 'version'
  | 'state'
  | 'title'
  | 'content'
  | 'place'
  | 'areaId'
  | 'fieldId'
  | 'unitId'
  | 'createdAt'
  | 'receivedAt'
  | 'dueAt'
> & { readonly phones: string[]; readonly canMerge: boolean }

type AlikeReads = Pick<TicketPorts['store'], 'alike' | 'recentTexts' | 'findByCode'>

/** Neither a draft, which is nobody's word yet, nor what has been found to be no case. */
const COMPARED = TICKET_STATES.filter(
  (state) => !['draft', 'rejected', 'merged', 'withdrawn', 'discarded'].includes(state),
)

/** Earlier cases that leave the same traces, as far as their reader may search them (visibility-policy.ts). */
export function createAlikeCases(
  { store, parseNumber }: Pick<TicketPorts, 'parseNumber'> & { readonly store: AlikeReads },
  sights: CaseSights,
) {
  const ownOf = (code: string | null, viewer: Person): Ticket | undefined => {
    if (code === null) return undefined
    const own = store.findByCode(code)
    if (own === undefined || sights.of(own, viewer) !== 'whole')
      throw new AppError('notFound', 'TICKET_NOT_FOUND', 'no such ticket')
    return own
  }

  return {
    alike(traces: AlikeTraces, viewer: Person): { readonly phones: string[]; readonly items: AlikeCase[] } {
      const own = ownOf(traces.code, viewer)
      const typed = traces.phone === null ? null : parseNumber(traces.phone).e164
      const phones = numbers(typed, own?.callerE164)
      const { names, words, areaId } = traces
      const found = store.alike({
        scope: scopeOf(sights.viewer(viewer)),
        training: own?.training ?? false,
        states: COMPARED,
        names,
        words,
        areaId,
        phones,
      })
      const mayFollow = edgeFor(own?.state ?? 'draft', 'merge') !== undefined
      const items = found
        .filter((one) => one.id !== own?.id && (!isOver(one) || one.updatedAt >= traces.answeredSince))
        .map((one) => ({
          ...one,
          phones: numbers(one.phoneE164, one.callerE164),
          canMerge: mayFollow && !STATES[one.state].isEnd,
        }))
      return { phones, items }
    },

    /** Folded texts of the newest cases. */
    recentTexts: (limit: number): string[] => store.recentTexts(limit),
  }
}

function numbers(...given: readonly (string | null | undefined)[]): string[] {
  return [...new Set(given.filter((number) => typeof number === 'string'))]
}

function isOver({ state }: Ticket): boolean {
  return state === 'answered' || state === 'closed'
}
