import type { ComponentChildren, ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Button } from '../ui/button.tsx'
import { dialable } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { AnswerFiles } from './answer-files.tsx'
import { Attachments } from './attachments.tsx'
import { CaseClock } from './case-clock.tsx'
import { CoHandlingPanel } from './co-handling-panel.tsx'
import { goToMoves, MovesPanel } from './moves-panel.tsx'
import { Slips } from './slips.tsx'
import { TicketHead } from './ticket-head.tsx'
import { useSeenWhenOpened } from './unseen.tsx'
import { WorkNotes } from './work-notes.tsx'

/** The case to read, as far as its reader may, and what the reader may do with it: for units and the City Office, often on a phone. */
export function CaseSheet(props: {
  readonly ticket: TicketView
  readonly editor: TicketEditor
  readonly onClose?: (() => void) | undefined
}) {
  const { ticket, editor } = props
  const { sight } = ticket
  useSeenWhenOpened(ticket)
  return (
    <article class="ticket sheet" data-testid="case-sheet" aria-label={t('ticket.title')}>
      <div class="ticket-bar">
        <TicketHead ticket={ticket} />
        {props.onClose !== undefined && (
          <Button kind="quiet" small icon="close" label={t('ticket.close')} onClick={props.onClose} />
        )}
      </div>
      {sight === 'mask' && (
        <Notice text={t('sight.mask', { who: ticket.operatorName ?? t('popEnd.somebody') })} />
      )}
      {sight === 'ownSlips' && <Notice text={t('sight.ownSlips')} />}
      {sight === 'coHandling' && <Notice text={t('sight.coHandling')} />}
      {sight !== 'mask' && sight !== 'ownSlips' && <CaseClock ticket={ticket} onNext={goToMoves} />}
      {sight !== 'mask' && (
        <>
          <Matter ticket={ticket} />
          {ticket.attachments.length > 0 && <Attachments ticket={ticket} onChanged={editor.attach} />}
          <AnswerFiles ticket={ticket} />
          <Slips ticket={ticket} />
          <CoHandlingPanel key={`co ${ticket.code}`} ticket={ticket} editor={editor} />
          <MovesPanel key={`moves ${ticket.code}`} ticket={ticket} editor={editor} />
          {sight === 'whole' && <Recordings key={`recordings ${ticket.code}`} code={ticket.code} />}
          {sight !== 'ownSlips' && <WorkNotes key={`notes ${ticket.code}`} ticket={ticket} editor={editor} />}
        </>
      )}
    </article>
  )
}

/** A unit asks for the recordings of its cases (Đ10.1); what it asks with comes when such a case is opened. */
function Recordings({ code }: { readonly code: string }) {
  const role = useConsole().session.value?.person.role
  const isOfUnit = role === 'officer' || role === 'head'
  const [Panel, setPanel] = useState<ComponentType<{ readonly code: string }> | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    if (!isOfUnit) return
    import('../other-pages.ts').then(
      ({ DisclosurePanel }) => {
        setPanel(() => DisclosurePanel)
      },
      () => {
        setFailed(true)
      },
    )
  }, [isOfUnit])
  if (failed) return <p class="note note-bad">{t('part.notLoaded')}</p>
  return Panel === null ? null : <Panel code={code} />
}

function Notice({ text }: { readonly text: string }) {
  return (
    <p class="sheet-notice" role="note">
      <Icon name="shield" />
      <span>{text}</span>
    </p>
  )
}

function Matter({ ticket }: { readonly ticket: TicketView }) {
  const directory = useConsole().directory.value
  const { form, sight } = ticket
  const field = directory?.categories
    .flatMap((category) => category.fields)
    .find(({ id }) => id === form.fieldId)
  const area = directory?.areas.find(({ id }) => id === form.areaId)
  const place = [form.place, area?.name ?? ''].filter((part) => part !== '').join(', ')
  return (
    <>
      <h2 class="sheet-subject">{form.title === '' ? t('ticket.noTitle') : form.title}</h2>
      <p class="sheet-tags">
        {form.urgent && <span class="tag tag-bad">{t('tag.urgent')}</span>}
        {form.confidential && <span class="tag">{t('tag.confidential')}</span>}
      </p>
      <dl class="sheet-facts">
        <Fact label={t('field.content')}>{form.content === '' ? t('ticket.noContent') : form.content}</Fact>
        {form.kind !== null && <Fact label={t('field.kind')}>{t(`kind.${form.kind}`)}</Fact>}
        {field !== undefined && <Fact label={t('field.field')}>{field.name}</Fact>}
        {place !== '' && <Fact label={t('field.place')}>{place}</Fact>}
        {sight !== 'ownSlips' && (
          <Fact label={t('reporter.title')}>
            {sight === 'whole' ? (
              <Reporter reporter={form.reporter} />
            ) : form.confidential ? (
              t('sight.confidential')
            ) : (
              t('sight.reporterNotYours')
            )}
          </Fact>
        )}
        {ticket.handler !== null && <Fact label={t('note.handlerNow')}>{ticket.handler}</Fact>}
        {ticket.agencyAnswer !== null && <Fact label={t('moveInput.result')}>{ticket.agencyAnswer}</Fact>}
      </dl>
    </>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** The unit answers the citizen itself (Đ9.3): the number is one touch away. */
function Reporter({ reporter }: { readonly reporter: TicketView['form']['reporter'] }) {
  const rest = [reporter.organisation, reporter.address, reporter.email].filter(
    (part) => part !== null && part !== '',
  )
  return (
    <>
      <span>{reporter.name === '' ? t('caller.noName') : reporter.name}</span>
      {reporter.phone !== null && reporter.phone !== '' && (
        <a class="number sheet-phone" href={`tel:${dialable(reporter.phone)}`}>
          <Icon name="phone" />
          {reporter.phone}
        </a>
      )}
      {rest.length > 0 && <span class="quiet">{rest.join(' · ')}</span>}
    </>
  )
}
