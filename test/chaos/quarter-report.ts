import { once } from 'node:events'
import { availableParallelism, loadavg } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Mismatch, type sumsOf } from './quarter.ts'

/** More of them say nothing new. */
const SHOWN = 3
/** Fewer are not worth a thread and a database of their own. */
const LEAST_SHARE = 1_000
/** Nearly all of what a case takes is rubbish a moment later. */
const YOUNG_MB = 64

type Sums = ReturnType<typeof sumsOf>

interface PlayedShare {
  readonly checkedMs: number
  readonly sums: Sums
  readonly mismatches: readonly Mismatch[]
}

/**
 * One quarter played and checked, with the machine it ran on; times in seconds. No case knows of another, so they are shared out
 * to a thread per core, each with a database, a clock and a sweep of its own.
 */
export async function run({
  cases,
  seed,
  stopped,
}: {
  readonly cases: number
  readonly seed: number
  readonly stopped: AbortSignal
}) {
  const startedMs = performance.now()
  const startedCpu = process.cpuUsage()
  const count = Math.max(1, Math.min(availableParallelism(), Math.floor(cases / LEAST_SHARE)))
  const shares = await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const share = Math.floor(cases / count) + (index < cases % count ? 1 : 0)
      return play({ cases: share, seed: seed * count + index }, stopped)
    }),
  )
  const { user, system } = process.cpuUsage(startedCpu)
  const seconds = (performance.now() - startedMs) / 1_000
  const mismatches = shares.flatMap((share) => share.mismatches)
  return {
    cases,
    seed,
    seconds: rounded(seconds),
    cpuSeconds: rounded((user + system) / 1_000_000),
    checkSeconds: rounded(Math.max(...shares.map(({ checkedMs }) => checkedMs)) / 1_000),
    casesPerSecond: rounded(cases / seconds),
    ...added(shares.map(({ sums }) => sums)),
    mismatches: mismatches.length,
    problems: mismatches.slice(0, SHOWN).map(storyOf),
    threads: count,
    cores: availableParallelism(),
    load: rounded(loadavg()[0] ?? 0),
  }
}

async function play(
  share: { readonly cases: number; readonly seed: number },
  stopped: AbortSignal,
): Promise<PlayedShare> {
  const worker = new Worker(new URL('./quarter-worker.ts', import.meta.url), {
    workerData: share,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  try {
    const [played] = (await once(worker, 'message', { signal: stopped })) as [PlayedShare]
    return played
  } finally {
    await worker.terminate()
  }
}

function added(all: readonly Sums[]): Sums {
  const [first, ...others] = all
  if (first === undefined) throw new RangeError('nothing was played')
  return others.reduce<Sums>((sum, one) => {
    const sumOf = (key: keyof Sums): Record<string, number> => {
      const whole = { ...sum[key] }
      for (const [name, count] of Object.entries(one[key])) whole[name] = (whole[name] ?? 0) + count
      return whole
    }
    return {
      habits: sumOf('habits'),
      states: sumOf('states'),
      attempts: sumOf('attempts'),
      breaches: sumOf('breaches'),
      slips: sumOf('slips'),
      sms: sumOf('sms'),
    }
  }, first)
}

/** What was tried, and where the two tell it differently. */
function storyOf({ code, habit, attempts, found, expected }: Mismatch) {
  const keys = Object.keys(found) as (keyof typeof found)[]
  const differing = keys.filter((key) => JSON.stringify(found[key]) !== JSON.stringify(expected[key]))
  return {
    code,
    habit,
    attempts: attempts.map(({ atMs, by, action }) => `${new Date(atMs).toISOString()} ${by} ${action}`),
    differs: differing.map((key) => ({ what: key, found: found[key], expected: expected[key] })),
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
