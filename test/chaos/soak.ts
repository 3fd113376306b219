import { statSync } from 'node:fs'
import { join } from 'node:path'
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { openLoadStage, type LoadStage } from '../bench-support/load-stage.ts'
import { figuresOf } from '../bench-support/process-figures.ts'
import { fitLine, isGrowing, percentiles, round } from '../bench-support/statistics.ts'
import { atWorkbench } from '../bench-support/workbench.ts'

export interface SoakOptions {
  readonly minutes: number
  /** Calls a second. */
  readonly rate: number
  /** Between two samples; tests look more often. */
  readonly everyMs?: number
  readonly progress: (line: string) => void
  readonly stopped: AbortSignal
}

/** One look at the service: sizes in bytes, delays in milliseconds. */
export interface SoakSample {
  /** Calls filed by then. */
  readonly calls: number
  readonly rss: number
  readonly heap: number
  readonly handles: number
  readonly database: number
  readonly wal: number
  /** Of the event loop since the look before. */
  readonly delayP99Ms: number
  readonly delayMaxMs: number
}

const OPERATORS = 16
const TALK_MS = 1_000
const SAMPLE_MS = 10_000
const SETTLES_WITHIN_MS = 30_000
const TOKEN = 'a-token-of-the-soak-only'
/** A heap breathes, and so many handles come and go with the requests that are under way. */
const MAY_GROW = {
  rss: { share: 0.05, least: 8 * 1_048_576 },
  heap: { share: 0.1, least: 8 * 1_048_576 },
  handles: { share: 0.02, least: 4 },
} as const

/** Calls at one pace for long, consoles connected: whether what each call leaves behind in the service's memory is nothing. */
export async function run(options: SoakOptions) {
  const { minutes, rate, progress, stopped } = options
  return atWorkbench(options, async (bench) => {
    const stage = await openLoadStage(bench, {
      operators: OPERATORS,
      talkMs: TALK_MS,
      progress,
      environment: { METRICS_TOKEN: TOKEN },
    })
    const samples: SoakSample[] = []
    const looking = new AbortController()
    const watch = watchService(stage, options.everyMs ?? SAMPLE_MS, looking.signal, (sample) => {
      samples.push(sample)
      progress(lineOf(sample))
    })
    const placed = await Promise.race([
      stage.phones.place({ perSecond: rate, seconds: minutes * 60 }),
      failed(watch),
    ])
    looking.abort()
    await watch
    stopped.throwIfAborted()
    const problems = await stage.settled(SETTLES_WITHIN_MS).then(
      () => [] as string[],
      (cause: unknown) => [`not settled: ${String(cause)}`],
    )
    const lost = placed.placed - placed.talked
    if (lost > 0) problems.push(`${String(lost)} calls did not get to an operator and to their end`)
    problems.push(...stage.takeFailures().slice(0, 3), ...growingOf(samples))
    return {
      minutes,
      rate,
      calls: placed.placed,
      popMs: percentilesOf(stage.takePops().ms),
      loopDelayMs: {
        p99: Math.max(...samples.map(({ delayP99Ms }) => delayP99Ms)),
        max: Math.max(...samples.map(({ delayMaxMs }) => delayMaxMs)),
      },
      ...growthOf(samples),
      last: samples.at(-1),
      cores: availableParallelism(),
      load: round(loadavg()[0] ?? 0, 1),
      problems,
    }
  })
}

/** What each call of the second half left behind, by a straight line; the database's first half too, which must be alike. */
export function growthOf(samples: readonly SoakSample[]) {
  const second = secondHalf(samples)
  const first = samples.slice(0, samples.length - second.length)
  const perCall = (of: readonly SoakSample[], figure: keyof SoakSample): number | null =>
    of.length < 3 ? null : round(fitLine(pointsOf(of, figure)).slope, 4)
  return {
    bytesPerCall: {
      rss: perCall(second, 'rss'),
      heap: perCall(second, 'heap'),
      database: perCall(second, 'database'),
      databaseFirstHalf: perCall(first, 'database'),
      wal: perCall(second, 'wal'),
    },
    handlesPerCall: perCall(second, 'handles'),
  }
}

/** What of memory and handles goes up with the calls; none when too little was seen to say. */
export function growingOf(samples: readonly SoakSample[]): string[] {
  const second = secondHalf(samples)
  if (second.length < 3) return ['too few samples to say anything']
  const growing = (['rss', 'heap', 'handles'] as const).filter((figure) =>
    isGrowing(pointsOf(second, figure), MAY_GROW[figure]),
  )
  return growing.map((figure) => `${figure} grows by ${String(growthOfOne(second, figure))} a call`)
}

function growthOfOne(samples: readonly SoakSample[], figure: keyof SoakSample): number {
  return round(fitLine(pointsOf(samples, figure)).slope, 2)
}

function secondHalf(samples: readonly SoakSample[]): readonly SoakSample[] {
  return samples.slice(Math.floor(samples.length / 2))
}

function pointsOf(samples: readonly SoakSample[], figure: keyof SoakSample) {
  return samples.map((sample) => ({ x: sample.calls, y: sample[figure] }))
}

async function watchService(
  stage: LoadStage,
  everyMs: number,
  signal: AbortSignal,
  take: (sample: SoakSample) => void,
): Promise<void> {
  for (;;) {
    await pause(everyMs, undefined, { signal }).catch(() => undefined) // told to end
    if (signal.aborted) return
    take(await look(stage))
  }
}

async function look(stage: LoadStage): Promise<SoakSample> {
  const { pid, url } = stage.service()
  const { rssBytes, handles } = await figuresOf(pid)
  const reply = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
  const text = await reply.text()
  const metric = (name: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${name} `))
    if (line === undefined) throw new Error(`/metrics says nothing of ${name}: ${text.slice(0, 200)}`)
    return Number(line.slice(name.length + 1))
  }
  const database = join(stage.folder, 'data/tongdai.sqlite')
  const delay = (at: string): number =>
    round(metric(`hotline_event_loop_delay_seconds{at="${at}"}`) * 1_000, 1)
  return {
    calls: metric('hotline_calls_total'),
    rss: rssBytes,
    heap: metric('process_heap_bytes'),
    handles,
    database: statSync(database).size,
    wal: statSync(`${database}-wal`).size,
    delayP99Ms: delay('p99'),
    delayMaxMs: delay('max'),
  }
}

/** Only ever rejects, when the watch does. */
async function failed(watch: Promise<void>): Promise<never> {
  await watch
  return new Promise(() => undefined)
}

function percentilesOf(ms: readonly number[]) {
  if (ms.length === 0) return null
  const { p50, p99, max } = percentiles(ms)
  return { p50: round(p50, 1), p99: round(p99, 1), max: round(max, 1) }
}

function lineOf({ calls, rss, heap, handles, database, wal, delayMaxMs }: SoakSample): string {
  const mb = (bytes: number): string => String(round(bytes / 1_048_576, 1))
  return `${String(calls)} calls: ${mb(rss)} MB (heap ${mb(heap)}), ${String(handles)} handles, database ${mb(database)} MB, WAL ${mb(wal)} MB, loop late by ${String(delayMaxMs)} ms at most`
}
