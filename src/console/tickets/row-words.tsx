import type { TicketRow } from '../../tickets/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { moment } from '../ui/format.ts'
import { leftText, lookOf, shortLeft } from './clock-words.ts'
import { unitNameOf } from './unit-name.ts'

/** What is to be done with the case next, and by whom: "Đơn vị trả lại: chuyển đơn vị khác". */
export function stepText(row: TicketRow): string {
  const values = { unit: unitNameOf(row) ?? t('clock.aUnit') }
  if (row.returned === true) return t('rowStep.returned')
  return tOr(`rowStep.${row.state}`, `state.${row.state}`, values)
}

/** For a column: how long there is, and under it until when. */
export function RowDue({ row }: { readonly row: TicketRow }) {
  const clock = row.clock ?? null
  if (clock === null) return null
  const look = lookOf(clock, minute.value)
  return (
    <span class={look === 'late' ? 'case-late' : look === 'soon' ? 'case-soon' : undefined}>
      {shortLeft(clock, look, minute.value)}
      {clock.dueAt !== null && (
        <span class="quiet due-moment">{t('due.at', { at: moment(clock.dueAt, minute.value) })}</span>
      )}
    </span>
  )
}

/** How long there is for it, in working time; at the desk without a clock it is to be done at once (Đ9.2). */
export function RowClockLine({ row }: { readonly row: TicketRow }) {
  const clock = row.clock ?? null
  if (clock === null) return row.state === 'received' ? <p class="when">{t('rowStep.atOnce')}</p> : null
  const look = lookOf(clock, minute.value)
  return (
    <p class={look === 'late' ? 'when case-late' : look === 'soon' ? 'when case-soon' : 'when quiet'}>
      {leftText(clock, look, minute.value)}
    </p>
  )
}
