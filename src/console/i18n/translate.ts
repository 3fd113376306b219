import { language } from '../state/preferences.ts'
import { en } from './en.ts'
import { vi } from './vi.ts'

export type MessageKey = keyof typeof vi

type Values = Readonly<Record<string, string | number>>

/** The sentence for a key in the page's language, `{name}` filled in. */
export function t(key: MessageKey, values?: Values): string {
  const text = (language.value === 'vi' ? vi : en)[key]
  if (values === undefined) return text
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** For words that come from the server: the sentence when the catalogue has one, else the other key. */
export function tOr(key: string, otherwise: MessageKey, values?: Values): string {
  return t(Object.hasOwn(vi, key) ? (key as MessageKey) : otherwise, values)
}
