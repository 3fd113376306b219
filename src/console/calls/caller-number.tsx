import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'

/**
 * The number of a call. A masked one has a button that asks for the whole, which is a line of the audit log (R068); it is kept in this
 * row alone, and gone with it. Give it the call's id as its key where another call may take its place.
 */
export function CallerNumber(props: {
  readonly callId: string
  /** Empty for anonymous callers. */
  readonly display: string
  readonly isMasked: boolean | undefined
  /** Whom to ring back, where that may be another number than the one that called. */
  readonly of?: 'number' | 'reach'
  /** The masked one stands beside it already. */
  readonly isNamed?: boolean
  readonly class?: string
}) {
  const { callId, display, isMasked, of = 'number' } = props
  const { api } = useConsole()
  const [whole, setWhole] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  const toggle = async (): Promise<void> => {
    if (whole !== null) {
      setWhole(null)
      return
    }
    setAsking(true)
    try {
      setWhole((await api.wholeNumber(callId))[of].display)
    } catch (cause) {
      sayFailure(cause)
    } finally {
      setAsking(false)
    }
  }
  return (
    <span class={`number-shown ${props.class ?? ''}`}>
      <span class="number" aria-live="polite">
        {display === '' ? t('number.hidden') : (whole ?? (props.isNamed === true ? '' : display))}
      </span>
      {isMasked === true && (
        <Button
          small
          kind="quiet"
          busy={isAsking}
          label={t(whole === null ? 'number.showOf' : 'number.coverOf', { number: display })}
          onClick={() => {
            void toggle()
          }}
        >
          {t(whole === null ? 'number.show' : 'number.cover')}
        </Button>
      )}
    </span>
  )
}
