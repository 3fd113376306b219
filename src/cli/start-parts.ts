import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../platform/errors.ts'
import { buildConsole } from './console-build.ts'
import { type Environment, cacheFolder } from './environment.ts'
import { isPortFree } from './free-ports.ts'
import { probe } from './http-probe.ts'
import { endProcesses, isRunning } from './process-tree.ts'
import { judgeReadiness, recordingsWarning } from './readiness-policy.ts'
import { readRuntime } from './runtime-file.ts'
import { packService } from './service-pack.ts'
import { type Copy, type CopyFacts } from './start-copy.ts'
import { type StartPlan, StartPlanError } from './start-plan.ts'
import { makeRoomForLog, startService } from './start-service.ts'
import { commonFacts, startTelephony } from './start-telephony.ts'

/** A copy coming up. */
export interface BringingUp {
  /** Resolves when calls can be taken; rejects with the first thing that went wrong. */
  readonly ready: Promise<void>
  /** Resolves when nothing of it is under way any more, however it ended. */
  readonly settled: Promise<void>
}

const READY_WITHIN_MS = 120_000
const TELL_AFTER_MS = 15_000
const LARGEST_LOG_BYTES = 20_000_000

/** Starts everything at once, each part as soon as what it needs is there. */
export function bringUp(copy: Copy, plan: StartPlan): BringingUp {
  const works: Promise<unknown>[] = []
  const ready = startParts(copy, plan, works)
  return { ready, settled: ready.catch(() => undefined).then(() => settleAll(works)) }
}

/** Variables of the service process. */
export function serviceEnvironment(environment: Environment, plan: StartPlan, facts: CopyFacts): Environment {
  if (plan.mode === 'attached') return environment
  const { ami, ari, sipWsUrl, recordingDir, opus } = facts
  return {
    ...environment,
    AMI_HOST: ami.host,
    AMI_PORT: String(ami.port),
    AMI_USER: ami.user,
    AMI_SECRET: ami.secret,
    ARI_URL: ari.url,
    ARI_USER: ari.user,
    ARI_SECRET: ari.secret,
    SIP_WS_URL: sipWsUrl,
    PBX_RECORDING_DIR: recordingDir ?? '',
    PBX_QUEUE_LOG:
      environment['PBX_QUEUE_LOG'] ??
      (recordingDir === null ? '' : join(recordingDir, '../../log/queue_log')),
    OPUSENC: environment['OPUSENC'] ?? (opus === undefined ? undefined : JSON.stringify(opus.encoder)),
    OPUSDEC: environment['OPUSDEC'] ?? (opus === undefined ? undefined : JSON.stringify(opus.decoder)),
    // Demo people belong to the simulated network, never to a hotline that rings.
    DEMO: environment['DEMO'] ?? (plan.mode === 'simulated' ? 'true' : 'false'),
    TRUNK_SECRET: undefined,
  }
}

async function startParts(copy: Copy, plan: StartPlan, works: Promise<unknown>[]): Promise<void> {
  const { config, home, say } = copy
  await endLeftovers(copy)
  if (!(await isPortFree('tcp', config.http.port))) {
    throw new StartPlanError(
      `Port ${String(config.http.port)} is taken by another program. Stop it, or choose another port: HTTP_PORT=${String(config.http.port + 1)} npm start`,
    )
  }
  const console = buildConsole({ home, progress: say })
  const pack = packService({ home, progress: say })
  const telephony = plan.mode === 'attached' ? attach(copy) : startTelephony(copy, plan)
  works.push(console, pack, telephony)
  // The service comes up beside the PBX: it needs to know where the PBX will be, not that it is there.
  const [facts, program] = await Promise.all([
    Promise.race([copy.known, telephony.then(() => copy.known)]),
    pack,
    console,
  ])
  const { localUrl } = commonFacts(copy)
  const logPath = join(config.dataDir, 'log/service.log')
  await makeRoomForLog(logPath, LARGEST_LOG_BYTES)
  const environment = {
    ...serviceEnvironment(copy.environment, plan, facts),
    // Set from outside it also covers the first file, and the workers' sources: Node does not load its type stripper at all.
    NODE_COMPILE_CACHE: join(cacheFolder(copy.environment), 'compiled'),
  }
  const start = startLatest(program, () => packService({ home, progress: say }))
  const service = copy.keep('service', (onSpawned, inPlaceOf) =>
    start(inPlaceOf !== undefined, (chosen) =>
      startService({ home, program: chosen, environment, localUrl, logPath, say }, onSpawned, inPlaceOf),
    ),
  )
  await Promise.all([service.started, telephony])
  await untilReady(copy, plan, `${localUrl}/readyz`)
}

/**
 * Which build is started: to replace a service, what the folder holds now; after a crash, the one that served last. Should that one
 * not come up, what the folder holds and it by turns, so that a repaired folder is a way back without ending the PBX.
 */
export function startLatest(first: string, pack: () => Promise<string>) {
  let served = first
  let isOthersTurn = false
  return async <T>(replaces: boolean, start: (program: string) => Promise<T>): Promise<T> => {
    const program = replaces || isOthersTurn ? await pack() : served
    try {
      const running = await start(program)
      served = program
      isOthersTurn = false
      return running
    } catch (cause) {
      if (!replaces) isOthersTurn = !isOthersTurn
      throw cause
    }
  }
}

async function attach(copy: Copy): Promise<void> {
  const { ami, ari, sipWsUrl, pbxRecordingDir } = copy.config
  copy.learn({
    ...commonFacts(copy),
    ami,
    ari,
    sipWsUrl,
    recordingDir: pbxRecordingDir,
    sipPort: null,
    network: null,
    mode: 'attached',
  })
}

/** What a copy that was killed together with its companion left running would write to the same files. */
async function endLeftovers({ config, say }: Pick<Copy, 'config' | 'say'>): Promise<void> {
  const marks = Object.values((await readRuntime(config.dataDir))?.processes ?? {})
  const running = await Promise.all(marks.map(isRunning))
  const left = marks.filter((_, index) => running[index]).map(({ pid }) => pid)
  if (left.length === 0) return
  say('Ending what a killed copy left running')
  await endProcesses(left, 10_000)
}

/** A PBX of ours is up within seconds or not at all; one elsewhere is waited for, and people are told. */
async function untilReady(copy: Copy, plan: StartPlan, url: string): Promise<void> {
  const beganAt = Date.now()
  let told = false
  for (;;) {
    const verdict = judgeReadiness(await probe(url))
    if (verdict.type === 'ready') return
    if (verdict.type === 'readyWithoutRecordings') {
      copy.say(recordingsWarning(verdict.problem, copy.config.recordingsDir))
      return
    }
    const waitedMs = Date.now() - beganAt
    if (plan.mode !== 'attached' && waitedMs > READY_WITHIN_MS) {
      throw new AppError('unavailable', 'NOT_READY', `The service is up but cannot work: ${verdict.parts}`)
    }
    if (waitedMs > TELL_AFTER_MS && !told) {
      told = true
      copy.say(`Still waiting: ${verdict.parts}. "npm run tongdai -- doctor" in another terminal tells more.`)
    }
    await sleep(25)
  }
}

async function settleAll(works: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(works)
}
