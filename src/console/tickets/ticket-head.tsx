import type { TicketView } from '../../tickets/contract.ts'
import { DossierTag } from '../dossiers/dossier-tag.tsx'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { moment, span } from '../ui/format.ts'
import { unitNameOf } from './unit-name.ts'

/** Code, state and due time of the case: always at the same place. */
export function TicketHead({ ticket }: { readonly ticket: TicketView | null }) {
  if (ticket === null)
    return (
      <p class="ticket-code quiet" role="status">
        {t('ticket.fetching')}
      </p>
    )
  const due = ticket.dueAt === null ? null : (Date.parse(ticket.dueAt) - minute.value) / 1_000
  return (
    <div class="ticket-head">
      <h1 class="ticket-code" data-testid="ticket-code">
        {ticket.code}
      </h1>
      <span class={`state state-${ticket.state}`}>{t(`state.${ticket.state}`)}</span>
      {ticket.unitName !== null && <span class="quiet">{unitNameOf(ticket)}</span>}
      {ticket.dueAt !== null && due !== null && (
        <span class={due < 0 ? 'case-late' : 'quiet'}>
          {due < 0
            ? t('due.late', { span: span(due) })
            : t('due.at', { at: moment(ticket.dueAt, minute.value) })}
        </span>
      )}
      <DossierTag marks={ticket.dossier} />
      {ticket.training && <span class="tag">{t('tag.training')}</span>}
    </div>
  )
}
