import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A pipe would be waited for until somebody writes into it, a link leads to a file that somebody else chose. */
const FLAGS = constants.O_NOFOLLOW | constants.O_NONBLOCK
const READ = constants.O_RDONLY | FLAGS
/** For what is made durable after it was read. */
const READ_AND_SYNC = constants.O_RDWR | FLAGS
/** What the system says of a link, a folder or a socket before anybody can look at it. */
const OTHER_KINDS = new Set(['ELOOP', 'EISDIR', 'ENXIO'])

/** The `code` of the error for what is there and is no file: a link, a pipe, a folder, a device. */
export const NOT_PLAIN = 'NOT_PLAIN'

/** Opens a file to read it, and nothing else; never waits for another process. Throws what the file system throws, and NOT_PLAIN. */
export async function openPlain(path: string): Promise<FileHandle> {
  const handle = await open(path, READ).catch((cause: unknown) => {
    throw toldApart(cause)
  })
  try {
    if (!(await handle.stat()).isFile()) throw notPlain()
    return handle
  } catch (cause) {
    await handle.close()
    throw cause
  }
}

/** All of a small file. Throws as `openPlain`. */
export async function readPlain(path: string): Promise<Buffer> {
  const file = await openPlain(path)
  try {
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** As `openPlain`, blocking for as long as the disk takes: for a thread of its own. */
export function openPlainSync(path: string, { sync = false } = {}): number {
  const file = attempt(path, sync ? READ_AND_SYNC : READ)
  try {
    if (!fstatSync(file).isFile()) throw notPlain()
    return file
  } catch (cause) {
    closeSync(file)
    throw cause
  }
}

/**
 * Writes a new file of this user alone. What a crash left there, or somebody laid there, is removed and not written into: a link would
 * lead to a file that somebody else chose, a pipe be waited for. Throws what the file system throws, and what `bytes` fails with.
 */
export async function writePlain(path: string, bytes: Readable | Uint8Array): Promise<void> {
  const file = await createPlain(path).catch((cause: unknown) => {
    if (bytes instanceof Readable) bytes.destroy()
    throw cause
  })
  // Closes it, also where it fails.
  await pipeline(bytes instanceof Readable ? bytes : [bytes], file.createWriteStream())
}

async function createPlain(path: string): Promise<FileHandle> {
  await rm(path, { force: true })
  return open(path, 'wx', 0o600)
}

/** Throws as `openPlain`: before a path is handed to another program. */
export async function mustBePlain(path: string): Promise<void> {
  await (await openPlain(path)).close()
}

function attempt(path: string, flags: number): number {
  try {
    return openSync(path, flags)
  } catch (cause) {
    throw toldApart(cause)
  }
}

function toldApart(cause: unknown): unknown {
  return OTHER_KINDS.has((cause as NodeJS.ErrnoException).code ?? '') ? notPlain(cause) : cause
}

function notPlain(cause?: unknown): Error {
  return Object.assign(new Error('there is something else in the place of the file', { cause }), {
    code: NOT_PLAIN,
  })
}
