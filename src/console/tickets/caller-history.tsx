import type { Pop, PopTicket } from '../../calls/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { moment, span } from '../ui/format.ts'

/** Open cases of this number, the most pressing thing to know, then what was before. */
export function CallerHistory(props: { readonly pop: Pop; readonly onOpen: (code: string) => void }) {
  const { pop, onOpen } = props
  const openCodes = new Set(pop.openTickets.map((ticket) => ticket.code))
  const earlier = pop.lastTickets.filter((ticket) => !openCodes.has(ticket.code))
  return (
    <div class="caller-history" data-testid="pop-details">
      <section aria-label={t('caller.open')}>
        <h3>{t('caller.open')}</h3>
        {pop.openTickets.length === 0 ? (
          <p class="quiet">{t('caller.noneOpen')}</p>
        ) : (
          <ul class="case-list">
            {pop.openTickets.map((ticket) => (
              <CaseLine key={ticket.code} ticket={ticket} onOpen={onOpen} />
            ))}
          </ul>
        )}
      </section>
      {earlier.length > 0 && (
        <section aria-label={t('caller.earlier')}>
          <h3>{t('caller.earlier')}</h3>
          <ul class="case-list">
            {earlier.map((ticket) => (
              <CaseLine key={ticket.code} ticket={ticket} onOpen={onOpen} />
            ))}
          </ul>
        </section>
      )}
      <section aria-label={t('caller.calls')}>
        <h3>{t('caller.calls')}</h3>
        {pop.lastCalls.length === 0 ? (
          <p class="quiet">{t('caller.noCalls')}</p>
        ) : (
          <ul class="call-list">
            {pop.lastCalls.map((call) => (
              <li key={call.id}>
                <span>{t(`direction.${call.direction}`)}</span>
                <span>{call.outcome === null ? '' : tOr(`outcome.${call.outcome}`, 'outcome.other')}</span>
                <span class="quiet">{call.operatorName}</span>
                <span class="quiet when">{moment(call.at, minute.value)}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}

/** One earlier case, as a button: code and subject, who has it, and when it is due. */
function CaseLine({
  ticket,
  onOpen,
}: {
  readonly ticket: PopTicket
  readonly onOpen: (code: string) => void
}) {
  const due = ticket.dueAt === null ? null : (Date.parse(ticket.dueAt) - minute.value) / 1_000
  return (
    <li>
      <button
        type="button"
        class="case-line"
        onClick={() => {
          onOpen(ticket.code)
        }}
      >
        <span class="case-title">
          {ticket.confidential
            ? t('tag.confidential')
            : ticket.title === ''
              ? t('ticket.noTitle')
              : ticket.title}
        </span>
        <span class="case-meta">
          <span class="code">{ticket.code}</span>
          <span class={`state state-${ticket.state}`}>
            {ticket.state === 'assigned' && ticket.unitName !== null
              ? t('case.waitsFor', { unit: ticket.unitName })
              : tOr(`state.${ticket.state}`, 'state.other')}
          </span>
        </span>
        <span class={due !== null && due < 0 ? 'case-due case-late' : 'case-due'}>
          {due === null || ticket.dueAt === null
            ? moment(ticket.createdAt, minute.value)
            : due < 0
              ? t('due.late', { span: span(due) })
              : t('due.at', { at: moment(ticket.dueAt, minute.value) })}
        </span>
      </button>
    </li>
  )
}
