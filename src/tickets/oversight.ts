import { type Person } from '../accounts/contract.ts'
import { type TicketPage, type TicketQuery, type TicketRow } from './contract.ts'
import { type CaseBook, type TicketPorts } from './service.ts'
import { type createTicketViews } from './ticket-views.ts'
import { type Ticket } from './ticket.ts'

/** The City Office follows all that is forwarded (Đ9.2, Đ14.1, R047): what of it is new to it, and since when. */
export function createOversight(
  ports: Pick<TicketPorts, 'oversight' | 'transaction' | 'now'>,
  book: Pick<CaseBook, 'changed'>,
  views: Pick<ReturnType<typeof createTicketViews>, 'listed'>,
) {
  const { oversight: store } = ports
  return {
    /** A list as its reader is shown it; the City Office with a mark on what is new. */
    page(
      { items, total }: { readonly items: readonly Ticket[]; readonly total: number },
      { training = false }: TicketQuery,
      viewer: Person,
    ): TicketPage {
      const rows = items.map((ticket) => views.listed(ticket, viewer))
      if (viewer.role !== 'cityOffice') return { items: rows, total }
      const ids = items.map(({ id }) => id)
      const unseen = store.unseenAmong(ids)
      const late = items.filter(({ state }) => state === 'overdue').map(({ id }) => id)
      const said = store.directions(late)
      return {
        items: rows.map((row, at) => {
          const id = ids[at] ?? 0
          const marked = { ...row, unseen: unseen.has(id) }
          return row.state === 'overdue' ? { ...marked, direction: directionOf(said.get(id)) } : marked
        }),
        total,
        unseen: store.countUnseen(training),
        overdue: store.overdue(training).count,
      }
    },

    markSeen(cases: readonly Ticket[], actor: Person): void {
      const at = ports.now().toISOString()
      const changed = ports.transaction(() => cases.filter(({ id }) => store.markSeen(id, actor.id, at)))
      for (const ticket of changed) book.changed(ticket)
    },
  }
}

function directionOf(
  said: { readonly at: string; readonly detail: Readonly<Record<string, unknown>> } | undefined,
): NonNullable<TicketRow['direction']> | null {
  if (said === undefined) return null
  const word = (name: string): string | null => {
    const value = said.detail[name]
    return typeof value === 'string' ? value : null
  }
  const documentNo = word('documentNo')
  return { at: said.at, text: word('directive') ?? '', documentNo, documentDate: word('documentDate') }
}
