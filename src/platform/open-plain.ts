import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

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

/** The same, blocking for as long as the disk takes: for a thread of its own. */
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
