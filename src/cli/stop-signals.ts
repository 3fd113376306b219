import { readFileSync } from 'node:fs'
import { type CommandContext } from './command.ts'
import { currentEnvironment } from './environment.ts'

/** Signals that ask us to stop. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A terminal's Ctrl-C comes twice, from the terminal and from npm, which passes it on; a person's second one comes later. */
const SAME_REQUEST_MS = 400
const LOOK_AT_PARENT_MS = 500

/** Turns signals, and the death of whoever started us, into abort signals. After `end` one that comes ends this process with the exit code it has. */
export function watchForStop(): {
  readonly signals: Pick<CommandContext, 'stopped' | 'hurried'>
  readonly end: () => void
} {
  const stopped = new AbortController()
  const hurried = new AbortController()
  let firstAtMs: number | undefined
  const ask = (): void => {
    firstAtMs ??= Date.now()
    if (Date.now() - firstAtMs > SAME_REQUEST_MS) hurried.abort()
    stopped.abort()
  }
  for (const signal of SIGNALS) process.on(signal, ask)
  // A terminal that was closed takes nothing more; that is no reason to leave processes behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  // The kernel tells nobody of a parent's death: look.
  const starters = startersOf(process.ppid)
  const timer = setInterval(() => {
    if (startersOf(process.ppid) !== starters) stopped.abort()
  }, LOOK_AT_PARENT_MS)
  timer.unref()
  return {
    signals: { stopped: stopped.signal, hurried: hurried.signal },
    end: () => {
      clearInterval(timer)
      for (const signal of SIGNALS) {
        process.off(signal, ask)
        // All is ended in order, and says so by its exit code: a second Ctrl-C in this moment must not make it a death by signal.
        process.on(signal, leave)
      }
    },
  }
}

function leave(): void {
  process.exit()
}

/** Who started us, and who started them: npm puts a shell between itself and us, which outlives it. */
function startersOf(parent: number): string {
  return `${String(parent)} ${currentEnvironment()['npm_lifecycle_event'] === undefined ? '' : parentOf(parent)}`
}

function parentOf(pid: number): string {
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? ''
  } catch {
    return '' // gone
  }
}
