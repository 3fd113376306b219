import { loadavg } from 'node:os'
import { resolve } from 'node:path'
import { buildConsole } from '../../src/cli/console-build.ts'
import { type AmiTap, openAmiTap } from '../bench-support/ami-tap.ts'
import { type BenchContext, type BenchResult } from '../bench-support/bench-result.ts'
import { createCitizens } from '../bench-support/citizens.ts'
import { demoAccount, makeOperators } from '../bench-support/desk-people.ts'
import { firstGoodAnswer } from '../bench-support/first-answer.ts'
import { type Paint, takePaints } from '../bench-support/paint-probe.ts'
import { type PopDesk, seatOperator, startBarePeer } from '../bench-support/pop-desks.ts'
import { startService } from '../bench-support/service-process.ts'
import { median, percentiles, round } from '../bench-support/statistics.ts'
import { atWorkbench } from '../bench-support/workbench.ts'
import { openBrowser } from '../support/chromium.ts'
import { startPbx } from '../support/pbx.ts'

const HOME = resolve(import.meta.dirname, '../..')
/** Enough for five calls a second that ring for a third of a second each, with room: one phone rings for one call at a time. */
const OPERATORS = 4
const WARM_UP_CALLS = 20
const ROUNDS = 3
const CALLS_A_ROUND = 100
const PER_SECOND = 5
const RING_MS = { from: 250, to: 400 }
const GOAL_P99_MS = 50
const GOAL_RATIO = 1.3

/** One pop on one side: how long after the event's bytes it got how far. */
interface Sample {
  readonly toPageMs: number
  readonly toDomMs: number
  readonly totalMs: number
  /** Of our side: until all that is known of the caller is painted too, which comes after who rings. */
  readonly detailsMs: number
}

interface Side {
  readonly name: 'ours' | 'bare'
  readonly tap: AmiTap
  readonly rounds: Sample[][]
}

