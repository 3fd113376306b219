import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../platform/errors.ts'
import { createBackoff } from '../platform/backoff.ts'
import { type Keeper } from './keeper-process.ts'
import { sendSignal } from './process-tree.ts'
import { type Progress } from './progress.ts'

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
}

/** A process that was started and serves. */
export interface RunningProcess {
  readonly pid: number
  readonly ended: Promise<Ending>
  /** Ends it in order; resolves when it is gone. */
  readonly stop: () => Promise<void>
}

/** A process that is started again whenever it ends. */
export interface KeptProcess {
  /** Resolves when it serves for the first time; rejects when it does not start. */
  readonly started: Promise<void>
  /**
   * Starts its successor, which ends it as soon as it can itself take its place. One that fails before that leaves it running.
   * Resolves when the successor serves; rejects when it does not, with what was said.
   */
  readonly replace: () => Promise<void>
  /** Ends it for good; resolves when it is gone. Safe at any moment, also while it starts. */
  readonly stop: () => Promise<void>
  /** Ends it for good and at once; `stop` then resolves soon. */
  readonly kill: () => void
}

/** What it takes to keep a process. */
export interface KeepOptions {
  /** As told to people: `service`, `PBX`. */
  readonly name: string
  /**
   * Starts it and resolves when it serves; tells the pid as soon as there is one. Where it is to take another's place it ends that
   * one itself.
   */
  readonly start: (onSpawned: (pid: number) => void, inPlaceOf?: RunningProcess) => Promise<RunningProcess>
  readonly keeper: Pick<Keeper, 'watch' | 'forget'>
  /** The pid has changed; undefined: it does not run. */
  readonly onPid: (pid: number | undefined) => void
  readonly say: Progress
  readonly now: () => number
  readonly random: () => number
}

const FIRST_PAUSE_MS = 250
/** Legs of a transfer wait for the service meanwhile: no longer than citizens bear to hear music alone. */
const LONGEST_PAUSE_MS = 2_000
/** Who ran this long was well: the next pause is short again. */
const WELL_AFTER_MS = 60_000

/** Starts a process and keeps it running until stopped. */
export function keepRunning(options: KeepOptions): KeptProcess {
  const { name, say, now, keeper } = options
  const backoff = createBackoff({ firstMs: FIRST_PAUSE_MS, capMs: LONGEST_PAUSE_MS, random: options.random })
  const stopping = new AbortController()
  let pid: number | undefined
  let running: RunningProcess | undefined
  /** One that comes up beside it. */
  let successor: { pid: number | undefined; readonly serves: Promise<RunningProcess> } | undefined

  async function startOnce(): Promise<RunningProcess> {
    try {
      const fresh = await options.start((spawned) => {
        pid = spawned
        keeper.watch(spawned)
        options.onPid(spawned)
        if (stopping.signal.aborted) sendSignal(spawned, 'SIGKILL')
      })
      running = fresh
      return fresh
    } catch (cause) {
      forget()
      throw cause
    }
  }

  function startSuccessor(old: RunningProcess): Promise<RunningProcess> {
    let spawnedPid: number | undefined
    let isOldGone = false
    void old.ended.then(() => (isOldGone = true))
    const serves = options
      .start((spawned) => {
        spawnedPid = spawned
        if (successor !== undefined) successor.pid = spawned
        keeper.watch(spawned)
        if (stopping.signal.aborted) sendSignal(spawned, 'SIGKILL')
      }, old)
      .catch((cause: unknown) => {
        if (spawnedPid !== undefined) keeper.forget(spawnedPid)
        if (isOldGone) say(`${name} could not be replaced and starts again as it was: ${reasonOf(cause)}`)
        else {
          successor = undefined
          say(`${name} could not be replaced and runs on as it was: ${reasonOf(cause)}`)
        }
        throw cause
      })
    successor = { pid: spawnedPid, serves }
    return serves
  }

  function forget(): void {
    if (pid !== undefined) keeper.forget(pid)
    pid = undefined
    running = undefined
    options.onPid(undefined)
  }

  /** Runs for as long as the process is wanted. */
  async function keep(first: RunningProcess): Promise<void> {
    let current = first
    let startedAtMs = now()
    for (;;) {
      const ending = await current.ended
      const how = describeEnding(ending)
      forget()
      if (stopping.signal.aborted) return
      if (now() - startedAtMs > WELL_AFTER_MS) backoff.reset()
      const endedAtMs = now()
      // Whoever ended in order was asked to, by somebody who waits for its successor.
      const next = (await succeed()) ?? (await startAgain(how, ending.code === 0))
      if (next === undefined) return
      say(`${name} ended (${how}); it runs again after ${((now() - endedAtMs) / 1000).toFixed(1)} s`)
      current = next
      startedAtMs = now()
    }
  }

  /** The one that came up beside it; undefined where there is none, or it has failed. */
  async function succeed(): Promise<RunningProcess | undefined> {
    if (successor === undefined) return undefined
    const { serves } = successor
    pid = successor.pid
    options.onPid(pid)
    try {
      running = await serves
    } catch {
      forget()
    } finally {
      successor = undefined
    }
    return running
  }

  /** Tries until it runs; undefined when it is wanted no more. */
  async function startAgain(how: string, atOnce: boolean): Promise<RunningProcess | undefined> {
    for (let tries = 1; ; tries += 1) {
      const pauseMs = atOnce && tries === 1 ? 0 : backoff.nextMs()
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return undefined
      try {
        return await startOnce()
      } catch (cause) {
        if (tries === 1) say(`${name} ended (${how}) and does not start again yet: ${reasonOf(cause)}`)
      }
    }
  }

  /** It serves nobody yet. */
  function endSuccessor(): void {
    if (successor?.pid !== undefined) sendSignal(successor.pid, 'SIGKILL')
  }

  const first = startOnce()
  const kept = first.then(keep)
  kept.catch(() => undefined) // `started` tells whoever started it
  return {
    started: first.then(() => undefined),
    replace: async () => {
      if (running === undefined || successor !== undefined || stopping.signal.aborted)
        throw new AppError('conflict', 'NOT_NOW', `${name} is starting or ending just now`)
      await startSuccessor(running)
    },
    kill: () => {
      stopping.abort()
      endSuccessor()
      if (pid !== undefined) sendSignal(pid, 'SIGKILL')
    },
    stop: async () => {
      stopping.abort()
      endSuccessor()
      if (running !== undefined) await running.stop()
      else if (pid !== undefined) sendSignal(pid, 'SIGKILL') // it serves nobody yet
      await kept.catch(() => undefined)
    },
  }
}

/** First line of an error, and of the last words of a process behind it the one that tells most. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  const [first = '', ...words] = cause.message.split('\n')
  // Neither lines of the log, nor where in the code it was, nor the code itself.
  const plain = words.filter((line) => /^[^\s{}^]/.test(line) && !/^(?:node:|file:|\/|Node\.js v)/.test(line))
  const telling = plain.find((line) => /^\w*Error\b|cannot/i.test(line)) ?? plain.at(-1)
  return telling === undefined ? first : `${first} ${telling}`
}

/** An ending in words: `exit code 1`, `SIGKILL`. */
export function describeEnding({ code, signal }: Ending): string {
  return signal ?? `exit code ${String(code)}`
}
