import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { CoAction, TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Field } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'
import { Restored, useKeptWords } from '../ui/use-kept-words.tsx'
import { useAct } from './use-act.ts'

/** The form that is open: what is to be done, and for a removal, with whom. */
interface OpenForm {
  readonly action: CoAction
  readonly unitId: string | null
}

interface PanelProps {
  readonly ticket: TicketView
  readonly editor: TicketEditor
}

/** The City Office leads, or led when the answer was given; its unit stands there still, as whose case it was (Đ9.5). */
function isLedByOffice({ state, events }: TicketView): boolean {
  if (state === 'cityOffice') return true
  const isAnswered = ['agencyAnswered', 'answered', 'closed'].includes(state)
  return (
    isAnswered && events.findLast(({ type }) => type === 'agencyAnswered')?.detail['from'] === 'cityOffice'
  )
}

/** Units that work on the case beside the one that leads (Đ9.5a), what they say, and what the reader may do about it. */
export function CoHandlingPanel({ ticket, editor }: PanelProps) {
  const [open, setOpen] = useState<OpenForm | null>(null)
  const section = useRef<HTMLElement>(null)
  const { units, statements, actions } = ticket.coHandling
  if (units.length === 0 && statements.length === 0 && actions.length === 0) return null
  // The case may have moved on while somebody typed: the form stays, and the server says why it is too late.
  const close = (): void => {
    setOpen(null)
    section.current?.focus({ preventScroll: true })
  }
  const formOf = (action: CoAction, unitId: string | null = null) =>
    open?.action === action &&
    open.unitId === unitId && <CoForm ticket={ticket} editor={editor} form={open} onClose={close} />
  return (
    <section ref={section} class="co-handling" aria-label={t('co.title')} tabIndex={-1}>
      <h2>{t('co.title')}</h2>
      {isLedByOffice(ticket) ? (
        <p class="quiet">
          {ticket.unitName === null ? t('co.leadOffice') : t('co.leadOfficeAfter', { unit: ticket.unitName })}
        </p>
      ) : (
        ticket.unitName !== null && <p class="quiet">{t('co.lead', { unit: ticket.unitName })}</p>
      )}
      {units.length === 0 && <p class="quiet">{t('co.none')}</p>}
      <ul class="co-units">
        {units.map((unit) => (
          <li key={unit.unitId}>
            <p>
              <strong>{unit.unitName}</strong>
              {actions.includes('remove') && (
                <Button
                  kind="quiet"
                  small
                  icon="close"
                  label={t('co.removeOf', { unit: unit.unitName })}
                  onClick={() => {
                    setOpen({ action: 'remove', unitId: unit.unitId })
                  }}
                >
                  {t('co.remove')}
                </Button>
              )}
            </p>
            <p class="quiet">
              {t('co.since', {
                number: unit.slipNumber,
                at: moment(unit.addedAt, minute.value),
                reason: unit.reason,
              })}
            </p>
            {formOf('remove', unit.unitId)}
          </li>
        ))}
      </ul>
      {statements.length > 0 && <Statements statements={statements} />}
      <div class="co-actions">
        {actions
          .filter((action) => action !== 'remove')
          .map((action) => (
            <Button
              key={action}
              small
              expanded={open?.action === action}
              testId={`co-${action}`}
              onClick={() => {
                setOpen(open?.action === action ? null : { action, unitId: null })
              }}
            >
              {t(`co.${action}`)}
            </Button>
          ))}
      </div>
      {formOf('add')}
      {formOf('contribute')}
      {formOf('disagree')}
    </section>
  )
}

function Statements({ statements }: { readonly statements: TicketView['coHandling']['statements'] }) {
  return (
    <ul class="co-statements" aria-label={t('co.statements')}>
      {statements.map((one) => (
        <li key={`${one.at} ${one.unitName}`}>
          <p>
            <strong>{one.unitName}</strong>
            {one.isDisagreement && <span class="tag tag-bad">{t('co.disagrees')}</span>}
            <span class="quiet">
              {[one.byName, moment(one.at, minute.value)].filter((part) => part !== null).join(', ')}
            </span>
          </p>
          <p class="co-text">{one.text}</p>
        </li>
      ))}
    </ul>
  )
}

function CoForm({
  ticket,
  editor,
  form,
  onClose,
}: PanelProps & { readonly form: OpenForm; readonly onClose: () => void }) {
  const desk = useConsole()
  const { action } = form
  const [unitId, setUnitId] = useState<string | null>(null)
  const kept = useKeptWords(`co:${ticket.code}:${action}:${form.unitId ?? ''}`)
  const { words = '' } = kept.values
  const [problem, setProblem] = useState<string | null>(null)
  const root = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    root.current?.querySelector<HTMLElement>('input, textarea')?.focus()
  }, [])
  const { busy, act } = useAct(editor, setProblem)
  const request = (code: string, version: number): Promise<TicketView> => {
    const text = words.trim()
    switch (action) {
      case 'add':
        return desk.api.addCoHandler(code, { version, unitId: unitId ?? '', reason: text })
      case 'remove':
        return desk.api.removeCoHandler(code, form.unitId ?? '', { version, reason: text })
      case 'contribute':
        return desk.api.contribute(code, { text })
      case 'disagree':
        return desk.api.disagree(code, { version, position: text })
    }
  }
  const send = async (): Promise<void> => {
    if (busy) return
    if (action === 'add' && unitId === null) setProblem('UNIT_REQUIRED')
    else if (words.trim() === '') setProblem('REASON_REQUIRED')
    else if (await act(request, t(`co.done.${action}`))) {
      kept.clear()
      onClose()
    }
  }
  const taken = [ticket.unitId, ...ticket.coHandling.units.map((unit) => unit.unitId)]
  const options = (desk.directory.value?.units ?? [])
    .filter(({ id }) => !taken.includes(id))
    .map(({ id, name }) => ({ value: id, label: name }))
  const isReason = action === 'add' || action === 'remove'
  return (
    <div
      ref={root}
      class="move-form"
      role="group"
      aria-label={t(`co.${action}`)}
      onKeyDown={(event) => {
        if (event.isComposing) return
        if (event.key === 'Escape') onClose()
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
        else return
        event.preventDefault()
        event.stopPropagation() // the page's own Ctrl+Enter is another button's
      }}
    >
      {kept.restored && <Restored onDiscard={kept.clear} />}
      {action === 'add' && (
        <Combobox
          label={t('co.unit')}
          value={unitId}
          options={options}
          onChange={(value) => {
            setProblem(null)
            setUnitId(value)
          }}
        />
      )}
      <Field
        label={isReason ? t('co.reason') : t(action === 'contribute' ? 'co.text' : 'co.position')}
        value={words}
        rows={3}
        required
        maxLength={isReason ? 2000 : 4000}
        {...(action === 'disagree' ? { hint: t('co.positionHint') } : {})}
        onInput={(value) => {
          setProblem(null)
          kept.change({ words: value })
        }}
      />
      {problem !== null && (
        <p class="problem" role="alert">
          {errorText(problem)}
        </p>
      )}
      <div class="move-do">
        <Button
          kind={action === 'disagree' || action === 'remove' ? 'bad' : 'primary'}
          icon="check"
          keys="Ctrl+Enter"
          busy={busy}
          testId="co-send"
          onClick={() => {
            void send()
          }}
        >
          {t(`co.do.${action}`)}
        </Button>
        <Button kind="quiet" keys="Esc" onClick={onClose}>
          {t('move.cancel')}
        </Button>
      </div>
    </div>
  )
}
