import { availableParallelism, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { buildConsole } from '../../src/cli/console-build.ts'
import { openTransferStage } from '../support/transfer-stage.ts'
import { walkTransfers, type WalkReport } from './transfer-walk.ts'

const HOME = resolve(import.meta.dirname, '../..')
/** As many transfers at once. */
const OPERATORS = 6

/** A walk on a stage of its own, with the machine it ran on. */
export async function run(options: {
  readonly transfers: number
  readonly seed: number
  readonly progress: (line: string) => void
  readonly stopped: AbortSignal
}): Promise<WalkReport & { readonly cores: number; readonly load: number }> {
  await buildConsole({ home: HOME, progress: options.progress })
  const stage = await openTransferStage(OPERATORS)
  try {
    const report = await walkTransfers(stage, options)
    return { ...report, cores: availableParallelism(), load: Math.round((loadavg()[0] ?? 0) * 10) / 10 }
  } finally {
    await stage.stop()
  }
}
