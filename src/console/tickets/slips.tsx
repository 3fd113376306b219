import type { SmsView } from '../../messages/contract.ts'
import type { OfficeCopy, TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { eventSentence } from './ticket-history.tsx'
import { Icon } from '../ui/icon.tsx'
import { moment } from '../ui/format.ts'

/** Slips sent, newest first, and what became of their SMS. */
export function Slips({ ticket }: { readonly ticket: TicketView }) {
  const slips = [...ticket.slips].sort((a, b) => b.version - a.version)
  if (slips.length === 0 && ticket.answer === null) return null
  return (
    <section class="sent" aria-label={t('slip.sentTitle')}>
      <h2 class="hidden">{t('slip.sentTitle')}</h2>
      {ticket.answer !== null && (
        <div class="sent-answer">
          <h3>{t('answer.given')}</h3>
          <p>{ticket.answer}</p>
        </div>
      )}
      {slips[0] !== undefined && <NobodyTold ticket={ticket} number={slips[0].number} />}
      {slips.map((slip) => (
        <article key={slip.number} class={slip.isReplaced ? 'slip slip-replaced' : 'slip'}>
          <h3>
            {t('slip.to', { unit: slip.unitName })}
            <span class="code">{slip.number}</span>
            {slip.isReplaced && <span class="tag">{t('slip.replaced')}</span>}
          </h3>
          <p>
            {slip.dueNow !== undefined && <strong>{t('slip.dueNow', { due: slip.dueNow })} · </strong>}
            {slip.dueText !== '' &&
              `${t(slip.dueNow === undefined ? 'slip.due' : 'slip.duePrinted', { due: slip.dueText })} · `}
            <span class="quiet">{t('slip.issued', { at: moment(slip.issuedAt, minute.value) })}</span>
          </p>
          <OfficeCopyLine copy={ticket.officeCopies.find(({ number }) => number === slip.number)} />
          <p class="slip-links">
            <a href={slip.path} target="_blank" rel="noreferrer">
              <Icon name="eye" />
              {t('slip.page')}
            </a>
            <a href={slip.pdfPath} target="_blank" rel="noreferrer">
              <Icon name="file" />
              {t('slip.pdf')}
            </a>
          </p>
        </article>
      ))}
      {ticket.messages.length > 0 && (
        <ul class="sms-list" aria-label={t('sms.title')} aria-live="polite">
          {ticket.messages.map((message) => (
            <SmsLine key={message.id} message={message} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** What became of the City Office's copy (Đ9.2); nothing for those who are not told. */
function OfficeCopyLine({ copy }: { readonly copy: OfficeCopy | undefined }) {
  if (copy === undefined) return null
  const at = moment(copy.seenAt ?? copy.since, minute.value)
  return (
    <p class="quiet">
      {copy.seenAt === null
        ? t('unseen.notYet', { at })
        : t('unseen.seen', { at, who: copy.seenByName ?? '' })}
    </p>
  )
}

/** The newest slip lies there and nobody knows: somebody has to ring. */
function NobodyTold({ ticket, number }: { readonly ticket: TicketView; readonly number: string }) {
  const event = ticket.events.findLast(
    ({ type, detail }) => type === 'slipNobodyTold' && detail['number'] === number,
  )
  if (event === undefined) return null
  return (
    <p class="problem" role="alert">
      {eventSentence(event)}
    </p>
  )
}

function SmsLine({ message }: { readonly message: SmsView }) {
  return (
    <li class="sms">
      <p>
        <Icon name="message" />
        <span>{t('sms.to', { who: message.toName ?? message.to })}</span>
        <span class={`sms-state sms-${message.state}`}>
          {message.waitsUntil === null
            ? t(`smsState.${message.state}`)
            : t('sms.waits', { at: moment(message.waitsUntil, minute.value) })}
        </span>
      </p>
      <p class="sms-text">{message.text}</p>
      {message.problem !== null && <p class="note note-bad">{message.problem}</p>}
    </li>
  )
}
