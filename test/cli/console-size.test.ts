import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Rolldown, build } from 'vite'
import { beforeAll, describe, expect, it, vi } from 'vitest'

const CONFIG = resolve(import.meta.dirname, '../../config/tooling/vite.config.ts')
/** Of all JavaScript, each file gzipped by itself as it travels. */
const MOST_BYTES = 200_000

let scripts: Rolldown.OutputChunk[]

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production') // as `npm run build` has it
  const built = (await build({
    configFile: CONFIG,
    logLevel: 'error',
    build: { write: false },
  })) as Rolldown.RolldownOutput
  scripts = built.output.filter((file) => file.type === 'chunk')
  vi.unstubAllEnvs()
}, 60_000)

const named = (name: string) => scripts.find((script) => script.name === name)

describe('the console as it is built', () => {
  it('is 200 kB of JavaScript at most, gzipped, all files together', () => {
    const bytes = scripts.map(({ fileName, code }) => ({ fileName, bytes: gzipSync(code).length }))
    const total = bytes.reduce((sum, file) => sum + file.bytes, 0)
    expect(total, JSON.stringify(bytes, null, 1)).toBeLessThanOrEqual(MOST_BYTES)
  })

  it('loads at sign-in what an operator needs, and neither English, nor the telephone, nor the pages of others', () => {
    const [entry] = scripts.filter((script) => script.isEntry)
    expect(entry?.imports).toEqual([])
    expect(entry?.dynamicImports.length).toBeGreaterThanOrEqual(3)
    const modules = Object.keys(entry?.modules ?? {})
    expect(
      modules.filter((id) => /jssip|i18n\/en\.ts|calendar-page|directory-page|audit-page/.test(id)),
    ).toEqual([])
    expect(modules.some((id) => id.endsWith('/tickets/desk-page.tsx'))).toBe(true)
  })

  it('has English without its keys', () => {
    expect(named('en')?.code).not.toContain('palette.call')
    expect(named('en')?.code).toContain('Call {number}')
  })
})
