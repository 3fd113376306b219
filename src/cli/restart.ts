import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../platform/errors.ts'
import { readArguments, type UsagePlan, usageText } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { buildConsole } from './console-build.ts'
import { probe } from './http-probe.ts'
import { LANGUAGE_OPTIONS, languageOf, sayIn } from './language.ts'
import { isRunning, sendSignal } from './process-tree.ts'
import { HAND_OVER, readRuntime, requireRuntime } from './runtime-file.ts'
import { packService } from './service-pack.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- restart',
  about: [
    'Has the service of a running copy replaced by what the folder holds now: a new version, or new settings of its city.',
    'Everything is built and loaded before the old one ends. The PBX, calls in progress and citizens in the queue are not touched; what',
    'rings meanwhile rings on, and is on the screens as soon as the new one is there. Ends with exit code 1 when it does not come.',
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
    vi: 'Bản mới không chạy được trong {seconds} giây; bản đang chạy vẫn làm việc như cũ. Cửa sổ của npm start cho biết lý do.',
    en: 'The new version did not come up within {seconds} s; the one before runs on. The terminal of npm start says why.',
  },
  failed: {
    vi: 'Dịch vụ chưa chạy lại được sau {seconds} giây. Xem {log}; tổng đài điện thoại vẫn nhận cuộc gọi.',
    en: 'The service is not back after {seconds} s. See {log}; the PBX goes on taking calls.',
  },
} as const

const BACK_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 5

/** `tongdai restart`: the new version takes over under load. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, switches } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const language = languageOf(switches, context.environment)
  const runtime = await requireRuntime(context.dataDir)
  const old = runtime.processes['service']
  if (old === undefined || !(await isRunning(old)))
    throw new AppError('unavailable', 'NOT_RUNNING', 'The service is not up just now; try again in a moment.')
  const { home, complain: progress } = context
  await Promise.all([buildConsole({ home, progress }), packService({ home, progress })])
  const url = `${runtime.localUrl}/readyz`
  const keeper = runtime.processes['start']
  // Where it can, the new one loads itself first and ends the old one then. Others end at a signal they do not know.
  if (runtime.handsOver === true && keeper !== undefined) sendSignal(keeper.pid, HAND_OVER)
  else sendSignal(old.pid, 'SIGTERM')
  const endMs = performance.now() + BACK_WITHIN_MS
  let servedMs = performance.now()
  while (performance.now() < endMs && !context.stopped.aborted) {
    const isOldAlive = await isRunning(old)
    if (isOldAlive && (await probe(url))?.status === 200) servedMs = performance.now()
    if (!isOldAlive && (await isBack(context.dataDir, url, old.pid))) {
      const gapMs = Math.round(performance.now() - servedMs)
      context.print(
        switches.has('json') ? JSON.stringify({ gapMs }) : sayIn(language, TEXTS.done, { ms: gapMs }),
      )
      return 0
    }
    await sleep(LOOK_EVERY_MS)
  }
  if (await isRunning(old)) {
    context.complain(sayIn(language, TEXTS.kept, { seconds: BACK_WITHIN_MS / 1_000 }))
    return 1
  }
  const log = `${context.dataDir}/log/service.log`
  context.complain(sayIn(language, TEXTS.failed, { seconds: BACK_WITHIN_MS / 1_000, log }))
  return 1
}

async function isBack(dataDir: string, url: string, oldPid: number): Promise<boolean> {
  if ((await probe(url))?.status !== 200) return false
  const pid = (await readRuntime(dataDir))?.processes['service']?.pid
  return pid !== undefined && pid !== oldPid
}
