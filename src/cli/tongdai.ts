import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { type Command, type CommandContext, EXIT, UsageError } from './command.ts'
import { type Environment, currentEnvironment } from './environment.ts'
import { watchForStop } from './stop-signals.ts'

const HOME = resolve(import.meta.dirname, '../..')

/** Commands of `npm run tongdai --`, each a file of this folder with the same name. */
const TOOLS: Readonly<Record<string, string>> = {
  doctor: 'checks a live installation step by step, with a remedy for each failure',
  testcall: 'places a real call through the PBX and reports each step with its time',
  citizen: 'has a person of the simulated network call the hotline',
  phone: 'sets what a phone of the simulated network does when it is rung',
}

/** Errors that are a person's to mend, not ours: told without a stack. */
const CONFIGURATION_ERRORS = new Set(['ConfigError', 'StartPlanError'])

/** Runs a command line, `start …`, `tongdai citizen …`, and answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const [script = '', ...args] = argv
  const stop = watchForStop()
  try {
    if (script === 'start' || script === 'tongdai') loadSettings()
    const environment = currentEnvironment()
    const context: CommandContext = {
      home: HOME,
      environment,
      dataDir: resolve(HOME, dataDirOf(environment)),
      print: (line) => process.stdout.write(`${line}\n`),
      complain: (line) => process.stderr.write(`${line}\n`),
      ...stop.signals,
    }
    const [command, rest] = await findCommand(script, args, context)
    return await command(rest, context)
  } catch (cause) {
    return explain(cause)
  } finally {
    stop.end()
  }
}

function dataDirOf({ DATA_DIR: chosen = '' }: Environment): string {
  return chosen === '' ? 'data' : chosen
}

async function findCommand(
  script: string,
  args: readonly string[],
  { print }: CommandContext,
): Promise<readonly [Command, readonly string[]]> {
  const [name = '--help', ...rest] = args
  switch (script) {
    case 'start':
    case 'test':
    case 'check':
    case 'bench':
      return [await load(script), args]
    case 'tongdai':
      if (isHelp(name)) return [tell(print, toolsHelp()), rest]
      if (Object.hasOwn(TOOLS, name)) return [await load(name), rest]
      throw new UsageError(`There is no command "${name}".\n\n${toolsHelp()}`)
    default:
      throw new UsageError(
        `There is no script "${script}". Use npm start, npm test, npm run check, npm run bench or npm run tongdai.`,
      )
  }
}

/** A command's file is loaded when it is asked for: `npm start` does not wait for the code of a bench. */
async function load(name: string): Promise<Command> {
  const module = (await import(`./${name}.ts`)) as { readonly run: Command }
  return module.run
}

function tell(print: CommandContext['print'], text: string): Command {
  return async () => {
    print(text)
    return 0
  }
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h' || word === 'help'
}

function toolsHelp(): string {
  const rows = Object.entries(TOOLS).map(([name, about]) => `  ${name.padEnd(10)}${about}`)
  return [
    'npm run tongdai -- COMMAND [options]',
    '',
    ...rows,
    '',
    'Each takes --help. DATA_DIR says which copy is meant.',
  ].join('\n')
}

/** Settings kept in a file; what the environment says itself wins. */
function loadSettings(): void {
  const path = join(HOME, '.env')
  if (existsSync(path)) process.loadEnvFile(path)
}

/** What is a person's to mend is told in words, the rest with its stack. */
function explain(cause: unknown): number {
  const exitCode = exitCodeOf(cause)
  const text = cause instanceof Error ? (exitCode === 1 ? cause.stack : cause.message) : String(cause)
  process.stderr.write(`${text ?? ''}\n`)
  return exitCode
}

function exitCodeOf(cause: unknown): number {
  if (cause instanceof UsageError) return EXIT.usage
  if (cause instanceof AppError) return EXIT.unavailable
  return cause instanceof Error && CONFIGURATION_ERRORS.has(cause.name) ? EXIT.config : 1
}
