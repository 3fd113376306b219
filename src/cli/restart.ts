import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../platform/errors.ts'
import { readArguments, type UsagePlan, usageText } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { buildConsole } from './console-build.ts'
import { probe } from './http-probe.ts'
import { LANGUAGE_OPTIONS, languageOf, sayIn } from './language.ts'
import { isRunning, type ProcessMark, sendSignal } from './process-tree.ts'
import { HAND_OVER, readRuntime, requireRuntime } from './runtime-file.ts'
import { packService } from './service-pack.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- restart',
  about: [
    'Has the service of a running copy replaced by what the folder holds now: a new version, or new settings of its city.',
    'Everything is built and loaded before the old one ends. The PBX, calls in progress and citizens in the queue are not touched; what',
    'rings meanwhile rings on, and is on the screens as soon as the new one is there. Ends with exit code 1 when it does not come.',
    'Settings of the environment and of .env are those that npm start was started with: for others stop it and start it again.',
  ].join('\n'),
  options: {
    json: { about: 'one line of JSON: gapMs, for how long no console was served' },
    ...LANGUAGE_OPTIONS,
  },
}

const TEXTS = {
  done: {
    vi: 'Dịch vụ đã được thay, gián đoạn {ms} ms',
    en: 'The service was replaced; {ms} ms without one',
  },
  kept: {
    vi: 'Bản mới không chạy được; bản đang chạy vẫn làm việc như cũ. {reason} Xem {log}.',
    en: 'The new version did not come up; the one before runs on. {reason} See {log}.',
  },
  again: {
    vi: 'Bản mới không chạy được; bản trước đó đang được chạy lại. {reason} Xem {log}; tổng đài điện thoại vẫn nhận cuộc gọi.',
    en: 'The new version did not come up; the one before is started again. {reason} See {log}; the PBX goes on taking calls.',
  },
  stopped: {
    vi: 'npm start đã dừng trong lúc thay dịch vụ: không còn gì đang chạy.',
    en: 'npm start was stopped meanwhile: nothing runs any more.',
  },
  failed: {
    vi: 'Dịch vụ chưa chạy lại được sau {seconds} giây. Xem {log}; tổng đài điện thoại vẫn nhận cuộc gọi.',
    en: 'The service is not back after {seconds} s. See {log}; the PBX goes on taking calls.',
  },
} as const

/** Tables may have to be changed twice, on a copy first; the successor itself is given up after 60 s (start-service.ts). */
const BACK_WITHIN_MS = 90_000
const LOOK_EVERY_MS = 10
/** Whoever asks too often is told so instead. */
const READY_EVERY_MS = 50
const FILE_EVERY_MS = 250

/** `tongdai restart`: the new version takes over under load. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, switches } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const language = languageOf(switches, context.environment)
  await serviceOf(context.dataDir)
  const { home, complain: progress } = context
  await Promise.all([buildConsole({ home, progress }), packService({ home, progress })])
  // Packing takes a while, in which another may have come in its place.
  const { runtime, old } = await serviceOf(context.dataDir)
  const start = runtime.processes['start']
  const wasReady = (await probe(`${runtime.localUrl}/readyz`))?.status === 200
  const askedAt = new Date().toISOString()
  // Where it can, the new one loads itself first and ends the old one then. Others end at a signal they do not know.
  if (runtime.handsOver === true && start !== undefined) sendSignal(start.pid, HAND_OVER)
  else sendSignal(old.pid, 'SIGTERM')
  const { localUrl } = runtime
  const gapMs = await untilReplaced({ context, old, start, askedAt, localUrl, wasReady })
  if (typeof gapMs === 'number') {
    context.print(
      switches.has('json') ? JSON.stringify({ gapMs }) : sayIn(language, TEXTS.done, { ms: gapMs }),
    )
    return 0
  }
  const { reason } = gapMs
  const log = `${context.dataDir}/log/service.log`
  const seconds = BACK_WITHIN_MS / 1_000
  if (reason === 'stopped') context.complain(sayIn(language, TEXTS.stopped, {}))
  else if (await isRunning(old)) context.complain(sayIn(language, TEXTS.kept, { reason: reason ?? '', log }))
  else if (reason !== undefined) context.complain(sayIn(language, TEXTS.again, { reason, log }))
  else context.complain(sayIn(language, TEXTS.failed, { seconds, log }))
  return 1
}

/** The service that runs; throws NOT_RUNNING in words that help. */
async function serviceOf(dataDir: string) {
  const runtime = await requireRuntime(dataDir)
  const old = runtime.processes['service']
  if (old === undefined || !(await isRunning(old)))
    throw new AppError(
      'unavailable',
      'NOT_RUNNING',
      'The service is not up just now. npm start goes on trying, every second time with what the folder holds now; its terminal says what is wrong.',
    )
  return { runtime, old }
}

interface Replacing {
  readonly context: CommandContext
  readonly old: ProcessMark
  readonly start: ProcessMark | undefined
  readonly askedAt: string
  readonly localUrl: string
  /** Where the one before lacked the PBX, or room on the disk, the one after does too. */
  readonly wasReady: boolean
}

/** How long nobody was served, in milliseconds; or why it is not replaced: what was said of the new one, `stopped`, or not known. */
async function untilReplaced({ context, old, start, askedAt, localUrl, wasReady }: Replacing) {
  const endMs = performance.now() + BACK_WITHIN_MS
  let servedMs = performance.now()
  let lookedMs = servedMs
  while (performance.now() < endMs && !context.stopped.aborted) {
    const isOldAlive = await isRunning(old)
    if (isOldAlive && (await probe(`${localUrl}/healthz`))?.status === 200) servedMs = performance.now()
    if (!isOldAlive && (await isBack({ context, old, localUrl, wasReady })))
      return Math.round(performance.now() - servedMs)
    if (performance.now() - lookedMs > FILE_EVERY_MS) {
      lookedMs = performance.now()
      if (start !== undefined && !(await isRunning(start))) return { reason: 'stopped' }
      const failure = (await readRuntime(context.dataDir))?.notReplaced
      if (failure !== undefined && failure.at >= askedAt) return { reason: failure.reason }
    }
    await sleep(isOldAlive ? LOOK_EVERY_MS : READY_EVERY_MS)
  }
  return { reason: undefined }
}

async function isBack({
  context,
  old,
  localUrl,
  wasReady,
}: Pick<Replacing, 'context' | 'old' | 'localUrl' | 'wasReady'>): Promise<boolean> {
  const answer = await probe(`${localUrl}/readyz`)
  if (answer === undefined || (wasReady && answer.status !== 200)) return false
  const pid = (await readRuntime(context.dataDir))?.processes['service']?.pid
  return pid !== undefined && pid !== old.pid
}