/**
 * From the bytes of `AgentCalled` on the AMI socket to the pop painted in Chromium, in the console and in a bare page, at the
 * same calls. Real Asterisk, real network, real service in its own process, registered softphones that really ring.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  return atWorkbench(context, async ({ folder, afterwards }) => {
    const { progress } = context
    await buildConsole({ home: HOME, progress })
    const pbx = await startPbx({ withCarrier: true })
    afterwards(() => pbx.stop())
    const tapped = async (): Promise<AmiTap> => {
      const tap = await openAmiTap(pbx.ami.port)
      afterwards(() => tap.close())
      return tap
    }
    const ours: Side = { name: 'ours', tap: await tapped(), rounds: [] }
    const floor: Side = { name: 'bare', tap: await tapped(), rounds: [] }
    const service = await startService({ pbx: { ...pbx, ami: { ...pbx.ami, port: ours.tap.port } }, folder })
    afterwards(() => service.stop())
    await service.ready
    await firstGoodAnswer(`${service.url}/readyz`, 10_000)
    const bare = await startBarePeer({ ...pbx.ami, port: floor.tap.port })
    afterwards(() => bare.stop())
    const browser = await openBrowser()
    afterwards(() => browser.close())

    progress(`seating ${String(OPERATORS)} operators`)
    const adminContext = await browser.newContext()
    const people = await makeOperators(
      adminContext.request,
      service,
      await demoAccount(folder, 'admin'),
      OPERATORS,
    )
    await adminContext.close()
    const desks: PopDesk[] = []
    for (const person of people) desks.push(await seatOperator(browser, { pbx, service, bare, person }))

    const citizens = createCitizens(pbx.carrier, ours.tap)
    progress(`${String(WARM_UP_CALLS)} calls to warm up`)
    await citizens.place({ calls: WARM_UP_CALLS, perSecond: PER_SECOND, ringMs: RING_MS })
    await collect(desks, ours, floor)
    for (const side of [ours, floor]) side.rounds.length = 0
    const loadBefore = loadavg()[0] ?? 0

    let rang = 0
    let seconds = 0
    let clockErrorMs = 0
    for (let index = 0; index < ROUNDS; index += 1) {
      const placed = await citizens.place({ calls: CALLS_A_ROUND, perSecond: PER_SECOND, ringMs: RING_MS })
      rang += placed.rang
      seconds += placed.seconds
      clockErrorMs = Math.max(clockErrorMs, await collect(desks, ours, floor))
      progress(
        `round ${String(index + 1)}: p99 ${String(roundP99(ours, index))} ms, bare ${String(roundP99(floor, index))} ms`,
      )
    }
    const calls = ROUNDS * CALLS_A_ROUND
    const figures = summary(ours)
    const floorFigures = summary(floor)
    const ratio = round(figures.p99Ms / floorFigures.p99Ms)
    const allPopped = rang === calls && figures.popped >= calls && floorFigures.popped >= calls
    return {
      n: calls,
      ...figures,
      // Above: number, name and how sure that is. What else is known, with cases and calls of before, follows in the next picture.
      details: {
        n: ours.rounds.flat().filter(({ detailsMs }) => Number.isFinite(detailsMs)).length,
        ...spread(ours, 'detailsMs'),
      },
      goalP99Ms: GOAL_P99_MS,
      goalRatio: GOAL_RATIO,
      callsRung: rang,
      callsPerSecond: round(calls / seconds),
      operators: OPERATORS,
      warmUpCalls: WARM_UP_CALLS,
      clockErrorMs: round(clockErrorMs),
      load: [round(loadBefore), round(loadavg()[0] ?? 0)],
      floor: floorFigures,
      ratio,
      ratioP50: round(figures.p50Ms / floorFigures.p50Ms),
      ratioP95: round(figures.p95Ms / floorFigures.p95Ms),
      ratioRoundsP99: round(figures.roundsP99MedianMs / floorFigures.roundsP99MedianMs),
      goalMet: allPopped && figures.p99Ms <= GOAL_P99_MS && ratio <= GOAL_RATIO,
    }
  })
}

/** Takes a round's paints from all pages; answers how wrong the clocks may be. */
async function collect(desks: readonly PopDesk[], ours: Side, bare: Side): Promise<number> {
  let worst = 0
  for (const side of [ours, bare]) {
    const samples: Sample[] = []
    for (const desk of desks) {
      const { paints, clockErrorMs } = await takePaints(desk[side.name])
      worst = Math.max(worst, clockErrorMs)
      samples.push(...paints.flatMap((paint) => sampleOf(paint, desk.member, side.tap)))
    }
    side.rounds.push(samples)
  }
  return worst
}

function sampleOf(paint: Paint, member: string, { calls }: AmiTap): Sample[] {
  const call = calls.find(({ callId, member: rung }) => callId === paint.callId && rung === member)
  if (call === undefined) return []
  return [
    {
      toPageMs: (paint.messageAt ?? Number.NaN) - call.atMs,
      toDomMs: paint.domAt - call.atMs,
      totalMs: paint.paintedAt - call.atMs,
      detailsMs: (paint.detailsAt ?? Number.NaN) - call.atMs,
    },
  ]
}

function roundP99(side: Side, index: number): number {
  return round(percentiles((side.rounds[index] ?? []).map(({ totalMs }) => totalMs)).p99)
}

function summary(side: Side) {
  return {
    popped: side.rounds.flat().length,
    ...spread(side, 'totalMs'),
    roundsP99MedianMs: round(median(side.rounds.map((_, index) => roundP99(side, index)))),
    toPage: spread(side, 'toPageMs'),
    toDom: spread(side, 'toDomMs'),
  }
}

function spread(side: Side, figure: keyof Sample) {
  // A call that went before its details came has none.
  const known = side.rounds
    .flat()
    .map((sample) => sample[figure])
    .filter(Number.isFinite)
  const { p50, p95, p99, max } = percentiles(known)
  return { p50Ms: round(p50), p95Ms: round(p95), p99Ms: round(p99), maxMs: round(max) }
}
