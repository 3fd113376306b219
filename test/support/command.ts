import { resolve } from 'node:path'
import { type Command } from '../../src/cli/command.ts'
import { type Environment } from '../../src/cli/environment.ts'

/** How a command ended, and what it said. */
export interface CommandRun {
  readonly code: number
  readonly out: readonly string[]
  readonly err: readonly string[]
}

/** Runs a command of the command line as its dispatcher does, in this process. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  options: {
    readonly dataDir: string
    readonly environment?: Environment
    readonly stopped?: AbortSignal
    readonly onLine?: (line: string) => void
  },
): Promise<CommandRun> {
  const out: string[] = []
  const err: string[] = []
  const never = new AbortController().signal
  const code = await command(args, {
    home: resolve(import.meta.dirname, '../..'),
    environment: options.environment ?? {},
    dataDir: options.dataDir,
    print: (line) => {
      out.push(line)
      options.onLine?.(line)
    },
    complain: (line) => {
      err.push(line)
    },
    stopped: options.stopped ?? never,
    hurried: never,
  })
  return { code, out, err }
}
