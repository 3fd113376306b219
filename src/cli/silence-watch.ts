import { setTimeout as sleep } from 'node:timers/promises'

/** When a process that runs counts as hung. */
export interface SilenceRule {
  /** From one question to the next; one that takes longer delays the next. */
  readonly everyMs: number
  /** So many in a row without an answer. Counted and not timed: a machine that slept for an hour asked nobody. */
  readonly unanswered: number
}

/**
 * Half a minute. Whatever may hold the service up in earnest ends sooner: a database that another program has locked is given up after
 * 10 s, an orderly close after 8.
 */
export const HUNG: SilenceRule = { everyMs: 3_000, unanswered: 10 }

/** Asks until nobody has answered often enough; false where the signal came first. `answers` must end by itself. */
export async function untilSilent(
  answers: () => Promise<boolean>,
  rule: SilenceRule,
  signal: AbortSignal,
): Promise<boolean> {
  let unanswered = 0
  for (;;) {
    const pause = sleep(rule.everyMs, undefined, { signal }).catch(() => undefined)
    const [isThere] = await Promise.all([answers(), pause])
    if (signal.aborted) return false
    unanswered = isThere ? 0 : unanswered + 1
    if (unanswered >= rule.unanswered) return true
  }
}
