import { useEffect, useRef, useState } from 'preact/hooks'
import type { RecheckFinding, RecordingView } from '../../recordings/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { moment } from '../ui/format.ts'

/** Under an altered recording: have its file held against the seal at once, and read what was found. It stays when the mark goes. */
export function Recheck({
  recording,
}: {
  readonly recording: Pick<RecordingView, 'id' | 'startedAt' | 'mayRecheck'>
}) {
  const { id, startedAt, mayRecheck } = recording
  const { api } = useConsole()
  const [step, setStep] = useState<RecheckFinding | 'running' | null>(null)
  const words = useRef<HTMLParagraphElement>(null)
  // The button goes with the mark: whoever pressed it stays where it was.
  useEffect(() => {
    if (step === 'whole') words.current?.focus()
  }, [step])
  if (mayRecheck !== true && step === null) return null
  const check = async (): Promise<void> => {
    setStep('running')
    try {
      setStep((await api.recheckRecording(id)).found)
    } catch (cause) {
      setStep(null)
      sayFailure(cause)
    }
  }
  return (
    <div class="recheck">
      {mayRecheck === true && step !== 'whole' && (
        <Button
          small
          busy={step === 'running'}
          label={t('recheck.nowOf', { at: moment(startedAt, minute.value) })}
          onClick={() => {
            void check()
          }}
        >
          {t('recheck.now')}
        </Button>
      )}
      <p
        ref={words}
        role="status"
        aria-live="polite"
        tabIndex={-1}
        class={step === null ? '' : `recheck-${step}`}
      >
        {step !== null && t(`recheck.${step}`)}
      </p>
    </div>
  )
}
