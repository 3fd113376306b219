import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { toLocalTime } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { freeBytesAt } from '../platform/free-bytes.ts'
import { FOLDER_PROBLEMS, type FolderProblem } from './contract.ts'
import type { FolderMarkProblem } from './folder-watch.ts'

export interface RecordingFolder {
  /** Throws DISK_FULL, FOLDER_UNWRITABLE, FOLDER_FOREIGN or FOLDER_ELSEWHERE when nothing can be filed now. */
  ready(): Promise<void>
  /** A place for what is not yet a recording; on the same disk, so that `place` is one step. */
  incoming(name: string): string
  discard(name: string): Promise<void>
  /** Moves a finished file to the folder of its day in the city; answers its path below the root. Replaces one of that name. */
  place(incomingName: string, startedAt: string, name: string): Promise<string>
  path(file: string): string
  /** For good, name and all; gone already is success. Throws a RangeError for a path that leads out of the root. */
  remove(file: string): Promise<void>
  /** Removes what crashed processes left unfinished. */
  sweep(): Promise<void>
}

/** Below the root: what is not finished. */
export const INCOMING = '.incoming'
/** Below this, the rest of the disk belongs to the database. */
const FLOOR_BYTES = 256 * 1_024 * 1_024
/** Nothing takes longer than this from its first byte to its place. */
const STALE_MS = 24 * 3_600_000
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const CODES: Readonly<Record<FolderProblem, string>> = {
  diskFull: 'DISK_FULL',
  folderUnwritable: 'FOLDER_UNWRITABLE',
  pbxFolderAway: 'PBX_FOLDER_AWAY',
  folderForeign: 'FOLDER_FOREIGN',
  folderElsewhere: 'FOLDER_ELSEWHERE',
}
const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EIO'])

export interface RecordingFolderOptions {
  readonly now: () => Date
  /** Free bytes of the disk that holds `path`; the real one unless a test needs a full disk. */
  readonly freeBytes?: (path: string) => Promise<number>
  /** Is it not the folder that recordings belong in? The PBX keeps them until it is. */
  readonly notOurs?: () => Promise<FolderMarkProblem | null>
}

/** The recordings folder: `YYYY/MM/DD/<name>.wav`, readable by the service's user alone. */
export function createRecordingFolder(root: string, options: RecordingFolderOptions): RecordingFolder {
  const freeBytes = options.freeBytes ?? freeBytesAt
  const incoming = (name: string): string => join(root, INCOMING, name)
  // Two copies of the service may share the folder for a moment while one replaces the other.
  const probe = `probe-${String(process.pid)}`
  return {
    async ready() {
      const notOurs = (await options.notOurs?.()) ?? null
      if (notOurs !== null)
        throw new AppError('unavailable', CODES[notOurs], 'recordings do not belong in this folder')
      try {
        await mkdir(join(root, INCOMING), { recursive: true, mode: 0o700 })
        await writeFile(incoming(probe), 'x', { mode: 0o600 })
        await rm(incoming(probe), { force: true })
      } catch (cause) {
        const full = problemOf(cause) === 'diskFull'
        throw new AppError(
          'unavailable',
          full ? 'DISK_FULL' : 'FOLDER_UNWRITABLE',
          'the recordings folder cannot be written',
          { cause },
        )
      }
      if ((await freeBytes(root)) < FLOOR_BYTES) {
        throw new AppError('unavailable', 'DISK_FULL', 'the recordings disk is nearly full')
      }
    },
    incoming,
    discard: (name) => rm(incoming(name), { force: true }),
    async place(incomingName, startedAt, name) {
      const { year, month, day } = toLocalTime(new Date(startedAt))
      const dayFolder = [String(year), pad(month), pad(day)].join('/')
      await mkdir(join(root, dayFolder), { recursive: true, mode: 0o700 })
      await rename(incoming(incomingName), join(root, dayFolder, name))
      await syncFolder(join(root, dayFolder))
      return `${dayFolder}/${name}`
    },
    path: (file) => join(root, file),
    async remove(file) {
      const path = resolve(root, file)
      if (!path.startsWith(resolve(root) + sep)) throw new RangeError('not a file of the recordings folder')
      await rm(path, { force: true })
      await syncFolder(dirname(path)).catch((cause: unknown) => {
        if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
      })
    },
    async sweep() {
      const before = options.now().getTime() - STALE_MS
      for (const name of await readdir(join(root, INCOMING))) {
        if ((await stat(incoming(name))).mtimeMs < before) await rm(incoming(name), { force: true })
      }
    },
  }
}

/** The word for an error of the file system or of a source; null for one that says nothing about folders. */
export function problemOf(error: unknown): FolderProblem | null {
  if (error instanceof AppError) {
    const { code } = error
    return FOLDER_PROBLEMS.find((problem) => CODES[problem] === code) ?? null
  }
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return null
  if (FULL.has(code)) return 'diskFull'
  return UNWRITABLE.has(code) ? 'folderUnwritable' : null
}

/**
 * What keeps recordings from being filed now: whose the folder is was looked at more lately than anything was filed. `filing` is what the
 * last to be filed met with.
 */
export function problemNow(
  filing: FolderProblem | null,
  mark: FolderMarkProblem | null,
): FolderProblem | null {
  return mark ?? (filing === 'folderForeign' || filing === 'folderElsewhere' ? null : filing)
}

/** A name is only safe from a power cut when its folder is on disk too. What is no folder is an error, and not waited for. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
