import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDataFolder } from '../../src/cli/data-folder.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tongdai-data-folder-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const refused = (path: string, reason: RegExp) =>
  expect(makeDataFolder(path)).rejects.toMatchObject({
    name: 'StartPlanError',
    message: expect.stringMatching(
      new RegExp(`^DATA_DIR is "${path}", ${reason.source}\\. Choose a folder .*DATA_DIR=data npm start$`),
    ) as string,
  })

test('makes the folder with its parents for this user alone, leaves nothing in it, and takes one that is there', async () => {
  const path = join(root, 'a/b')
  await makeDataFolder(path)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
  await makeDataFolder(path)
  expect(await readdir(path)).toEqual([])
})

test('two copies that begin at once both have it', async () => {
  const path = join(root, 'a/b/c')
  await Promise.all([makeDataFolder(path), makeDataFolder(path)])
  expect(await readdir(path)).toEqual([])
})

test('a place where nobody can make a folder is told at once, not tried for ever', async () => {
  await refused('/proc/tongdai/data', /where .*/)
})

test('a file in the way is told', async () => {
  const file = join(root, 'file')
  await writeFile(file, '')
  await refused(file, /which is a file or lies below one/)
  await refused(join(file, 'data'), /which is a file or lies below one/)
})

test('a link to nowhere is told', async () => {
  const link = join(root, 'link')
  await symlink(join(root, 'nowhere/deep'), link)
  await refused(link, /where nobody can make a folder/)
})
