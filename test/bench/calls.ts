import { availableParallelism, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type BenchContext, type BenchResult } from '../bench-support/bench-result.ts'
import { sampleProcesses } from '../bench-support/load-samples.ts'
import { type LoadStage, openLoadStage } from '../bench-support/load-stage.ts'
import { percentiles, round } from '../bench-support/statistics.ts'
import { atWorkbench } from '../bench-support/workbench.ts'

/** The door takes sixty sign-ins a minute; with talks this short somebody is free at fifty calls a second. */
const OPERATORS = 55
const TALK_MS = 700
const WARM_UP = { perSecond: 5, seconds: 6 } as const
const RATES = [10, 15, 20, 25, 30, 35, 40, 45, 50] as const
const STEP_SECONDS = 10
/** A pop later than this is late (issue 5). */
const POP_P99_MS = 100
/** From the hotline's answer to an operator's phone, over what the warm-up took in the middle: that much is played. */
const WAIT_P99_OVER_MS = 2_000
/** Of the pace asked for; below it the load generator was too slow to say anything. */
const PACE = 0.97
/** What a rate must leave undone no longer than this. */
const SETTLES_WITHIN_MS = 10_000
const GOAL_RATIO = 0.95
const GOAL_PER_SECOND = 30
const LOOK_EVERY_MS = 5
const NS_PER_MS = 1e6

const NOTHING = { filed: 0, recordings: 0 } as const

type SideName = 'ours' | 'bare'

/** One rate on one side. */
type Held = Awaited<ReturnType<typeof hold>>

interface Setting {
  readonly stage: LoadStage
  readonly side: SideName
  /** The warm-up's middle wait. */
  readonly playedMs: number
}

/**
 * The highest rate at which calls are answered by the PBX, queued, rung at an operator's phone, recorded and turned into tickets
 * with nothing late and nothing left over, beside what the same PBX sustains with no service attached. Rates are tried in turn on
 * both sides, so that whatever slows the machine slows both; each side's best is then held. Real Asterisk, SIP and sound; the
 * service is a process of its own, phones and consoles are without a browser in this one.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  return atWorkbench(context, async (bench) => {
    const { progress, seconds, profile } = context
    const stage = await openLoadStage(bench, {
      operators: OPERATORS,
      talkMs: TALK_MS,
      progress,
      nodeArgs: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`],
    })
    progress('a few calls to warm up')
    const warm = await stage.phones.place(WARM_UP)
    if (warm.talked === 0) throw new Error(`no call comes through: ${JSON.stringify(warm)}`)
    const playedMs = percentiles(warm.waitMs).p50
    await stage.settled(SETTLES_WITHIN_MS)
    const loadBefore = loadavg()[0] ?? 0

    const best = await climb({ stage, playedMs }, progress)
    const bare = await holdBest({ stage, side: 'bare', playedMs }, best.bare, seconds, progress)
    await stage.attach()
    const ours = await holdBest({ stage, side: 'ours', playedMs }, best.ours, seconds, progress)
    const ratio = round(ours.perSecond / bare.perSecond)
    return {
      n: ours.placed,
      ...ours,
      goalPerSecond: GOAL_PER_SECOND,
      goalPopP99Ms: POP_P99_MS,
      goalRatio: GOAL_RATIO,
      operators: OPERATORS,
      stepped: best,
      cores: availableParallelism(),
      load: [round(loadBefore), round(loadavg()[0] ?? 0)],
      floor: bare,
      ratio,
      goalMet:
        ours.isSustained && ours.isMemoryFlat && ours.perSecond >= GOAL_PER_SECOND && ratio >= GOAL_RATIO,
      lost: ours.placed - ours.talked + ours.unfiled,
    }
  })
}

/** Tries rate after rate on both sides; answers the highest each sustained. Leaves the service detached. */
async function climb(
  parts: Omit<Setting, 'side'>,
  progress: BenchContext['progress'],
): Promise<Record<SideName, number>> {
  const best: Record<SideName, number> = { ours: 0, bare: 0 }
  const isOut: Record<SideName, boolean> = { ours: false, bare: false }
  let attached = true
  for (const perSecond of RATES) {
    for (const side of ['ours', 'bare'] as const) {
      if (isOut[side]) continue
      if (attached !== (side === 'ours')) {
        await (attached ? parts.stage.detach() : parts.stage.attach())
        attached = !attached
      }
      let held = await hold({ ...parts, side }, perSecond, STEP_SECONDS)
      progress(lineOf(side, held))
      if (!held.isSustained) {
        // One hiccup of the machine in ten seconds is not yet what this side cannot do.
        held = await hold({ ...parts, side }, perSecond, STEP_SECONDS)
        progress(lineOf(side, held))
      }
      if (held.isSustained) best[side] = perSecond
      else isOut[side] = true
    }
  }
  if (attached) await parts.stage.detach()
  return best
}

