import { useState } from 'preact/hooks'
import type { Unit } from '../../agencies/contract.ts'
import type { DueAnswer, DueQuery } from '../../deadlines/contract.ts'
import { type Failure, failureOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { errorText } from '../state/failure-words.ts'
import { language } from '../state/preferences.ts'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Chips, Field } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'

const OFFSET_MS = 7 * 3_600_000
type Kind = 'hours' | 'days'

/** "When would that be due, and why then?", by the city's hours or a unit's. */
export function DueForm(props: {
  readonly units: readonly Pick<Unit, 'id' | 'name' | 'calendar'>[]
  readonly ask: (query: DueQuery) => Promise<DueAnswer>
}) {
  const [from, setFrom] = useState(() =>
    new Date(minute.value + OFFSET_MS).toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length),
  )
  const [kind, setKind] = useState<Kind>('hours')
  const [amount, setAmount] = useState('8')
  const [unitId, setUnitId] = useState<string | null>(null)
  const [answer, setAnswer] = useState<DueAnswer | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const number = Number(amount.trim().replace(',', '.'))
  const usable = from !== '' && number > 0 && (kind === 'hours' || Number.isInteger(number))

  const ask = async (): Promise<void> => {
    if (!usable || busy) return
    setBusy(true)
    try {
      const unit = unitId === null ? {} : { unitId }
      setAnswer(await props.ask({ from, [kind]: number, ...unit, language: language.value }))
      setFailure(null)
    } catch (cause) {
      setAnswer(null)
      setFailure(failureOf(cause))
    }
    setBusy(false)
  }

  return (
    <section class="calendar-card due-form" aria-labelledby="due-form">
      <h2 id="due-form">{t('calendar.try')}</h2>
      <Field
        label={t('calendar.from')}
        type="datetime-local"
        value={from}
        onInput={setFrom}
        onEnter={() => void ask()}
        required
      />
      <Chips
        legend={t('calendar.span')}
        value={kind}
        options={[
          { value: 'hours', label: t('calendar.span.hours') },
          { value: 'days', label: t('calendar.span.days') },
        ]}
        onChange={(wanted: Kind) => {
          setKind(wanted)
          setAmount(wanted === 'hours' ? '8' : '2')
        }}
      />
      <Field
        label={t(`calendar.amount.${kind}`)}
        value={amount}
        onInput={setAmount}
        onEnter={() => void ask()}
        maxLength={8}
        required
        hint={t(`calendar.hint.${kind}`)}
      />
      <Combobox
        label={t('calendar.unit')}
        value={unitId}
        options={props.units.map(({ id, name, calendar }) => ({
          value: id,
          label: name,
          ...(calendar === undefined ? {} : { hint: t('calendar.ownHours') }),
        }))}
        onChange={setUnitId}
        placeholder={t('calendar.anyUnit')}
      />
      <Button kind="primary" busy={busy} disabled={!usable} onClick={() => void ask()}>
        {t('calendar.ask')}
      </Button>
      <div role="status" class="due-answer">
        {answer !== null && (
          <>
            <p class="due-answer-at">{t('calendar.dueAt', { at: moment(answer.dueAt, 0) })}</p>
            <p>{answer.explanation}</p>
            <p class="quiet">{t('calendar.by', { name: answer.calendarName })}</p>
          </>
        )}
        {failure !== null && <p class="problem">{failureText(failure)}</p>}
      </div>
    </section>
  )
}

function failureText({ code, subject }: Failure): string {
  return code === 'CALENDAR_ENDED' && subject !== undefined
    ? t('calendar.missing', { year: subject })
    : errorText(code)
}
