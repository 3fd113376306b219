import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Plugin } from 'vite'

type Catalogue = Readonly<Record<string, string>>

/** English without its keys, a third of it: they are those of the Vietnamese catalogue, which every page has. */
export function slimCatalogue(): Plugin {
  return {
    name: 'slim-catalogue',
    apply: 'build',
    async load(id) {
      if (!id.endsWith('/console/i18n/en.ts')) return undefined
      const { en } = (await import(pathToFileURL(id).href)) as { en: Catalogue }
      const { vi } = (await import(pathToFileURL(join(dirname(id), 'vi.ts')).href)) as { vi: Catalogue }
      return wordsOnly(vi, en)
    },
  }
}

/** The text of a module whose `en` has the keys of `vi`. Throws where a sentence is missing. */
export function wordsOnly(vi: Catalogue, en: Catalogue): string {
  const words = Object.keys(vi).map((key) => {
    const text = en[key]
    if (text === undefined) throw new Error(`no English for ${key}`)
    return text
  })
  // One text with a line for each: without the quotes and commas of a list it presses better.
  if (words.some((text) => text.includes('\n'))) throw new Error('a sentence of English has a line break')
  return [
    "import { vi } from './vi.ts'",
    `const words = ${JSON.stringify(words.join('\n'))}.split('\\n')`,
    'export const en = Object.fromEntries(Object.keys(vi).map((key, index) => [key, words[index]]))',
  ].join('\n')
}
