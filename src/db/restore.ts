import { copyFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { AppError } from '../platform/errors.ts'
import type { AuditLine } from '../seals/chain.ts'
import type { ChainName } from '../seals/contract.ts'
import { createSealStore } from '../seals/store.ts'
import { type DbFacts, inspectDb, sync } from './backup.ts'

export interface RestoreOptions {
  readonly backup: string
  readonly databasePath: string
  /** Migrations this program knows. */
  readonly migrations: number
  readonly now: () => Date
  /**
   * How far the numbers of cases, slips and dossiers jump ahead at least, so that none given after the backup is given twice. They go past
   * what the replaced database gave in any case; where that is lost, this is all there is.
   */
  readonly skipNumbers: number
}

export interface Restored {
  readonly facts: DbFacts
  /** Where the database that was there is now; null where there was none. */
  readonly replaced: string | null
  /** SMS that were waiting when the backup was made: the carrier is asked about them, none is sent again. */
  readonly doubtfulSms: number
  /** The newest links of its chains when the backup was made; 0 without any. */
  readonly chains: Readonly<Record<ChainName, number>>
}

/**
 * Puts a backup in the database's place, and what was there beside it under another name. Nothing may run on it. Throws
 * DATABASE_IN_USE, DATABASE_NEWER, and what `inspectDb` throws; until the last step everything is as it was.
 */
export async function restoreDb(options: RestoreOptions): Promise<Restored> {
  const { backup, databasePath, now } = options
  const facts = await inspectDb(backup)
  if (facts.migrations > options.migrations)
    throw new AppError(
      'conflict',
      'DATABASE_NEWER',
      `${backup} was made by a newer version of this program (${String(facts.migrations)} migrations; this one knows ${String(options.migrations)})`,
    )
  const there = await exists(databasePath)
  if (there) mustBeIdle(databasePath)
  const given = there ? numbersGiven(databasePath) : []
  const incoming = `${databasePath}.restoring`
  await rm(incoming, { force: true })
  try {
    await copyFile(backup, incoming)
    const { doubtfulSms, chains } = settle(incoming, now().toISOString(), {
      skipNumbers: options.skipNumbers,
      given,
    })
    await sync(incoming)
    const replaced = `${databasePath}.replaced-${now().toISOString().replace(/[:.]/g, '-')}`
    if (there) await rename(databasePath, replaced)
    await rename(incoming, databasePath)
    await sync(dirname(databasePath))
    return { facts, replaced: there ? replaced : null, doubtfulSms, chains }
  } catch (cause) {
    await rm(incoming, { force: true })
    throw cause
  }
}

/** Leaves WAL, which SQLite does only for a database that nobody else has open; what is in the log is in the file then. */
function mustBeIdle(path: string): void {
  const raw = new Database(path)
  try {
    raw.pragma('journal_mode = DELETE')
  } catch (cause) {
    if ((cause as { code?: string }).code === 'SQLITE_NOTADB') return // what is to be replaced may be damaged
    throw new AppError('conflict', 'DATABASE_IN_USE', `${path} is in use; stop the service first`, { cause })
  } finally {
    raw.close()
  }
}

/** The last number of a series that the database gave which is replaced. */
interface GivenNumber {
  readonly name: string
  readonly last: number
}

/** None of one that cannot be read: then it is the jump ahead alone that keeps numbers apart. */
function numbersGiven(path: string): readonly GivenNumber[] {
  let raw: Database.Database | undefined
  try {
    raw = new Database(path, { readonly: true })
    return raw.prepare<[], GivenNumber>('SELECT name, last FROM sequences').all()
  } catch {
    return []
  } finally {
    raw?.close()
  }
}

/** What was true when the backup was made, and may not be any more, becomes doubtful. */
function settle(
  path: string,
  at: string,
  { skipNumbers, given }: { readonly skipNumbers: number; readonly given: readonly GivenNumber[] },
): Pick<Restored, 'doubtfulSms' | 'chains'> {
  const raw = new Database(path)
  try {
    return raw.transaction(() => {
      // What waited may have been sent since, by the service whose database this replaces (telephony.md 7: no blind retry).
      const { changes } = raw
        .prepare(
          `UPDATE outbox SET state = 'unknown', attempts = 0, next_at = ?, handed_at = coalesce(handed_at, created_at),
           updated_at = ? WHERE state IN ('pending', 'sending')`,
        )
        .run(at, at)
      raw.prepare('UPDATE sequences SET last = last + ?').run(skipNumbers)
      const atLeast = raw.prepare(
        'INSERT INTO sequences (name, last) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last)',
      )
      for (const { name, last } of given) atLeast.run(name, last)
      // A session that was ended after the backup must not come to life again.
      raw.prepare('DELETE FROM sessions').run()
      const line = {
        at,
        actorId: null,
        action: 'databaseRestored',
        subject: 'database',
        detail: JSON.stringify({ skipNumbers, doubtfulSms: changes }),
      }
      const { lastInsertRowid } = raw
        .prepare('INSERT INTO audit (at, actor_id, action, subject, detail) VALUES (?, ?, ?, ?, ?)')
        .run(line.at, line.actorId, line.action, line.subject, line.detail)
      return { doubtfulSms: changes, chains: linked(raw, { id: Number(lastInsertRowid), ...line }) }
    })()
  } finally {
    raw.close()
  }
}

/** Links the line as the service would, and answers how far the chains had come. A backup from before the chains has none. */
function linked(raw: Database.Database, line: AuditLine): Restored['chains'] {
  const none = { audit: 0, recordings: 0 }
  if (raw.prepare("SELECT 1 FROM sqlite_master WHERE name = 'audit_links'").get() === undefined) return none
  const seals = createSealStore({ orm: drizzle(raw) })
  const { seq } = seals.auditHead()
  // Without a single link the whole log is taken up when the service starts.
  if (seq > 0) seals.linkLine(line)
  return { audit: seq, recordings: seals.recordingsHead().seq }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
