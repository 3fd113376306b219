import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Plugin, defineConfig } from 'vite'

const SOURCES = resolve(import.meta.dirname, '../../src')

/** Loaded from node_modules as ever; all other packages are packed. */
const LOADED = [
  // They bring machine code.
  'better-sqlite3',
  '@node-rs/argon2',
  // Its parts set globals that nobody declared, which no ES module may.
  'ari-client',
  'asterisk-manager',
  // ari-client's socket and ours are of one class.
  'ws',
  // Only at first use.
  'fast-json-stringify',
  'file-type',
  'twilio',
]

/** A module goes on knowing its own place: the packed one reads configuration and starts workers from src. */
const ownPlace: Plugin = {
  name: 'own-place',
  enforce: 'pre',
  transform: (code, id) =>
    id.startsWith(SOURCES) && code.includes('import.meta.')
      ? {
          code: code
            .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
            .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
          map: null,
        }
      : undefined,
}

/** What a version does to tables goes with it: one that is started again in place of a newer one does not do what that one was to do. */
const migrations: Plugin = {
  name: 'migrations',
  generateBundle() {
    const from = resolve(SOURCES, '../migrations')
    for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
      // Not what drizzle-kit compares the next one with.
      if (!name.endsWith('.sql') && name !== join('meta', '_journal.json')) continue
      const source = readFileSync(resolve(from, name))
      this.emitFile({ type: 'asset', fileName: `migrations/${name}`, source })
    }
  },
}

/** The service in few files, for `npm start` alone (src/cli/service-pack.ts): Node spends most of a start on reading 1,500. */
export default defineConfig({
  plugins: [ownPlace, migrations],
  ssr: { target: 'node', noExternal: true, external: LOADED },
  build: { ssr: resolve(SOURCES, 'main.ts'), outDir: 'dist/server', target: 'node24', minify: false },
})
