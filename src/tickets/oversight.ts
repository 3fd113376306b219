import { type Person } from '../accounts/contract.ts'
import { type TicketPage, type TicketQuery, type TicketRow } from './contract.ts'
import { createReporterCover } from './personal-data-policy.ts'
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

  /** What was said of those that are overdue, as far as the reader is shown the case. */
  function withDirections(items: readonly Ticket[], rows: readonly TicketRow[]): TicketRow[] {
    const said = store.directions(items.filter(({ state }) => state === 'overdue').map(({ id }) => id))
    return rows.map((row, at) => {
      const ticket = items[at]
      if (ticket?.state !== 'overdue' || row.sight === 'mask' || row.sight === 'ownSlips') return row
      const direction = directionOf(said.get(ticket.id))
      if (direction === null || row.sight === 'whole') return { ...row, direction }
      // Whoever is not told who reported it is not told it here either (Đ12.1).
      const { freeText } = createReporterCover(ticket)
      const { text, documentNo } = direction
      return {
        ...row,
        direction: {
          ...direction,
          text: freeText(text),
          documentNo: documentNo === null ? null : freeText(documentNo),
        },
      }
    })
  }

  return {
    /** A list as its reader is shown it; the City Office with a mark on what is new. */
    page(
      {
        items,
        total,
        isCut = false,
      }: { readonly items: readonly Ticket[]; readonly total: number; readonly isCut?: boolean },
      { training = false }: TicketQuery,
      viewer: Person,
    ): TicketPage {
      const rows = items.map((ticket) => views.listed(ticket, viewer))
      const counted = { total, ...(isCut ? { isCut } : {}) }
      if (viewer.role !== 'cityOffice' && viewer.unitId === null) return { items: rows, ...counted }
      const directed = withDirections(items, rows)
      if (viewer.role !== 'cityOffice') return { items: directed, ...counted }
      const unseen = store.unseenAmong(items.map(({ id }) => id))
      return {
        items: directed.map((row, at) => ({ ...row, unseen: unseen.has(items[at]?.id ?? 0) })),
        ...counted,
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
