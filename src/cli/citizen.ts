import { randomInt } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { type UsagePlan, readArguments, readWholeNumber, usageText } from './arguments.ts'
import { type CitizenCall, connectCarrier } from './carrier.ts'
import { type CommandContext, UsageError } from './command.ts'
import { requireRuntime } from './runtime-file.ts'

const USAGE: UsagePlan = {
  command: 'npm run tongdai -- citizen',
  about:
    'Has a person of the simulated network call the hotline of the running copy (DATA_DIR), speak, and hang up. Ctrl-C hangs up.',
  options: {
    from: {
      value: 'NUMBER',
      about: 'who calls; one nobody has (0900 000 xxx) if not said; "anonymous" hides it',
    },
    name: { value: 'TEXT', about: 'the name the network shows' },
    to: { value: 'NUMBER', about: 'the number dialled; the hotline if not said' },
    speak: {
      value: 'VOICE',
      about: 'what they say, over and over; den-duong if not said. "?" lists the voices',
    },
    seconds: { value: 'N', about: 'hangs up so long after the answer; 30 if not said, 0 never' },
    digits: { value: 'KEYS', about: 'keys pressed after the answer; w waits half a second' },
    after: { value: 'N', about: 'seconds from the answer to the first key' },
  },
}

const CAUSES: Readonly<Record<number, string>> = {
  16: 'hung up',
  17: 'busy',
  19: 'not answered',
  21: 'rejected',
}

/** `tongdai citizen`: places one call and follows it to its end. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { help, values } = readArguments(args, USAGE)
  if (help) {
    context.print(usageText(USAGE))
    return 0
  }
  if (values['speak'] === '?') {
    context.print((await voiceNames(context)).join('\n'))
    return 0
  }
  const call = await planCall(values, context)
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
    const placed = await carrier.placeCall(call)
    context.print(`${call.from} calls ${call.to ?? runtime.hotlineNumber}`)
    context.stopped.addEventListener('abort', () => {
      void carrier.hangUp(placed.id)
    })
    placed.answered.then(
      () => {
        context.print('answered')
      },
      () => undefined, // the end tells why
    )
    const { cause } = await placed.ended
    context.print(`over: ${CAUSES[cause] ?? `cause ${String(cause)}`}`)
    return cause === 16 ? 0 : 1
  } finally {
    await carrier.stop()
  }
}

async function planCall(
  values: Readonly<Record<string, string>>,
  context: CommandContext,
): Promise<CitizenCall> {
  const speak = values['speak'] ?? 'den-duong'
  const names = await voiceNames(context)
  if (!names.includes(speak))
    throw new UsageError(`There is no voice "${speak}"; there are ${names.join(', ')}.`)
  const seconds = readWholeNumber('seconds', values['seconds'] ?? '30', { from: 0, to: 3_600 })
  const { name, to, digits, after } = values
  for (const [option, value] of Object.entries({ from: values['from'], to, digits, name })) {
    if (value !== undefined && /[\r\n]/.test(value)) throw new UsageError(`--${option} has a line break.`)
  }
  return {
    from: values['from'] ?? `0900000${String(randomInt(1_000)).padStart(3, '0')}`,
    speak,
    ...(seconds === 0 ? {} : { seconds }),
    ...(name === undefined ? {} : { name }),
    ...(to === undefined ? {} : { to }),
    ...(digits === undefined ? {} : { digits }),
    ...(after === undefined
      ? {}
      : { digitsAfterSeconds: readWholeNumber('after', after, { from: 0, to: 600 }) }),
  }
}

/** The city's voices, and the tones of the network. */
async function voiceNames({ home, environment }: CommandContext): Promise<string[]> {
  const chosen = environment['CITY'] ?? ''
  const files = await readdir(join(home, 'config', chosen === '' ? 'haiphong' : chosen, 'voices'))
  const voices = files.map((file) => file.replace(/\.(txt|wav)$/, ''))
  return [...voices, 'tone440', 'tone660', 'tone880', 'silence'].sort()
}
