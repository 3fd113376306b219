import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { type Command, type CommandContext, EXIT, UsageError } from './command.ts'
import { type Environment, currentEnvironment } from './environment.ts'
import { watchForStop } from './stop-signals.ts'

const HOME = resolve(import.meta.dirname, '../..')

interface CommandEntry {
  /** A command's code is loaded when it is asked for: `npm start` does not wait for that of `npm test`. */
  readonly load: () => Promise<{ readonly run: Command }>
  readonly about: string
}

/** Commands of package.json. */
const SCRIPTS: Readonly<Record<string, CommandEntry>> = {
  start: { load: () => import('./start.ts'), about: 'npm start' },
  test: { load: () => import('./test.ts'), about: 'npm test' },
  check: { load: () => import('./check.ts'), about: 'npm run check' },
  bench: { load: () => import('./bench.ts'), about: 'npm run bench -- NAME' },
  chaos: {
    load: () => import('./chaos.ts'),
    about: 'npm run chaos -- --transfers N | --quarter N [--seed N]',
  },
}

/** Commands of `npm run tongdai --`. */
const TOOLS: Readonly<Record<string, CommandEntry>> = {
  doctor: {
    load: () => import('./doctor.ts'),
    about: 'checks a live installation step by step, with a remedy for each failure',
  },
  testcall: {
    load: () => import('./testcall.ts'),
    about: 'places a real call through the PBX and reports each step with its time',
  },
  deadline: {
    load: () => import('./deadline.ts'),
    about: 'works out when something is due by the working calendar, and says why then',
  },
  restart: {
    load: () => import('./restart.ts'),
    about: 'replaces the service of a running copy by the version in this folder, calls and PBX untouched',
  },
  backup: {
    load: () => import('./backup.ts'),
    about: 'copies the database to a file while the service runs, and checks the copy',
  },
  restore: {
    load: () => import('./restore.ts'),
    about: 'puts a backup in the place of the database of a copy that is stopped',
  },
  verify: {
    load: () => import('./verify.ts'),
    about: 'finds whatever was changed, swapped, removed or put back in recordings and audit log',
  },
  prompts: {
    load: () => import('./prompts.ts'),
    about: 'makes prompts and music for a PBX of your own',
  },
  citizen: {
    load: () => import('./citizen.ts'),
    about: 'has a person of the simulated network call the hotline',
  },
  phone: {
    load: () => import('./phone.ts'),
    about: 'sets what a phone of the simulated network does when it is rung',
  },
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
  const scripts = Object.values(SCRIPTS).map(({ about }) => about)
  if (script !== 'tongdai') {
    const entry = find(SCRIPTS, script)
    if (entry !== undefined) return [(await entry.load()).run, args]
    throw new UsageError(
      `There is no script "${script}"; there are ${scripts.join(', ')} and npm run tongdai.`,
    )
  }
  const [name = '--help', ...rest] = args
  if (isHelp(name)) return [tell(print, toolsHelp()), rest]
  const entry = find(TOOLS, name)
  if (entry !== undefined) return [(await entry.load()).run, rest]
  throw new UsageError(`There is no command "${name}".\n\n${toolsHelp()}`)
}

function find(entries: Readonly<Record<string, CommandEntry>>, name: string): CommandEntry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined
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
  const rows = Object.entries(TOOLS).map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
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
