import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { createAmi } from '../../src/asterisk/ami-client.ts'
import { createAcknowledging } from '../../src/calls/acknowledging.ts'
import { createCatchUp } from '../../src/calls/catch-up.ts'
import { createCatchUpStore } from '../../src/calls/catch-up-store.ts'
import { CALL_EVENTS, createCallEvents } from '../../src/calls/events-ami.ts'
import { createJournal } from '../../src/calls/journal-ami.ts'
import { takeUpLive } from '../../src/calls/resync-ami.ts'
import { createCheckpoints } from '../../src/db/checkpoints.ts'
import { type BenchContext, type BenchResult } from '../bench-support/bench-result.ts'
import { percentiles, round } from '../bench-support/statistics.ts'
import { atWorkbench, type Workbench } from '../bench-support/workbench.ts'
import { type CallDesk, createCallDesk } from '../support/call-desk.ts'

const JOURNAL = 100_000
/** A service that has been up for a while: in the first thousand calls much of the code is still being compiled, on both sides. */
const STORY_CALLS = 5_000
/** Told apart, because it is what a service does that was just started. */
const COLD_EVENTS = 10_000
const GOAL_CALLS_PER_SECOND = 2_000
const GOAL_RATIO = 0.5
/** As everywhere: a pop waits for nobody longer (issue 5). */
const GOAL_BLOCK_MS = 50
const NS_PER_MS = 1e6

/**
 * What an outage costs afterwards: a journal of 100,000 calls read over AMI, filed with their cases and acknowledged, while live
 * events go on being heard; and the events of 5,000 calls through the whole service, from the socket to the database, as fast as
 * the PBX can send them. Beside it, as floor, the same events only parsed and counted by asterisk-manager in a process of its own.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  return atWorkbench(context, async (bench) => {
    const floor = await bareParser(bench)
    context.progress(`asterisk-manager: ${String(floor.eventsPerSecond)} events/s`)
    const story = await playStory(bench)
    context.progress(`the service: ${String(story.eventsPerSecond)} events/s`)
    const replay = await replayJournal(bench, context)
    const ratio = round(story.eventsPerSecond / floor.eventsPerSecond, 2)
    const lost = JOURNAL - replay.tickets + (STORY_CALLS - story.tickets)
    return {
      n: JOURNAL,
      ...replay,
      events: story.events,
      eventsPerSecond: story.eventsPerSecond,
      coldEventsPerSecond: story.coldEventsPerSecond,
      goalCallsPerSecond: GOAL_CALLS_PER_SECOND,
      goalBlockMs: GOAL_BLOCK_MS,
      goalRatio: GOAL_RATIO,
      floor,
      ratio,
      coldRatio: round(story.coldEventsPerSecond / floor.coldEventsPerSecond, 2),
      load: round(loadavg()[0] ?? 0, 1),
      goalMet:
        lost === 0 &&
        replay.callsPerSecond >= GOAL_CALLS_PER_SECOND &&
        replay.longestBlockMs <= GOAL_BLOCK_MS &&
        ratio >= GOAL_RATIO,
      lost,
    }
  })
}

async function bareParser(bench: Workbench) {
  const port = await startPbx(bench, 0)
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../bench-support/bare-parser.ts'), String(port)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  bench.afterwards(async () => child.kill())
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return paceOf(JSON.parse(line) as number[])
}

async function playStory(bench: Workbench) {
  const { ami, desk, ready } = await openService(bench, 0)
  await ready
  const done = Promise.withResolvers<undefined>()
  const atMs: number[] = []
  ami.onEvent((event) => {
    if (event.fields['userevent'] === 'Tick') return
    if (event.name === 'StoryDone') done.resolve(undefined)
    else atMs.push(performance.now())
  })
  await ami.action({ Action: 'Story' })
  await done.promise
  return { ...paceOf(atMs), tickets: countTickets(desk) }
}

/** Of when each event was through. */
function paceOf(atMs: readonly number[]) {
  const perSecond = (events: number) =>
    Math.round((events / ((atMs[events - 1] ?? 0) - (atMs[0] ?? 0))) * 1_000)
  return {
    events: atMs.length,
    eventsPerSecond: perSecond(atMs.length),
    coldEventsPerSecond: perSecond(COLD_EVENTS),
  }
}

