import { readArguments, readWholeNumber, usageText } from './arguments.ts'
import { type CommandContext, EXIT, UsageError } from './command.ts'

const PLAN = {
  command: 'npm run chaos --',
  about:
    'Puts calls through while parties hang up, click twice and let it ring, and while the service is killed again and again. With --soak, calls at one pace for long and tells what each leaves behind in the service. With --quarter, moves cases through three months instead and compares each with a slow model of the regulation; with --fuzz, feeds damaged bytes to what reads the PBX. Prints one line of JSON.',
  operands: [],
  options: {
    transfers: { value: 'N', about: 'how many transfers, 200 if not said' },
    calls: {
      value: 'N',
      about:
        'so many calls, while service, PBX, wires, disk and clock fail one after the other, in place of transfers',
    },
    quarter: { value: 'N', about: 'a quarter of so many cases, in place of transfers' },
    fuzz: { value: 'N', about: 'so many damaged inputs to each decoder, in place of transfers' },
    soak: { value: 'MINUTES', about: 'calls for so long at one pace, in place of transfers' },
    rate: { value: 'N', about: 'of --soak: calls a second, 5 if not said' },
    seed: { value: 'N', about: 'what repeats the same choices, 1 if not said' },
  },
}

/** What of the command line chooses how it goes. */
interface Choices {
  readonly seed: number
  readonly rate: number
}

/** What can be played, and how much of it at most. */
const PLAYS = {
  transfers: { play: playTransfers, most: 5_000 },
  calls: { play: playCalls, most: 100_000 },
  quarter: { play: playQuarter, most: 100_000 },
  fuzz: { play: playFuzz, most: 100_000_000 },
  soak: { play: playSoak, most: 24 * 60 },
} as const

/** `npm run chaos -- --transfers N --seed N`, `--calls N`, `--quarter N`, `--fuzz N` or `--soak MINUTES --rate N`: exit code 1 when anything went wrong that must not. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, operands, values } = readArguments(args, PLAN)
  if (help) {
    context.print(usageText(PLAN))
    return 0
  }
  if (operands.length > 0) throw new UsageError(`Nothing is known of "${operands.join(' ')}"`)
  const kinds = (['transfers', 'calls', 'quarter', 'fuzz', 'soak'] as const).filter(
    (kind) => values[kind] !== undefined,
  )
  if (kinds.length > 1) throw new UsageError('Only one of --transfers, --calls, --quarter, --fuzz and --soak')
  if (values['rate'] !== undefined && kinds[0] !== 'soak') throw new UsageError('--rate is for --soak only')
  const rate = readWholeNumber('rate', values['rate'] ?? '5', { from: 1, to: 30 })
  const seed = readWholeNumber('seed', values['seed'] ?? '1', { from: 0, to: 1_000_000 })
  const kind = kinds[0] ?? 'transfers'
  const { play, most } = PLAYS[kind]
  const count = readWholeNumber(kind, values[kind] ?? '200', { from: 1, to: most })
  try {
    const report = await play(count, { seed, rate }, context)
    context.print(JSON.stringify(report))
    return report.problems.length > 0 ? 1 : 0
  } catch (error) {
    if (context.stopped.aborted) return EXIT.interrupted
    context.complain(`chaos broke off: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
    return 1
  }
}

async function playTransfers(transfers: number, { seed }: Choices, context: CommandContext) {
  const chaos = await import('../../test/chaos/chaos.ts')
  const { complain, stopped } = context
  return { chaos: 'transfers', ...(await chaos.run({ transfers, seed, progress: complain, stopped })) }
}

async function playCalls(calls: number, { seed }: Choices, { complain, stopped }: CommandContext) {
  const chaos = await import('../../test/chaos/chaos.ts')
  return { chaos: 'calls', ...(await chaos.runCalls({ calls, seed, progress: complain, stopped })) }
}

async function playQuarter(cases: number, { seed }: Choices, { stopped }: CommandContext) {
  const quarter = await import('../../test/chaos/quarter-report.ts')
  return { chaos: 'quarter', ...(await quarter.run({ cases, seed, stopped })) }
}

async function playFuzz(inputs: number, { seed }: Choices, { stopped }: CommandContext) {
  const { fuzz } = await import('../../test/chaos/fuzz.ts')
  return { chaos: 'fuzz', ...(await fuzz({ inputs, seed, stopped })) }
}

async function playSoak(minutes: number, { rate }: Choices, { complain, stopped }: CommandContext) {
  const soak = await import('../../test/chaos/soak.ts')
  return { chaos: 'soak', ...(await soak.run({ minutes, rate, progress: complain, stopped })) }
}
