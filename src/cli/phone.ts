import { AppError } from '../platform/errors.ts'
import { type UsagePlan, readArguments, usageText } from './arguments.ts'
import { PHONE_HABITS, connectCarrier } from './carrier.ts'
import { type CommandContext, UsageError } from './command.ts'
import { requireRuntime } from './runtime-file.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- phone',
  about: `Sets what a phone of the simulated network does when the hotline rings it: ${PHONE_HABITS.join(', ')}.`,
  options: {},
  operands: ['NUMBER', 'HABIT'],
}

/** `tongdai phone NUMBER HABIT`. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, operands } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  const [number = '', wanted = ''] = operands
  const habit = PHONE_HABITS.find((name) => name === wanted)
  if (habit === undefined)
    throw new UsageError(`A phone does one of ${PHONE_HABITS.join(', ')}, not "${wanted}".`)
  if (!/^\+?\d{2,20}$/.test(number)) throw new UsageError(`"${number}" is no telephone number.`)
  const runtime = await requireRuntime(context.dataDir)
  if (runtime.network === null) {
    throw new AppError(
      'unavailable',
      'NO_NETWORK',
      'The running copy has no simulated network: it is on a real trunk or PBX.',
    )
  }
  const { amiPort: port, secret } = runtime.network
  const carrier = await connectCarrier({ port, secret, hotlineNumber: runtime.hotlineNumber })
  try {
    await carrier.setPhone(number, habit)
  } finally {
    await carrier.stop()
  }
  context.print(`${number}: ${habit}`)
  return 0
}
