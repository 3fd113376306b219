import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { cacheFolder, currentEnvironment } from '../../src/cli/environment.ts'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { type PbxAccess } from '../../src/cli/pbx.ts'
import { packService } from '../../src/cli/service-pack.ts'
import { TAKE_OVER } from '../../src/take-over.ts'
import { SERVICE_MEMORY } from '../../src/cli/start-service.ts'

const HOME = resolve(import.meta.dirname, '../..')
const READY_WITHIN_MS = 20_000
const STOP_WITHIN_MS = 10_000

/** The service as it runs in operation: a process of its own, started as src/cli/start-service.ts does it. */
export interface ServiceProcess {
  readonly url: string
  readonly pid: number
  /** When it was started, on this process's `performance.now()`. */
  readonly startedAtMs: number
  /** Resolves with the time of its `ready` line; rejects with its last words when it ends before. */
  readonly ready: Promise<number>
  readonly stop: () => Promise<void>
  readonly isAlive: () => boolean
  /** Ends it as a crash would. */
  readonly kill: () => Promise<void>
}

/** What a measured service runs on. */
export interface ServiceOptions {
  readonly pbx: Pick<PbxAccess, 'ami' | 'ari' | 'sipWsUrl' | 'recordingDir'>
  /** Data and recordings; kept afterwards. */
  readonly folder: string
  readonly nodeArgs?: readonly string[]
  /** Settings besides those it needs anyway. */
  readonly environment?: Readonly<Record<string, string>>
  /** A free one if not said. */
  readonly port?: number
  /** Whose place it takes, port and all, as `npm run tongdai -- restart` has it done. */
  readonly inPlaceOf?: ServiceProcess
}

/** Starts the service on a PBX; does not wait for it. */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const { pbx, folder, inPlaceOf, nodeArgs = [] } = options
  const [port = 0] =
    inPlaceOf === undefined ? await pickPorts([{ kind: 'tcp', port: options.port }]) : [options.port]
  const log = createWriteStream(join(folder, 'service.log'))
  const place = inPlaceOf === undefined ? [] : [TAKE_OVER, String(inPlaceOf.pid)]
  const program = await packService({ home: HOME, progress: () => undefined })
  const startedAtMs = performance.now()
  const child = spawn(process.execPath, [...SERVICE_MEMORY.flags, ...nodeArgs, program, ...place], {
    cwd: HOME,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...withoutTwilio(),
      ...SERVICE_MEMORY.environment,
      // As `npm start` has it.
      NODE_COMPILE_CACHE: join(cacheFolder(currentEnvironment()), 'compiled'),
      HTTP_PORT: String(port),
      HTTP_HOST: '127.0.0.1',
      PUBLIC_URL: `http://127.0.0.1:${String(port)}`,
      DATA_DIR: join(folder, 'data'),
      RECORDINGS_DIR: join(folder, 'recordings'),
      CITY: 'haiphong',
      LOG_LEVEL: 'info',
      DEMO: 'true',
      SMS_QUIET_HOURS: 'off', // at whatever hour this runs
      AMI_HOST: pbx.ami.host,
      AMI_PORT: String(pbx.ami.port),
      AMI_USER: pbx.ami.user,
      AMI_SECRET: pbx.ami.secret,
      ARI_URL: pbx.ari.url,
      ARI_USER: pbx.ari.user,
      ARI_SECRET: pbx.ari.secret,
      SIP_WS_URL: pbx.sipWsUrl,
      PBX_RECORDING_DIR: pbx.recordingDir,
      ...options.environment,
    },
  })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  const ready = readyLine(child, folder)
  ready.catch(() => undefined) // whoever waits for it hears of it
  return {
    url: `http://127.0.0.1:${String(port)}`,
    pid: child.pid ?? 0,
    startedAtMs,
    ready,
    stop: () => stopChild(child),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** Asks a process to end and waits until it has; forces it when it does not. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await gone
  clearTimeout(force)
}

async function readyLine(child: ChildProcess, folder: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = async (why: string): Promise<void> => {
      clearTimeout(timer)
      const words = await readFile(join(folder, 'service.log'), 'utf8').catch(() => '')
      reject(new Error(`the service did not start (${why})\n${words.slice(-2_000)}`))
    }
    const timer = setTimeout(() => void fail('no ready line'), READY_WITHIN_MS)
    child.once('exit', (code, signal) => void fail(signal ?? `exit code ${String(code)}`))
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.includes('"msg":"ready"')) return
      clearTimeout(timer)
      resolve(performance.now())
    })
  })
}

/** Nothing measured may reach a real carrier. */
function withoutTwilio(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(currentEnvironment()).filter(([name]) => !name.startsWith('TWILIO_')),
  )
}
