import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { StartTransfer } from '../../transfers/contract.ts'
import { codeOf, type Failure } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Check, Field } from '../ui/field.tsx'
import { chainOf, type Choice, MOST_TARGETS, movedUp } from './chain.ts'
import { targetWord } from './transfer-words.ts'

/** Whom to ring: the proposed numbers in order, or any other; then with or without the operator. */
export function TargetPicker(props: {
  readonly callId: string
  readonly ticketCode: string | null
  readonly onClose: () => void
}) {
  const desk = useConsole()
  const { choices, setChoices, problem, again } = useProposal(props.ticketCode)
  const [typed, setTyped] = useState('')
  const [underWay, setUnderWay] = useState<StartTransfer['mode'] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useLayoutEffect(() => form.current?.querySelector<HTMLInputElement>('[type=tel]')?.focus(), [])

  const wanted = chainOf(typed, choices ?? [])
  const chain = wanted.slice(0, MOST_TARGETS)
  const left = wanted.length - chain.length
  const start = async (mode: StartTransfer['mode']): Promise<void> => {
    if (underWay !== null || chain.length === 0) return
    setUnderWay(mode)
    setFailure(null)
    const failed = await desk.startTransfer({ callId: props.callId, mode, targets: chain })
    setUnderWay(null)
    if (failed === null) props.onClose()
    else setFailure(failed)
  }
  return (
    <form
      ref={form}
      class="transfer-picker"
      aria-label={t('transfer.pick')}
      onSubmit={(event) => {
        event.preventDefault()
        void start('consult')
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return
        event.stopPropagation()
        props.onClose()
      }}
    >
      <Field
        label={t('transfer.number')}
        type="tel"
        value={typed}
        onInput={setTyped}
        maxLength={32}
        {...(typed.trim() !== '' && chain.length > 1 ? { hint: t('transfer.numberFirst') } : {})}
      />
      {problem !== null && (
        <div class="problem" role="alert">
          <p>{t('transfer.proposalFailed', { why: errorText(problem) })}</p>
          <Button small onClick={again}>
            {t('transfer.proposalAgain')}
          </Button>
        </div>
      )}
      {choices === null && problem === null && <Skeleton rows={3} label={t('transfer.proposing')} />}
      {choices?.length === 0 && <p class="quiet">{t('transfer.noProposal')}</p>}
      {choices !== null && choices.length > 0 && (
        <ol class="target-list" aria-label={t('transfer.targets')}>
          {choices.map((choice, index) => (
            <Target
              key={choice.target.number}
              choice={choice}
              place={chain.indexOf(choice.target) + 1}
              first={index === 0}
              onChoose={(chosen) => {
                setChoices(choices.with(index, { ...choice, chosen }))
              }}
              onUp={() => {
                setChoices(movedUp(choices, index))
              }}
            />
          ))}
        </ol>
      )}
      {left > 0 && (
        <p class="problem" role="status">
          {t('transfer.tooMany', { most: MOST_TARGETS, left })}
        </p>
      )}
      {failure !== null && (
        <p class="problem" role="alert">
          {failure.subject !== undefined && chain.length > 1 && `${failure.subject}: `}
          {errorText(failure.code)}
        </p>
      )}
      <div class="transfer-steps">
        <Button
          type="submit"
          kind="primary"
          icon="phone"
          keys="Enter"
          busy={underWay === 'consult'}
          disabled={chain.length === 0 || underWay === 'blind'}
          testId="transfer-consult"
        >
          {t('transfer.consult')}
        </Button>
        <Button
          icon="send"
          busy={underWay === 'blind'}
          disabled={chain.length === 0 || underWay === 'consult'}
          testId="transfer-blind"
          onClick={() => {
            void start('blind')
          }}
        >
          {t('transfer.blind')}
        </Button>
        <Button kind="quiet" keys="Esc" onClick={props.onClose}>
          {t('transfer.close')}
        </Button>
      </div>
      <p class="quiet">
        {t('transfer.what')} {t('transfer.blindWhat')}
      </p>
    </form>
  )
}

/** The proposal for what the case says now, its last words included. */
function useProposal(ticketCode: string | null) {
  const desk = useConsole()
  const [choices, setChoices] = useState<readonly Choice[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [times, setTimes] = useState(0)
  useEffect(() => {
    let wanted = true
    const ask = async (): Promise<void> => {
      await desk.editor.value?.flush()
      return desk.api.transferProposal(ticketCode).then(
        ({ targets }) => {
          if (wanted) setChoices(targets.map((target) => ({ target, chosen: true })))
        },
        (cause: unknown) => {
          if (wanted) setProblem(codeOf(cause))
        },
      )
    }
    void ask()
    return () => {
      wanted = false
    }
  }, [ticketCode, times])
  const again = (): void => {
    setProblem(null)
    setTimes(times + 1)
  }
  return { choices, setChoices, problem, again }
}

function Target(props: {
  readonly choice: Choice
  /** Its turn, from 1; 0 when it is not rung. */
  readonly place: number
  readonly first: boolean
  readonly onChoose: (chosen: boolean) => void
  readonly onUp: () => void
}) {
  const { target, chosen } = props.choice
  const who = targetWord(target, target.number)
  return (
    <li class={props.place === 0 ? 'target target-off' : 'target'}>
      <span class="target-place" aria-hidden="true">
        {props.place === 0 ? '' : props.place}
      </span>
      <Check
        label={
          <>
            {who}
            {target.label !== '' && <span class="number target-number"> {target.number}</span>}
          </>
        }
        checked={chosen}
        onChange={props.onChoose}
      />
      <Button
        small
        kind="quiet"
        icon="up"
        label={t('transfer.up', { who })}
        disabled={props.first}
        onClick={props.onUp}
      />
    </li>
  )
}
