import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Database from 'better-sqlite3'
import { AppError } from '../platform/errors.ts'

/** What a database file was found to hold when it was opened and checked. */
export interface DbFacts {
  readonly bytes: number
  /** Of the file, hexadecimal. */
  readonly sha256: string
  /** Migrations it has had. */
  readonly migrations: number
  readonly cases: number
  /** ISO 8601; null for one without a case. */
  readonly newestChangeAt: string | null
}

/** Pages copied between two looks at whoever waits to write: 4 MiB. */
const STEP_PAGES = 1_024

/**
 * Copies a database while a service writes to it (SQLite's online backup), checks the copy and gives it its name: whole and
 * checked, or not there. Throws FILE_EXISTS, NO_DATABASE, DATABASE_DAMAGED.
 */
export async function backupDb(
  source: string,
  target: string,
  progress: (copied: number, pages: number) => void,
): Promise<DbFacts> {
  if (!existsSync(source)) throw new AppError('notFound', 'NO_DATABASE', `there is no database at ${source}`)
  if (existsSync(target)) throw new AppError('conflict', 'FILE_EXISTS', `${target} is there already`)
  if (!existsSync(dirname(target)))
    throw new AppError('notFound', 'NO_FOLDER', `there is no folder ${dirname(target)}`)
  const unfinished = `${target}.unfinished`
  await rm(unfinished, { force: true })
  const raw = new Database(source, { readonly: true, fileMustExist: true })
  try {
    raw.pragma('busy_timeout = 5000') // ms
    await raw.backup(unfinished, {
      progress: ({ totalPages, remainingPages }) => {
        progress(totalPages - remainingPages, totalPages)
        return STEP_PAGES
      },
    })
    asOneFile(unfinished)
    const facts = await inspectDb(unfinished)
    await sync(unfinished)
    await rename(unfinished, target)
    await sync(dirname(target))
    return facts
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw cause
  } finally {
    raw.close()
  }
}

/** Opens a database and checks all of it: every page, every key that points at a row. Throws DATABASE_DAMAGED, NOT_OURS. */
export async function inspectDb(path: string): Promise<DbFacts> {
  const { migrations, cases, newestChangeAt } = looked(path)
  const { bytes, sha256 } = await measured(path)
  return { bytes, sha256, migrations, cases, newestChangeAt }
}

function looked(path: string): Pick<DbFacts, 'migrations' | 'cases' | 'newestChangeAt'> {
  let raw: Database.Database | undefined
  try {
    raw = new Database(path, { readonly: true, fileMustExist: true })
    const one = (query: string): unknown => raw?.prepare(query).pluck().get()
    const damage = String(one('PRAGMA integrity_check(1)'))
    if (damage !== 'ok') throw damaged(path, damage)
    if (raw.prepare('PRAGMA foreign_key_check').get() !== undefined)
      throw damaged(path, 'a row points at another that is not there')
    const tables = "SELECT count(*) FROM sqlite_master WHERE name IN ('tickets', '__drizzle_migrations')"
    if (one(tables) !== 2)
      throw new AppError('invalid', 'NOT_OURS', `${path} is a database, but not one of this service`)
    return {
      migrations: Number(one('SELECT count(*) FROM __drizzle_migrations')),
      cases: Number(one('SELECT count(*) FROM tickets')),
      newestChangeAt: one('SELECT max(at) FROM ticket_events') as string | null,
    }
  } catch (cause) {
    throw cause instanceof AppError
      ? cause
      : damaged(path, cause instanceof Error ? cause.message : '', cause)
  } finally {
    raw?.close()
  }
}

function damaged(path: string, what: string, cause?: unknown): AppError {
  return new AppError('invalid', 'DATABASE_DAMAGED', `${path} is not a whole database: ${what}`, { cause })
}

/** A copy says of itself that it writes a log beside it, and would make that log wherever it is opened. */
function asOneFile(path: string): void {
  const raw = new Database(path)
  try {
    raw.pragma('journal_mode = DELETE')
  } finally {
    raw.close()
  }
}

async function measured(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length
      hash.update(chunk)
    }
  })
  return { bytes, sha256: hash.digest('hex') }
}

/** A file or a folder's names, safe from a power cut. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
