import { computed, signal } from '@preact/signals'

/** The server's time in epoch milliseconds, moving once a second: every clock on the page reads this one. */
export const now = signal(0)

/** The same to the minute, for whatever shows no seconds: a page full of dates is not gone through each second. */
export const minute = computed(() => Math.floor(now.value / 60_000) * 60_000)

let aheadMs = 0

/** The machine's clock may be wrong; due times and waits are counted on the server's. */
export function setServerTime(serverTime: string, localMs: number): void {
  aheadMs = Date.parse(serverTime) - localMs
  now.value = localMs + aheadMs
}

/** Starts the tick. Returns how to stop it. */
export function startClock(localMs: () => number): () => void {
  const tick = (): void => {
    now.value = localMs() + aheadMs
  }
  tick()
  const timer = setInterval(tick, 1_000)
  return () => {
    clearInterval(timer)
  }
}
