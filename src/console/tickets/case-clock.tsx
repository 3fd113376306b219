import type { DeadlineView } from '../../deadlines/contract.ts'
import type { TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { Button } from '../ui/button.tsx'
import { moment } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import {
  articleText,
  endText,
  holderText,
  leftText,
  lookOf,
  openClocks,
  pastClocks,
  pastText,
} from './clock-words.ts'
import { directionText, eventSentence } from './ticket-history.tsx'
import { offeredMoves } from './move-fields.ts'

const WITH_UNIT: readonly TicketView['state'][] = [
  'assigned',
  'inProgress',
  'verifying',
  'awaitingCitizen',
  'escalated',
  'overdue',
]

/** Who has the case, until when, on what article, and what happens then; in words a citizen would understand. */
export function CaseClock(props: {
  readonly ticket: TicketView
  /** Where what comes next can be done; left out where it cannot. */
  readonly onNext?: () => void
}) {
  const { ticket } = props
  const { likely } = offeredMoves(ticket.state, ticket.actions)
  // Being typed: nobody waits for anything yet.
  if (ticket.state === 'draft' && ticket.deadlines.length === 0) return null
  const past = pastClocks(ticket)
  return (
    <section class="clock" aria-label={t('clock.title')}>
      <p class="clock-holder">
        <Icon name="user" />
        <span>{holderText(ticket)}</span>
      </p>
      {openClocks(ticket).map((clock) => (
        <Running key={clock.id} clock={clock} ticket={ticket} />
      ))}
      <SentBack ticket={ticket} />
      <Directed ticket={ticket} />
      {ticket.promiseRequest !== null && <PromiseWaits request={ticket.promiseRequest} />}
      {likely !== null && props.onNext !== undefined && (
        <Button small icon="chevron" onClick={props.onNext}>
          {t('clock.next', { what: t(`move.${likely}`) })}
        </Button>
      )}
      {past.length > 0 && (
        <details class="clock-past">
          <summary>
            {t('clock.past')} <span class="count">{past.length}</span>
          </summary>
          <ul>
            {past.map((clock) => (
              <li key={clock.id} class={clock.breachedAt === null ? undefined : 'clock-was-late'}>
                <p>
                  <Name clock={clock} /> {pastText(clock, minute.value)}
                </p>
                <p class="quiet" lang="vi">
                  {clock.explanation}
                </p>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

/** A day beyond the head's hours: until the head has decided, nothing is promised and the officer's time goes on (Đ9.3). */
function PromiseWaits({ request }: { readonly request: NonNullable<TicketView['promiseRequest']> }) {
  const { promisedAt, reason, askedBy } = request
  return (
    <div class="clock-running" role="note">
      <p class="clock-left">
        <Icon name="alert" />
        <strong>{t('promise.waits', { at: moment(promisedAt, minute.value) })}</strong>
      </p>
      <p>{t('promise.why', { who: askedBy ?? t('clock.aUnit'), reason })}</p>
    </div>
  )
}

/** Why it is at the desk again (Đ14.2): what to do about it depends on that. */
function SentBack({ ticket: { events, state } }: { readonly ticket: TicketView }) {
  const last = events.findLast(({ type }) => type === 'bounced' || type === 'slipIssued')
  if (state !== 'received' || last?.type !== 'bounced') return null
  return (
    <div class="clock-running" role="note">
      <p>
        <strong>{eventSentence(last)}</strong>
      </p>
    </div>
  )
}

/** What the city's leaders said of it last (Đ9.4 ¶2, Đ9.5): whoever has to answer reads it where the time is. */
function Directed({ ticket: { events, state } }: { readonly ticket: TicketView }) {
  const last = events.findLast(({ type }) => type === 'directed')
  if (last === undefined || !WITH_UNIT.includes(state)) return null
  const { directive, documentNo, documentDate } = last.detail
  return (
    <div class="clock-running clock-directed" role="note">
      <p>
        <strong>{directionText({ text: String(directive), documentNo, documentDate })}</strong>
      </p>
      <p class="quiet">
        {moment(last.at, minute.value)}
        {last.actorName !== null && ` · ${last.actorName}`}
      </p>
    </div>
  )
}

function Running({ clock, ticket }: { readonly clock: DeadlineView; readonly ticket: TicketView }) {
  const look = lookOf(clock, minute.value)
  return (
    <div class={`clock-running clock-${look}`} data-testid={`clock-${clock.kind}`}>
      <p class="clock-left">
        <Icon name={look === 'paused' ? 'pause' : look === 'calm' ? 'clock' : 'alert'} />
        <strong>{leftText(clock, look, minute.value)}</strong>
      </p>
      <p>
        <Name clock={clock} /> {endText(clock, ticket)}
      </p>
      <p class="quiet" lang="vi">
        {clock.explanation}
      </p>
    </div>
  )
}

/** "Thời hạn: cán bộ đầu mối trả lời (08 giờ làm việc), theo Điều 9 khoản 3." */
function Name({ clock }: { readonly clock: DeadlineView }) {
  const { kind, round } = clock
  // Its first hour is for asking what is unclear; a case that came back is looked at as a whole.
  const what = t(kind === 'clarify' && round > 1 ? 'deadline.cameBack' : `deadline.${kind}`)
  const name = t('clock.name', { what, article: articleText(clock.article) })
  return <span>{round > 1 ? t('clock.round', { name, round }) : t('clock.once', { name })}</span>
}
