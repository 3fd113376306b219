import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { ChangeBody, ChangeView } from '../../agencies/contract.ts'
import { type Failure, failureOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import { say } from '../state/notices.ts'
import { minute } from '../state/clock.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { changeSentence, dayWords } from './words.ts'

export interface ChangeFrameProps {
  readonly title: string
  /** What would be recorded; null while something is missing. */
  readonly body: ChangeBody | null
  readonly today: string
  readonly submit: string
  readonly onClose: () => void
  readonly onDone: (made: ChangeView) => void
  readonly children?: ComponentChildren
}

/** Every change of the directory has a first day and something it stands on; what is refused stays to be mended. */
export function ChangeFrame(props: ChangeFrameProps) {
  const desk = useConsole()
  const [day, setDay] = useState(props.today)
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const { body } = props
  const isWhole = body !== null && day !== '' && why.trim().length >= 3
  const record = async (): Promise<void> => {
    if (body === null || !isWhole || busy) return
    setBusy(true)
    try {
      const made = await desk.api.proposeChange({ effectiveOn: day, why: why.trim(), change: body })
      const values = { what: changeSentence(made), day: dayWords(made.effectiveOn, minute.value) }
      say('good', t(made.state === 'upcoming' ? 'change.doneLater' : 'change.doneNow', values))
      props.onDone(made)
    } catch (cause) {
      setFailure(failureOf(cause))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div class="change-form">
        {props.children}
        <Field
          label={t('change.from')}
          type="date"
          value={day}
          onInput={setDay}
          hint={t('change.fromHint')}
          required
        />
        <Field
          label={t('change.why')}
          value={why}
          onInput={setWhy}
          placeholder={t('change.whyHint')}
          maxLength={500}
          required
          onEnter={() => {
            void record()
          }}
        />
        {failure !== null && (
          <p class="note note-bad" role="alert">
            {errorText(failure.code, failure.subject)}
          </p>
        )}
      </div>
      <div class="dialog-actions">
        <Button
          kind="primary"
          busy={busy}
          disabled={!isWhole}
          onClick={() => {
            void record()
          }}
        >
          {props.submit}
        </Button>
      </div>
    </Dialog>
  )
}
