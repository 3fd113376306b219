import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { Chips } from '../ui/field.tsx'
import { useList } from '../ui/use-list.ts'
import type { MoveInput } from './move-fields.ts'

/**
 * Why it is not accepted, from the city's list (Đ1.2, Đ8.2). Choosing fills in what the citizen is told and where to turn instead;
 * words that somebody wrote stay.
 */
export function RefusalChoice(props: {
  readonly value: string
  readonly valueOf: (name: MoveInput) => string
  readonly onInput: (name: MoveInput, value: string) => void
}) {
  const { value, valueOf, onInput } = props
  const desk = useConsole()
  const refusals = useList('refusals', () => desk.api.refusals()) ?? []
  const chosen = refusals.find(({ code }) => code === value)
  const fill = (name: 'reason' | 'redirect', words: string): void => {
    const now = valueOf(name)
    if (now.trim() === '' || refusals.some((one) => one[name] === now)) onInput(name, words)
  }
  return (
    <>
      <Chips
        legend={t('moveInput.reasonCode')}
        value={chosen?.code ?? null}
        options={refusals.map(({ code, name }) => ({ value: code, label: name }))}
        onChange={(code) => {
          const next = refusals.find((one) => one.code === code)
          if (next === undefined) return
          onInput('reasonCode', next.code)
          fill('reason', next.reason)
          fill('redirect', next.redirect)
        }}
      />
      {chosen?.code === 'onlineProcedure' && <p class="move-note">{t('refusal.rather')}</p>}
    </>
  )
}
