import { useState } from 'preact/hooks'
import type { RecordingView } from '../../recordings/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { Button } from '../ui/button.tsx'
import { clock, countText, moment, size } from '../ui/format.ts'
import { Player } from './player.tsx'
import { Recheck } from './recheck.tsx'

/** One recording inside a case: when, how long, and the player where it may be heard. */
export function RecordingLine({ recording }: { readonly recording: RecordingView }) {
  const [open, setOpen] = useState(false)
  return (
    <div class="recording-line">
      <p>
        {t(`recordingKind.${recording.kind}`)} · {moment(recording.startedAt, minute.value)}
        {recording.durationMs !== null && (
          <span class="clock">
            {' · '}
            {t('recording.length', { length: clock(recording.durationMs / 1_000) })}
          </span>
        )}
      </p>
      {recording.state !== 'stored' && <p class="quiet">{stateWords(recording)}</p>}
      <Copy copy={recording.copy} />
      <Flags recording={recording} />
      <Recheck recording={recording} />
      {recording.playable && !open && (
        <Button
          small
          icon="play"
          onClick={() => {
            setOpen(true)
          }}
        >
          {t('recording.listen')}
        </Button>
      )}
      {open && <Player recording={recording} autoPlay />}
      {!recording.playable && recording.state === 'stored' && recording.isCallChanged !== true && (
        <p class="quiet">{t('recording.notAllowed')}</p>
      )}
    </div>
  )
}

/** How far it is; of one that is gone, why. */
export function stateWords({ state, deletedFor }: Pick<RecordingView, 'state' | 'deletedFor'>): string {
  return state === 'deleted' && deletedFor !== null
    ? t(`recordingDeleted.${deletedFor}`)
    : t(`recordingState.${state}`)
}

/** The copy for the archive: since when, and how like the original its worse side is. */
export function Copy({ copy }: Pick<RecordingView, 'copy'>) {
  if (copy === null) return null
  return (
    <p class="quiet">
      {t(copy.isAlone ? 'recording.copyAlone' : 'recording.copy', {
        at: moment(copy.madeAt, minute.value),
        size: size(copy.sizeBytes),
        quality: copy.quality === null ? '–' : `${countText(copy.quality)} dB`,
      })}
    </p>
  )
}

/** What is doubtful about a recording, in words. */
export function Flags({
  recording: { flags, isCallChanged },
}: {
  readonly recording: Pick<RecordingView, 'flags' | 'isCallChanged'>
}) {
  if (flags.length === 0 && isCallChanged !== true) return null
  return (
    <ul class="flags">
      {isCallChanged === true && <li class="tag tag-warn">{t('recording.callChanged')}</li>}
      {flags.map((flag) => (
        <li key={flag} class="tag tag-warn">
          {tOr(`flag.${flag}`, 'flag.other', { flag })}
        </li>
      ))}
    </ul>
  )
}
