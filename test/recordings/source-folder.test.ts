import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFolderSource } from '../../src/recordings/source-folder.ts'
import { layPipe } from '../support/pipe.ts'

let root: string
let dir: string
let to: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'source-'))
  dir = mkdtempSync(join(root, 'pbx-'))
  to = join(root, 'copy')
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

test('copies, lists and deletes what the PBX wrote', async () => {
  const source = createFolderSource(dir)
  writeFileSync(join(dir, 'call-1-citizen.wav'), 'sound')
  writeFileSync(join(dir, 'notes.txt'), 'no sound')
  expect(await source.list()).toEqual(['call-1-citizen'])
  expect(await source.fetch('call-1-citizen', to)).toBe(true)
  expect(readFileSync(to, 'utf8')).toBe('sound')
  expect(await source.fetch('call-1-operator', to)).toBe(false)
  await source.remove('call-1-citizen')
  await source.remove('call-1-citizen')
  expect(await source.list()).toEqual([])
})

test('never reads through a link', async () => {
  writeFileSync(join(root, 'secret'), 'a key')
  symlinkSync(join(root, 'secret'), join(dir, 'call-1-citizen.wav'))
  expect(await createFolderSource(dir).fetch('call-1-citizen', to)).toBe(false)
})

test('never waits for a pipe, and takes a folder for none', async () => {
  layPipe(join(dir, 'call-1-citizen.wav'))
  mkdirSync(join(dir, 'call-1-operator.wav'))
  const source = createFolderSource(dir)
  expect([await source.fetch('call-1-citizen', to), await source.fetch('call-1-operator', to)]).toEqual([
    false,
    false,
  ])
})

test('a folder that is not there is said to be away, not empty', async () => {
  const source = createFolderSource(join(root, 'not-mounted'))
  await expect(source.fetch('call-1-citizen', to)).rejects.toMatchObject({ code: 'PBX_FOLDER_AWAY' })
  await expect(source.list()).rejects.toMatchObject({ code: 'PBX_FOLDER_AWAY' })
})

test('writes a file of its own, whatever lies in its place: through no link, into no pipe', async () => {
  writeFileSync(join(dir, 'call-1-citizen.wav'), 'sound')
  const source = createFolderSource(dir)
  const victim = join(root, 'somebody-elses')
  writeFileSync(victim, 'theirs')
  symlinkSync(victim, to)
  expect(await source.fetch('call-1-citizen', to)).toBe(true)
  expect([readFileSync(victim, 'utf8'), readFileSync(to, 'utf8')]).toEqual(['theirs', 'sound'])
  rmSync(to)
  layPipe(to)
  expect(await source.fetch('call-1-citizen', to)).toBe(true)
  expect(lstatSync(to).isFile()).toBe(true)
  expect(lstatSync(to).mode & 0o777).toBe(0o600)
})
