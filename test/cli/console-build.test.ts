import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashSources } from '../../src/cli/console-build.ts'

let home: string

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

test('the console is built again for a changed, added, removed or renamed file, and for other packages', async () => {
  const button = join(home, 'src/console/ui/button.tsx')
  const seen = [await hashSources(home)]
  await writeFile(button, 'changed')
  seen.push(await hashSources(home))
  await writeFile(join(home, 'src/console/new.css'), '')
  seen.push(await hashSources(home))
  await rename(button, join(home, 'src/console/button.tsx'))
  seen.push(await hashSources(home))
  await rm(join(home, 'src/console/button.tsx'))
  seen.push(await hashSources(home))
  await writeFile(join(home, 'package-lock.json'), '{"lockfileVersion":3}')
  seen.push(await hashSources(home))
  expect(new Set(seen).size).toBe(seen.length)
})

test('the same sources have the same hash', async () => {
  expect(await hashSources(home)).toBe(await hashSources(home))
})
