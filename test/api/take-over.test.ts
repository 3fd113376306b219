import { once } from 'node:events'
import { connect } from 'node:net'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp } from '../../src/app.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'
import { UNIT } from '../support/desk.ts'

let app: TestApp
let operator: Client
let admin: Client
beforeAll(async () => {
  app = await startTestApp()
  operator = await app.signIn('operator')
  admin = await app.signIn('admin')
}, START_MS)
afterAll(() => app.close())

const json = async (client: Client, path: string): Promise<unknown> => (await client.request(path)).json()
const people = async (): Promise<string[]> => {
  const { units } = (await json(operator, '/api/directory')) as {
    units: { id: string; people: { name: string }[] }[]
  }
  return units.find(({ id }) => id === UNIT)?.people.map(({ name }) => name) ?? []
}

describe('a service that was built beside the one before it', () => {
  it('knows all that was written until that one ended', async () => {
    const before = await people()
    const [calendar] = (await json(admin, '/api/calendars/city/versions')) as { number: number }[]
    const number = calendar?.number ?? 0
    const { table } = (await json(admin, `/api/calendars/city/versions/${String(number)}`)) as {
      table: { exceptions: object[] }
    }
    let code = ''
    await app.replace(async () => {
      const opened = await operator.request('/api/tickets', { json: { channel: 'counter' } })
      code = ((await opened.json()) as { code: string }).code
      await operator.request('/api/presence', { method: 'PUT', json: { state: 'ready' } })
      const person = {
        name: 'Vũ Thị Nhàn',
        position: 'Cán bộ đầu mối',
        role: 'officer',
        phone: '0950000901',
        mustPress: true,
        shifts: null,
      }
      const change = { kind: 'personAdded', unitId: UNIT, person }
      const effectiveOn = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
      const asked = { effectiveOn, why: 'QĐ 12/QĐ-SXD', change }
      expect((await admin.request('/api/directory/changes', { json: asked })).status).toBe(200)
      const dayOff = { date: `${effectiveOn.slice(0, 4)}-12-30`, off: true, why: 'Nghỉ bù' }
      const saved = await admin.request('/api/calendars/city', {
        method: 'PUT',
        json: {
          base: number,
          table: { ...table, exceptions: [...table.exceptions, dayOff] },
          reason: 'QĐ 13',
        },
      })
      expect(saved.status).toBe(200)
    })
    expect(await json(operator, `/api/tickets/${code}`)).toMatchObject({ code })
    expect(await json(operator, '/api/presence')).toMatchObject({ state: 'ready' })
    expect(await people()).toEqual([...before, 'Vũ Thị Nhàn'])
    const [city] = (await json(admin, '/api/calendars')) as {
      revision: { number: number }
      exceptions: object[]
    }[]
    expect(city?.revision.number).toBe(number + 1)
    expect(city?.exceptions).toContainEqual(expect.objectContaining({ why: 'Nghỉ bù', hours: [] }))
    // What it writes itself goes on from there.
    const next = (await (
      await operator.request('/api/tickets', { json: { channel: 'counter' } })
    ).json()) as {
      code: string
    }
    expect(Number(next.code.slice(-6))).toBe(Number(code.slice(-6)) + 1)
  })

  it('that cannot be built ends nobody', async () => {
    const ended: string[] = []
    const cityDir = join(tmpdir(), `city-${String(process.pid)}`)
    writeFileSync(cityDir, 'no folder')
    try {
      const successor = startApp({ ...app.config, cityDir }, { now: () => new Date() }, async () => {
        ended.push('old')
      })
      await expect(successor).rejects.toThrow()
    } finally {
      rmSync(cityDir)
    }
    expect(ended).toEqual([])
    expect((await operator.request('/api/session')).status).toBe(200)
  })

  it('does not wait for connections on which nothing is asked', async () => {
    const sockets = await Promise.all(
      ['', 'GET / HTTP/1.1\r\nHost'].map(async (begun) => {
        const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
        await once(socket, 'connect')
        socket.write(begun)
        return { socket, closed: once(socket, 'close') }
      }),
    )
    await app.replace()
    await Promise.all(sockets.map(({ closed }) => closed))
    expect((await operator.request('/api/session')).status).toBe(200)
  })

  it('ends nobody for a recordings folder of another installation', async () => {
    const mark = join(app.config.recordingsDir, '.installation')
    const ours = readFileSync(mark, 'utf8')
    writeFileSync(mark, ours.replace(/"installation":\s*"[0-9a-f]{8}/, '"installation":"00000000'))
    const ended: string[] = []
    const successor = startApp(app.config, { now: () => new Date() }, async () => {
      ended.push('old')
    })
    await expect(successor).rejects.toThrow('RECORDINGS_DIR')
    expect(ended).toEqual([])
    writeFileSync(mark, ours)
  })

  it('changes tables only when that one is gone', async () => {
    const { databasePath } = app.config
    const newer = migrationsWith('CREATE TABLE `of_tomorrow` (`id` integer);')
    const isThere = (): boolean => {
      const db = new Database(databasePath, { readonly: true })
      try {
        return db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'of_tomorrow'`).get() !== undefined
      } finally {
        db.close()
      }
    }
    let wasThere = true
    await app.replace(
      async () => {
        wasThere = isThere()
      },
      { migrationsDir: newer },
    )
    expect([wasThere, isThere()]).toEqual([false, true])
    expect((await operator.request('/api/session')).status).toBe(200)
    rmSync(newer, { recursive: true })
  })

  it('ends nobody where tables cannot be changed as they are now', async () => {
    // On a database without people it could.
    const newer = migrationsWith('CREATE UNIQUE INDEX `one_of_each` ON `people` (`role`);')
    const ended: string[] = []
    const successor = startApp(
      { ...app.config, migrationsDir: newer },
      { now: () => new Date() },
      async () => {
        ended.push('old')
      },
    )
    await expect(successor).rejects.toThrow('UNIQUE')
    expect(ended).toEqual([])
    expect((await operator.request('/api/session')).status).toBe(200)
    expect(readdirSync(app.config.dataDir).filter((name) => name.startsWith('trial-'))).toEqual([])
    rmSync(newer, { recursive: true })
  })
})

/** So many were made; each is newer than all that was ever done. */
let made = 0

/** A folder with one more than there are. */
function migrationsWith(sql: string): string {
  const newer = mkdtempSync(join(tmpdir(), 'migrations-'))
  cpSync(app.config.migrationsDir, newer, { recursive: true })
  const journal = join(newer, 'meta/_journal.json')
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as {
    entries: { idx: number; when: number; tag: string }[]
  }
  made += 1
  const when = (entries.at(-1)?.when ?? 0) + made
  entries.push({ ...entries.at(-1), idx: entries.length, when, tag: '9999_of_tomorrow' })
  writeFileSync(journal, JSON.stringify({ ...rest, entries }))
  writeFileSync(join(newer, '9999_of_tomorrow.sql'), sql)
  return newer
}
