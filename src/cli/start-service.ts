import { spawn } from 'node:child_process'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from '../config.ts'
import { AppError } from '../platform/errors.ts'
import { TAKE_OVER } from '../take-over.ts'
import { EXIT } from './command.ts'
import { type Environment } from './environment.ts'
import { probe } from './http-probe.ts'
import { type Ending, type RunningProcess, describeEnding } from './kept-process.ts'
import { type Progress } from './progress.ts'
import { type SilenceRule, endWhenSilent } from './silence-watch.ts'

/** What it takes to start the service process. */
export interface ServiceOptions {
  readonly home: string
  /** What packService answered. */
  readonly program: string
  /** All it is told. */
  readonly environment: Environment
  /** Where it answers, on this machine: `http://127.0.0.1:8022`. */
  readonly localUrl: string
  readonly logPath: string
  readonly say: Progress
  /** When it counts as hung, and is ended. */
  readonly hung?: SilenceRule | undefined
}

/** Young objects are collected at 2 MB instead of 16, and threads share two heaps of malloc(3): 20 MB less resident. */
export const SERVICE_MEMORY = {
  flags: ['--max-semi-space-size=2'],
  environment: { MALLOC_ARENA_MAX: '2' },
} as const
const LISTEN_WITHIN_MS = 90_000
/** A second where nothing else runs; its predecessor has 8 s to close besides. */
const LOADED_WITHIN_MS = 60_000
/** Its own orderly close has 8 s (src/main.ts). */
const STOP_WITHIN_MS = 10_000
const LAST_WORDS_BYTES = 2_000

/**
 * Starts the service, in the place of another where one is named, and waits until it answers. Throws SERVICE_NOT_STARTED with its last
 * words; where those say which setting is wrong, a ConfigError, so that whoever runs `npm start` has the exit code of the service itself.
 */
export async function startService(
  options: ServiceOptions,
  onSpawned: (pid: number) => void,
  inPlaceOf?: Pick<RunningProcess, 'pid' | 'ended'>,
): Promise<RunningProcess> {
  const log = await open(options.logPath, 'a', 0o600)
  const { size: saidBeforeBytes } = await log.stat()
  const place = inPlaceOf === undefined ? [] : [TAKE_OVER, String(inPlaceOf.pid)]
  const child = spawn(process.execPath, [...SERVICE_MEMORY.flags, options.program, ...place], {
    cwd: options.home,
    env: { ...SERVICE_MEMORY.environment, ...options.environment },
    stdio: ['ignore', log.fd, log.fd],
    detached: true, // a terminal's Ctrl-C is not for it: `npm start` ends it in order
  })
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', () => {
      resolve({ code: null, signal: null })
    })
    child.once('exit', (code, signal) => {
      resolve({ code, signal })
    })
  })
  await log.close()
  if (child.pid !== undefined) onSpawned(child.pid)
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(force)
  }
  const takesOver = inPlaceOf === undefined || (await takesPlaceOf(inPlaceOf, ended))
  const isStuck = !takesOver && child.exitCode === null && child.signalCode === null
  const ending = isStuck ? 'silent' : await Promise.race([ended, untilAnswering(options.localUrl, ended)])
  if (ending === 'answers') {
    // Else calls would wait in the PBX, and no console know of them.
    void endWhenSilent({
      name: 'The service',
      url: `${options.localUrl}/healthz`,
      rule: options.hung,
      kill: () => child.kill('SIGKILL'),
      ended,
      say: options.say,
    })
    return { pid: child.pid ?? 0, ended, stop: end }
  }
  if (ending === 'silent') await end()
  const how = ending === 'silent' ? 'it does not answer' : describeEnding(ending)
  const words = await lastWords(options.logPath, saidBeforeBytes)
  if (ending !== 'silent' && ending.code === EXIT.config)
    throw new ConfigError(`The service did not start (${how}).\n${words}`)
  throw new AppError('unavailable', 'SERVICE_NOT_STARTED', `The service did not start (${how}).\n${words}`)
}

/** Until then it is the other that answers. False where it stays, because ours ends or does not get on. */
async function takesPlaceOf(other: Pick<RunningProcess, 'ended'>, ended: Promise<Ending>): Promise<boolean> {
  const giveUp = new AbortController()
  try {
    return await Promise.race([
      other.ended.then(() => true),
      ended.then(() => false),
      sleep(LOADED_WITHIN_MS, false, { signal: giveUp.signal }),
    ])
  } finally {
    giveUp.abort()
  }
}

/** A log that grew large becomes `.1`; the one before is dropped. */
export async function makeRoomForLog(path: string, largestBytes: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > largestBytes) await rename(path, `${path}.1`)
}

async function untilAnswering(localUrl: string, ended: Promise<Ending>): Promise<'answers' | 'silent'> {
  let deadline = Date.now() + LISTEN_WITHIN_MS
  void ended.then(() => {
    deadline = 0
  })
  while (Date.now() < deadline) {
    if ((await probe(`${localUrl}/healthz`)) !== undefined) return 'answers'
    await sleep(20)
  }
  return 'silent'
}

async function lastWords(path: string, fromBytes: number): Promise<string> {
  const log = await open(path, 'r')
  try {
    const { size } = await log.stat()
    const start = Math.max(fromBytes, size - LAST_WORDS_BYTES)
    const { buffer, bytesRead } = await log.read(
      Buffer.alloc(Math.max(size - start, 1)),
      0,
      size - start,
      start,
    )
    return buffer.subarray(0, bytesRead).toString().trim()
  } finally {
    await log.close()
  }
}
