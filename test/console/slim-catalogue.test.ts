// @vitest-environment node
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import {
  headsOf,
  shorten,
  wordsAndKeys,
  withShortKeys,
  wordsOnly,
} from '../../config/tooling/slim-catalogue.ts'
import { en } from '../../src/console/i18n/en.ts'
import { vi } from '../../src/console/i18n/vi.ts'

const SRC = resolve(import.meta.dirname, '../../src')
const read = (file: string): string => readFileSync(join(SRC, file), 'utf8')
const ofConsole = (file: string): boolean => file.startsWith('console/')
const FILES = globSync('**/*.{ts,tsx}', { cwd: SRC })
const PAGES = FILES.filter((file) => ofConsole(file) && !file.startsWith('console/i18n/')).map(read)
const SHORT = shorten(Object.keys(vi), headsOf(PAGES))

/** The key as a page has it once it is built. */
function builtKeyOf(expression: string, words: Record<string, string> = {}): unknown {
  return runInNewContext(withShortKeys(`(${expression})`, SHORT), words)
}

async function load<T>(text: string): Promise<T> {
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as T
}

describe('the catalogue as it is built', async () => {
  const built = await load<{ vi: Record<string, string> }>(wordsAndKeys(vi, SHORT))

  it('has every sentence, by the key that pages ask for', () => {
    for (const [key, text] of Object.entries(vi))
      expect(built.vi[String(builtKeyOf(JSON.stringify(key)))], key).toBe(text)
    expect(Object.keys(built.vi)).toHaveLength(Object.keys(vi).length)
  })

  it('has English in the same order', async () => {
    const text = wordsOnly(SHORT.order, en).replace(/^import.*\n/, `const vi = ${JSON.stringify(built.vi)}\n`)
    const english = (await load<{ en: Record<string, string> }>(text)).en
    for (const [key, sentence] of Object.entries(en))
      expect(english[String(builtKeyOf(JSON.stringify(key)))], key).toBe(sentence)
  })

  it('finds what a page puts together, also under a beginning within a beginning', () => {
    for (const [head, rest] of [
      ['state.', 'assigned'],
      ['move.', 'accept'],
      ['move.done.', 'accept'],
      ['error.', 'TICKET_CHANGED'],
      ['event.', 'slipIssued'],
    ] as const) {
      const text = (vi as Record<string, string>)[head + rest]
      expect(text).toBeDefined()
      expect(built.vi[String(builtKeyOf(`\`${head}\${rest}\``, { rest }))]).toBe(text)
      expect(
        built.vi[String(builtKeyOf(`\`\${head}\${rest}\``, { rest, head: String(builtKeyOf(`'${head}'`)) }))],
      ).toBe(text)
    }
  })

  it('leaves names of properties, fields of a form and everything that is no key', () => {
    const kept =
      "const a = { 'nav.desk': 1, 'nav.': 2 }; ask('reporter.name', `reporter.${b}`, 'loading', 'no.key', `no.${key}`)"
    expect(withShortKeys(kept, SHORT)).toBe(kept)
  })
})

it('no word between server and console is a key: the console would have it shortened', () => {
  const mayBeShort = Object.keys(vi).filter((key) => SHORT.keys.has(key))
  const said = new Set(
    FILES.filter((file) => !ofConsole(file)).flatMap((file) =>
      [...read(file).matchAll(/'([\w.]+\.\w+)'/g)].map(([, text]) => text),
    ),
  )
  expect(mayBeShort.filter((key) => said.has(key))).toEqual([])
})

it('no page puts a key together in a way that the build does not see', () => {
  const unseen = PAGES.flatMap((text) =>
    [...text.matchAll(/\bt(?:Or)?\(\s*`\$\{(?!head\})[^`]*`/g)].map(([found]) => found),
  )
  expect(unseen).toEqual([])
})

it('refuses a sentence that is missing or has a line break', () => {
  expect(() => wordsOnly(['a'], {})).toThrow('no sentence for a')
  expect(() => wordsOnly(['a'], { a: 'x\ny' })).toThrow('line break')
})
