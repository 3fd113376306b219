import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StartPlanError } from './start-plan.ts'

/**
 * Makes the data folder, its parents too, and tries that it can be written. Throws StartPlanError with what to do.
 *
 * Level by level: Node's own recursive mkdir never ends where the file system lets nobody make folders and says
 * ENOENT, as /proc does.
 */
export async function makeDataFolder(path: string): Promise<void> {
  try {
    const missing: string[] = []
    for (let folder = path; !(await exists(folder)); folder = dirname(folder)) missing.unshift(folder)
    for (const folder of missing) await makeFolder(folder)
    await rmdir(await mkdtemp(join(path, '.trial-')))
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    throw new StartPlanError(
      `DATA_DIR is "${path}", ${REASONS[code] ?? `which cannot be used as a folder (${code})`}. Choose a folder that this user may make and write, for example: DATA_DIR=data npm start`,
      { cause },
    )
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'where this user may not write',
  EPERM: 'where this user may not write',
  EROFS: 'which is on a file system that is read-only',
  ENOTDIR: 'which is a file or lies below one',
  ENOENT: 'where nobody can make a folder',
  ENOSPC: 'on a disk that is full',
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw cause
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (cause) {
    // Another copy made it meanwhile; what else may bear the name shows when it is written to.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
  }
}
