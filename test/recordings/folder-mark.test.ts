import { execFileSync } from 'node:child_process'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { openDb } from '../../src/db/open.ts'
import { claimFolder, MARK, readFolderMark, takeFolder } from '../../src/recordings/folder-mark.ts'
import { createInstallationStore } from '../../src/recordings/installation-store.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')
const SINCE = '2026-03-02T01:00:00.000Z'
const OURS = { id: '00000000-0000-4000-8000-000000000001', since: SINCE }
const OTHERS = { id: '00000000-0000-4000-8000-000000000002', since: '2025-12-31T17:00:00.000Z' }

let base: string
let root: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'folder-mark-'))
  root = join(base, 'recordings')
})
afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

const mark = () => join(root, MARK)

/** A start of the service on a database of `base`, as far as its folder goes. */
async function start(database: string, folder = root) {
  const db = openDb(join(base, database), MIGRATIONS)
  const errors: object[] = []
  try {
    await takeFolder({
      root: folder,
      store: createInstallationStore(db),
      durable: () => db.durable(),
      now: () => new Date(SINCE),
      log: { error: (fields) => errors.push(fields) },
    })
    return { errors, id: createInstallationStore(db).find()?.id }
  } finally {
    db.close()
  }
}

describe('R060: a recordings folder', () => {
  test('is the first installation’s that starts on it, which finds it again at each start', async () => {
    const first = await start('one.sqlite')
    expect(first.errors).toEqual([])
    expect(first.id).toMatch(/^[0-9a-f-]{36}$/)
    expect(JSON.parse(readFileSync(mark(), 'utf8'))).toMatchObject({ installation: first.id, since: SINCE })
    expect(lstatSync(mark()).mode & 0o777).toBe(0o600)
    expect(readdirSync(root).sort()).toEqual(['.incoming', MARK])
    expect(readdirSync(join(root, '.incoming'))).toEqual([])
    const bytes = readFileSync(mark(), 'utf8')
    expect(await start('one.sqlite')).toEqual(first)
    expect(readFileSync(mark(), 'utf8')).toBe(bytes)
  })

  test('of another installation is refused in Vietnamese and English, with what to do, and is left as it was', async () => {
    const first = await start('one.sqlite')
    const bytes = readFileSync(mark(), 'utf8')
    const refused: unknown = await start('two.sqlite').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ConfigError)
    const { message } = refused as ConfigError
    for (const part of [
      'của một hệ thống khác',
      'belongs to another',
      root,
      mark(),
      first.id ?? '?',
      'DATA_DIR=',
    ])
      expect(message).toContain(part)
    // `npm start` shows the last 2,000 bytes of what the service said.
    expect(Buffer.byteLength(message)).toBeLessThan(1_900)
    expect(readFileSync(mark(), 'utf8')).toBe(bytes)
    expect((await start('two.sqlite', join(base, 'own'))).errors).toEqual([])
  })

  test('is still this one’s with a backup in the place of its database, on another machine too', async () => {
    await start('one.sqlite')
    const db = openDb(join(base, 'one.sqlite'), MIGRATIONS)
    db.raw.exec(`VACUUM INTO '${join(base, 'backup.sqlite')}'`)
    db.close()
    expect((await start('backup.sqlite')).errors).toEqual([])
    cpSync(root, join(base, 'moved'), { recursive: true })
    expect((await start('backup.sqlite', join(base, 'moved'))).errors).toEqual([])
  })

  test('is handed over by removing the mark', async () => {
    await start('one.sqlite')
    rmSync(mark())
    const { id, errors } = await start('two.sqlite')
    expect(errors).toEqual([])
    expect(await readFolderMark(root, id)).toEqual({ owner: 'us' })
    await expect(start('one.sqlite')).rejects.toThrow(ConfigError)
  })

  test('has one owner when two begin at once, ten times over', async () => {
    for (let nth = 0; nth < 10; nth += 1) {
      const folder = join(base, String(nth))
      const found = await Promise.all([claimFolder(folder, OURS), claimFolder(folder, OTHERS)])
      expect(found.map(({ owner }) => owner).sort()).toEqual(['other', 'us'])
      expect(readdirSync(join(folder, '.incoming'))).toEqual([])
    }
  })

  test('is its own when two processes of one installation begin at once, as in a change of versions', async () => {
    const found = await Promise.all([claimFolder(root, OURS), claimFolder(root, OURS)])
    expect(found).toEqual([{ owner: 'us' }, { owner: 'us' }])
  })

  test.each([
    [
      'empty',
      () => {
        writeFileSync(mark(), '')
      },
    ],
    [
      'half written',
      () => {
        writeFileSync(mark(), '{"format": "tongdai-rec')
      },
    ],
    [
      'of another format',
      () => {
        writeFileSync(mark(), JSON.stringify({ format: 'x', installation: OURS.id, since: SINCE }))
      },
    ],
    [
      'with words for an id',
      () => {
        writeFileSync(
          mark(),
          JSON.stringify({ format: 'tongdai-recordings-1', installation: '\n\u001b[31m', since: SINCE }),
        )
      },
    ],
    [
      'huge',
      () => {
        writeFileSync(mark(), Buffer.alloc(1e6, ' '))
      },
    ],
    [
      'a folder',
      () => {
        mkdirSync(mark())
      },
    ],
    [
      'a pipe that nobody writes to',
      () => {
        execFileSync('mkfifo', [mark()])
      },
    ],
    [
      'a link to a mark of ours',
      () => {
        writeFileSync(
          join(base, 'mark'),
          JSON.stringify({ format: 'tongdai-recordings-1', installation: OURS.id, since: SINCE }),
        )
        symlinkSync(join(base, 'mark'), mark())
      },
    ],
    [
      'a link to nothing',
      () => {
        symlinkSync(join(base, 'nothing'), mark())
      },
    ],
  ])(
    'whose mark is %s is nobody’s to be sure of: the service starts, says so, and leaves it',
    async (_, spoil) => {
      mkdirSync(root)
      spoil()
      const was = lstatSync(mark())
      expect(await claimFolder(root, OURS)).toEqual({ owner: 'unknown', problem: 'damaged' })
      expect((await start('one.sqlite')).errors).toEqual([{ problem: 'damaged' }])
      expect(lstatSync(mark())).toMatchObject({ ino: was.ino, size: was.size })
    },
  )

  test('that may not be written is told, the service starts, and marks it when it may', async () => {
    mkdirSync(root)
    writeFileSync(join(root, '.incoming'), '')
    expect((await start('one.sqlite')).errors).toEqual([{ problem: 'EEXIST' }])
    rmSync(join(root, '.incoming'))
    const { id, errors } = await start('one.sqlite')
    expect(errors).toEqual([])
    expect(await readFolderMark(root, id)).toEqual({ owner: 'us' })
  })

  test('that is a file, or lies below one, is told, and the service starts', async () => {
    writeFileSync(root, '')
    expect((await start('one.sqlite')).errors).toEqual([{ problem: 'ENOTDIR' }])
    expect((await start('one.sqlite', join(root, 'below'))).errors).toEqual([{ problem: 'ENOTDIR' }])
  })
})

test('which installation a database is cannot be changed or removed', async () => {
  await start('one.sqlite')
  const db = openDb(join(base, 'one.sqlite'), MIGRATIONS)
  expect(() => db.raw.exec(`UPDATE installation SET id = '${OTHERS.id}'`)).toThrow(/stays the one it is/)
  expect(() => db.raw.exec('DELETE FROM installation')).toThrow(/stays the one it is/)
  expect(createInstallationStore(db).beOrStay(OTHERS).id).not.toBe(OTHERS.id)
  db.close()
})