/** Holds a rate for long; where it cannot be held that long, the one below. */
async function holdBest(
  setting: Setting,
  from: number,
  seconds: number,
  progress: BenchContext['progress'],
): Promise<Held> {
  const rates = RATES.filter((rate) => rate <= from).slice(-2)
  if (rates.length === 0) throw new Error(`${setting.side}: not even ${String(RATES[0])} calls/s`)
  let held: Held | undefined
  for (const perSecond of [...rates].reverse()) {
    held = await hold(setting, perSecond, seconds)
    progress(lineOf(setting.side, held))
    if (held.isSustained) break
  }
  if (held === undefined) throw new Error('nothing was held')
  return held
}

async function hold({ stage, side, playedMs }: Setting, perSecond: number, seconds: number) {
  stage.takePops()
  stage.takeFailures()
  const isOurs = side === 'ours'
  if (!isOurs) await stage.forget()
  const before = isOurs ? stage.counts() : NOTHING
  const pids = { pbx: stage.pbx.pid(), ...(isOurs ? { service: stage.service().pid } : {}) }
  const samples = sampleProcesses(pids)
  const own = process.cpuUsage()
  const stalls = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })
  stalls.enable()
  const placed = await stage.phones.place({ perSecond, seconds })
  const endMs = performance.now()
  const leftOver = await (isOurs ? stage.settled(SETTLES_WITHIN_MS) : stage.quiet(SETTLES_WITHIN_MS)).then(
    () => null,
    (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
  )
  const settledMs = performance.now() - endMs
  stalls.disable()
  const { user, system } = process.cpuUsage(own)
  const taken = await samples.stop(placed.placed)
  const pops = stage.takePops()
  const after = isOurs ? stage.counts() : await stage.atPbx()
  const unfiled = placed.placed - (after.filed - before.filed)
  const unrecorded = placed.placed - (after.recordings - before.recordings)
  const wait = tail(placed.waitMs)
  const pop = isOurs ? tail(pops.ms) : undefined
  const complaints = [
    placed.talked < placed.placed
      ? `${String(placed.placed - placed.talked)} calls did not get to an operator`
      : '',
    (seconds * 1_000) / placed.placedInMs < PACE ? 'the phones could not keep the pace' : '',
    wait.p99 > playedMs + WAIT_P99_OVER_MS ? `waits of ${String(wait.p99)} ms` : '',
    pop !== undefined && pop.p99 > POP_P99_MS ? `pops of ${String(pop.p99)} ms` : '',
    isOurs && pops.missing > 0 ? `${String(pops.missing)} pops never came` : '',
    unfiled > 0 ? `${String(unfiled)} calls without ${isOurs ? 'a ticket' : 'their row in the journal'}` : '',
    unrecorded > 0 ? `${String(unrecorded)} calls without a recording` : '',
    leftOver ?? '',
    ...stage.takeFailures().slice(0, 3),
  ].filter((complaint) => complaint !== '')
  return {
    perSecond,
    seconds,
    placed: placed.placed,
    talked: placed.talked,
    answerMs: tail(placed.answerMs),
    waitMs: wait,
    popMs: pop,
    unfiled,
    unrecorded,
    settledMs: Math.round(settledMs),
    ...taken,
    loadCpuMsPerCall: round((user + system) / 1_000 / placed.placed, 1),
    ownStallMs: {
      console: Math.max(0, round(stalls.percentile(99) / NS_PER_MS - LOOK_EVERY_MS, 1)),
      phones: placed.ownLateMs.p99,
    },
    complaints,
    isSustained: complaints.length === 0,
  }
}

function tail(sample: readonly number[]) {
  const { p50, p99, max } = percentiles(sample.length === 0 ? [Number.NaN] : sample)
  return { p50: round(p50, 1), p99: round(p99, 1), max: round(max, 1) }
}

function lineOf(side: SideName, held: Held): string {
  const pop = held.popMs === undefined ? '' : `, pop p99 ${String(held.popMs.p99)} ms`
  const why = held.isSustained ? '' : `: ${held.complaints.join('; ')}`
  return `${side} ${String(held.perSecond)}/s for ${String(held.seconds)} s: wait p99 ${String(held.waitMs.p99)} ms${pop}${why}`
}
