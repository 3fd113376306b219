import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { TicketMove, TicketView } from '../../tickets/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Chips, Field } from '../ui/field.tsx'
import { Restored } from '../ui/use-kept-words.tsx'
import { AnswerDraftFiles } from './answer-files.tsx'
import { DirectedDue } from './directed-due.tsx'
import {
  inputsOf,
  LEAD_CASES,
  LENGTHS,
  MOMENTS,
  missingInput,
  MOVE_FORMS,
  type MoveInput,
  REFUSED_INPUT,
  SECOND_STEPS,
  REPLY_WAYS,
  TOLD_WAYS,
  TRY_ENDS,
  unitsFor,
} from './move-fields.ts'
import { UnitReach } from './unit-reach.tsx'
import { RefusalChoice } from './refusal-choice.tsx'
import { suggestion } from './suggestion.ts'

/** What was refused or is missing, in the catalogue's code; a new one each time, so that the same is said again. */
export interface MoveProblem {
  readonly code: string
}

type MoveFormInput = (typeof MOVE_FORMS)[TicketMove]['inputs'][number]

interface MoveFormProps {
  readonly move: TicketMove
  readonly ticket: TicketView
  readonly busy: boolean
  readonly problem: MoveProblem | null
  /** What stands in it is from before the page was loaded: throws it away. */
  readonly restored: (() => void) | null
  /** Somebody opened it: the cursor goes into its first field. */
  readonly takeFocus: boolean
  readonly valueOf: (name: MoveInput) => string
  readonly onInput: (name: MoveInput, value: string) => void
  readonly onSend: () => void
  /** The case as it is after something that is no move. */
  readonly onTicket: (ticket: TicketView) => void
  readonly onClose: () => void
}

/** The form of one move: its questions, what was refused, and one button named by what it does. */
export function MoveForm(props: MoveFormProps) {
  const { move, problem } = props
  /** Files on their way: the answer must not go without them. */
  const [isSending, setSending] = useState(false)
  const busy = props.busy || isSending
  const { isFinal } = MOVE_FORMS[move]
  const inputs = inputsOf(move, props.ticket)
  const second = SECOND_STEPS[move]
  const root = useRef<HTMLDivElement>(null)
  // Without questions the form itself is what asks once more.
  const [asked, setAsked] = useState(inputs.length === 0)
  const focusOn = (name: MoveInput | undefined): void => {
    const place = name === undefined ? root.current : root.current?.querySelector(`[data-input="${name}"]`)
    place?.querySelector<HTMLElement>('input, textarea, .button-primary, .button-bad')?.focus()
  }
  useLayoutEffect(() => {
    if (props.takeFocus) focusOn(inputs[0]?.name)
  }, [])
  useLayoutEffect(() => {
    if (problem === null) return
    setAsked(inputs.length === 0)
    const at = REFUSED_INPUT[problem.code]
    if (at !== undefined) focusOn(at)
  }, [problem])

  const send = (): void => {
    if (busy) return
    if (isFinal && !asked && missingInput(move, props.valueOf, props.ticket) === null) setAsked(true)
    else props.onSend()
  }
  const sure = isFinal && asked
  const plain = inputs.filter(({ isFolded }) => isFolded !== true)
  const folded = inputs.filter(({ isFolded }) => isFolded === true)
  // What is written there is never out of sight.
  const isNamed = folded.some(({ name }) => props.valueOf(name) !== '')
  const place = ({ name, required }: MoveFormInput) => (
    <div key={name} data-input={name}>
      <Input
        {...props}
        name={name}
        required={required}
        onInput={(changed, value) => {
          setAsked(false)
          props.onInput(changed, value)
        }}
      />
    </div>
  )
  const unitName = useUnitName(props.valueOf('unitId'))
  return (
    <div
      ref={root}
      class="move-form"
      role="group"
      aria-label={t(`move.${move}`)}
      onKeyDown={(event) => {
        if (event.isComposing) return
        if (event.key === 'Escape') props.onClose()
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
        else return
        event.preventDefault()
        event.stopPropagation() // the page's own Ctrl+Enter is another button's
      }}
    >
      <h2>{t(`move.${move}`)}</h2>
      {props.restored !== null && <Restored onDiscard={props.restored} />}
      {(move === 'citizenUnreachable' || move === 'relayAnswer') && props.ticket.citizenTries > 0 && (
        <p class="move-note">{t('tries.made', { count: props.ticket.citizenTries })}</p>
      )}
      {second !== undefined && (
        <p class="move-note" role="alert">
          {errorText(second.after)}
        </p>
      )}
      {plain.map(place)}
      {folded.length > 0 && (
        <details class="moves-folded" open={isNamed || undefined}>
          <summary>{t('move.document')}</summary>
          {folded.map(place)}
        </details>
      )}
      {move === 'submitAnswer' && (
        <AnswerDraftFiles ticket={props.ticket} onChanged={props.onTicket} onSending={setSending} />
      )}
      {problem !== null && problem.code !== second?.after && (
        <p class="problem" role="alert">
          {errorText(problem.code)}
        </p>
      )}
      {sure && (
        <p class="move-sure" role="alert">
          {tOr(`move.sure.${move}`, 'move.sureEnd')}
        </p>
      )}
      <div class="move-do">
        <Button
          kind={sure ? 'bad' : 'primary'}
          icon={sure ? 'alert' : 'check'}
          keys="Ctrl+Enter"
          busy={busy}
          testId="move-send"
          onClick={send}
        >
          {sure ? t('move.sureDo', { do: t(`move.do.${move}`) }) : t(`move.do.${move}`, { unit: unitName })}
        </Button>
        <Button kind="quiet" keys="Esc" onClick={props.onClose}>
          {t('move.cancel')}
        </Button>
      </div>
    </div>
  )
}

