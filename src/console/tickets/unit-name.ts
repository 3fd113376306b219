import type { TicketRow } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'

/** The unit of a case by its old name, and who that is now; null without one, or where it is not shown. */
export function unitNameOf({
  unitName,
  unitNowName,
}: Pick<TicketRow, 'unitName' | 'unitNowName'>): string | null {
  if (unitName === null || unitNowName === undefined || unitNowName === null) return unitName
  return t('unit.now', { unit: unitName, now: unitNowName })
}
