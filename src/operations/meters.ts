import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { DiskState } from './contract.ts'
import { createHistogram, type Histogram, type Metric, type Sample } from './metrics-text.ts'

/** Seconds; the goal for a pop is 0.1 (issue of the calls' pace), a page's answer 0.05. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const
/** How often the event loop is looked at, in ms. */
const LOOP_RESOLUTION_MS = 10

/** What the database knows, read when somebody asks. */
export interface StoredFigures {
  readonly calls: number
  /** Of the last 24 hours, by how they ended; `running` has no end yet. */
  readonly callsByOutcome: ReadonlyMap<string, number>
  readonly rebuiltCalls: number
  readonly failedCalls: number
  readonly outboxWaiting: number
  /** When the oldest of them was due; null where none is. */
  readonly outboxOldestAt: string | null
  readonly outboxUnknown: number
  readonly recordingsPending: number
  readonly openDeadlines: number
}

export interface MeterDeps {
  readonly now: () => Date
  readonly stored: () => StoredFigures
  readonly waiting: () => readonly { readonly since: string }[]
  readonly consoles: () => number
  /** By name: `up` or what it does instead. */
  readonly links: () => Readonly<Record<string, string>>
  readonly disk: { state(): DiskState; free(): ReadonlyMap<string, number> }
  /** Bytes of the database's write-ahead log. */
  readonly walBytes: () => number
}

export interface Meters {
  /** The PBX says that an operator's phone rings; what follows in the same turn is the pop's way. */
  eventCame(): void
  popSent(): void
  linkUp(link: string, gapMs: number): void
  answered(status: number, seconds: number): void
  /** Everything, now. */
  read(): Metric[]
  close(): void
}

/** Counts what passes, and asks for the rest when somebody reads. */
export function createMeters(deps: MeterDeps): Meters {
  const pops = createHistogram(BOUNDS)
  const answers = new Map<string, Histogram>()
  const gaps = new Map<string, { count: number; seconds: number }>()
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  loop.enable()
  let cameMs = performance.now()

  const one = (value: number): readonly Sample[] => [{ value }]
  const by = (label: string, values: Iterable<readonly [string, number]>): Sample[] =>
    [...values].map(([name, value]) => ({ labels: { [label]: name }, value }))
  const secondsSince = (iso: string | null | undefined): number =>
    iso == null ? 0 : Math.max(0, (deps.now().getTime() - new Date(iso).getTime()) / 1_000)

  /** Nanoseconds to seconds; each reading speaks of the time since the one before. */
  function loopDelay(): Metric {
    const samples = [
      ['p50', loop.percentile(50)],
      ['p99', loop.percentile(99)],
      ['max', loop.max],
    ] as const
    const metric: Metric = {
      name: 'hotline_event_loop_delay_seconds',
      type: 'gauge',
      help: 'How late timers of the service were since the last reading',
      samples: by(
        'at',
        samples.map(([at, ns]) => [at, ns / 1e9] as const),
      ),
    }
    loop.reset()
    return metric
  }

  function read(): Metric[] {
    const stored = deps.stored()
    const waiting = deps.waiting()
    const oldest = waiting.map(({ since }) => since).sort()[0]
    const counter = (name: string, help: string, samples: readonly Sample[]): Metric => ({
      name,
      type: 'counter',
      help,
      samples,
    })
    const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
      name,
      type: 'gauge',
      help,
      samples,
    })
    const linkStates = Object.entries(deps.links()).map(
      ([link, state]) => [link, state === 'up' ? 1 : 0] as const,
    )
    return [
      counter('hotline_calls_total', 'Calls ever written down', one(stored.calls)),
      gauge(
        'hotline_calls_day',
        'Calls of the last 24 hours by outcome',
        by('outcome', stored.callsByOutcome),
      ),
      gauge('hotline_waiting_callers', 'Callers in the queue', one(waiting.length)),
      gauge(
        'hotline_waiting_longest_seconds',
        'How long the first of them has waited',
        one(secondsSince(oldest)),
      ),
      {
        name: 'hotline_pop_seconds',
        type: 'histogram',
        help: 'From the PBX event to the pop on the wire',
        samples: pops.samples(),
      },
      gauge('hotline_link_up', 'Whether a link to the PBX is up', by('link', linkStates)),
      counter(
        'hotline_link_gaps_total',
        'Times a link to the PBX came back',
        by(
          'link',
          [...gaps].map(([link, { count }]) => [link, count] as const),
        ),
      ),
      counter(
        'hotline_link_gap_seconds_total',
        'How long links to the PBX were away',
        by(
          'link',
          [...gaps].map(([link, { seconds }]) => [link, seconds] as const),
        ),
      ),
      counter(
        'hotline_calls_caught_up_total',
        'Calls rebuilt from the journal of the PBX',
        one(stored.rebuiltCalls),
      ),
      counter(
        'hotline_calls_caught_up_failed_total',
        'Journal entries that could not be taken',
        one(stored.failedCalls),
      ),
      gauge(
        'hotline_outbox_waiting',
        'SMS that are due and not yet with the carrier',
        one(stored.outboxWaiting),
      ),
      gauge(
        'hotline_outbox_age_seconds',
        'How long the oldest of them has been due',
        one(secondsSince(stored.outboxOldestAt)),
      ),
      gauge(
        'hotline_outbox_unknown',
        'SMS of which nobody knows whether the carrier has them',
        one(stored.outboxUnknown),
      ),
      gauge('hotline_recordings_pending', 'Recordings not yet collected', one(stored.recordingsPending)),
      gauge('hotline_open_deadlines', 'Clocks that run', one(stored.openDeadlines)),
      gauge('hotline_consoles', 'Consoles connected', one(deps.consoles())),
      gauge('hotline_disk_free_bytes', 'Room left where a folder is', by('folder', deps.disk.free())),
      gauge(
        'hotline_disk_low',
        '0: room, 1: low, 2: files are refused',
        one(['ok', 'low', 'full'].indexOf(deps.disk.state())),
      ),
      gauge('hotline_wal_bytes', 'Write-ahead log of the database', one(deps.walBytes())),
      {
        name: 'hotline_http_seconds',
        type: 'histogram',
        help: 'From request to answer, by class of status',
        samples: [...answers].flatMap(([status, histogram]) => histogram.samples({ status })),
      },
      loopDelay(),
      gauge('process_resident_memory_bytes', 'Resident memory', one(process.memoryUsage.rss())),
      gauge('process_heap_bytes', 'JavaScript heap in use', one(process.memoryUsage().heapUsed)),
      counter('process_cpu_seconds_total', 'User and system time', one(cpuSeconds())),
    ]
  }

  return {
    eventCame() {
      cameMs = performance.now()
    },
    popSent() {
      pops.observe((performance.now() - cameMs) / 1_000)
    },
    linkUp(link, gapMs) {
      if (gapMs === 0) return // the first time
      const { count, seconds } = gaps.get(link) ?? { count: 0, seconds: 0 }
      gaps.set(link, { count: count + 1, seconds: seconds + gapMs / 1_000 })
    },
    answered(status, seconds) {
      const group = `${String(Math.floor(status / 100))}xx`
      const histogram = answers.get(group) ?? createHistogram(BOUNDS)
      answers.set(group, histogram)
      histogram.observe(seconds)
    },
    read,
    close() {
      loop.disable()
    },
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
