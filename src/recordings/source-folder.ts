import { access, constants, copyFile, lstat, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import type { RecordingSource } from './collecting.ts'

const SUFFIX = '.wav'

/** Recordings of a PBX whose recording folder this machine sees: the same host, or a mounted share. */
export function createFolderSource(dir: string): RecordingSource {
  const pathOf = (name: string): string => join(dir, `${name}${SUFFIX}`)
  return {
    async fetch(name, to) {
      const found = await lstat(pathOf(name)).catch(orAbsent)
      if (found === undefined) {
        // A share that is not mounted looks like a folder without recordings, or like none at all.
        if ((await stat(dir).catch(orAbsent)) === undefined) throw away()
        return false
      }
      // Never through a link: whoever can write there must not choose what is read here.
      if (!found.isFile()) return false
      await access(pathOf(name), constants.R_OK).catch((cause: unknown) => {
        throw away(cause)
      })
      await copyFile(pathOf(name), to)
      return true
    },
    remove: (name) => rm(pathOf(name), { force: true }),
    async list() {
      const names = await readdir(dir).catch(orAbsent)
      if (names === undefined) throw away()
      return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length))
    },
  }
}

function orAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
  throw away(error)
}

function away(cause?: unknown): AppError {
  const message = 'the recording folder of the PBX is not there, or not for this user'
  return new AppError('unavailable', 'PBX_FOLDER_AWAY', message, { cause })
}
