import { setTimeout as sleep } from 'node:timers/promises'
import { isSilent } from './http-probe.ts'
import { type Progress } from './progress.ts'

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

/** A process that serves, and how to end it. */
export interface Watched {
  /** As told to people: `The service`. */
  readonly name: string
  /** Whatever is answered there, the process is at work. */
  readonly url: string
  readonly rule?: SilenceRule | undefined
  readonly kill: () => void
  readonly ended: Promise<unknown>
  readonly say: Progress
}

/** Ends a process that runs and does nothing: whoever keeps it starts it again. Resolves when the process has ended or is told to. */
export async function endWhenSilent({ name, url, rule = HUNG, kill, ended, say }: Watched): Promise<void> {
  const gone = new AbortController()
  void ended.then(() => {
    gone.abort()
  })
  if (!(await untilSilent(async () => !(await isSilent(url)), rule, gone.signal))) return
  say(
    `${name} has not answered for ${String(Math.round((rule.everyMs * rule.unanswered) / 1_000))} s; it is ended`,
  )
  kill()
}

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
