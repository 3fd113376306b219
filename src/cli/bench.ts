import { readArguments, readWholeNumber, usageText } from './arguments.ts'
import { type CommandContext, EXIT, UsageError } from './command.ts'

/** The benches; loaded when one is run, because they stand on development packages. */
const BENCHES = {
  pop: () => import('../../test/bench/pop.ts'),
  start: () => import('../../test/bench/start.ts'),
  console: () => import('../../test/bench/console.ts'),
  transfer: () => import('../../test/bench/transfer.ts'),
  deadline: () => import('../../test/bench/deadline.ts'),
  sweep: () => import('../../test/bench/sweep.ts'),
  recount: () => import('../../test/bench/recount.ts'),
  replay: () => import('../../test/bench/replay.ts'),
  suggest: () => import('../../test/bench/suggest.ts'),
} as const

const PLAN = {
  command: 'npm run bench --',
  about: `Measures and prints one line of JSON. NAME is one of: ${Object.keys(BENCHES).join(', ')}.`,
  operands: ['NAME'],
  options: {
    transfers: { value: 'N', about: 'of transfer: how many are measured of each kind, 50 if not said' },
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
  const bench = await BENCHES[name]()
  try {
    const result = await bench.run({ progress: context.complain, stopped: context.stopped, transfers })
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
