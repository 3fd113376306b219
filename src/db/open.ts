import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { planOnce } from './plan-once.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import type { Writing } from '../platform/writing.ts'
import { createWriting } from './writing.ts'

export interface Db extends Writing {
  /** For stores. */
  readonly orm: BetterSQLite3Database
  /** For raw SQL in stores (full-text search, pragmas). */
  readonly raw: Database.Database
  /** Resolves when all that was committed is on the disk, power or no power: a commit itself does not wait for it (WAL, NORMAL). */
  durable(): Promise<void>
  close(): void
}

/** Opens (creating it) and migrates the database. `path` may be `:memory:`. */
export function openDb(path: string, migrationsDir: string): Db {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const raw = new Database(path)
  raw.pragma('journal_mode = WAL')
  raw.pragma('synchronous = NORMAL')
  raw.pragma('foreign_keys = ON')
  raw.pragma('busy_timeout = 5000') // ms
  // Without it INSERT OR REPLACE deletes past the triggers that keep logs append-only (sqlite.org/lang_conflict.html).
  raw.pragma('recursive_triggers = ON')
  raw.function('fold', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? foldVietnamese(text) : null,
  )
  const client = Object.create(raw) as Database.Database
  client.prepare = ((text: string) => readToEnd(raw.prepare(planOnce(text)))) as typeof raw.prepare
  const orm = drizzle(client)
  migrate(orm, { migrationsFolder: migrationsDir })
  return {
    orm,
    raw,
    ...createWriting(raw),
    durable: () => (path === ':memory:' ? Promise.resolve() : syncFile(`${path}-wal`)),
    close: () => {
      raw.close()
    },
  }
}

/**
 * `get` of a statement that writes and answers (RETURNING) stops at its first row: outside a transaction its commit then comes with
 * the reset, whose error better-sqlite3 drops (src/objects/statement.cpp, JS_get). On a full disk it answered with a row that was
 * never written, and an SMS marked "sending" by it went out again and again. Read to its end it throws.
 */
function readToEnd(statement: Database.Statement): Database.Statement {
  if (statement.readonly || !statement.reader) return statement
  statement.get = (...params: unknown[]) => statement.all(...params)[0]
  return statement
}

/** In a thread of the pool: the disk may take its time, and the phones do not wait for it. */
async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Opens a database as it is, for looking only: nothing is made, migrated or written, whatever runs on it. */
export function readDb(path: string): Pick<Db, 'orm' | 'close'> & {
  readonly hasTable: (name: string) => boolean
  /** Whether all those migrations were made in it. */
  readonly isMigratedTo: (migrationsDir: string) => boolean
} {
  const raw = new Database(path, { readonly: true, fileMustExist: true })
  raw.pragma('busy_timeout = 5000') // ms
  return {
    orm: drizzle(raw),
    hasTable: (name) => raw.prepare('select 1 from sqlite_master where name = ?').get(name) !== undefined,
    isMigratedTo(migrationsDir) {
      const newest = readMigrationFiles({ migrationsFolder: migrationsDir }).at(-1)?.folderMillis ?? 0
      return Number(raw.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get()) >= newest
    },
    close: () => {
      raw.close()
    },
  }
}

/**
 * A copy to try something on, as the database is at this moment; `to` must not be there yet. Not checked and not safe from a power cut as
 * `backupDb` is, and not begun anew whenever somebody writes meanwhile.
 */
export function copyDb(path: string, to: string): void {
  const raw = new Database(path, { readonly: true, fileMustExist: true })
  try {
    raw.prepare('VACUUM INTO ?').run(to)
  } finally {
    raw.close()
  }
}
