import { setTimeout as sleep } from 'node:timers/promises'

/** Followed by the pid of the process whose place is taken. */
export const TAKE_OVER = '--take-over'
const LOOK_EVERY_MS = 5
/** Its own orderly close has 8 s (src/main.ts). */
const END_WITHIN_MS = 10_000

/** Whose place this process takes, as its arguments say; undefined: nobody's. */
export function predecessorOf(args: readonly string[]): number | undefined {
  const at = args.indexOf(TAKE_OVER)
  const pid = at < 0 ? Number.NaN : Number(args[at + 1])
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

/**
 * Asks the process in whose place we come to end, once we have loaded all we can without its database and port, and resolves when it
 * is gone. One that cannot end, such as on a disk that does not answer, serves nobody any more and is made to. No process tells another
 * that is not its parent of its end: look.
 */
export async function takeOver(pid: number, endWithinMs = END_WITHIN_MS): Promise<void> {
  const askedMs = performance.now()
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; send(pid, signal);) {
    await sleep(LOOK_EVERY_MS)
    signal = performance.now() - askedMs > endWithinMs ? 'SIGKILL' : 0
  }
}

/** False where there is no such process. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