function Input(props: MoveFormProps & { readonly name: MoveInput; readonly required: boolean }) {
  const { move, name, required, ticket } = props
  const units = useConsole().directory.value?.units ?? []
  const value = props.valueOf(name)
  const word = tOr(`moveInput.${name}.${move}`, `moveInput.${name}`)
  const label = required ? word : t('moveInput.optional', { label: word })
  const set = (next: string | null): void => {
    props.onInput(name, next ?? '')
  }
  switch (name) {
    case 'told':
      return (
        <Chips
          legend={label}
          value={TOLD_WAYS.find((way) => way === value) ?? null}
          options={TOLD_WAYS.map((way) => ({ value: way, label: t(`told.${way}`) }))}
          onChange={set}
        />
      )
    case 'triedBy':
      return (
        <Chips
          legend={label}
          value={TOLD_WAYS.find((way) => way === value) ?? null}
          options={TOLD_WAYS.map((way) => ({ value: way, label: t(`triedBy.${way}`) }))}
          onChange={set}
        />
      )
    case 'replied':
      return (
        <Chips
          legend={label}
          value={REPLY_WAYS.find((way) => way === value) ?? null}
          options={REPLY_WAYS.map((way) => ({ value: way, label: t(`replied.${way}`) }))}
          onChange={set}
        />
      )
    case 'tryOutcome':
      return (
        <Chips
          legend={label}
          value={TRY_ENDS.find((one) => one === value) ?? null}
          options={TRY_ENDS.map((one) => ({ value: one, label: t(`tryOutcome.${one}`) }))}
          onChange={set}
        />
      )
    case 'reasonCode':
      return <RefusalChoice value={value} valueOf={(of) => props.valueOf(of)} onInput={props.onInput} />
    case 'leadReason':
      return (
        <Chips
          legend={label}
          value={LEAD_CASES.find((one) => one === value) ?? null}
          options={LEAD_CASES.map((one) => ({ value: one, label: t(`leadReason.${one}`) }))}
          onChange={set}
        />
      )
    case 'unitId': {
      const suggested = suggestion.value
      return (
        <>
          <Combobox
            label={label}
            value={value === '' ? null : value}
            options={unitsFor(move, units, suggested, ticket.unitId).map(({ id, name: unitName }) => ({
              value: id,
              label: unitName,
              ...(suggested.includes(id) ? { hint: t('unit.suggested') } : {}),
            }))}
            onChange={set}
          />
          {(move === 'direct' || move === 'reroute') && (
            <UnitReach unit={units.find(({ id }) => id === value)} />
          )}
        </>
      )
    }
    case 'dueAt':
      return <DirectedDue label={label} value={value} unitId={props.valueOf('unitId')} onInput={set} />
    case 'promisedAt':
    case 'triedAt':
    case 'repliedAt':
    case 'parentCode':
    case 'reason':
    case 'redirect':
    case 'question':
    case 'result':
    case 'documentNo':
    case 'signer':
    case 'documentDate':
    case 'directive': {
      const hint = tOr(`moveHint.${name}.${move}`, 'event.word', { word: '' })
      return (
        <Field
          label={label}
          value={value}
          onInput={set}
          required={required}
          maxLength={LENGTHS[name]}
          {...(MOMENTS.includes(name) ? { type: 'datetime-local' as const } : {})}
          {...(name === 'documentDate' ? { type: 'date' as const } : {})}
          {...(ROWS[name] === undefined ? {} : { rows: ROWS[name] })}
          {...(hint === '' ? {} : { hint })}
          {...(name === 'parentCode' ? { placeholder: ticket.code.replace(/\d{6}$/, '000123') } : {})}
        />
      )
    }
  }
}

/** Lines a text begins with; it grows with its words. */
const ROWS: Readonly<Partial<Record<MoveInput, number>>> = {
  reason: 2,
  redirect: 1,
  question: 2,
  result: 4,
  directive: 3,
}

function useUnitName(unitId: string): string {
  const units = useConsole().directory.value?.units ?? []
  return units.find(({ id }) => id === unitId)?.name ?? t('clock.aUnit')
}
