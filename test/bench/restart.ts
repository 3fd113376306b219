import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AmiTap } from '../bench-support/ami-tap.ts'
import { startBare } from '../bench-support/bare-process.ts'
import { type BenchContext, type BenchResult } from '../bench-support/bench-result.ts'
import { type LoadStage, openLoadStage } from '../bench-support/load-stage.ts'
import { percentiles, round } from '../bench-support/statistics.ts'
import { atWorkbench } from '../bench-support/workbench.ts'

const OPERATORS = 30
/** Longer than a restart takes, so that what rang into it still rings when it is over. */
const RING_MS = 3_000
const TALK_MS = 700
const PER_SECOND = 5
const RESTARTS = 8
const BETWEEN_MS = 5_000
/** No pop missing for longer than this (issue 5). */
const GOAL_MS = 1_000
const SETTLES_WITHIN_MS = 20_000

/**
 * The service is replaced again and again while citizens call: how long until a ringing call is on its operator's screen, whether it
 * rang before, while or after there was no service. Time runs from `AgentCalled` as another client of the PBX hears it. Beside it, how
 * long a Fastify that says hello is away when it is replaced.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  return atWorkbench(context, async (bench) => {
    const { progress } = context
    const stage = await openLoadStage(bench, {
      operators: OPERATORS,
      ringMs: RING_MS,
      talkMs: TALK_MS,
      progress,
    })
    progress('a few calls to warm up')
    await stage.phones.place({ perSecond: 2, seconds: 4 })
    await stage.settled(SETTLES_WITHIN_MS)
    const { filed: before } = stage.counts()
    stage.takePops()
    const rung = await hearRinging(stage)
    const loadBefore = loadavg()[0] ?? 0

    const seconds = (RESTARTS * (BETWEEN_MS + GOAL_MS)) / 1_000
    const placing = stage.phones.place({ perSecond: PER_SECOND, seconds })
    const awayMs: number[] = []
    for (let nth = 1; nth <= RESTARTS; nth += 1) {
      await sleep(BETWEEN_MS)
      awayMs.push(await stage.replace())
      progress(`restart ${String(nth)}: ${String(round(awayMs.at(-1) ?? 0, 0))} ms`)
    }
    const placed = await placing
    await stage.settled(SETTLES_WITHIN_MS)
    const { ms, missing } = stage.takePops(rung)
    const unfiled = placed.placed - (stage.counts().filed - before)
    const bareMs: number[] = []
    for (let nth = 0; nth < RESTARTS; nth += 1) bareMs.push(await replaceBare())
    const pops = percentiles(ms)
    const away = percentiles(awayMs)
    const floor = percentiles(bareMs)
    return {
      n: ms.length,
      placed: placed.placed,
      talked: placed.talked,
      popMs: {
        p50: round(pops.p50, 0),
        p95: round(pops.p95, 0),
        p99: round(pops.p99, 0),
        max: round(Math.max(...ms), 0),
      },
      popsMissing: missing,
      popsOverGoal: ms.filter((one) => one > GOAL_MS).length,
      restarts: RESTARTS,
      awayP50Ms: round(away.p50, 0),
      awayMaxMs: round(Math.max(...awayMs), 0),
      goalMs: GOAL_MS,
      load: [round(loadBefore), round(loadavg()[0] ?? 0)],
      floor: { awayP50Ms: round(floor.p50, 0), awayMaxMs: round(Math.max(...bareMs), 0) },
      ratio: round(away.p50 / floor.p50),
      goalMet: missing === 0 && Math.max(...ms) <= GOAL_MS,
      lost: placed.placed - placed.talked + unfiled,
    }
  })
}

async function replaceBare(): Promise<number> {
  const old = await startBare()
  const startMs = performance.now()
  await old.stop()
  const next = await startBare(old.port)
  const awayMs = performance.now() - startMs
  await next.stop()
  return awayMs
}

/** Each `AgentCalled` from now on, as the PBX tells everybody. */
async function hearRinging({ pbx }: LoadStage): Promise<AmiTap['calls']> {
  const rung: AmiTap['calls'][number][] = []
  pbx.look().onEvent((event) => {
    if (event['Event'] !== 'AgentCalled') return
    rung.push({
      callId: event['Uniqueid'] ?? '',
      from: event['CallerIDNum'] ?? '',
      member: event['MemberName'] ?? '',
      atMs: performance.now(),
    })
  })
  await pbx.look().send('Events', { EventMask: 'agent' })
  return rung
}
