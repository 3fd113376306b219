import { useState } from 'preact/hooks'
import type { Board, BoardOperator } from '../../board/contract.ts'
import type { SupervisionMode } from '../../supervision/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { sayFailure } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'

const MODES: readonly SupervisionMode[] = ['listen', 'whisper', 'barge']

/** Taking part in an operator's talk by the own phone, and who else does. */
export function Supervision(props: {
  readonly operator: BoardOperator
  readonly onDone: (board: Board) => void
}) {
  const { api, session } = useConsole()
  const [busy, setBusy] = useState(false)
  const { personId, name, call, supervision } = props.operator
  const me = session.value?.person
  const ask = async (work: () => Promise<Board>): Promise<void> => {
    if (busy) return
    setBusy(true)
    try {
      props.onDone(await work())
    } catch (cause) {
      sayFailure(cause)
    } finally {
      setBusy(false)
    }
  }
  const supervise = (mode: SupervisionMode): void => void ask(() => api.supervise(personId, mode))
  if (supervision === null) {
    const isTalking = call?.state === 'talking' || call?.state === 'held'
    if (!isTalking || me?.role !== 'supervisor' || me.id === personId) return null
    return (
      <div class="tile-actions">
        <Button
          small
          busy={busy}
          label={t('supervise.listenTo', { name })}
          onClick={() => {
            supervise('listen')
          }}
        >
          {t('supervise.listen')}
        </Button>
      </div>
    )
  }
  if (supervision.supervisorId !== me?.id) {
    const by = supervision.supervisorName ?? t('role.supervisor')
    return <p class="quiet">{t(`supervise.by.${supervision.mode}`, { name: by })}</p>
  }
  return (
    <div class="tile-actions" role="group" aria-label={t('supervise.modes', { name })}>
      {MODES.map((mode) => (
        <Button
          key={mode}
          small
          pressed={supervision.mode === mode}
          disabled={busy}
          onClick={() => {
            supervise(mode)
          }}
        >
          {t(`supervise.${mode}`)}
        </Button>
      ))}
      <Button
        small
        kind="bad"
        disabled={busy}
        onClick={() => {
          void ask(api.stopSupervising)
        }}
      >
        {t(supervision.mode === 'barge' ? 'supervise.leaveTalk' : 'supervise.leave')}
      </Button>
      {supervision.since === null && (
        <p class="quiet" role="status">
          {t('supervise.ringing')}
        </p>
      )}
    </div>
  )
}
