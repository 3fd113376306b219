import { signal } from '@preact/signals'

/** The browser kept the last ring silent because nobody has touched the page yet; the panel says so. */
export const ringBlocked = signal(false)

/** Vietnam's ringing cadence: 425 Hz, one second on, four off (ITU-T E.180 Supplement 2), softened for headsets. */
const TONE_HZ = 425
const ON_SECONDS = 1
const PERIOD_MS = 4_000
const VOLUME = 0.18
const SLEEP_AFTER_MS = 300

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
  let sounding: GainNode | null = null
  let waking = false
  let wasHeard = false

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
    if (audio.state === 'running') sound(audio)
    else {
      // Asleep between two calls is not kept silent: it was heard before, so it will be heard again.
      ringBlocked.value = !wasHeard
      wake(audio)
    }
  }

  /** Without a click or key on the page this waits for the first one, and rings then. */
  const wake = (audio: AudioContext): void => {
    // Asked again at each ring and at the first click: browsers grant it only inside one, and then to all who wait.
    const resumed = audio.resume()
    if (waking) {
      resumed.catch(() => undefined) // the first to ask hears of it too
      return
    }
    waking = true
    resumed.then(
      () => {
        waking = false
        wasHeard = true
        ringBlocked.value = false
        if (timer !== undefined) sound(audio)
        else sleepSoon(audio)
      },
      () => {
        waking = false // the next ring tries again
      },
    )
  }

  const sound = (audio: AudioContext): void => {
    ringBlocked.value = false
    wasHeard = true
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
    sounding = gain
  }

  /** A sound system kept open works a hundred times a second, all day, to play silence. */
  const sleepSoon = (audio: AudioContext): void => {
    setTimeout(() => {
      if (timer === undefined && audio.state === 'running') void audio.suspend().catch(() => undefined)
    }, SLEEP_AFTER_MS)
  }

  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    ringBlocked.value = false
    if (context === null) return
    // Who answers within the first second must not hear the ring over the citizen's first words.
    sounding?.gain.cancelScheduledValues(context.currentTime)
    sounding?.gain.setTargetAtTime(0, context.currentTime, 0.01)
    sounding = null
    sleepSoon(context)
  }

  return {
    start() {
      if (timer !== undefined) return
      timer = setInterval(burst, PERIOD_MS)
      burst()
    },
    stop,
    unlock() {
      ringBlocked.value = false
      const audio = open()
      if (audio.state !== 'running') wake(audio)
      else sleepSoon(audio)
    },
    route,
  }
}
