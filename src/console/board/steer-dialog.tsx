import { useState } from 'preact/hooks'
import type { Board, BoardOperator } from '../../board/contract.ts'
import type { PauseReason } from '../../presence/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { sayFailure } from '../state/failure-words.ts'
import { PAUSE_REASONS } from '../queue/presence-card.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Select } from '../ui/field.tsx'

export interface Steering {
  readonly operator: BoardOperator
  readonly what: 'pause' | 'signOut'
}

const FEWEST_LETTERS = 3

/** Why somebody is paused or signed out: they read it, and the audit log keeps it. */
export function SteerDialog(props: {
  readonly steering: Steering
  readonly onClose: () => void
  readonly onDone: (board: Board) => void
}) {
  const { api } = useConsole()
  const { operator, what } = props.steering
  const { personId, name, presence } = operator
  const [reason, setReason] = useState<PauseReason>('technical')
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const isEnough = words.trim().length >= FEWEST_LETTERS
  const steer = async (): Promise<void> => {
    if (busy || !isEnough) return
    setBusy(true)
    try {
      props.onDone(
        what === 'pause'
          ? await api.forcePause(personId, { reason, words: words.trim() })
          : await api.forceSignOut(personId, { words: words.trim() }),
      )
      props.onClose()
    } catch (cause) {
      sayFailure(cause)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t(`board.${what}Of`, { name })} onClose={props.onClose}>
      <form
        class="steer"
        onSubmit={(event) => {
          event.preventDefault()
          void steer()
        }}
      >
        {what === 'pause' && (
          <Select
            label={t('presence.pauseWith')}
            value={reason}
            options={PAUSE_REASONS.map((known) => ({ value: known, label: t(`pause.${known}`) }))}
            onChange={setReason}
          />
        )}
        <Field
          label={t('board.words')}
          hint={t(presence.state === 'onCall' ? 'board.wordsAfterCall' : 'board.wordsHint')}
          value={words}
          maxLength={200}
          required
          autoFocus
          onInput={setWords}
        />
        <Button kind="primary" type="submit" busy={busy} disabled={!isEnough}>
          {t(`board.${what}Do`)}
        </Button>
      </form>
    </Dialog>
  )
}