async function replayJournal(bench: Workbench, context: BenchContext) {
  const { ami, desk, catchUp, acknowledging, ready } = await openService(bench, JOURNAL)
  const lateMs: number[] = []
  ami.onEvent(({ fields }) => {
    if (fields['userevent'] === 'Tick') lateMs.push(Date.now() - Number(fields['sentat']))
  })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  await ready
  const heldMs = performance.now() - startMs
  context.progress(`events are heard after ${String(Math.round(heldMs))} ms`)
  await catchUp.finished()
  const ms = performance.now() - startMs
  const { user, system } = process.cpuUsage(cpu)
  delay.disable()
  await acknowledging.settled()
  // What came before the hold was over had to wait for it.
  const live = lateMs.slice(Math.ceil(heldMs / 50))
  return {
    callsPerSecond: Math.round((JOURNAL / ms) * 1_000),
    cpuMsPerCall: round((user + system) / 1_000 / JOURNAL, 3),
    heldMs: Math.round(heldMs),
    longestBlockMs: round(delay.max / NS_PER_MS, 1),
    blockP99Ms: round(delay.percentile(99) / NS_PER_MS, 1),
    liveLateMs: percentiles(live.length === 0 ? [0] : live),
    acknowledged: desk.acknowledged.length,
    tickets: countTickets(desk),
  }
}

/** The way of an event through the service, on a database of its own; consoles are played by records. */
async function openService(bench: Workbench, journalCalls: number) {
  const port = await startPbx(bench, journalCalls)
  const path = join(bench.folder, `replay-${String(journalCalls)}.sqlite`)
  const desk = createCallDesk({
    path,
    onAcknowledge: (callId) => {
      acknowledging.say(callId)
    },
  })
  const ami = createAmi({
    host: '127.0.0.1',
    port,
    user: 'tongdai',
    secret: 'ami-secret',
    events: [...CALL_EVENTS, 'StoryDone'],
    log: desk.logger,
    resync: () => catchUp.run(),
  })
  const checkpoints = createCheckpoints({ db: desk.db, path, log: desk.logger })
  const journal = createJournal(ami)
  const acknowledging = createAcknowledging({ journal, durable: () => desk.db.durable(), log: desk.logger })
  const { calls, now, logger: log } = desk
  const acknowledge = (callId: string) => {
    acknowledging.say(callId)
  }
  const catchUp = createCatchUp({
    calls,
    journal,
    takeUpLive: () => takeUpLive({ calls, ami, journal, acknowledge, now, log }),
    whenLive: () => Promise.resolve(),
    collect: () => Promise.resolve(0),
    onOverflow: () => undefined,
    acknowledge,
    runs: createCatchUpStore(desk.db),
    onChange: () => undefined,
    now,
    log,
  })
  const events = createCallEvents({ calls, journal, writing: desk.db, now, log, onFailure: () => undefined })
  ami.onEvents((several) => {
    events.takeTogether(several, () => undefined)
  })
  const ready = new Promise<void>((resolve) => {
    ami.onUp(() => {
      resolve()
    })
  })
  bench.afterwards(async () => {
    catchUp.stop()
    await ami.close()
    await acknowledging.close()
    await catchUp.finished()
    await checkpoints.close()
    await desk.close()
  })
  ami.start()
  return { ami, desk, catchUp, acknowledging, ready }
}

async function startPbx(bench: Workbench, journalCalls: number): Promise<number> {
  const program = join(import.meta.dirname, '../bench-support/replay-pbx.ts')
  const child = spawn(process.execPath, [program, String(journalCalls), String(STORY_CALLS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  bench.afterwards(async () => child.kill())
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  return Number(port)
}

function countTickets(desk: CallDesk): number {
  return Number(desk.db.raw.prepare('SELECT count(DISTINCT ticket_id) FROM ticket_calls').pluck().get())
}
