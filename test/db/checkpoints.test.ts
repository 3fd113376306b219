import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCheckpoints, fillOf } from '../../src/db/checkpoints.ts'
import { type Db, openDb } from '../../src/db/open.ts'

const MIGRATIONS = join(import.meta.dirname, '../../migrations')
/** Longer than any test: looks are asked for by hand. */
const NEVER_MS = 3_600_000

let folder: string
let path: string
let db: Db
let warned: object[]
const log = { warn: (fields: object) => void warned.push(fields) }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'))
  path = join(folder, 'calls.sqlite')
  db = openDb(path, MIGRATIONS)
  db.raw.exec('CREATE TABLE notes (id integer primary key, text text)')
  db.raw.pragma('wal_checkpoint(TRUNCATE)')
  warned = []
})
afterEach(() => {
  if (db.raw.open) db.close()
  rmSync(folder, { recursive: true })
})

/** Commits of four pages and more each. */
function write(commits: number): void {
  const insert = db.raw.prepare('INSERT INTO notes (text) VALUES (?)')
  for (let each = 0; each < commits; each += 1) insert.run('x'.repeat(16_000))
}

describe('checkpoints', () => {
  it('leave a short log alone, and empty a long one in a thread while the service goes on writing', async () => {
    const checkpoints = createCheckpoints({ db, path, log, lookMs: NEVER_MS })
    write(100)
    await checkpoints.look()
    const short = fillOf(db.raw)
    expect(short.left).toBeGreaterThan(100)
    write(400)
    const long = fillOf(db.raw).left
    expect(long).toBeGreaterThan(1_600) // SQLite's own would have come at 1,000
    const looking = checkpoints.look()
    write(10)
    await looking
    expect(fillOf(db.raw).left).toBeLessThan(200)
    expect(db.raw.prepare('SELECT count(*) FROM notes').pluck().get()).toBe(510)
    await checkpoints.close()
    expect(warned).toEqual([])
  })

  it('begin the log anew, also under a writer that never rests', async () => {
    const limits = { worth: 50, longLog: 400 }
    const checkpoints = createCheckpoints({ db, path, log, lookMs: NEVER_MS, limits })
    for (let round = 0; round < 20; round += 1) {
      write(20)
      const looking = checkpoints.look()
      write(5)
      await looking
    }
    // Five hundred commits of four pages and more: 8 MB, had it never begun anew.
    expect(statSync(`${path}-wal`).size).toBeLessThan(4 * 1_048_576)
    await checkpoints.close()
  })

  it('are tried again when a thread dies, and left to SQLite when they end', async () => {
    const checkpoints = createCheckpoints({
      db,
      path,
      log,
      lookMs: NEVER_MS,
      program: new URL('data:text/javascript,throw new Error("broken")'),
    })
    write(500)
    await checkpoints.look()
    expect(warned).toHaveLength(1)
    await checkpoints.look()
    expect(warned).toHaveLength(2)
    await checkpoints.close()
    write(1)
    expect(fillOf(db.raw).left).toBe(0)
  })

  it('come by themselves', async () => {
    const checkpoints = createCheckpoints({ db, path, log, lookMs: 5 })
    write(500)
    await expect.poll(() => fillOf(db.raw).left, { interval: 5, timeout: 10_000 }).toBe(0)
    await checkpoints.close()
  })
})
