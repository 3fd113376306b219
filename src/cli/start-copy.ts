import { type Config } from '../config.ts'
import { AppError } from '../platform/errors.ts'
import { type CommandContext } from './command.ts'
import { type Keeper } from './keeper-process.ts'
import { type KeepOptions, type KeptProcess, keepRunning, reasonOf } from './kept-process.ts'
import { markProcess } from './process-tree.ts'
import { type Progress } from './progress.ts'
import { type Runtime, writeRuntime } from './runtime-file.ts'

/** Parts of a running copy; also the names of their log files. */
export type PartName = 'service' | 'pbx' | 'network'

/** What a copy being started is known by, once its ports are chosen. */
export type CopyFacts = Omit<
  Runtime,
  'version' | 'startedAt' | 'ready' | 'handsOver' | 'notReplaced' | 'processes'
>

/** One running copy: its parts, and the runtime file that tells of them. */
export interface Copy extends Pick<CommandContext, 'home' | 'environment'> {
  readonly config: Config
  readonly say: Progress
  /** Starts a part and keeps it running. */
  readonly keep: (name: PartName, start: KeepOptions['start']) => KeptProcess
  /** Ports and secrets are known now. */
  readonly learn: (facts: CopyFacts) => void
  /** Resolves when they are. */
  readonly known: Promise<CopyFacts>
  /** Has the service replaced by what the folder holds now; people are told where that fails. Never rejects. */
  readonly replaceService: () => Promise<void>
  /** Writes the `ready` mark down. */
  readonly markReady: () => Promise<void>
  /** Ends all parts, the service first; safe at any moment. */
  readonly stop: () => Promise<void>
  readonly kill: () => void
}

const WRITE_AGAIN_MS = 2_000

const SPOKEN: Readonly<Record<PartName, string>> = {
  service: 'The service',
  pbx: 'The PBX',
  network: 'The telephone network',
}

/** A copy with nothing started yet. */
export function createCopy(options: {
  readonly context: Pick<CommandContext, 'home' | 'environment'>
  readonly config: Config
  readonly keeper: Pick<Keeper, 'pid' | 'watch' | 'forget'>
  readonly say: Progress
  readonly now: () => Date
}): Copy {
  const { config, keeper, say, now } = options
  const kept = new Map<PartName, KeptProcess>()
  const pids = new Map<string, number>([
    ['start', process.pid],
    ['keeper', keeper.pid],
  ])
  const startedAt = now().toISOString()
  const known = Promise.withResolvers<CopyFacts>()
  let facts: CopyFacts | undefined
  let ready = false
  let notReplaced: Runtime['notReplaced']
  let stopping = false
  let written: Promise<void> = Promise.resolve()

  /** One after the other, so that the file never goes back in time. */
  async function write(): Promise<void> {
    // One that failed does not keep the next from being tried.
    const before = written.catch(() => undefined)
    written = before.then(async () => {
      if (facts === undefined || stopping) return
      const processes: Runtime['processes'] = {}
      for (const [name, pid] of pids) {
        const mark = await markProcess(pid)
        if (mark !== undefined) processes[name] = mark
      }
      await writeRuntime(config.dataDir, {
        version: 1,
        startedAt,
        ready,
        handsOver: true,
        ...(notReplaced === undefined ? {} : { notReplaced }),
        ...facts,
        processes,
      })
    })
    return written
  }

  let writingAgain: NodeJS.Timeout | undefined
  /** On a full disk again and again: by what stands there other commands know what runs. */
  function writeSoon(isAgain = false): void {
    clearTimeout(writingAgain)
    write().catch((cause: unknown) => {
      if (!isAgain)
        say(
          `The runtime file cannot be written and is tried again: ${cause instanceof Error ? cause.message : 'unknown reason'}`,
        )
      writingAgain = setTimeout(writeSoon, WRITE_AGAIN_MS, true).unref()
    })
  }

  return {
    ...options.context,
    config,
    say,
    known: known.promise,
    learn: (fresh) => {
      facts = fresh
      known.resolve(fresh)
      writeSoon()
    },
    keep: (name, start) => {
      if (stopping) throw new AppError('unavailable', 'STOPPING', `${SPOKEN[name]} is not started any more`)
      const part = keepRunning({
        name: SPOKEN[name],
        start,
        keeper,
        say,
        now: () => now().getTime(),
        random: Math.random,
        onPid: (pid) => {
          if (pid === undefined) pids.delete(name)
          else pids.set(name, pid)
          writeSoon()
        },
      })
      part.started.catch(() => undefined) // whoever waits for it sees it
      kept.set(name, part)
      return part
    },
    replaceService: async () => {
      notReplaced = undefined
      try {
        await kept.get('service')?.replace()
      } catch (cause) {
        if (cause instanceof AppError && cause.code === 'NOT_NOW') {
          say(cause.message) // the one that comes up is as new as the one that was asked for
          return
        }
        // Whoever asked for it looks there.
        notReplaced = { at: now().toISOString(), reason: reasonOf(cause) }
        writeSoon()
      }
    },
    markReady: async () => {
      ready = true
      await write()
    },
    stop: async () => {
      stopping = true
      // The service closes its lines in order while the PBX still answers.
      await kept.get('service')?.stop()
      await Promise.all([...kept.values()].map((part) => part.stop()))
      await written.catch(() => undefined)
    },
    kill: () => {
      for (const part of kept.values()) part.kill()
    },
  }
}
