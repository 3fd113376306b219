import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { currentEnvironment } from './environment.ts'

/** What to run and how. `input` goes to its standard input. */
export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string
}

/** Runs a program to its end and answers its output; throws COMMAND_FAILED with the last lines it wrote. */
export async function runCommand(
  command: readonly string[],
  options: CommandOptions = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env === undefined ? undefined : { ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin.on('error', () => undefined) // a program that ends without reading its input has its own exit code to tell
    child.on('error', (cause) => {
      reject(new AppError('unavailable', 'COMMAND_NOT_FOUND', `${program} cannot be started`, { cause }))
    })
    child.on('close', (code, signal) => {
      const result = { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
      if (code === 0) {
        resolve(result)
        return
      }
      const tail = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-8).join('\n')
      const ending = signal ?? `exit code ${String(code)}`
      reject(new AppError('unavailable', 'COMMAND_FAILED', `${program} failed (${ending}):\n${tail}`))
    })
    child.stdin.end(options.input ?? '')
  })
}

/** The path of a program on PATH, or undefined. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (currentEnvironment()['PATH'] ?? '').split(delimiter)) {
    if (folder === '') continue
    const path = join(folder, name)
    const isProgram = await access(path, constants.X_OK).then(
      () => true,
      () => false, // not here
    )
    if (isProgram) return path
  }
  return undefined
}
