import { useState } from 'preact/hooks'
import { codeOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { errorText, sayDone } from '../state/failure-words.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

const SHORTEST = 10

/** A new password: asked for at the first sign-in and after a reset, offered at any time. */
export function PasswordPage() {
  const desk = useConsole()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const forced = desk.session.value?.person.mustChangePassword === true
  const tooShort = next !== '' && next.length < SHORTEST
  const different = again !== '' && next !== again
  const usable = current !== '' && next.length >= SHORTEST && next === again
  const change = async (): Promise<void> => {
    try {
      await desk.api.changePassword({ current, next })
      sayDone(t('password.done'))
      await desk.passwordChanged()
    } catch (cause) {
      setProblem(errorText(codeOf(cause)))
    }
  }
  return (
    <main class="door" id="main">
      <form
        class="door-card"
        onSubmit={(event) => {
          event.preventDefault()
          if (usable) void change()
        }}
      >
        <h1>{t('password.title')}</h1>
        {forced && <p>{t('password.forced')}</p>}
        <Field
          label={t('password.current')}
          type="password"
          value={current}
          onInput={setCurrent}
          autoComplete="current-password"
          maxLength={256}
          required
        />
        <Field
          label={t('password.next')}
          type="password"
          value={next}
          onInput={setNext}
          autoComplete="new-password"
          maxLength={256}
          required
          hint={t('password.hint')}
          {...(tooShort ? { error: t('password.hint') } : {})}
        />
        <Field
          label={t('password.again')}
          type="password"
          value={again}
          onInput={setAgain}
          autoComplete="new-password"
          maxLength={256}
          required
          {...(different ? { error: t('password.different') } : {})}
        />
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <Button kind="primary" type="submit" disabled={!usable}>
          {t('password.change')}
        </Button>
      </form>
    </main>
  )
}
