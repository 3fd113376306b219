import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { startPbx, type TestPbx } from '../support/pbx.ts'
import { type AmiTap, openAmiTap } from './ami-tap.ts'
import { firstGoodAnswer } from './first-answer.ts'
import { hireConsoles, type LoadConsole, type ShownPop } from './load-consoles.ts'
import { type LoadPhones, startLoadPhones } from './load-phones.ts'
import { untilFine } from './polling.ts'
import { type ServiceProcess, startService } from './service-process.ts'
import { type Workbench } from './workbench.ts'

/** A hotline under load: PBX, service, consoles and phones, each real but for the people. */
export interface LoadStage {
  readonly pbx: TestPbx
  readonly phones: LoadPhones
  readonly folder: string
  readonly service: () => ServiceProcess
  /** Starts the service and opens all consoles; the PBX has nothing left of before. */
  readonly attach: () => Promise<void>
  /** Ends the service; the phones stay in the queue, and the PBX goes on alone. */
  readonly detach: () => Promise<void>
  /**
   * Has another take the service's place, as an upgrade does; consoles come back by themselves, as pages do. Resolves with the time,
   * in milliseconds, from the last good answer of the old one to the first of the new.
   */
  readonly replace: () => Promise<number>
  /**
   * Pops since the last look, in milliseconds from the bytes of `AgentCalled` to the console, and how many never came. Of what rang
   * while nobody passed it on to the service, `rung` tells.
   */
  readonly takePops: (rung?: AmiTap['calls']) => { readonly ms: readonly number[]; readonly missing: number }
  /** What went wrong at a console since the last look. */
  readonly takeFailures: () => readonly string[]
  /** Resolves when nothing is left to do: journal empty, recordings settled, outbox drained, no open call; throws with what is left. */
  readonly settled: (withinMs: number) => Promise<void>
  /** Resolves when the PBX holds no channel. */
  readonly quiet: (withinMs: number) => Promise<void>
  /** Of the service's own database. */
  readonly counts: () => Kept
  /** What the PBX keeps of calls that no service has collected; forgotten by `forget`. */
  readonly atPbx: () => Promise<Kept>
  readonly forget: () => Promise<void>
}

/** What is kept of calls. */
export interface Kept {
  /** Cases of the service, ended rows of the PBX's journal. */
  readonly filed: number
  /** With both sides. */
  readonly recordings: number
}

export interface LoadStageOptions {
  readonly operators: number
  readonly talkMs: number
  /** How long a phone rings before it is answered; not at all if not said. */
  readonly ringMs?: number
  readonly progress: (line: string) => void
  readonly nodeArgs?: readonly string[]
  /** Settings of the service besides those it needs anyway. */
  readonly environment?: Readonly<Record<string, string>>
}

const READY_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 5
const COUNTS = `SELECT (SELECT count(*) FROM tickets WHERE training = 0) AS filed,
  (SELECT count(*) FROM recordings WHERE kind = 'call' AND file IS NOT NULL) AS recordings`
const LEFT = `SELECT (SELECT count(*) FROM recordings WHERE state = 'pending') AS "recordings not settled",
  (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')) AS "SMS not with the carrier",
  (SELECT count(*) FROM calls WHERE state <> 'ended') AS "calls without an end"`

