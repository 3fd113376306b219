import { signal } from '@preact/signals'

/** The browser kept the last ring silent because nobody has touched the page yet; the panel says so. */
export const ringBlocked = signal(false)

/** Vietnam's ringing cadence: 425 Hz, one second on, four off (ITU-T E.180 Supplement 2), softened for headsets. */
const TONE_HZ = 425
const ON_SECONDS = 1
const PERIOD_MS = 4_000
const VOLUME = 0.18

export interface RingTone {
  readonly start: () => void
  readonly stop: () => void
  /** Call on the page's first click or key: browsers let no sound out before. */
  readonly unlock: () => void
  readonly route: (deviceId: string) => void
}

/** The ring, made in the page so that no file has to load before it can sound. */
export function createRingTone(openContext: () => AudioContext): RingTone {
  let context: AudioContext | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  let sink = ''

  const open = (): AudioContext => {
    if (context === null) {
      context = openContext()
      route(sink)
    }
    return context
  }

  const route = (deviceId: string): void => {
    sink = deviceId
    if (context === null || !('setSinkId' in context)) return
    // Chromium has AudioContext.setSinkId since 110; TypeScript's DOM types do not.
    const routed = context as AudioContext & { setSinkId: (id: string) => Promise<void> }
    routed.setSinkId(deviceId).catch(() => {
      sink = '' // unplugged meanwhile: rings on the default output
    })
  }

  const burst = (): void => {
    const audio = open()
    ringBlocked.value = audio.state !== 'running'
    if (ringBlocked.value) return
    const gain = audio.createGain()
    const at = audio.currentTime
    gain.gain.setValueAtTime(0, at)
    gain.gain.linearRampToValueAtTime(VOLUME, at + 0.03)
    gain.gain.setValueAtTime(VOLUME, at + ON_SECONDS - 0.08)
    gain.gain.linearRampToValueAtTime(0, at + ON_SECONDS)
    gain.connect(audio.destination)
    for (const hz of [TONE_HZ, TONE_HZ * 1.25]) {
      const tone = audio.createOscillator()
      tone.frequency.value = hz
      tone.connect(gain)
      tone.start(at)
      tone.stop(at + ON_SECONDS)
    }
  }

  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    ringBlocked.value = false
  }

  return {
    start() {
      if (timer !== undefined) return
      burst()
      timer = setInterval(burst, PERIOD_MS)
    },
    stop,
    unlock() {
      const audio = open()
      if (audio.state === 'suspended') void audio.resume().catch(() => undefined) // the next ring says it again
      ringBlocked.value = false
    },
    route,
  }
}
