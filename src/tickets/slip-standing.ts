import { type DeadlineView } from '../deadlines/contract.ts'
import { dueAmongViews, type SlipDue } from '../deadlines/service.ts'
import { type SlipView } from './contract.ts'
import { type SlipPaper } from './slip-paper.ts'
import { type SlipRecord, type Ticket } from './ticket.ts'
import { type TicketPorts } from './service.ts'
import { STATES_WITHOUT_UNIT } from './visibility-policy.ts'

/** What its reader has of a case already, and need not be looked up again: all of its slips, all of its clocks. */
interface KnownOfCase {
  readonly slips?: readonly SlipRecord[] | undefined
  readonly clocks?: readonly DeadlineView[] | undefined
}

/** Which slips of a case hold: the newest of the unit that leads, and those of units that work beside it (Đ9.3, Đ9.5a). */
export function createSlipStanding({
  store,
  coHandling,
  deadlines,
}: Pick<TicketPorts, 'store' | 'coHandling' | 'deadlines'>) {
  const isForCoHandler = ({ body }: SlipRecord): boolean =>
    (body as unknown as SlipPaper).level === 'coHandler'

  const holding = (ticket: Ticket, isBeside: boolean, slips?: readonly SlipRecord[]): readonly string[] => {
    if (STATES_WITHOUT_UNIT.includes(ticket.state)) return []
    if (isBeside) return coHandling.active(ticket.id).map(({ slipNumber }) => slipNumber)
    const lead =
      slips === undefined ? store.leadSlip(ticket.id) : slips.findLast((slip) => !isForCoHandler(slip))
    return lead === undefined ? [] : [lead.number]
  }

  return {
    /** Whether a slip of that case holds still, and when it is due now where that is not what it says. What all ask for is asked once. */
    ofCase(ticket: Ticket, { slips, clocks }: KnownOfCase = {}) {
      let lead: readonly string[] | undefined
      let beside: readonly string[] | undefined
      let due: SlipDue | null | undefined
      const dueNow = () =>
        due === undefined
          ? (due = clocks === undefined ? deadlines.due(ticket.id) : dueAmongViews(clocks))
          : due
      return (slip: SlipRecord): Pick<SlipView, 'isReplaced' | 'dueNow'> => {
        const isBeside = isForCoHandler(slip)
        const numbers = isBeside
          ? (beside ??= holding(ticket, true))
          : (lead ??= holding(ticket, false, slips))
        if (!numbers.includes(slip.number)) return { isReplaced: true }
        // The lead's clock is not that of a unit beside it.
        const now = isBeside ? null : dueNow()
        return {
          isReplaced: false,
          ...(now === null || now.dueAt === slip.dueAt ? {} : { dueNow: now.text }),
        }
      }
    },

    /** Null for one that holds; otherwise the number of the slip that took its place, where one did. */
    lapseOf(slip: SlipRecord, ticket: Ticket): { readonly by: string | null } | null {
      const isBeside = isForCoHandler(slip)
      const numbers = holding(ticket, isBeside)
      if (numbers.includes(slip.number)) return null
      // Of those beside it only one to the same unit is in its place.
      const next = store
        .slips(ticket.id)
        .find(({ number, unitId }) => numbers.includes(number) && (!isBeside || unitId === slip.unitId))
      return { by: next?.number ?? null }
    },
  }
}
