import { availableParallelism, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { buildConsole } from '../../src/cli/console-build.ts'
import { openTransferStage } from '../support/transfer-stage.ts'
import { openCallStage } from '../support/call-stage.ts'
import { type CallWalkReport, walkCalls } from './call-walk.ts'
import { walkTransfers, type WalkReport } from './transfer-walk.ts'

const HOME = resolve(import.meta.dirname, '../..')
/** As many transfers at once. */
const OPERATORS = 6

/** Operators at the phones and citizens on the line at once in a walk of calls. */
const DESKS = 4
const LINES = 12

/** Calls under every disaster, on a stage of their own. */
export async function runCalls(options: {
  readonly calls: number
  readonly seed: number
  readonly progress: (line: string) => void
  readonly stopped: AbortSignal
}): Promise<CallWalkReport & Machine> {
  const stage = await openCallStage(DESKS)
  try {
    return { ...(await walkCalls(stage, { ...options, lines: LINES })), ...machine() }
  } finally {
    await stage.stop()
  }
}

/** A walk on a stage of its own, with the machine it ran on. */
export async function run(options: {
  readonly transfers: number
  readonly seed: number
  readonly progress: (line: string) => void
  readonly stopped: AbortSignal
}): Promise<WalkReport & Machine> {
  await buildConsole({ home: HOME, progress: options.progress })
  const stage = await openTransferStage(OPERATORS)
  try {
    const report = await walkTransfers(stage, options)
    return { ...report, ...machine() }
  } finally {
    await stage.stop()
  }
}

interface Machine {
  readonly cores: number
  readonly load: number
}

/** What it ran on. */
function machine(): Machine {
  return { cores: availableParallelism(), load: Math.round((loadavg()[0] ?? 0) * 10) / 10 }
}