/** Opens the stage with its service attached; what it began ends with the bench. */
export async function openLoadStage(
  { folder, afterwards }: Workbench,
  { operators, talkMs, ringMs = 0, progress, nodeArgs = [], environment = {} }: LoadStageOptions,
): Promise<LoadStage> {
  const pbx = await startPbx()
  afterwards(() => pbx.stop())
  // This process only asks: telling it everything would be work of the PBX's that no operation has.
  await pbx.look().send('Events', { EventMask: 'off' })
  const phones = startLoadPhones({ pbxPort: pbx.ports.sip, trunkPort: pbx.trunkPort, ringMs, talkMs })
  afterwards(() => phones.close())
  const tap = await openAmiTap(pbx.ami.port)
  afterwards(() => tap.close())
  const [port = 0] = await pickPorts([{ kind: 'tcp' }])
  const { ari, sipWsUrl, recordingDir } = pbx
  const throughTap = { ari, sipWsUrl, recordingDir, ami: { ...pbx.ami, port: tap.port } }
  const start = (inPlaceOf?: ServiceProcess): Promise<ServiceProcess> =>
    startService({
      pbx: throughTap,
      folder,
      port,
      nodeArgs,
      environment,
      ...(inPlaceOf === undefined ? {} : { inPlaceOf }),
    })
  let service = await start()
  afterwards(() => service.stop())
  await isReady()

  const shown: ShownPop[] = []
  const failures: string[] = []
  const site = { url: service.url, dataDir: join(folder, 'data') }
  progress(`hiring ${String(operators)} operators`)
  const consoles: LoadConsole[] = await hireConsoles(site, operators, {
    pop: (pop) => shown.push(pop),
    failed: (what) => failures.push(what),
  })
  afterwards(async () => {
    for (const console of consoles) console.close()
  })
  await phones.register(consoles.map(({ account }) => account))
  await openConsoles()
  let looked = 0

  async function isReady(): Promise<void> {
    await service.ready
    await firstGoodAnswer(`${service.url}/readyz`, READY_WITHIN_MS)
  }

  async function openConsoles(): Promise<void> {
    for (const console of consoles) await console.open()
    await untilFine(READY_WITHIN_MS, async () => {
      const free = await freeMembers(pbx)
      return free === consoles.length ? undefined : `${String(free)} operators are free`
    })
  }

  function read(query: string): Record<string, number> {
    const db = new Database(join(folder, 'data/tongdai.sqlite'), { readonly: true })
    try {
      return db.prepare(query).get() as Record<string, number>
    } finally {
      db.close()
    }
  }

  async function left(): Promise<string | undefined> {
    const journal = (await pbx.journal()).size
    if (journal > 0) return `the journal holds ${String(journal)} rows`
    const [what, count] = Object.entries(read(LEFT)).find(([, count]) => count > 0) ?? []
    return what === undefined ? undefined : `${String(count)} ${what}`
  }

  return {
    pbx,
    phones,
    folder,
    service: () => service,
    async attach() {
      await forget(pbx)
      service = await start()
      await isReady()
      await openConsoles()
    },
    async detach() {
      await service.stop()
      for (const console of consoles) console.close()
    },
    async replace() {
      const old = service
      let servedMs = performance.now()
      const next = await start(old)
      while (old.isAlive()) {
        const askedMs = performance.now()
        const answer = await fetch(`${old.url}/healthz`).catch(() => undefined)
        if (answer?.ok === true && old.isAlive()) servedMs = askedMs
        else await sleep(LOOK_EVERY_MS)
      }
      service = next
      await next.ready
      return (await firstGoodAnswer(`${next.url}/readyz`, READY_WITHIN_MS)) - servedMs
    },
    takePops(rung = tap.calls.slice(looked)) {
      looked = tap.calls.length
      return latencies(rung, shown.splice(0))
    },
    takeFailures: () => failures.splice(0),
    settled: (withinMs) => untilFine(withinMs, left),
    quiet: (withinMs) =>
      untilFine(withinMs, async () => {
        const channels = await channelsOf(pbx)
        return channels === 0 ? undefined : `${String(channels)} channels are left`
      }),
    counts() {
      const { filed = 0, recordings = 0 } = read(COUNTS)
      return { filed, recordings }
    },
    atPbx: () => keptAt(pbx),
    forget: () => forget(pbx),
  }
}

/** Each ringing with its first pop: what a console shows already it may be told again. A member rings for one call once: app_queue asks again only after its time-out. */
export function latencies(
  rung: AmiTap['calls'],
  shown: readonly ShownPop[],
): { readonly ms: readonly number[]; readonly missing: number } {
  const key = ({ callId, member }: { readonly callId: string; readonly member: string }): string =>
    `${callId} ${member}`
  const pops = new Map(shown.toReversed().map((pop) => [key(pop), pop.atMs]))
  const ms = rung.flatMap((call) => {
    const atMs = pops.get(key(call))
    return atMs === undefined ? [] : [atMs - call.atMs]
  })
  return { ms, missing: rung.length - ms.length }
}

/** What calls without a service left behind is no work for the next. */
async function forget(pbx: TestPbx): Promise<void> {
  await pbx
    .look()
    .send('DBDelTree', { Family: 'calls' })
    .catch(() => undefined) // an empty family is an error
  for (const file of await readdir(pbx.recordingDir)) {
    if (file.startsWith('call-')) await rm(join(pbx.recordingDir, file))
  }
}

async function keptAt(pbx: TestPbx): Promise<Kept> {
  const rows = [...(await pbx.journal()).values()]
  const files = new Set(await readdir(pbx.recordingDir))
  const whole = [...files].filter(
    (file) => file.endsWith('-citizen.wav') && files.has(file.replace('-citizen', '-operator')),
  )
  return { filed: rows.filter((row) => row.includes('&end=')).length, recordings: whole.length }
}

async function freeMembers(pbx: TestPbx): Promise<number> {
  const events = await listed(pbx, 'QueueStatus', 'QueueMember', 'QueueStatusComplete')
  return events.filter((event) => event['Queue'] === 'hotline' && event['Paused'] === '0').length
}

async function channelsOf(pbx: TestPbx): Promise<number> {
  return (await listed(pbx, 'CoreShowChannels', 'CoreShowChannel', 'CoreShowChannelsComplete')).length
}

async function listed(pbx: TestPbx, action: string, item: string, end: string) {
  const events: Readonly<Record<string, string | undefined>>[] = []
  const stop = pbx.look().onEvent((event) => {
    if (event['Event'] === item) events.push(event)
  })
  const complete = pbx.look().waitFor((event) => event['Event'] === end, 5_000)
  try {
    await pbx.look().send(action, {})
    await complete
  } finally {
    stop()
  }
  return events
}
