import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run as backup } from '../../src/cli/backup.ts'
import { run as restore } from '../../src/cli/restore.ts'
import type { DbFacts } from '../../src/db/backup.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'
import { runCommand } from '../support/command.ts'

let app: TestApp
let operator: Client
let folder: string
beforeAll(async () => {
  app = await startTestApp()
  operator = await app.signIn('operator')
  folder = mkdtempSync(join(tmpdir(), 'tongdai-backup-'))
}, START_MS)
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => join(folder, name)
const runBackup = (...args: string[]) => runCommand(backup, args, { dataDir: app.config.dataDir })
const runRestore = (dataDir: string, ...args: string[]) => runCommand(restore, args, { dataDir })

async function newCase(): Promise<string> {
  const reply = await operator.request('/api/tickets', { method: 'POST', json: { channel: 'email' } })
  expect(reply.status).toBe(200)
  return ((await reply.json()) as { code: string }).code
}

function write(path: string, statement: string): void {
  const raw = new Database(path)
  try {
    raw.exec(statement)
  } finally {
    raw.close()
  }
}

const SMS = `INSERT INTO outbox (template, to_number, text, text_vi, segments, state, provider, next_at, created_at, updated_at)
  VALUES ('test', '+84950001234', 'a', 'a', 1, 'pending', 'simulator', '2099-01-01T00:00:00.000Z', '2026-03-02T01:00:00.000Z', '2026-03-02T01:00:00.000Z')`

describe('a backup', () => {
  it('is taken while the service runs, whole, checked and one file', async () => {
    const code = await newCase()
    const { code: exit, out } = await runBackup(at('one.sqlite'), '--json')
    expect(exit).toBe(0)
    const facts = JSON.parse(out[0] ?? '') as DbFacts
    expect(facts.cases).toBeGreaterThan(0)
    expect(facts.bytes).toBe(statSync(at('one.sqlite')).size)
    expect(readdirSync(folder).sort()).toEqual(['one.sqlite', 'one.sqlite.head.json'])
    const raw = new Database(at('one.sqlite'), { readonly: true })
    expect(raw.prepare('SELECT count(*) FROM tickets WHERE code = ?').pluck().get(code)).toBe(1)
    raw.close()
    expect((await operator.request(`/api/tickets/${code}`)).status).toBe(200)
  })

  it('is not written over another, and not made of nothing', async () => {
    const again = await runBackup(at('one.sqlite'))
    expect(again).toMatchObject({ code: 1, out: [] })
    expect(again.err[0]).toMatch(/không bị ghi đè/)
    const nothing = await runCommand(backup, [at('two.sqlite')], { dataDir: at('nowhere') })
    expect(nothing.err[0]).toMatch(/Chưa có cơ sở dữ liệu/)
    expect(existsSync(at('two.sqlite'))).toBe(false)
    const nowhere = await runBackup(at('not-mounted/two.sqlite'))
    expect(nowhere).toMatchObject({ code: 1, out: [] })
    expect(nowhere.err[0]).toMatch(/Chưa có thư mục/)
  })

  it('says what else must be kept with it: what is there', async () => {
    const { out } = await runBackup(at('zero.sqlite'))
    const last = out.at(-1) ?? ''
    for (const name of ['seal.key', 'cli.token', 'desk-phones.key']) expect(last).toContain(name)
    expect(last).not.toContain('astdb')
    rmSync(at('zero.sqlite'))
    rmSync(at('zero.sqlite.head.json'))
  })
})

