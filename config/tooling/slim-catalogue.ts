import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Plugin, parseSync, Visitor } from 'vite'

type Catalogue = Readonly<Record<string, string>>

/** Keys of the catalogue as the built console has them: `k1z` instead of `disclosure.withdrawnByUnit`. */
export interface ShortKeys {
  /** All keys, in the order of the catalogue as it is built: first those that are only a number. */
  readonly order: readonly string[]
  readonly numbered: number
  readonly keys: ReadonlyMap<string, string>
  /** Beginnings to which a page adds a word of the server's: `state.` of `state.${ticket.state}`. */
  readonly heads: ReadonlyMap<string, string>
}

const CONSOLE = join(import.meta.dirname, '../../src/console')
/** Also the names of fields of a form, which the server has them by. */
const KEPT = ['reporter.']
/** A template that begins with it, or a text that ends there. */
const HEADS = /[`'"]([a-z]\w*(?:\.\w+)*\.)(?:\$\{|['"])/g

/**
 * The catalogues as texts with a line for each sentence, and short keys where they are asked for. Only the console's own files know
 * the keys, so both sides change together; sources, tests and the development server keep them whole.
 */
export function slimCatalogue(): Plugin {
  let vi: Catalogue = {}
  let short = shorten([], new Set())
  return {
    name: 'slim-catalogue',
    apply: 'build',
    async buildStart() {
      vi = (await catalogueOf<{ vi: Catalogue }>('vi')).vi
      const files = globSync('**/*.{ts,tsx}', { cwd: CONSOLE }).filter((file) => !file.startsWith('i18n'))
      short = shorten(
        Object.keys(vi),
        headsOf(files.map((file) => readFileSync(join(CONSOLE, file), 'utf8'))),
      )
    },
    async load(id) {
      if (id.endsWith('/console/i18n/vi.ts')) return wordsAndKeys(vi, short)
      if (!id.endsWith('/console/i18n/en.ts')) return undefined
      return wordsOnly(short.order, (await catalogueOf<{ en: Catalogue }>('en')).en)
    },
    transform(code, id) {
      const isOurs = /\/src\/console\/.*\.tsx?$/.test(id) && !id.includes('/i18n/')
      return isOurs ? { code: withShortKeys(code, short), map: null } : undefined
    },
  }
}

async function catalogueOf<T>(language: string): Promise<T> {
  return (await import(pathToFileURL(join(CONSOLE, `i18n/${language}.ts`)).href)) as T
}

export function headsOf(sources: readonly string[]): ReadonlySet<string> {
  return new Set(sources.flatMap((text) => [...text.matchAll(HEADS)].map(([, head = '']) => head)))
}

/** Keys without a dot stay: they are words of the language as well (`loading`). */
export function shorten(all: readonly string[], candidates: ReadonlySet<string>): ShortKeys {
  const mayChange = (key: string): boolean => key.includes('.') && !KEPT.some((kept) => key.startsWith(kept))
  const used = [...candidates]
    .filter((head) => all.some((key) => mayChange(key) && key.startsWith(head)))
    .sort((a, b) => a.length - b.length)
  const headOf = (key: string): string | undefined => used.find((head) => key.startsWith(head))
  const [numbered, others] = split(all, (key) => mayChange(key) && headOf(key) === undefined)
  const keys = new Map(numbered.map((key, index) => [key, numberOf(index)]))
  const heads = new Map<string, string>()
  for (const head of used) {
    // What stands under a shorter one is found by both.
    const outer = headOf(head) ?? head
    const name = heads.get(outer) ?? `${numberOf(numbered.length + heads.size)}.`
    heads.set(head, name + head.slice(outer.length))
  }
  for (const key of others.filter(mayChange)) {
    const head = headOf(key) ?? ''
    keys.set(key, (heads.get(head) ?? '') + key.slice(head.length))
  }
  const names = all.map((key) => keys.get(key) ?? key)
  if (new Set(names).size < names.length) throw new Error('two sentences with one short key')
  return { order: [...numbered, ...others], numbered: numbered.length, keys, heads }
}

function split<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))]
}

function numberOf(index: number): string {
  return `k${index.toString(36)}`
}

/** The text of a module whose `vi` has the sentences of `all` by their short keys. */
export function wordsAndKeys(all: Catalogue, { order, numbered, keys }: ShortKeys): string {
  const names = order.slice(numbered).map((key) => keys.get(key) ?? key)
  return [
    `const words = ${linesOf(wordsOf(order, all))}`,
    `const names = ${linesOf(names)}`,
    'export const vi = Object.fromEntries(words.map((text, index) =>',
    `  [index < ${String(numbered)} ? 'k' + index.toString(36) : names[index - ${String(numbered)}], text]))`,
  ].join('\n')
}

/** The text of a module whose `en` has the keys of `vi`, in that order. Throws where a sentence is missing. */
export function wordsOnly(order: readonly string[], en: Catalogue): string {
  return [
    "import { vi } from './vi.ts'",
    `const words = ${linesOf(wordsOf(order, en))}`,
    'export const en = Object.fromEntries(Object.keys(vi).map((key, index) => [key, words[index]]))',
  ].join('\n')
}

function wordsOf(order: readonly string[], all: Catalogue): string[] {
  return order.map((key) => {
    const text = all[key]
    if (text === undefined) throw new Error(`no sentence for ${key}`)
    return text
  })
}

/** One text with a line for each: without the quotes and commas of a list it presses better. */
function linesOf(words: readonly string[]): string {
  const broken = words.find((text) => text.includes('\n'))
  if (broken !== undefined) throw new Error(`a sentence has a line break: ${broken}`)
  return `${JSON.stringify(words.join('\n'))}.split('\\n')`
}

/** Not the names of properties: those are the server's. */
export function withShortKeys(code: string, { keys, heads }: Pick<ShortKeys, 'keys' | 'heads'>): string {
  const changes: { readonly start: number; readonly end: number; readonly text: string }[] = []
  const names = new Set<unknown>()
  new Visitor({
    Property({ key }) {
      names.add(key)
    },
    Literal(node) {
      if (typeof node.value !== 'string' || names.has(node)) return
      const text = keys.get(node.value) ?? heads.get(node.value)
      if (text !== undefined) changes.push({ start: node.start, end: node.end, text: JSON.stringify(text) })
    },
    TemplateLiteral({ quasis: [first], expressions }) {
      const text = expressions.length === 0 ? undefined : heads.get(first?.value.raw ?? '')
      if (first !== undefined && text !== undefined)
        changes.push({ start: first.start, end: first.end, text })
    },
  }).visit(parseSync('console.js', code).program)
  return changes
    .sort((a, b) => b.start - a.start)
    .reduce((done, { start, end, text }) => done.slice(0, start) + text + done.slice(end), code)
}
