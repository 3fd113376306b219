import { readArguments, readWholeNumber, usageText } from './arguments.ts'
import { type CommandContext, EXIT, UsageError } from './command.ts'

const PLAN = {
  command: 'npm run chaos --',
  about:
    'Puts calls through while parties hang up, click twice and let it ring, and while the service is killed again and again. Prints one line of JSON.',
  operands: [],
  options: {
    transfers: { value: 'N', about: 'how many transfers, 200 if not said' },
    seed: { value: 'N', about: 'what repeats the same choices, 1 if not said' },
  },
}

/** `npm run chaos -- --transfers N --seed N`: exit code 1 when anything went wrong that must not. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, operands, values } = readArguments(args, PLAN)
  if (help) {
    context.print(usageText(PLAN))
    return 0
  }
  if (operands.length > 0) throw new UsageError(`Nothing is known of "${operands.join(' ')}"`)
  const transfers = readWholeNumber('transfers', values['transfers'] ?? '200', { from: 1, to: 5_000 })
  const seed = readWholeNumber('seed', values['seed'] ?? '1', { from: 0, to: 1_000_000 })
  const chaos = await import('../../test/chaos/chaos.ts')
  try {
    const report = await chaos.run({
      transfers,
      seed,
      progress: context.complain,
      stopped: context.stopped,
    })
    context.print(JSON.stringify({ chaos: 'transfers', ...report }))
    return report.problems.length > 0 ? 1 : 0
  } catch (error) {
    if (context.stopped.aborted) return EXIT.interrupted
    context.complain(`chaos broke off: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
    return 1
  }
}
