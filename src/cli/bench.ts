import { readArguments, readWholeNumber, usageText } from './arguments.ts'
import { type CommandContext, EXIT, UsageError } from './command.ts'

/** The benches; loaded when one is run, because they stand on development packages. */
const BENCHES = {
  pop: () => import('../../test/bench/pop.ts'),
  start: () => import('../../test/bench/start.ts'),
  restart: () => import('../../test/bench/restart.ts'),
  console: () => import('../../test/bench/console.ts'),
  transfer: () => import('../../test/bench/transfer.ts'),
  deadline: () => import('../../test/bench/deadline.ts'),
  sweep: () => import('../../test/bench/sweep.ts'),
  recount: () => import('../../test/bench/recount.ts'),
  replay: () => import('../../test/bench/replay.ts'),
  calls: () => import('../../test/bench/calls.ts'),
  suggest: () => import('../../test/bench/suggest.ts'),
  recordings: () => import('../../test/bench/recordings.ts'),
  search: () => import('../../test/bench/search.ts'),
} as const

const PLAN = {
  command: 'npm run bench --',
  about: `Measures and prints one line of JSON. NAME is one of: ${Object.keys(BENCHES).join(', ')}.`,
  operands: ['NAME'],
  options: {
    transfers: { value: 'N', about: 'of transfer: how many are measured of each kind, 50 if not said' },
    seconds: { value: 'N', about: 'of calls: how long the highest rate is held, 60 if not said' },
    profile: {
      value: 'FOLDER',
      about: 'of calls: where the service leaves a CPU profile of each of its runs',
    },
  },
}

/** `npm run bench -- NAME`: exit code 0 when it measured, whether or not the goal was met; 1 when it could not, or lost some. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, operands, values } = readArguments(args, PLAN)
  if (help) {
    context.print(usageText(PLAN))
    return 0
  }
  const name = operands[0] ?? ''
  if (!isBench(name)) throw new UsageError(`There is no bench "${name}"; ${PLAN.about}`)
  const asked = values['transfers']
  if (asked !== undefined && name !== 'transfer') throw new UsageError('--transfers is for transfer only')
  const transfers = readWholeNumber('transfers', asked ?? '50', { from: 1, to: 500 })
  if (values['seconds'] !== undefined && name !== 'calls') throw new UsageError('--seconds is for calls only')
  const seconds = readWholeNumber('seconds', values['seconds'] ?? '60', { from: 5, to: 3_600 })
  const profile = values['profile']
  if (profile !== undefined && name !== 'calls') throw new UsageError('--profile is for calls only')
  const bench = await BENCHES[name]()
  try {
    const result = await bench.run({
      progress: context.complain,
      stopped: context.stopped,
      transfers,
      seconds,
      profile,
    })
    context.print(JSON.stringify({ bench: name, ...result }))
    return (result.lost ?? 0) > 0 ? 1 : 0
  } catch (error) {
    if (context.stopped.aborted) return EXIT.interrupted
    context.complain(
      `bench ${name} could not measure: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
    )
    return 1
  }
}

function isBench(name: string): name is keyof typeof BENCHES {
  return Object.hasOwn(BENCHES, name)
}
