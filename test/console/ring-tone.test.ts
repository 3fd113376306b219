import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRingTone, ringBlocked } from '../../src/console/softphone/ring-tone.ts'

/** The browser's sound system as far as the ring uses it: `allowed` is whether somebody has touched the page. */
function fakeAudio(allowed: boolean) {
  let waiting: (() => void)[] = []
  const gains: { ended: boolean }[] = []
  const audio = {
    state: 'suspended',
    currentTime: 0,
    destination: {},
    resume: async () => {
      if (!allowed) await new Promise<void>((resolve) => waiting.push(resolve))
      audio.state = 'running'
    },
    suspend: async () => {
      audio.state = 'suspended'
    },
    createGain: () => {
      const made = { ended: false }
      gains.push(made)
      return {
        connect: () => undefined,
        gain: {
          setValueAtTime: () => undefined,
          linearRampToValueAtTime: () => undefined,
          cancelScheduledValues: () => undefined,
          setTargetAtTime: () => {
            made.ended = true
          },
        },
      }
    },
    createOscillator: () => ({
      frequency: { value: 0 },
      connect: () => undefined,
      start: () => undefined,
      stop: () => undefined,
    }),
  }
  return {
    audio,
    gains,
    touch: async () => {
      allowed = true
      for (const resolve of waiting) resolve()
      waiting = []
      await vi.advanceTimersByTimeAsync(0)
    },
    ring: createRingTone(() => audio as unknown as AudioContext),
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  ringBlocked.value = false
})
afterEach(() => vi.useRealTimers())

describe('the ring', () => {
  it('sounds again and again until it is stopped, and the last tone ends there', async () => {
    const { ring, gains, audio } = fakeAudio(true)
    ring.start()
    await vi.advanceTimersByTimeAsync(8_100)
    expect(gains).toHaveLength(3)
    ring.stop()
    expect(gains.at(-1)?.ended).toBe(true)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(gains).toHaveLength(3)
    expect(audio.state).toBe('suspended')
  })

  it('is not called blocked when it wakes from its sleep for the next call', async () => {
    const { ring, gains } = fakeAudio(true)
    ring.unlock()
    await vi.advanceTimersByTimeAsync(1_000)
    ring.start()
    expect(ringBlocked.value).toBe(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(gains).toHaveLength(1)
  })

  it('says that it is blocked until somebody touches the page, and sounds then', async () => {
    const { ring, gains, touch } = fakeAudio(false)
    ring.start()
    await vi.advanceTimersByTimeAsync(4_100)
    expect(ringBlocked.value).toBe(true)
    expect(gains).toHaveLength(0)
    await touch()
    expect(ringBlocked.value).toBe(false)
    expect(gains).toHaveLength(1)
  })

  it('keeps silent when the call was over before the page was touched', async () => {
    const { ring, gains, audio, touch } = fakeAudio(false)
    ring.start()
    ring.stop()
    await touch()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(gains).toHaveLength(0)
    expect(audio.state).toBe('suspended')
  })
})
