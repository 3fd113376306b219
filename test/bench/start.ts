import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser } from 'playwright-core'
import { buildConsole } from '../../src/cli/console-build.ts'
import { startBare } from '../bench-support/bare-process.ts'
import { type BenchContext, type BenchResult } from '../bench-support/bench-result.ts'
import { type Credentials, demoAccount, signIn } from '../bench-support/desk-people.ts'
import { firstGoodAnswer } from '../bench-support/first-answer.ts'
import { startService } from '../bench-support/service-process.ts'
import { median, round } from '../bench-support/statistics.ts'
import { atWorkbench } from '../bench-support/workbench.ts'
import { openBrowser } from '../support/chromium.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'

const HOME = resolve(import.meta.dirname, '../..')
const RUNS = 9
const GOAL_MS = 500
const GOAL_MB = 150
const WITHIN_MS = 20_000
/** Idle is what is left a while after a console has come. */
const IDLE_AFTER_MS = 5_000

interface Started {
  /** `/healthz` answered 200, the `ready` line was written and, for the service, `/readyz` said 200. */
  readonly readyMs: number
  readonly rssMb: number
  readonly healthMs?: number
  readonly logMs?: number
}

/**
 * How long after its process starts the service is ready on a PBX that runs, with a database that exists, and how much memory
 * it holds with one console open; beside a Fastify that says hello, in turn.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  return atWorkbench(context, async ({ folder, afterwards }) => {
    await buildConsole({ home: HOME, progress: context.progress })
    const pbx = await startPbx()
    afterwards(() => pbx.stop())
    const browser = await openBrowser()
    afterwards(() => browser.close())
    context.progress('first start: makes the database and its people')
    const first = await startOnce(pbx, folder)
    const operator = await demoAccount(folder, 'mai')

    const ours: Started[] = []
    const bare: Started[] = []
    for (let index = 0; index < RUNS; index += 1) {
      ours.push(await startOnce(pbx, folder, { browser, operator }))
      bare.push(await measureBare())
      context.progress(
        `run ${String(index + 1)} of ${String(RUNS)}: ${String(round(ours.at(-1)?.readyMs ?? 0, 0))} ms`,
      )
    }
    const figures = summary(ours)
    const floor = summary(bare)
    return {
      n: RUNS,
      ...figures,
      healthP50Ms: round(median(ours.map(({ healthMs = 0 }) => healthMs)), 0),
      readyLineP50Ms: round(median(ours.map(({ logMs = 0 }) => logMs)), 0),
      firstStartMs: round(first.readyMs, 0),
      goalMs: GOAL_MS,
      goalMb: GOAL_MB,
      floor,
      ratio: round(figures.readyP50Ms / floor.readyP50Ms),
      rssRatio: round(figures.rssP50Mb / floor.rssP50Mb),
      goalMet: figures.readyP50Ms <= GOAL_MS && figures.rssP50Mb <= GOAL_MB,
    }
  })
}

function summary(runs: readonly Started[]) {
  const ready = runs.map(({ readyMs }) => readyMs)
  const rss = runs.map(({ rssMb }) => rssMb)
  return {
    readyP50Ms: round(median(ready), 0),
    readyMaxMs: round(Math.max(...ready), 0),
    rssP50Mb: round(median(rss), 1),
    rssMaxMb: round(Math.max(...rss), 1),
  }
}

async function startOnce(
  pbx: TestPbx,
  folder: string,
  console?: { readonly browser: Browser; readonly operator: Credentials },
): Promise<Started> {
  await mkdir(folder, { recursive: true })
  const service = await startService({ pbx, folder })
  try {
    const [healthAt, readyAt, logAt] = await Promise.all([
      firstGoodAnswer(`${service.url}/healthz`, WITHIN_MS),
      firstGoodAnswer(`${service.url}/readyz`, WITHIN_MS),
      service.ready,
    ])
    const since = (atMs: number) => atMs - service.startedAtMs
    const times = {
      readyMs: since(Math.max(healthAt, readyAt, logAt)),
      healthMs: since(healthAt),
      logMs: since(logAt),
    }
    if (console === undefined) return { ...times, rssMb: 0 }
    const page = await console.browser.newContext()
    await signIn(page.request, service.url, console.operator)
    await (await page.newPage()).goto(service.url)
    await sleep(IDLE_AFTER_MS)
    const rssMb = await residentMb(service.pid)
    await page.close()
    return { ...times, rssMb }
  } finally {
    await service.stop()
  }
}

async function measureBare(): Promise<Started> {
  const { readyMs, pid, stop } = await startBare()
  try {
    await sleep(IDLE_AFTER_MS)
    return { readyMs, rssMb: await residentMb(pid) }
  } finally {
    await stop()
  }
}

/** VmRSS of Linux, in 1,000,000 bytes. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8')
  return (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1_024) / 1_000_000
}
