import { figuresOf, type ProcessFigures } from './process-figures.ts'
import { fitLine, isGrowing, round } from './statistics.ts'

/** What processes took while a load ran. */
export interface LoadSamples {
  /** Ends the watch; figures for each of so many calls. */
  readonly stop: (calls: number) => Promise<{
    readonly cpuMsPerCall: Readonly<Record<string, number>>
    readonly rssMb: Readonly<Record<string, number>>
    /** Of the second half, by a straight line; null of a run too short for one. */
    readonly rssKbPerCall: Readonly<Record<string, number | null>>
    readonly isMemoryFlat: boolean
  }>
}

const EVERY_MS = 1_000
/** Of the second half: a heap breathes. */
const FLAT = { share: 0.05, least: 8 * 1024 * 1024 } as const
const LEAST_POINTS = 5

interface Point extends ProcessFigures {
  readonly atMs: number
}

/** Watches processes by name. */
export function sampleProcesses(pids: Readonly<Record<string, number>>): LoadSamples {
  const points = new Map<string, Point[]>(Object.keys(pids).map((name) => [name, []]))
  const look = async (): Promise<void> => {
    for (const [name, pid] of Object.entries(pids)) {
      points.get(name)?.push({ atMs: performance.now(), ...(await figuresOf(pid)) })
    }
  }
  let looking = look()
  const timer = setInterval(() => {
    looking = looking.then(look)
    looking.catch(() => undefined) // told at the end
  }, EVERY_MS)
  return {
    async stop(calls) {
      clearInterval(timer)
      await looking
      await look()
      const of = <T>(figure: (all: readonly Point[]) => T): Record<string, T> =>
        Object.fromEntries([...points].map(([name, all]) => [name, figure(all)]))
      return {
        cpuMsPerCall: of((all) => round(((all.at(-1)?.cpuMs ?? 0) - (all[0]?.cpuMs ?? 0)) / calls, 1)),
        rssMb: of((all) => round((all.at(-1)?.rssBytes ?? 0) / 1_048_576, 1)),
        rssKbPerCall: of((all) => growthPerCall(all, calls)),
        isMemoryFlat: [...points.values()].every((all) => {
          const late = memoryOf(all)
          return late.length < LEAST_POINTS || !isGrowing(late, FLAT)
        }),
      }
    },
  }
}

/** Resident memory over the second half. */
function memoryOf(all: readonly Point[]): { readonly x: number; readonly y: number }[] {
  return all.slice(Math.floor(all.length / 2)).map(({ atMs, rssBytes }) => ({ x: atMs, y: rssBytes }))
}

function growthPerCall(all: readonly Point[], calls: number): number | null {
  const late = memoryOf(all)
  if (late.length < LEAST_POINTS) return null
  const spanMs = (all.at(-1)?.atMs ?? 0) - (all[0]?.atMs ?? 0)
  return round((fitLine(late).slope * spanMs) / calls / 1_024)
}
