import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type UsagePlan, readArguments, usageText } from './arguments.ts'
import { type CommandContext } from './command.ts'

const USAGE: UsagePlan = {
  command: 'npm run check',
  about: 'The static gates: types, lint and format, arrows between folders, dead code.',
  options: {},
}

/** `npm run check`: runs the gates and answers their exit code. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  if (readArguments(args, USAGE).help) {
    context.print(usageText(USAGE))
    return 0
  }
  const child = spawn('npm', ['run', '--silent', 'gates'], { cwd: context.home, stdio: 'inherit' })
  context.stopped.addEventListener('abort', () => child.kill('SIGTERM'))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code === 0) context.print('types, lint, arrows, dead code: clean')
  return code ?? 1
}
