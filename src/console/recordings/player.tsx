import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { RecordingView } from '../../recordings/contract.ts'
import type { SoundOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { isTyping } from '../state/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { Check, Select } from '../ui/field.tsx'
import { clock } from '../ui/format.ts'
import { useList } from '../ui/use-list.ts'
import { Notes } from './notes.tsx'
import { Track } from './track.tsx'
import { type Playback, SPEEDS, usePlayback } from './use-playback.ts'
import { useWave } from './use-wave.ts'
import { silencesOf, type Wave } from './wave.ts'
import { Lanes } from './waveform.tsx'

const STEP_SECONDS = 5
const LEAP_SECONDS = 10

/**
 * Listening: the course of the call, the sound of both sides, notes at moments. Space or K plays, arrows go 5 s, J and L 10 s, Home and
 * End to the ends, + and - change the speed. `autoPlay`: the click that opened it asked for the sound.
 */
export function Player(props: {
  readonly recording: Pick<RecordingView, 'id' | 'kind' | 'durationMs' | 'numberDisplay'>
  readonly autoPlay?: boolean
  /** `disclosures`: the id is that of a request, and notes are not shown. */
  readonly of?: SoundOf
}) {
  const { recording, of } = props
  const { id } = recording
  const { api } = useConsole()
  const group = useRef<HTMLDivElement>(null)
  const [skips, setSkips] = useState(false)
  const [written, setWritten] = useState(0)
  const wave = useWave(api, id, undefined, of)
  const track = useList(`${String(id)}#${String(written)}`, () => api.recordingTrack(id, of))
  const silences = useMemo(() => (wave == null ? [] : silencesOf(wave)), [wave])
  const playback = usePlayback((recording.durationMs ?? 0) / 1_000, skips ? silences : [])
  const { at, length, listeners, seek } = playback
  const toMs = (ms: number): void => {
    seek(ms / 1_000)
  }

  useEffect(() => {
    if (props.autoPlay !== true) return
    playback.toggle()
    group.current?.querySelector<HTMLButtonElement>('.player-controls button')?.focus()
  }, [])

  return (
    <div
      ref={group}
      class="player"
      role="group"
      aria-label={t('player.title', { number: recording.numberDisplay })}
      onKeyDown={(event) => {
        if (!isTyping(event.target) && keyOf(event, playback)) event.preventDefault()
      }}
    >
      <audio
        ref={playback.audio}
        src={api.soundPath(id, of)}
        preload="metadata"
        {...listeners}
        onEnded={listeners.onPause}
      />
      <Track
        stretches={track?.stretches ?? []}
        marks={track?.marks ?? []}
        notes={track?.notes ?? []}
        lengthMs={length * 1_000}
        onSeek={toMs}
      />
      <Seek at={at} length={length} wave={wave} consult={recording.kind === 'consult'} onSeek={seek} />
      <Controls playback={playback} skips={skips} onSkips={setSkips} canSkip={silences.length > 0} />
      {playback.failed && (
        <p class="note note-bad" role="alert">
          {t('player.failed')}
        </p>
      )}
      {of !== 'disclosures' && (
        <Notes
          notes={track?.notes ?? []}
          at={at}
          onSeek={toMs}
          onWrite={async (text) => {
            await api.writeRecordingNote(id, { atMs: Math.round(at * 1_000), text })
            setWritten((count) => count + 1)
          }}
        />
      )}
    </div>
  )
}

/** Does what a key means; false for a key that means nothing here. */
function keyOf(event: KeyboardEvent, { at, length, toggle, seek, move, faster }: Playback): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false
  const onButton = event.target instanceof HTMLElement && event.target.closest('button, label') !== null
  const keys: Readonly<Record<string, () => void>> = {
    ...(onButton ? {} : { ' ': toggle }),
    k: toggle,
    j: () => {
      move(-LEAP_SECONDS)
    },
    l: () => {
      move(LEAP_SECONDS)
    },
    arrowleft: () => {
      move(-STEP_SECONDS)
    },
    arrowright: () => {
      move(STEP_SECONDS)
    },
    home: () => {
      seek(0)
    },
    end: () => {
      seek(Math.max(at, length))
    },
    '+': () => {
      faster(1)
    },
    '=': () => {
      faster(1)
    },
    '-': () => {
      faster(-1)
    },
  }
  const act = keys[event.key.toLowerCase()]
  act?.()
  return act !== undefined
}

/** The sound of each side, to click and to drag on. Without a picture it is a line to click on. */
function Seek(props: {
  readonly at: number
  readonly length: number
  readonly wave: Wave | null | undefined
  readonly consult: boolean
  readonly onSeek: (seconds: number) => void
}) {
  const { at, length, wave } = props
  const seekTo = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    if (width > 0) props.onSeek(((event.clientX - left) / width) * length)
  }
  return (
    <div
      class={wave == null ? 'seek seek-bare' : 'seek'}
      role="slider"
      tabIndex={0}
      aria-label={t('player.position')}
      aria-valuemin={0}
      aria-valuemax={Math.round(length)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={t('player.at', { at: clock(at), length: clock(length) })}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        seekTo(event)
      }}
      onPointerMove={(event) => {
        if (event.buttons % 2 === 1) seekTo(event)
      }}
    >
      {wave == null ? (
        <p class="quiet">{t(wave === null ? 'player.noWaveform' : 'loading')}</p>
      ) : (
        <Lanes wave={wave} consult={props.consult} />
      )}
      <span
        class="seek-at"
        style={{ width: `${String(length > 0 ? Math.min(100, (at / length) * 100) : 0)}%` }}
      />
    </div>
  )
}

function Controls(props: {
  readonly playback: Playback
  readonly skips: boolean
  readonly onSkips: (skips: boolean) => void
  readonly canSkip: boolean
}) {
  const { playing, at, length, speed, toggle, move, setSpeed } = props.playback
  return (
    <div class="player-controls">
      <Button
        small
        kind="primary"
        icon={playing ? 'pause' : 'play'}
        label={playing ? t('player.pause') : t('player.play')}
        keys="K"
        onClick={toggle}
      />
      <Button
        small
        kind="quiet"
        label={t('player.back')}
        onClick={() => {
          move(-STEP_SECONDS)
        }}
      >
        −5 s
      </Button>
      <Button
        small
        kind="quiet"
        label={t('player.forward')}
        onClick={() => {
          move(STEP_SECONDS)
        }}
      >
        +5 s
      </Button>
      <span class="player-clock">
        {clock(at)} / {clock(length)}
      </span>
      <Select
        label={t('player.speedLabel')}
        hideLabel
        value={String(speed)}
        options={SPEEDS.map((known) => ({
          value: String(known),
          label: t('player.speed', { speed: known }),
        }))}
        onChange={(value) => {
          setSpeed(Number(value))
        }}
      />
      <Check
        label={t('player.skipSilence')}
        checked={props.skips && props.canSkip}
        disabled={!props.canSkip}
        onChange={props.onSkips}
      />
      <span class="quiet player-keys">{t('player.keys')}</span>
    </div>
  )
}
