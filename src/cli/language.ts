import { type Environment } from './environment.ts'

/** Languages of what commands tell people. */
export type Language = 'vi' | 'en'

/** A sentence in both; `{name}` is filled in. */
export type Sentence = Readonly<Record<Language, string>>

/** Vietnamese unless the option or the environment's locale (LC_ALL, LC_MESSAGES, LANG: the first that is set) says English. */
export function languageOf(switches: ReadonlySet<string>, environment: Environment): Language {
  if (switches.has('en')) return 'en'
  if (switches.has('vi')) return 'vi'
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG']
    .map((name) => environment[name] ?? '')
    .find((value) => value !== '')
  return locale?.startsWith('en') === true ? 'en' : 'vi'
}

/** Options that choose it, for a command's usage. */
export const LANGUAGE_OPTIONS = {
  en: { about: 'in English; also with LANG=en_…' },
  vi: { about: 'in Vietnamese, whatever LANG says' },
} as const

/** The sentence with its values; one nobody gave stays visible as `?`. */
export function sayIn(
  language: Language,
  sentence: Sentence,
  values: Readonly<Record<string, string | number | null>> = {},
): string {
  return sentence[language].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '?'))
}
