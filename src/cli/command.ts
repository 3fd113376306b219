import { type Environment } from './environment.ts'

/** What every command of the command line is handed. A command file exports `run(args, context)`, which answers the exit code. */
export interface CommandContext {
  /** The repository. */
  readonly home: string
  readonly environment: Environment
  /** Where the copy that is meant keeps its data: DATA_DIR. */
  readonly dataDir: string
  /** A line on standard output. */
  readonly print: (line: string) => void
  /** A line on standard error. */
  readonly complain: (line: string) => void
  /** Aborted at Ctrl-C, SIGTERM, SIGHUP, and when whoever started us is gone. */
  readonly stopped: AbortSignal
  /** Aborted at the second Ctrl-C: whoever waits has no patience left. */
  readonly hurried: AbortSignal
}

/** A command, ready to run. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>

/** Exit codes beyond 0 and 1, as sysexits.h has them. */
export const EXIT = { usage: 64, unavailable: 69, config: 78, interrupted: 130 } as const

/** A command line that cannot be understood; its message says what can be. Ends with exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
