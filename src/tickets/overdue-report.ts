import { fromLocalTime, toLocalTime } from '../platform/clock.ts'
import { bareLink } from '../platform/links.ts'
import { reportDay } from './overdue-policy.ts'
import { type TicketPorts } from './service.ts'
import { type Ticket } from './ticket.ts'

const DAY_MS = 86_400_000

export interface OverdueReportPorts extends Pick<
  TicketPorts,
  'transaction' | 'oversight' | 'directory' | 'outbox' | 'now' | 'city' | 'publicUrl'
> {
  /** Whether anybody of the city's offices works in `[from, to)`. */
  readonly isWorked: (from: Date, to: Date) => boolean
}

/** Each working morning the City Office hears what is overdue, for the city's leaders to direct (Đ9.4 ¶2, R054). */
export function createOverdueReport(ports: OverdueReportPorts) {
  const { oversight } = ports

  function tell(day: string, count: number, oldest: Ticket): void {
    const office = ports.directory.successorOf(ports.city.officeUnitId)
    // Whom the leaders are to direct: whoever does the work of that unit now (regulation.md 1.7).
    const { unitId } = oldest
    const unit =
      unitId === null ? undefined : (ports.directory.successorOf(unitId) ?? ports.directory.unit(unitId))
    for (const person of office?.people ?? [])
      ports.outbox.enqueue({
        template: 'overdueReport',
        slots: {
          count: String(count),
          code: oldest.code,
          unit: unit?.smsName ?? '-',
          link: bareLink(`${ports.publicUrl}/tickets`),
        },
        to: person.phone,
        toName: person.name,
        ticketCode: null,
        training: false,
        occasion: `overdueReport:${day}`,
      })
  }

  return {
    /** Once a day, however often it is asked; nothing on days off, and no message where nothing is overdue. */
    run(): void {
      const now = ports.now()
      const day = reportDay(now)
      if (day === null) return
      const { year, month, day: date } = toLocalTime(now)
      const midnight = fromLocalTime(year, month, date)
      if (!ports.isWorked(midnight, new Date(midnight.getTime() + DAY_MS))) return
      ports.transaction(() => {
        const { count, oldest } = oversight.overdue()
        const isFirst = oversight.addReport({ day, at: now.toISOString(), cases: count })
        if (isFirst && oldest !== undefined) tell(day, count, oldest)
      })
    },
  }
}
