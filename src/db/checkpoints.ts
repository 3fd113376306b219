import { createIdleThread } from '../platform/idle-thread.ts'
import type { Db } from './open.ts'

/** In pages of 4 KiB. */
const LIMITS = {
  /** So many in the log and not in the database yet are worth a thread. */
  worth: 1_000,
  /** The writer never rested since: it moves the little that is left itself, so that the log can begin anew. */
  longLog: 8_000,
} as const
/** SQLite does it itself at the end of a commit again, should the thread be of no use. */
const LAST_RESORT_PAGES = 32_000
const SQLITE_DEFAULT_PAGES = 1_000
/** What is left of the file when the log begins anew after a rush. */
const KEPT_BYTES = 64 * 1_024 * 1_024
const LOOK_MS = 1_000
/** 128 MB of log take a second; a disk that hangs for longer is said, and the next look tries again. */
const DEADLINE_MS = 60_000
const PROGRAM = new URL('./checkpoint-worker.ts', import.meta.url)

export interface Checkpoints {
  /** Looks at the log, and empties it where that is worth it; resolves when that is done. */
  look(): Promise<void>
  close(): Promise<void>
}

export interface CheckpointDeps {
  readonly db: Pick<Db, 'raw'>
  readonly path: string
  readonly log: { warn(fields: object, message: string): void }
  readonly lookMs?: number
  readonly limits?: Readonly<Record<keyof typeof LIMITS, number>>
  readonly program?: URL
}

/** How full the write-ahead log is, in pages: a checkpoint that does nothing (sqlite.org/pragma.html#pragma_wal_checkpoint). */
export function fillOf(raw: Db['raw']): { readonly log: number; readonly left: number } {
  const [row] = raw.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
  return { log: row?.log ?? 0, left: (row?.log ?? 0) - (row?.checkpointed ?? 0) }
}

/**
 * Checkpoints in a thread. SQLite's own come at the end of whichever commit made the log long enough, wait twice for the disk, and
 * take ten to fifty milliseconds in which no phone can ring. A thread copies and syncs while the service goes on writing.
 */
export function createCheckpoints(deps: CheckpointDeps): Checkpoints {
  const { path, log, lookMs, program, limits = LIMITS } = deps
  const { raw } = deps.db
  const thread = createIdleThread<'checkpoint', undefined>({
    program: program ?? PROGRAM,
    workerData: { path },
    deadlineMs: DEADLINE_MS,
    gone: (cause) => new Error('the thread ended', { cause }),
  })
  let running: Promise<void> | undefined
  let isClosed = false
  raw.pragma(`wal_autocheckpoint = ${String(LAST_RESORT_PAGES)}`)
  raw.pragma(`journal_size_limit = ${String(KEPT_BYTES)}`)
  const timer = setInterval(() => void look(), lookMs ?? LOOK_MS)
  timer.unref()

  async function once(): Promise<void> {
    try {
      if (fillOf(raw).left < limits.worth) return
      await thread.ask('checkpoint')
      if (!isClosed && fillOf(raw).log > limits.longLog) raw.pragma('wal_checkpoint(PASSIVE)')
    } catch (err) {
      if (isClosed) return
      log.warn({ err }, 'the write-ahead log could not be emptied in a thread; it is tried again')
    }
  }

  function look(): Promise<void> {
    if (isClosed) return Promise.resolve()
    running ??= once().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    look,
    async close() {
      isClosed = true
      clearInterval(timer)
      await thread.close()
      await running
      if (raw.open) raw.pragma(`wal_autocheckpoint = ${String(SQLITE_DEFAULT_PAGES)}`)
    },
  }
}
