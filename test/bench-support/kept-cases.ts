import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { cacheFolder, currentEnvironment } from '../../src/cli/environment.ts'
import { withFileLock } from '../../src/cli/file-lock.ts'
import { type CityOfCases } from './million-cases.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** What the rows are made by, besides the city they are made for. */
const MAKERS = [
  'test/bench-support/million-cases.ts',
  'test/suggestions/labelled-reports.ts',
  'src/platform/vietnamese-text.ts',
]
const PREFIX = 'bench-cases-'

/**
 * Path of a filled database, kept in the cache folder of this machine: made by `make` at the path it is given where there is none of
 * this schema, this city and these makers yet. What was kept of another schema is taken away: it is some gigabytes.
 */
export async function keptCases(
  city: CityOfCases,
  make: (path: string) => Promise<void>,
): Promise<{ readonly path: string; readonly wasKept: boolean }> {
  const folder = join(cacheFolder(currentEnvironment()), 'bench-cases')
  await mkdir(folder, { recursive: true })
  const name = `${PREFIX}${await nameOf(city)}.sqlite`
  const path = join(folder, name)
  let wasKept = true
  await withFileLock(join(folder, 'lock'), async () => {
    if (existsSync(path)) return
    wasKept = false
    for (const old of await readdir(folder)) if (old.startsWith(PREFIX)) await rm(join(folder, old))
    await make(`${path}.part`)
    await rename(`${path}.part`, path)
  })
  return { path, wasKept }
}

/** The same for the same schema, makers and city. */
async function nameOf(city: CityOfCases): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(city))
  const migrations = (await readdir(join(ROOT, 'migrations'))).filter((file) => file.endsWith('.sql')).sort()
  for (const file of [...migrations.map((migration) => join('migrations', migration)), ...MAKERS])
    hash.update(`\n${file}\n`).update(await readFile(join(ROOT, file)))
  return hash.digest('hex').slice(0, 16)
}
