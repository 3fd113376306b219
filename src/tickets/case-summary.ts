import { type TicketPorts } from './service.ts'
import { createReporterCover } from './personal-data-policy.ts'
import { type Ticket } from './ticket.ts'

/** A case for papers that leave the hotline: nobody's name, no number or address of e-mail (Đ12.2). */
export function createCaseSummaries({ store, directory, deadlines }: TicketPorts) {
  /** When and what a unit, the City Office or the hotline answered last. */
  function resultOf(ticket: Ticket): { readonly text: string; readonly at: string } | null {
    const event = store
      .events(ticket.id)
      .findLast(({ type }) => type === 'agencyAnswered' || type === 'answered')
    if (event === undefined) return null
    const said = event.detail['result'] ?? event.detail['answer'] ?? ticket.answer
    return { text: typeof said === 'string' ? said : '', at: event.at }
  }

  return {
    resultAt: (ticket: Ticket): string | null => resultOf(ticket)?.at ?? null,

    facts(ticket: Ticket) {
      const { freeText, headline } = createReporterCover(ticket)
      const known = ticket.fieldId === null ? undefined : directory.field(ticket.fieldId)
      const category =
        known?.category ?? (ticket.categoryId === null ? undefined : directory.category(ticket.categoryId))
      const area = ticket.areaId === null ? undefined : directory.area(ticket.areaId)
      const result = resultOf(ticket)
      return {
        title: headline(ticket.title, ticket.content),
        content: freeText(ticket.content),
        place: freeText(ticket.place),
        area: area?.name ?? null,
        category: category?.name ?? null,
        field: known?.field.name ?? null,
        receivedAt: ticket.receivedAt,
        reporter: ticket.confidential ? ('confidential' as const) : ticket.reporterType,
        state: ticket.state,
        unit: ticket.unitId === null ? null : (directory.unit(ticket.unitId)?.name ?? ticket.unitId),
        result: result === null ? null : { ...result, text: freeText(result.text) },
        deadlines: deadlines.ofTicket(ticket.id).map(({ kind, startedAt, dueAt, state, at, breachedAt }) => ({
          kind,
          startedAt,
          dueAt,
          state,
          at,
          breachedAt,
        })),
      }
    },
  }
}
