import { type Person } from '../accounts/contract.ts'
import { type TicketPage, type TicketQuery } from './contract.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type createTicketViews } from './ticket-views.ts'
import { type Ticket } from './ticket.ts'

/** The City Office follows all that is forwarded (Đ9.2, Đ14.1, R047): what of it is new to it, and since when. */
export function createOversight(
  ports: Pick<TicketPorts, 'oversight' | 'transaction' | 'now'>,
  book: Pick<CaseBook, 'changed'>,
  views: Pick<ReturnType<typeof createTicketViews>, 'row'>,
) {
  const { oversight: store } = ports
  return {
    /** A list as its reader is shown it; the City Office with a mark on what is new. */
    page(
      { items, total }: { readonly items: readonly Ticket[]; readonly total: number },
      { training = false }: TicketQuery,
      viewer: Person,
    ): TicketPage {
      const rows = items.map((ticket) => views.row(ticket, viewer))
      if (viewer.role !== 'cityOffice') return { items: rows, total }
      const unseen = store.unseenAmong(items.map(({ id }) => id))
      return {
        items: rows.map((row, at) => ({ ...row, unseen: unseen.has(items[at]?.id ?? 0) })),
        total,
        unseen: store.countUnseen(training),
      }
    },

    markSeen(cases: readonly Ticket[], actor: Person): void {
      const at = ports.now().toISOString()
      const changed = ports.transaction(() => cases.filter(({ id }) => store.markSeen(id, actor.id, at)))
      for (const ticket of changed) book.changed(ticket)
    },
  }
}
