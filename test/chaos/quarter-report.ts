import { availableParallelism, loadavg } from 'node:os'
import { type Mismatch, mismatchesOf, runQuarter, sumsOf } from './quarter.ts'

/** More of them say nothing new. */
const SHOWN = 3

/** One quarter played and checked, with the machine it ran on; times in seconds. */
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
  const quarter = await runQuarter({ cases, seed, stopped })
  const playedMs = performance.now()
  const mismatches = mismatchesOf(quarter)
  const endedMs = performance.now()
  const { user, system } = process.cpuUsage(startedCpu)
  const seconds = (endedMs - startedMs) / 1_000
  return {
    cases,
    seed,
    seconds: rounded(seconds),
    cpuSeconds: rounded((user + system) / 1_000_000),
    checkSeconds: rounded((endedMs - playedMs) / 1_000),
    casesPerSecond: rounded(cases / seconds),
    ...sumsOf(quarter),
    mismatches: mismatches.length,
    problems: mismatches.slice(0, SHOWN).map(storyOf),
    cores: availableParallelism(),
    load: rounded(loadavg()[0] ?? 0),
  }
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
