import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashSources } from '../../src/cli/source-hash.ts'

let home: string

const hash = (): Promise<string> =>
  hashSources(home, ['src', 'config/tooling/vite.config.ts', 'package-lock.json'], ['src/left-out'])

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tongdai-sources-'))
  for (const folder of ['src/console/ui', 'config/tooling'])
    await mkdir(join(home, folder), { recursive: true })
  for (const path of ['src/console/main.tsx', 'src/console/ui/button.tsx', 'config/tooling/vite.config.ts']) {
    await writeFile(join(home, path), path)
  }
  await writeFile(join(home, 'package-lock.json'), '{}')
})

afterEach(() => rm(home, { recursive: true, force: true }))

test('what is built is built again for a changed, added, removed or renamed file, and for other packages', async () => {
  const button = join(home, 'src/console/ui/button.tsx')
  const seen = [await hash()]
  await writeFile(button, 'changed')
  seen.push(await hash())
  await writeFile(join(home, 'src/console/new.css'), '')
  seen.push(await hash())
  await rename(button, join(home, 'src/console/button.tsx'))
  seen.push(await hash())
  await rm(join(home, 'src/console/button.tsx'))
  seen.push(await hash())
  await writeFile(join(home, 'package-lock.json'), '{"lockfileVersion":3}')
  seen.push(await hash())
  expect(new Set(seen).size).toBe(seen.length)
})

test('the same sources have the same hash', async () => {
  expect(await hash()).toBe(await hash())
})

test('what is left out may change', async () => {
  const before = await hash()
  await mkdir(join(home, 'src/left-out'))
  await writeFile(join(home, 'src/left-out/new.ts'), '')
  expect(await hash()).toBe(before)
})
