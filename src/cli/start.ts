import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { type Config, readConfig } from '../config.ts'
import { AppError } from '../platform/errors.ts'
import { type UsagePlan, readArguments, usageText } from './arguments.ts'
import { type CommandContext } from './command.ts'
import { makeDataFolder } from './data-folder.ts'
import { type Environment } from './environment.ts'
import { type Keeper, startKeeper } from './keeper-process.ts'
import { descendantsOf, endProcesses, isRunning } from './process-tree.ts'
import { createConsoleProgress } from './progress.ts'
import { HAND_OVER, readRuntime, removeRuntime } from './runtime-file.ts'
import { type Copy, createCopy } from './start-copy.ts'
import { type BringingUp, bringUp } from './start-parts.ts'
import { type StartPlan, planStart, readPort } from './start-plan.ts'

const USAGE: UsagePlan = {
  command: 'npm start',
  about: [
    'Starts the hotline: PBX, service, console, and a simulated telephone network when neither a PBX of your own',
    '(AMI_SECRET, ARI_SECRET) nor a trunk (TRUNK_HOST) is configured. Ctrl-C stops everything it started.',
    '',
    'Settings come from the environment or from a file .env; .env.example lists them all. A second copy beside the first:',
    '  HTTP_PORT=8023 DATA_DIR=data2 npm start',
  ].join('\n'),
  options: {},
}

/** The companion of a copy that was killed may still be ending what that left; it gives them 5 s. */
const LOCK_WITHIN_MS = 8_000

const SignIns = Type.Array(
  Type.Object({
    role: Type.String(),
    unitId: Type.Optional(Type.String()),
    name: Type.String(),
    username: Type.String(),
    password: Type.String(),
  }),
)

/** `npm start`: brings a copy up and runs until told to stop; answers when nothing of it runs any more. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  if (readArguments(args, USAGE).help) {
    context.print(usageText(USAGE))
    return 0
  }
  const say = createConsoleProgress(Date.now() - Math.round(process.uptime() * 1000), Date.now)
  const plan = planStart(context.environment)
  readPort(context.environment, 'HTTP_PORT')
  const config = readConfig(withStandIns(context.environment, plan))
  await makeDataFolder(config.dataDir)
  const keeper = await takeDataFolder(config)
  const copy = createCopy({ context, config, keeper, say, now: () => new Date() })
  context.hurried.addEventListener('abort', copy.kill)
  const handOver = () => void copy.replaceService()
  process.on(HAND_OVER, handOver)
  const comingUp = bringUp(copy, plan)
  try {
    const stopped = untilAborted(context.stopped)
    await Promise.race([comingUp.ready, stopped])
    if (!context.stopped.aborted) {
      await copy.markReady()
      await greet(copy, context)
      await stopped
    }
    say('Stopping')
  } finally {
    process.off(HAND_OVER, handOver)
    await stopEverything(copy, keeper, comingUp)
  }
  say('Stopped')
  return 0
}

/** The service's settings are checked before anything starts; secrets of a PBX that does not run yet have a stand-in. */
function withStandIns(environment: Environment, plan: StartPlan): NodeJS.ProcessEnv {
  if (plan.mode === 'attached') return { ...environment }
  return { ...environment, AMI_SECRET: 'not known yet', ARI_SECRET: 'not known yet' }
}

/** Takes the lock of the data folder; throws ALREADY_RUNNING with what to do. */
async function takeDataFolder(config: Config): Promise<Keeper> {
  const deadline = Date.now() + LOCK_WITHIN_MS
  for (;;) {
    const keeper = await startKeeper(join(config.dataDir, 'lock'))
    if (keeper !== undefined) return keeper
    const runtime = await readRuntime(config.dataDir)
    const other = runtime?.processes['start']
    const isAlive = other === undefined || (await isRunning(other))
    if (isAlive || Date.now() > deadline) {
      const where = other === undefined ? '' : `, process ${String(other.pid)}, ${runtime?.url ?? ''}`
      throw new AppError(
        'conflict',
        'ALREADY_RUNNING',
        `A copy runs on this data folder already (${config.dataDir}${where}).\nStop it with Ctrl-C in its terminal, or start a second copy beside it: HTTP_PORT=${String(config.http.port + 1)} DATA_DIR=data2 npm start`,
      )
    }
    await sleep(100)
  }
}

/** The `ready` line and who can sign in. */
async function greet(copy: Copy, context: CommandContext): Promise<void> {
  const { config } = copy
  context.print(`ready ${config.http.publicUrl}`)
  const text = await readFile(join(config.dataDir, 'demo-accounts.json'), 'utf8').catch(() => '[]')
  const signIns: unknown = JSON.parse(text)
  if (!Value.Check(SignIns, signIns)) return
  for (const { role, unitId, name, username, password } of signIns) {
    const who = unitId === undefined ? name : `${name} (${unitId})`
    context.print(`  ${role.padEnd(11)} ${username.padEnd(8)} ${password.padEnd(12)} ${who}`)
  }
}

async function stopEverything(copy: Copy, keeper: Keeper, comingUp: BringingUp): Promise<void> {
  await copy.stop()
  // What was being fetched or built is of no use any more. It may begin another program before it notices.
  const settled = comingUp.settled.then(() => true)
  do {
    const begun = (await descendantsOf(process.pid)).filter((pid) => pid !== keeper.pid)
    await endProcesses(begun, 1_000)
  } while (!(await Promise.race([settled, sleep(50, false)])))
  await removeRuntime(copy.config.dataDir)
  await keeper.release()
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve()
    })
  })
}
