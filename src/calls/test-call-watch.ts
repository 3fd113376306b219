import { type Heard, hear, type HeardEvent, NOTHING_HEARD } from './test-call-policy.ts'

/** One test call under way: what was heard of it, and whoever waits for more. */
export interface CallWatch {
  readonly callId: string
  heard(): Heard
  /** True for an event of this call that says something new. */
  take(event: HeardEvent): boolean
  /** True as soon as it holds; false when the time is over, or once stopped. */
  until(holds: () => boolean, withinMs: number): Promise<boolean>
  /** Something outside the call changed: whoever waits looks again. */
  wake(): void
  /** Ends all waiting, now and later. */
  stop(): void
  stopped(): boolean
}

/** Waits on events instead of asking over and over. */
export function watchCall(callId: string): CallWatch {
  const looks = new Set<() => void>()
  let heard = NOTHING_HEARD
  let stopped = false

  function wake(): void {
    for (const look of [...looks]) look()
  }

  return {
    callId,
    heard: () => heard,
    take(event) {
      const before = heard
      heard = hear(before, callId, event)
      return heard !== before
    },
    until(holds, withinMs) {
      if (stopped || holds()) return Promise.resolve(!stopped)
      return new Promise((resolve) => {
        const end = (result: boolean) => {
          clearTimeout(timer)
          looks.delete(look)
          resolve(result)
        }
        const look = () => {
          if (stopped) end(false)
          else if (holds()) end(true)
        }
        const timer = setTimeout(() => {
          end(false)
        }, withinMs)
        looks.add(look)
      })
    },
    wake,
    stop() {
      stopped = true
      wake()
    },
    stopped: () => stopped,
  }
}
