import cron from 'node-cron'

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

/** Runs sweeps by the clock. node-cron forgets what it missed, so a job asks what is due and does not trust the tick. */
export function startJobs(
  jobs: readonly Job[],
  log: { error(fields: object, message: string): void },
): Schedule {
  const tasks = jobs.map(({ name, at, run, atStart = false }) => {
    const guarded = async (): Promise<void> => {
      try {
        await run()
      } catch (err) {
        log.error({ err, job: name }, 'a job failed; the next tick tries again')
      }
    }
    if (atStart) void guarded()
    return cron.schedule(at, guarded, { name, noOverlap: true, timezone: 'Asia/Ho_Chi_Minh' })
  })
  return {
    async stop() {
      await Promise.all(tasks.map(async (task) => task.destroy()))
    },
  }
}
