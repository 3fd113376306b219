import { useRef, useState } from 'preact/hooks'
import type { Unit } from '../../agencies/contract.ts'
import type { TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Chips, Field } from '../ui/field.tsx'
import { suggestedByUnit } from './move-fields.ts'
import { suggestion } from './suggestion.ts'
import { UnitReach } from './unit-reach.tsx'
import { useAct } from './use-act.ts'
import type { RouteOverride } from '../../tickets/contract.ts'
import { Restored, useKeptWords } from '../ui/use-kept-words.tsx'
import { givenReason, ROUTE_CODES, RouteReason } from './route-reason.tsx'

type Step = 'sendSlip' | 'answer' | 'receive'
const STEPS = ['sendSlip', 'answer', 'receive'] as const satisfies readonly Step[]

/** What happens next to the case: one primary action, named by what it does. */
export function NextStep({ ticket, editor }: { readonly ticket: TicketView; readonly editor: TicketEditor }) {
  const offered = STEPS.filter((step) => ticket.actions.includes(step))
  const words = useKeptWords(`next:${ticket.code}`)
  const chosen = STEPS.find((known) => known === words.values['$step']) ?? 'sendSlip'
  const step = offered.includes(chosen) ? chosen : offered[0]
  const again = ticket.slips.length > 0
  const [opened, setOpened] = useState(words.restored)
  if (step === undefined) return null
  if (again && !opened) {
    return (
      <div class="next-again">
        <Button
          small
          icon="send"
          onClick={() => {
            setOpened(true)
          }}
        >
          {t('slip.again')}
        </Button>
      </div>
    )
  }
  return (
    <section class="next" aria-label={t('next.title')}>
      {offered.length > 1 && (
        <Chips
          legend={t('next.title')}
          value={step}
          options={offered.map((option) => ({ value: option, label: t(`next.${option}`) }))}
          onChange={($step) => {
            words.change({ $step })
          }}
        />
      )}
      {words.restored && <Restored onDiscard={words.clear} />}
      {step === 'sendSlip' && (
        <SlipStep
          ticket={ticket}
          editor={editor}
          words={words}
          onSent={() => {
            setOpened(false)
          }}
        />
      )}
      {step === 'answer' && <AnswerStep ticket={ticket} editor={editor} words={words} />}
      {step === 'receive' && <ReceiveStep ticket={ticket} editor={editor} />}
    </section>
  )
}

interface StepProps {
  readonly ticket: TicketView
  readonly editor: TicketEditor
}

type WordsProps = StepProps & { readonly words: ReturnType<typeof useKeptWords> }

