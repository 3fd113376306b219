import type { TicketState } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { moment, span } from '../ui/format.ts'
import { useList } from '../ui/use-list.ts'
import { CaseCard } from './case-card.tsx'

const LOOKED_AT = 200
/** With a unit, and a clock of its own running. */
const WITH_UNIT = [
  'assigned',
  'inProgress',
  'verifying',
  'escalated',
] as const satisfies readonly TicketState[]

/** My tickets that units still have to answer, the earliest due time first. */
export function DueCard({ onOpen }: { readonly onOpen: (code: string) => void }) {
  const desk = useConsole()
  const page = useList(`due#${String(desk.changes.value.ticket)}`, () =>
    desk.api.tickets({ mine: true, state: [...WITH_UNIT], limit: LOOKED_AT }),
  )
  const dated = (page?.items ?? []).filter(({ dueAt }) => dueAt !== null)
  const rows = dated.sort((a, b) => (a.dueAt ?? '').localeCompare(b.dueAt ?? ''))
  return (
    <CaseCard
      title={t('due.title')}
      none={t('due.none')}
      count={rows.length}
      rows={rows}
      onOpen={onOpen}
      when={({ dueAt }) => dueAt !== null && <DueTime dueAt={dueAt} />}
    />
  )
}

function DueTime({ dueAt }: { readonly dueAt: string }) {
  const left = (Date.parse(dueAt) - minute.value) / 1_000
  return (
    <p class={left < 0 ? 'when case-late' : 'when quiet'}>
      {left < 0 ? t('due.late', { span: span(left) }) : t('due.at', { at: moment(dueAt, minute.value) })}
    </p>
  )
}
