import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../platform/errors.ts'
import { NOT_PLAIN, openPlain, writePlain } from '../platform/open-plain.ts'
import type { RecordingSource } from './collecting.ts'

const SUFFIX = '.wav'
const BLOCK_BYTES = 256 * 1_024

/** Recordings of a PBX whose recording folder this machine sees: the same host, or a mounted share. */
export function createFolderSource(dir: string): RecordingSource {
  const pathOf = (name: string): string => join(dir, `${name}${SUFFIX}`)
  return {
    async fetch(name, to) {
      // Never through a link: whoever can write there must not choose what is read here.
      const found = await openPlain(pathOf(name)).catch(orNone)
      if (found === 'absent' && (await stat(dir).catch(orAbsent)) === undefined) {
        // A share that is not mounted looks like a folder without recordings, or like none at all.
        throw away()
      }
      if (typeof found === 'string') return false
      // Closes it.
      await writePlain(to, found.createReadStream({ highWaterMark: BLOCK_BYTES }))
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

function orNone(error: unknown): 'absent' | 'noFile' {
  if ((error as NodeJS.ErrnoException).code === NOT_PLAIN) return 'noFile'
  orAbsent(error)
  return 'absent'
}

function orAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
  throw away(error)
}

function away(cause?: unknown): AppError {
  const message = 'the recording folder of the PBX is not there, or not for this user'
  return new AppError('unavailable', 'PBX_FOLDER_AWAY', message, { cause })
}
