import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from './command.ts'

/** One option of a command: `--name VALUE`, or a plain switch when it has no `value`. */
export interface OptionPlan {
  readonly value?: string
  readonly about: string
}

/** What a command takes. */
export interface UsagePlan {
  /** As typed, without options: `npm run tongdai -- citizen`. */
  readonly command: string
  readonly about: string
  readonly options: Readonly<Record<string, OptionPlan>>
  /** Names of what stands without dashes, all required. */
  readonly operands?: readonly string[]
}

/** A command line, read. */
export interface ReadArguments {
  readonly help: boolean
  readonly values: Readonly<Record<string, string>>
  readonly switches: ReadonlySet<string>
  readonly operands: readonly string[]
}

/** What is wrong with a command line: with which option ("--hours"), or which words that stand without one. */
export interface ArgumentProblem {
  readonly kind: 'unknown' | 'noValue' | 'noSwitch' | 'twice' | 'operands'
  readonly given: string
}

/** Says it in English; whoever tells it in another language goes by the problem. */
export class ArgumentError extends UsageError {
  readonly problem: ArgumentProblem

  constructor(message: string, problem: ArgumentProblem, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}

/** Reads a command line; throws ArgumentError for anything the plan does not name, and for an option that stands there twice. `--help` wins over every mistake. */
export function readArguments(args: readonly string[], plan: UsagePlan): ReadArguments {
  const nothing = { values: {}, switches: new Set<string>(), operands: [] }
  if (args.includes('--help') || args.includes('-h')) return { help: true, ...nothing }
  const options: ParseArgsOptionsConfig = {}
  for (const [name, { value }] of Object.entries(plan.options)) {
    options[name] = { type: value === undefined ? 'boolean' : 'string' }
  }
  const { values, positionals, twice } = parse(args, options, plan)
  if (twice !== undefined)
    throw new ArgumentError(`--${twice} is given more than once; see ${plan.command} --help`, {
      kind: 'twice',
      given: `--${twice}`,
    })
  const wanted = plan.operands ?? []
  if (positionals.length !== wanted.length) {
    const names = wanted.length === 0 ? 'nothing but options' : wanted.join(' ')
    throw new ArgumentError(`${plan.command} takes ${names}; see ${plan.command} --help`, {
      kind: 'operands',
      given: positionals.join(' '),
    })
  }
  return {
    help: false,
    values: Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
    switches: new Set(Object.keys(values).filter((name) => values[name] === true)),
    operands: positionals,
  }
}

/** The help text of a command. */
export function usageText(plan: UsagePlan): string {
  const rows = Object.entries(plan.options).map(
    ([name, { value, about }]) => [`--${name}${value === undefined ? '' : ` ${value}`}`, about] as const,
  )
  const width = Math.max(8, ...rows.map(([left]) => left.length)) + 2
  const operands = (plan.operands ?? []).map((name) => ` ${name}`).join('')
  return [
    `${plan.command}${operands}${rows.length === 0 ? '' : ' [options]'}`,
    '',
    plan.about,
    ...(rows.length === 0 ? [] : ['', ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`)]),
  ].join('\n')
}

/** A whole number within bounds; throws UsageError naming the option. */
export function readWholeNumber(
  name: string,
  text: string,
  bounds: { readonly from: number; readonly to: number },
): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= bounds.from && value <= bounds.to) return value
  throw new UsageError(
    `--${name} takes a whole number from ${String(bounds.from)} to ${String(bounds.to)}, not "${text}"`,
  )
}

function parse(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  plan: UsagePlan,
): {
  readonly values: Readonly<Record<string, unknown>>
  readonly positionals: readonly string[]
  /** An option that stands there again: node would take the last without a word. */
  readonly twice: string | undefined
} {
  try {
    const how = { options, allowPositionals: true, strict: true, tokens: true } as const
    const { tokens, ...read } = parseArgs({ args: [...args], ...how })
    const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
    return { ...read, twice: names.find((name, index) => names.indexOf(name) < index) }
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('.')[0] ?? '') : ''
    throw new ArgumentError(`${reason}; see ${plan.command} --help`, problemIn(args, options), { cause })
  }
}

/** The option that a strict reading stumbled over: the first that is not in the plan, or not as it says. */
function problemIn(args: readonly string[], options: ParseArgsOptionsConfig): ArgumentProblem {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName: given, value, inlineValue } = token
    const type = Object.hasOwn(options, name) ? options[name]?.type : undefined
    if (type === undefined) return { kind: 'unknown', given }
    if (type === 'boolean' && value !== undefined) return { kind: 'noSwitch', given }
    if (type === 'string' && (value === undefined || (!inlineValue && value.startsWith('-'))))
      return { kind: 'noValue', given }
  }
  return { kind: 'operands', given: args.join(' ') }
}
