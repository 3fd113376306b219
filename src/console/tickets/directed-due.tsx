import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import type { DueAnswer } from '../../deadlines/contract.ts'
import { failureOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import { language } from '../state/preferences.ts'
import { Chips, Field } from '../ui/field.tsx'
import { workSpan } from './clock-words.ts'

/** Vietnam has had one offset since 1975. */
const CITY_OFFSET_MS = 7 * 3_600_000

/** Working hours that a directive gives most often; the second is what nobody has to choose. */
const HOURS = ['4', '8', '16', '40'] as const
type Hours = (typeof HOURS)[number]
const USUAL: Hours = '8'

/** Eight working hours of a unit from now on, as the service counted them last. */
const usual = signal({ unitId: '', at: '' })

/** What the form begins with for that unit, in the city's time; empty until the service has said so. */
export function usualDueOf(unitId: string): string {
  return usual.value.unitId === unitId ? usual.value.at : ''
}

type Answer = { readonly of: DueAnswer } | { readonly code: string }

/** By when the unit has to answer (row 20): working hours to choose from, or any day and hour, with what that comes to in hours of work. */
export function DirectedDue(props: {
  readonly label: string
  readonly value: string
  readonly unitId: string
  readonly onInput: (value: string) => void
}) {
  const { value, unitId } = props
  const { api } = useConsole()
  const begun = value === '' || value === usualDueOf(unitId)
  /** Null: the day and hour were typed. */
  const [hours, setHours] = useState<Hours | null>(begun ? USUAL : null)
  /** What nobody chose is not kept as somebody's words. */
  const [isTheirs, setTheirs] = useState(!begun)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const now = localTime(minute.value)

  useEffect(
    () => () => {
      usual.value = { unitId: '', at: '' }
    },
    [],
  )
  useEffect(() => {
    if (hours === null && value === '') {
      setAnswer(null)
      return
    }
    let isOver = false
    const unit = unitId === '' ? {} : { unitId }
    const amount = hours === null ? { until: value } : { hours: Number(hours) }
    api.due({ from: now, ...amount, ...unit, language: language.value }).then(
      (of) => {
        if (isOver) return
        setAnswer({ of })
        const at = localTime(Date.parse(of.dueAt))
        if (hours === USUAL) usual.value = { unitId, at }
        if (hours !== null && isTheirs) props.onInput(at)
      },
      (cause: unknown) => {
        if (!isOver) setAnswer({ code: failureOf(cause).code })
      },
    )
    return () => {
      isOver = true
    }
  }, [hours, isTheirs, hours === null ? value : '', unitId, now])

  return (
    <div class="directed-due">
      <Chips
        legend={t('directedDue.quick')}
        value={hours}
        options={HOURS.map((one) => ({ value: one, label: t('directedDue.hours', { hours: Number(one) }) }))}
        onChange={(chosen: Hours) => {
          setHours(chosen)
          setTheirs(true)
        }}
      />
      <Field
        label={props.label}
        type="datetime-local"
        value={value}
        onInput={(typed) => {
          setHours(null)
          setTheirs(true)
          props.onInput(typed)
        }}
        required
      />
      <p class="quiet" role="status">
        {answer !== null && wordsOf(answer)}
      </p>
    </div>
  )
}

function wordsOf(answer: Answer): string {
  if ('code' in answer)
    return errorText(answer.code === 'CALENDAR_ENDED' ? 'DIRECTED_DUE_NO_CALENDAR' : answer.code)
  const { minutes, calendarName } = answer.of
  return minutes === 0
    ? t('directedDue.none')
    : t('directedDue.working', { span: workSpan(minutes), calendar: calendarName })
}

/** "2026-03-06T16:45" in the city. */
function localTime(ms: number): string {
  return new Date(ms + CITY_OFFSET_MS).toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length)
}
