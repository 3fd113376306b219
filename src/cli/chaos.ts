import { readArguments, readWholeNumber, usageText } from './arguments.ts'
import { type CommandContext, EXIT, UsageError } from './command.ts'

const PLAN = {
  command: 'npm run chaos --',
  about:
    'Puts calls through while parties hang up, click twice and let it ring, and while the service is killed again and again. With --quarter, moves cases through three months instead and compares each with a slow model of the regulation. Prints one line of JSON.',
  operands: [],
  options: {
    transfers: { value: 'N', about: 'how many transfers, 200 if not said' },
    quarter: { value: 'N', about: 'a quarter of so many cases, in place of transfers' },
    seed: { value: 'N', about: 'what repeats the same choices, 1 if not said' },
  },
}

/** `npm run chaos -- --transfers N --seed N`, or `--quarter N`: exit code 1 when anything went wrong that must not. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, operands, values } = readArguments(args, PLAN)
  if (help) {
    context.print(usageText(PLAN))
    return 0
  }
  if (operands.length > 0) throw new UsageError(`Nothing is known of "${operands.join(' ')}"`)
  if (values['quarter'] !== undefined && values['transfers'] !== undefined)
    throw new UsageError('Either --transfers or --quarter')
  const seed = readWholeNumber('seed', values['seed'] ?? '1', { from: 0, to: 1_000_000 })
  const play = values['quarter'] === undefined ? playTransfers : playQuarter
  const count =
    values['quarter'] === undefined
      ? readWholeNumber('transfers', values['transfers'] ?? '200', { from: 1, to: 5_000 })
      : readWholeNumber('quarter', values['quarter'], { from: 1, to: 100_000 })
  try {
    const report = await play(count, seed, context)
    context.print(JSON.stringify(report))
    return report.problems.length > 0 ? 1 : 0
  } catch (error) {
    if (context.stopped.aborted) return EXIT.interrupted
    context.complain(`chaos broke off: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
    return 1
  }
}

async function playTransfers(transfers: number, seed: number, context: CommandContext) {
  const chaos = await import('../../test/chaos/chaos.ts')
  const { complain, stopped } = context
  return { chaos: 'transfers', ...(await chaos.run({ transfers, seed, progress: complain, stopped })) }
}

async function playQuarter(cases: number, seed: number, { stopped }: CommandContext) {
  const quarter = await import('../../test/chaos/quarter-report.ts')
  return { chaos: 'quarter', ...(await quarter.run({ cases, seed, stopped })) }
}