function SlipStep({ ticket, editor, words, onSent }: WordsProps & { readonly onSent: () => void }) {
  const desk = useConsole()
  const { busy, act } = useAct(editor)
  const { note = '', $unitId: picked, $reason, text = '' } = words.values
  const reasonCode = ROUTE_CODES.find((known) => known === $reason)
  const why: Partial<RouteOverride> = { text, ...(reasonCode === undefined ? {} : { reason: reasonCode }) }
  const units = desk.directory.value?.units ?? []
  const elsewhere = units.filter((candidate) => !hasCase(ticket, candidate))
  const suggested = suggestion.value
  const unitId =
    (picked === undefined || picked === '' ? null : picked) ??
    suggestedByUnit(ticket) ??
    suggested.find((id) => elsewhere.some((candidate) => candidate.id === id)) ??
    null
  const unit = elsewhere.find((candidate) => candidate.id === unitId)
  const ordered = [...elsewhere].sort((a, b) => rank(suggested, a.id) - rank(suggested, b.id))
  const named = suggestedByUnit(ticket)
  const isOther =
    unit !== undefined && suggested.length > 0 && !suggested.includes(unit.id) && unit.id !== named
  const override = givenReason(why)
  const lacking =
    unit === undefined ? 'slip.chooseFirst' : isOther && override === null ? 'route.sayFirst' : null
  const [isAsked, setAsked] = useState(false)
  const row = useRef<HTMLDivElement>(null)
  const send = async (): Promise<void> => {
    setAsked(lacking !== null)
    if (unit === undefined || lacking !== null) {
      const place =
        lacking === 'route.sayFirst'
          ? row.current?.parentElement?.querySelector('[data-part="why"]')
          : row.current
      place?.querySelector<HTMLElement>('input, textarea')?.focus()
      return
    }
    const reason = isOther && override !== null ? { override } : {}
    const sent = await act(
      (code, version) => desk.api.sendSlip(code, { version, unitId: unit.id, note, ...reason }),
      t('slip.sent', { unit: unit.name }),
    )
    if (sent) {
      words.clear()
      onSent()
    }
  }
  return (
    <>
      <div ref={row} class="row">
        <Combobox
          label={t('slip.unit')}
          value={unitId}
          options={ordered.map((candidate) => ({
            value: candidate.id,
            label: candidate.name,
            ...(suggested.includes(candidate.id) ? { hint: t('unit.suggested') } : {}),
          }))}
          onChange={(id) => {
            words.change({ $unitId: id ?? '' })
          }}
        />
        <Field
          label={t('slip.note')}
          rows={1}
          value={note}
          onInput={(typed) => {
            words.change({ note: typed, $step: 'sendSlip' })
          }}
          maxLength={2000}
        />
      </div>
      <UnitReach unit={unit} />
      {isOther && (
        <div data-part="why">
          <RouteReason
            suggestedName={units.find(({ id }) => id === suggested[0])?.name ?? ''}
            value={why}
            onChange={({ reason, text: said = '' }) => {
              words.change({ text: said, ...(reason === undefined ? {} : { $reason: reason }) })
            }}
          />
        </div>
      )}
      {isAsked && lacking !== null && (
        <p class="problem" role="alert">
          {t(lacking)}
        </p>
      )}
      <Button
        kind="primary"
        icon="send"
        keys="Ctrl+Enter"
        busy={busy}
        testId="send-slip"
        onClick={() => {
          void send()
        }}
      >
        {lacking === null ? t('slip.send', { unit: unit?.name ?? '' }) : t(lacking)}
      </Button>
    </>
  )
}

function AnswerStep({ editor, words }: WordsProps) {
  const desk = useConsole()
  const { busy, act } = useAct(editor)
  const { answer = '', source = '' } = words.values
  const give = async (): Promise<void> => {
    const given = await act(
      (code, version) => desk.api.answerTicket(code, { version, answer: answer.trim(), source }),
      t('answer.done'),
    )
    if (given) words.clear()
  }
  return (
    <>
      <Field
        label={t('answer.text')}
        rows={3}
        value={answer}
        onInput={(typed) => {
          words.change({ answer: typed, $step: 'answer' })
        }}
        maxLength={8000}
        required
      />
      <Field
        label={t('answer.source')}
        value={source}
        onInput={(typed) => {
          words.change({ source: typed, $step: 'answer' })
        }}
        maxLength={240}
        placeholder={t('answer.sourceHint')}
      />
      <Button
        kind="primary"
        icon="check"
        keys="Ctrl+Enter"
        busy={busy}
        disabled={answer.trim() === ''}
        onClick={() => {
          void give()
        }}
      >
        {t('answer.give')}
      </Button>
    </>
  )
}

function ReceiveStep({ editor }: StepProps) {
  const desk = useConsole()
  const { busy, act } = useAct(editor)
  return (
    <>
      <p class="quiet">{t('receive.what')}</p>
      <Button
        kind="primary"
        icon="check"
        keys="Ctrl+Enter"
        busy={busy}
        onClick={() => {
          void act((code, version) => desk.api.receiveTicket(code, version), t('receive.done'))
        }}
      >
        {t('receive.do')}
      </Button>
    </>
  )
}

/** With it already, or with the unit whose work it does now: that one is reminded, and gets no second slip (Đ9.3, A10). */
function hasCase({ state, unitId, unitNowName }: TicketView, { id, name }: Unit): boolean {
  return state === 'assigned' && (id === unitId || name === unitNowName)
}

function rank(suggested: readonly string[], unitId: string): number {
  const at = suggested.indexOf(unitId)
  return at === -1 ? suggested.length : at
}
