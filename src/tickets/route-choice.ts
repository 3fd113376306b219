import { type AgencyDirectory } from '../agencies/service.ts'
import { AppError } from '../platform/errors.ts'
import { type SendSlip } from './contract.ts'
import { type Ticket, type TicketEventRecord } from './ticket.ts'

type Directory = Pick<AgencyDirectory, 'suggest' | 'ruleFor' | 'unit'>

/** What the history keeps of how the unit was chosen (R023): the rule in force, whom it suggested, and why somebody else was taken. */
export function routeDetail(
  directory: Directory,
  ticket: Pick<Ticket, 'fieldId' | 'areaId'>,
  { unitId, override }: Pick<SendSlip, 'unitId' | 'override'>,
): Record<string, unknown> {
  const suggested = directory.suggest(ticket)
  const isOther = suggested.length > 0 && !suggested.includes(unitId)
  return {
    rule: directory.ruleFor(ticket),
    suggested,
    ...(isOther && override !== undefined
      ? { override, suggestedName: suggested.map((id) => directory.unit(id)?.name ?? id)[0] }
      : {}),
  }
}

/** Whether that unit holds the case, or does the work of the one that does (R012). */
export function hasCase(
  directory: Pick<AgencyDirectory, 'answersFor'>,
  { unitId: holder }: Pick<Ticket, 'unitId'>,
  named: string,
): boolean {
  return named === holder || directory.answersFor(named).some((id) => id === holder)
}

/**
 * Throws ROUTE_REASON_REQUIRED where somebody sends a case past the rule and does not say why, with the unit that was suggested. The
 * unit that the last one named when it gave the case back (Đ14.2) has its reason there.
 */
export function mustExplainRoute(
  directory: Directory,
  { ticket, events }: { readonly ticket: Ticket; readonly events: readonly TicketEventRecord[] },
  { unitId, override }: Pick<SendSlip, 'unitId' | 'override'>,
): void {
  const suggested = directory.suggest(ticket)
  const last = events.findLast(({ type }) => type === 'bounced' || type === 'slipIssued')
  const named = last?.type === 'bounced' ? last.detail['suggestedUnitId'] : null
  if (suggested.length === 0 || suggested.includes(unitId) || named === unitId) return
  if (override !== undefined && (override.reason !== 'other' || override.text.trim() !== '')) return
  const [first = ''] = suggested
  throw new AppError('invalid', 'ROUTE_REASON_REQUIRED', 'say why the case goes elsewhere than suggested', {
    subject: directory.unit(first)?.name ?? first,
  })
}
