import { useRef, useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'

type Values = Readonly<Record<string, string>>

/**
 * Values of a form that live through a reload of the page until they are sent or thrown away. Those whose name begins with `$` say how
 * the form stood; alone they are not worth keeping.
 */
export function useKeptWords(name: string) {
  const { words } = useConsole()
  const [first] = useState(() => words.read(name) as Values | null)
  const [values, setValues] = useState<Values>(first ?? {})
  const [restored, setRestored] = useState(first !== null)
  // Several fields may be filled in at one stroke, before the page is drawn again.
  const latest = useRef(values)
  const put = (next: Values): void => {
    latest.current = next
    setValues(next)
    const isWorth = Object.entries(next).some(([key, value]) => !key.startsWith('$') && value.trim() !== '')
    words.write(name, isWorth ? next : null)
  }
  return {
    values,
    /** They were found here when the form was opened. */
    restored,
    change: (part: Values): void => {
      put({ ...latest.current, ...part })
    },
    /** Sent, or thrown away. */
    clear: (): void => {
      setRestored(false)
      put({})
    },
  }
}

/** One quiet line: these words are from before, and need not stay. */
export function Restored({ onDiscard }: { readonly onDiscard: () => void }) {
  return (
    <p class="restored quiet" role="status">
      <span>{t('kept.restored')}</span>
      <button type="button" class="text-button" onClick={onDiscard}>
        {t('kept.discard')}
      </button>
    </p>
  )
}