describe('restoring', () => {
  it.each([
    [
      'a page of zeros in the middle',
      (path: string) => {
        const file = openSync(path, 'r+')
        writeSync(file, Buffer.alloc(8_192), 0, 8_192, 40_960)
        closeSync(file)
      },
      /không phải một cơ sở dữ liệu nguyên vẹn/,
    ],
    [
      'text',
      (path: string) => {
        rmSync(path)
        const file = openSync(path, 'w')
        writeSync(file, 'not a database at all, though long enough to look like something')
        closeSync(file)
      },
      /không phải một cơ sở dữ liệu nguyên vẹn/,
    ],
    [
      'another program’s database',
      (path: string) => {
        rmSync(path)
        write(path, 'CREATE TABLE things (id INTEGER)')
      },
      /không phải cơ sở dữ liệu của Tổng đài/,
    ],
    [
      'a newer program’s database',
      (path: string) => {
        write(
          path,
          "INSERT INTO __drizzle_migrations (hash, created_at) SELECT 'x', 4102444800000 FROM __drizzle_migrations",
        )
      },
      /Hãy nâng cấp chương trình/,
    ],
  ])('refuses %s, and leaves all as it was', async (_what, spoil, words) => {
    const spoilt = at('spoilt.sqlite')
    copyFileSync(at('one.sqlite'), spoilt)
    spoil(spoilt)
    const { code, err } = await runRestore(at('fresh'), spoilt)
    expect(code).toBe(1)
    expect(err[0]).toMatch(words)
    expect(readdirSync(at('fresh'))).toEqual([])
  })

  it('refuses while the service runs', async () => {
    const { code, err } = await runRestore(app.config.dataDir, at('one.sqlite'))
    expect(code).toBe(1)
    expect(err[0]).toMatch(/Hãy dừng dịch vụ/)
    expect((await operator.request('/api/session')).status).toBe(200)
  })

  it('brings back what was, gives no number twice, sends nothing twice, and keeps what it replaced', async () => {
    const before = await newCase()
    write(app.config.databasePath, SMS)
    expect((await runBackup(at('three.sqlite'))).code).toBe(0)
    const after = await newCase()
    let said: readonly string[] = []
    await app.restart(async () => {
      const { code, out } = await runRestore(app.config.dataDir, at('three.sqlite'), '--skip-numbers', '50')
      expect(code).toBe(0)
      said = out
    })
    expect(said.join('\n')).toMatch(/1 tin nhắn đang chờ/)
    expect((await operator.request('/api/session')).status).not.toBe(200)
    operator = await app.signIn('operator')
    expect((await operator.request(`/api/tickets/${before}`)).status).toBe(200)
    expect((await operator.request(`/api/tickets/${after}`)).status).toBe(404)
    const numberOf = (code: string): number => Number(code.split('-')[1])
    expect(numberOf(await newCase())).toBe(numberOf(before) + 51)
    const raw = new Database(app.config.databasePath, { readonly: true })
    const one = (query: string) => raw.prepare(query).pluck().get()
    expect(one("SELECT state FROM outbox WHERE template = 'test'")).toBe('unknown')
    expect(one('SELECT count(*) FROM handset_messages')).toBe(0)
    expect(one("SELECT count(*) FROM audit WHERE action = 'databaseRestored'")).toBe(1)
    raw.close()
    const kept = readdirSync(app.config.dataDir).filter((name) => name.includes('.replaced-'))
    expect(kept).toHaveLength(1)
    const old = new Database(join(app.config.dataDir, kept[0] ?? ''), { readonly: true })
    expect(old.prepare('SELECT count(*) FROM tickets WHERE code = ?').pluck().get(after)).toBe(1)
    old.close()
  })

  it('gives no number twice when it is done again, nor in a series that began after the backup', async () => {
    expect((await runBackup(at('four.sqlite'))).code).toBe(0)
    const restored = () =>
      app.restart(async () => {
        const { code, err } = await runRestore(app.config.dataDir, at('four.sqlite'), '--skip-numbers', '0')
        expect(err).toEqual([])
        expect(code).toBe(0)
      })
    const codes: string[] = []
    write(app.config.databasePath, "INSERT INTO sequences VALUES ('HP27', 12)")
    for (let round = 0; round < 3; round += 1) {
      operator = await app.signIn('operator')
      codes.push(await newCase(), await newCase())
      await restored()
    }
    expect(new Set(codes).size).toBe(6)
    const raw = new Database(app.config.databasePath, { readonly: true })
    expect(raw.prepare("SELECT last FROM sequences WHERE name = 'HP27'").pluck().get()).toBe(12)
    raw.close()
  })
})
