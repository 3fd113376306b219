import { useEffect, useRef, useState } from 'preact/hooks'
import type { RecordingView } from '../../recordings/contract.ts'
import { t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { clock } from '../ui/format.ts'

const STEP_SECONDS = 5
const SPEEDS = [1, 1.25, 1.5, 2] as const

/** Listening with the keyboard: space plays, arrows go 5 s, + and - change the speed. */
export function Player({ recording }: { readonly recording: RecordingView }) {
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [speed, setSpeed] = useState<number>(1)
  const [failed, setFailed] = useState(false)
  const [length, setLength] = useState((recording.durationMs ?? 0) / 1_000)

  useEffect(() => {
    if (audio.current !== null) audio.current.playbackRate = speed
  }, [speed])

  const toggle = (): void => {
    const player = audio.current
    if (player === null) return
    if (player.paused)
      player.play().catch(() => {
        setFailed(true)
      })
    else player.pause()
  }
  const seek = (seconds: number): void => {
    const player = audio.current
    if (player === null) return
    player.currentTime = Math.max(0, Math.min(length, seconds))
    setAt(player.currentTime)
  }
  const faster = (by: number): void => {
    const index = SPEEDS.findIndex((known) => known === speed) + by
    const next = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, index))]
    if (next !== undefined) setSpeed(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const onButton = event.target instanceof HTMLButtonElement
    if (event.key === ' ' && !onButton) toggle()
    else if (event.key === 'ArrowLeft') seek(at - STEP_SECONDS)
    else if (event.key === 'ArrowRight') seek(at + STEP_SECONDS)
    else if (event.key === '+' || event.key === '=') faster(1)
    else if (event.key === '-') faster(-1)
    else return
    event.preventDefault()
  }

  return (
    <div
      class="player"
      role="group"
      aria-label={t('player.title', { number: recording.numberDisplay })}
      onKeyDown={onKeyDown}
    >
      <audio
        ref={audio}
        src={`/api/recordings/${String(recording.id)}/audio`}
        preload="metadata"
        onPlay={() => {
          setPlaying(true)
        }}
        onPause={() => {
          setPlaying(false)
        }}
        onEnded={() => {
          setPlaying(false)
        }}
        onTimeUpdate={(event) => {
          setAt(event.currentTarget.currentTime)
        }}
        onLoadedMetadata={(event) => {
          if (Number.isFinite(event.currentTarget.duration)) setLength(event.currentTarget.duration)
        }}
        onError={() => {
          setFailed(true)
        }}
      />
      <Button
        small
        icon={playing ? 'pause' : 'play'}
        label={playing ? t('player.pause') : t('player.play')}
        onClick={toggle}
      />
      <Button
        small
        kind="quiet"
        label={t('player.back')}
        onClick={() => {
          seek(at - STEP_SECONDS)
        }}
      >
        −5 s
      </Button>
      <input
        type="range"
        class="player-seek"
        min={0}
        max={Math.max(1, Math.round(length))}
        step={1}
        value={Math.round(at)}
        aria-label={t('player.position')}
        aria-valuetext={t('player.at', { at: clock(at), length: clock(length) })}
        onInput={(event) => {
          seek(Number(event.currentTarget.value))
        }}
      />
      <Button
        small
        kind="quiet"
        label={t('player.forward')}
        onClick={() => {
          seek(at + STEP_SECONDS)
        }}
      >
        +5 s
      </Button>
      <span class="clock">
        {clock(at)} / {clock(length)}
      </span>
      <Button
        small
        kind="quiet"
        label={t('player.speed', { speed })}
        onClick={() => {
          setSpeed(SPEEDS[(SPEEDS.findIndex((known) => known === speed) + 1) % SPEEDS.length] ?? 1)
        }}
      >{`${String(speed)}×`}</Button>
      {failed && (
        <p class="note note-bad" role="alert">
          {t('player.failed')}
        </p>
      )}
    </div>
  )
}
