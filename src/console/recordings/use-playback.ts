import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { afterSilence, type Stretch } from './wave.ts'

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const

/** A sound that is played: where it stands in seconds, and what may be done to it. */
export interface Playback {
  readonly audio: RefObject<HTMLAudioElement>
  readonly playing: boolean
  readonly failed: boolean
  readonly at: number
  readonly length: number
  readonly speed: number
  readonly toggle: () => void
  readonly seek: (seconds: number) => void
  /** From where it stands now. */
  readonly move: (seconds: number) => void
  readonly setSpeed: (speed: number) => void
  /** One step faster or slower. */
  readonly faster: (steps: 1 | -1) => void
  /** For the `audio` element. */
  readonly listeners: {
    readonly onPlay: () => void
    readonly onPause: () => void
    readonly onTimeUpdate: () => void
    readonly onLoadedMetadata: () => void
    readonly onError: () => void
  }
}

/** `silences` are jumped over while it plays. */
export function usePlayback(lengthSeconds: number, silences: readonly Stretch[]): Playback {
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [failed, setFailed] = useState(false)
  const [at, setAt] = useState(0)
  const [length, setLength] = useState(lengthSeconds)
  const [speed, setSpeed] = useState(1)

  useEffect(() => {
    if (audio.current !== null) audio.current.playbackRate = speed
  }, [speed])

  const seek = (seconds: number): void => {
    const player = audio.current
    if (player === null) return
    player.currentTime = Math.max(0, Math.min(length, seconds))
    setAt(player.currentTime)
  }
  return {
    audio,
    playing,
    failed,
    at,
    length,
    speed,
    toggle() {
      const player = audio.current
      if (player === null) return
      if (!player.paused) {
        player.pause()
        return
      }
      setFailed(false)
      player.play().catch((cause: unknown) => {
        // Paused or taken away before it began.
        if (!(cause instanceof DOMException && cause.name === 'AbortError')) setFailed(true)
      })
    },
    seek,
    move(seconds) {
      seek((audio.current?.currentTime ?? at) + seconds)
    },
    setSpeed,
    faster(steps) {
      const index = SPEEDS.findIndex((known) => known === speed) + steps
      setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, index))] ?? 1)
    },
    listeners: {
      onPlay: () => {
        setPlaying(true)
      },
      onPause: () => {
        setPlaying(false)
      },
      onTimeUpdate() {
        const player = audio.current
        if (player === null) return
        const next = player.paused ? null : afterSilence(silences, player.currentTime * 1_000)
        if (next !== null) player.currentTime = next / 1_000
        setAt(player.currentTime)
      },
      onLoadedMetadata() {
        const player = audio.current
        if (player === null) return
        player.playbackRate = speed
        if (Number.isFinite(player.duration)) setLength(player.duration)
      },
      onError: () => {
        setFailed(true)
      },
    },
  }
}
