import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Check, Chips, Field } from '../ui/field.tsx'
import { areHours, type Day, type DayFace, hoursOfText } from './calendar-draft.ts'
import { dateText } from './calendar-words.ts'

type Choice = 'usual' | 'off' | 'hours'

/** What one date is to be: as usual, off, or worked at certain hours, and by which reason. */
export function DayDialog(props: {
  readonly face: DayFace
  /** Hours to offer where the day has none: those of most days. */
  readonly usualHours: readonly string[]
  readonly onClose: () => void
  readonly onSet: (day: Omit<Day, 'date'> | null) => void
}) {
  const { face } = props
  const isSaid = (face.kind === 'off' || face.kind === 'worked' || face.kind === 'other') && !face.inherited
  const [choice, setChoice] = useState<Choice>(
    !isSaid ? (face.kind === 'usual' ? 'off' : 'hours') : face.kind === 'off' ? 'off' : 'hours',
  )
  const offered = face.hours.length === 0 ? props.usualHours : face.hours
  const [hours, setHours] = useState(offered.join(', '))
  const [why, setWhy] = useState(face.inherited ? '' : face.why)
  const [confirmed, setConfirmed] = useState(face.confirmed)
  const [tried, setTried] = useState(false)
  const stretches = hoursOfText(hours)
  const hoursError = choice === 'hours' && !areHours(stretches) ? t('calendar.hoursWrong') : undefined
  const whyError = choice !== 'usual' && why.trim() === '' ? t('calendar.whyMissing') : undefined

  const set = (): void => {
    setTried(true)
    if (hoursError !== undefined || whyError !== undefined) return
    if (choice === 'usual') {
      props.onSet(null)
      return
    }
    props.onSet({
      ...(choice === 'off' ? { off: true as const } : { hours: stretches }),
      why: why.trim(),
      ...(confirmed ? {} : { confirmed: false }),
    })
  }

  return (
    <Dialog
      title={t('calendar.dayTitle', { day: dateText(face.date), year: face.date.slice(0, 4) })}
      onClose={props.onClose}
    >
      <form
        class="form-column"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          set()
        }}
      >
        {face.inherited && <p class="quiet">{t('calendar.dayOfCity', { why: face.why })}</p>}
        <Chips
          legend={t('calendar.dayIs')}
          value={choice}
          options={[
            { value: 'usual', label: t(face.inherited ? 'calendar.asCity' : 'calendar.asUsual') },
            { value: 'off', label: t('calendar.off') },
            { value: 'hours', label: t('calendar.workedAt') },
          ]}
          onChange={(wanted: Choice) => {
            setChoice(wanted)
          }}
        />
        {choice === 'hours' && (
          <Field
            label={t('calendar.hours')}
            value={hours}
            onInput={setHours}
            required
            maxLength={120}
            {...(tried && hoursError !== undefined
              ? { error: hoursError }
              : { hint: t('calendar.hoursHint') })}
          />
        )}
        {choice !== 'usual' && (
          <>
            <Field
              label={t('calendar.why')}
              value={why}
              onInput={setWhy}
              required
              maxLength={240}
              {...(tried && whyError !== undefined ? { error: whyError } : { hint: t('calendar.whyHint') })}
            />
            <Check label={t('calendar.published')} checked={confirmed} onChange={setConfirmed} />
          </>
        )}
        <div class="row-actions">
          <Button kind="primary" type="submit">
            {t('calendar.setDay')}
          </Button>
          <Button onClick={props.onClose}>{t('calendar.leaveDay')}</Button>
        </div>
      </form>
    </Dialog>
  )
}
