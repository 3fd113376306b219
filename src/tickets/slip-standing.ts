import { type SlipView } from './contract.ts'
import { type SlipPaper } from './slip-paper.ts'
import { type SlipRecord, type Ticket } from './ticket.ts'
import { type TicketPorts } from './service.ts'
import { STATES_WITHOUT_UNIT } from './visibility-policy.ts'

/** Which slips of a case hold: the newest of the unit that leads, and those of units that work beside it (Đ9.3, Đ9.5a). */
export function createSlipStanding({
  store,
  coHandling,
  deadlines,
}: Pick<TicketPorts, 'store' | 'coHandling' | 'deadlines'>) {
  const isForCoHandler = ({ body }: SlipRecord): boolean =>
    (body as unknown as SlipPaper).level === 'coHandler'

  const holding = (ticket: Ticket, isBeside: boolean): readonly string[] => {
    if (STATES_WITHOUT_UNIT.includes(ticket.state)) return []
    if (isBeside) return coHandling.active(ticket.id).map(({ slipNumber }) => slipNumber)
    const lead = store.leadSlip(ticket.id)
    return lead === undefined ? [] : [lead.number]
  }

  return {
    /** Whether it holds still, and when it is due now where that is not what it says. */
    of(slip: SlipRecord, ticket: Ticket): Pick<SlipView, 'isReplaced' | 'dueNow'> {
      if (!holding(ticket, isForCoHandler(slip)).includes(slip.number)) return { isReplaced: true }
      // The lead's clock is not that of a unit beside it.
      const due = isForCoHandler(slip) ? null : deadlines.due(ticket.id)
      return {
        isReplaced: false,
        ...(due === null || due.dueAt === slip.dueAt ? {} : { dueNow: due.text }),
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
