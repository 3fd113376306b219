import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { errorText } from '../state/failure-words.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { LanguageSwitch } from './user-menu.tsx'

/** The door. The city's name is behind it: nothing here tells a stranger more than the hotline's number. */
export function SignInPage() {
  const desk = useConsole()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const enter = async (): Promise<void> => {
    if (busy || username.trim() === '' || password === '') return
    setBusy(true)
    setProblem(await desk.signIn(username.trim(), password))
    setBusy(false)
  }
  return (
    <main class="door" id="main">
      <form
        class="door-card"
        onSubmit={(event) => {
          event.preventDefault()
          void enter()
        }}
      >
        <p class="brand brand-large">
          <span class="brand-number">1022</span>
        </p>
        <h1>{t('signIn.title')}</h1>
        <Field
          label={t('signIn.username')}
          value={username}
          onInput={setUsername}
          autoComplete="username"
          maxLength={64}
          required
          autoFocus
        />
        <Field
          label={t('signIn.password')}
          type="password"
          value={password}
          onInput={setPassword}
          autoComplete="current-password"
          maxLength={256}
          required
        />
        {problem !== null && (
          <p class="problem" role="alert">
            {errorText(problem)}
          </p>
        )}
        <Button kind="primary" type="submit" busy={busy}>
          {t('signIn.enter')}
        </Button>
        <LanguageSwitch />
      </form>
    </main>
  )
}
