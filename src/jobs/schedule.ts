import cron, { type ScheduledTask } from 'node-cron'

export interface Job {
  readonly name: string
  /** Five fields, in the city's time. */
  readonly at: string
  /** A sweep that may run twice or late without harm. */
  readonly run: () => Promise<unknown>
  /** Runs once more when it is scheduled: what fell due while nothing ran waits for no tick. */
  readonly atStart?: boolean
}

export interface Schedule {
  stop(): Promise<void>
}

interface Task {
  readonly task: ScheduledTask
  /** Of a job that looks for what fell due. */
  readonly again: (() => Promise<void>) | undefined
}

interface JobLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** How often the clock of the machine is held against one that nobody sets. */
const LOOK_MS = 5_000
/** As late as node-cron lets a tick be. */
const JUMP_MS = 1_000

/**
 * Runs sweeps by the clock. node-cron forgets what it missed, so a job asks what is due and does not trust the tick. Where the
 * clock of the machine jumps, ticks are set anew by it: node-cron would go through every minute in between, or, set back, wait until
 * the old time comes round. `steadyMs` counts on whatever the clock is set to.
 */
export function startJobs(
  jobs: readonly Job[],
  log: JobLog,
  steadyMs: () => number = () => performance.now(),
): Schedule {
  let apartMs = Date.now() - steadyMs()
  /** Everything up to that moment was said in one line. */
  let saidUntil = 0
  const missed = new Map<string, { first: Date; ticks: number }>()

  const tasks: Task[] = []
  /** One at a time: setting a dozen took a tenth of a second, in which a call that rang was not shown. */
  let setting: NodeJS.Immediate | undefined
  const setOne = ([job, ...rest]: readonly Job[]): void => {
    setting = undefined
    if (job === undefined) return
    tasks.push(set(job))
    setting = setImmediate(setOne, rest)
  }

  function set({ name, at, run, atStart = false }: Job): Task {
    const guarded = async (): Promise<void> => {
      try {
        await run()
      } catch (err) {
        log.error({ err, job: name }, 'a job failed; the next tick tries again')
      }
    }
    if (atStart) void guarded()
    const task = cron.schedule(at, guarded, {
      name,
      noOverlap: true,
      timezone: 'Asia/Ho_Chi_Minh',
      suppressMissedWarning: true,
      logger: loggerOf(name, log),
    })
    task.on('execution:missed', ({ date }) => {
      if (missed.size === 0) setImmediate(tellMissed)
      const known = missed.get(name)
      missed.set(name, { first: known?.first ?? date, ticks: (known?.ticks ?? 0) + 1 })
    })
    return { task, again: atStart ? guarded : undefined }
  }

  /** True where the clock was set since it was looked at last; then all jobs go by the new one. */
  function look(): boolean {
    const apartNow = Date.now() - steadyMs()
    const jumpedMs = Math.round(apartNow - apartMs)
    apartMs = apartNow
    if (Math.abs(jumpedMs) < JUMP_MS) return false
    log.warn(
      { jumpedMs, now: new Date().toISOString() },
      `the clock of this machine jumped ${jumpedMs > 0 ? 'forward' : 'back'} by ${lengthOf(jumpedMs)}; jobs go by the new time`,
    )
    saidUntil = Date.now()
    for (const { task, again } of tasks) {
      void task.stop()
      void task.start()
      void again?.()
    }
    return true
  }

  /** One line for all ticks that went by together; none for what a jump of the clock passed over, which was said. */
  function tellMissed(): void {
    const isJump = look()
    const unsaid = [...missed].filter(([, { first }]) => first.getTime() > saidUntil)
    missed.clear()
    if (isJump || unsaid.length === 0) return
    const lateMs = Date.now() - Math.min(...unsaid.map(([, { first }]) => first.getTime()))
    saidUntil = Date.now()
    log.warn(
      { lateMs, ticks: Object.fromEntries(unsaid.map(([name, { ticks }]) => [name, ticks])) },
      `nothing ran here for ${lengthOf(lateMs)}; jobs make up for it at their next tick`,
    )
  }

  const looking = setInterval(look, LOOK_MS)
  setOne(jobs)
  return {
    async stop() {
      clearInterval(looking)
      clearImmediate(setting)
      await Promise.all(tasks.map(async ({ task }) => task.destroy()))
    },
  }
}

/** node-cron's own words, of a job that is still at its last tick above all. */
function loggerOf(job: string, log: JobLog) {
  return {
    info: () => undefined,
    debug: () => undefined,
    warn: (message: string) => {
      log.warn({ job }, message)
    },
    error: (message: string | Error, err?: Error) => {
      log.error({ job, err: message instanceof Error ? message : err }, 'node-cron reports an error')
    },
  }
}

/** "3 d 4 h 5 min 6 s", from the largest that there is. */
function lengthOf(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
  const from = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(from === -1 ? -1 : from)
    .map(([count, unit]) => `${String(count)} ${unit}`)
    .join(' ')
}
