import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../platform/errors.ts'

/**
 * Runs `task` while holding an exclusive lock on `path`, waiting for whoever has it.
 * The lock is flock(2), held by a child that ends with our end of its pipe: a killed process leaves no stale lock behind.
 */
export async function withFileLock<T>(path: string, task: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  const holder = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = new Promise<void>((resolve) => {
    holder.once('close', () => {
      resolve()
    })
  })
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => {
      resolve()
    })
    holder.once('error', (cause) => {
      reject(
        new AppError('unavailable', 'LOCK_UNAVAILABLE', 'flock (util-linux) cannot be started', { cause }),
      )
    })
    holder.once('exit', (code) => {
      reject(new AppError('unavailable', 'LOCK_UNAVAILABLE', `flock ended with code ${String(code)}`))
    })
  })
  try {
    return await task()
  } finally {
    holder.stdin.end()
    await closed
  }
}
