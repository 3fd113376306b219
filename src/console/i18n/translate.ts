import { signal } from '@preact/signals'
import { type Language, language } from '../state/preferences.ts'
import { vi } from './vi.ts'

export type MessageKey = keyof typeof vi

type Values = Readonly<Record<string, string | number>>

/** Comes when somebody asks for it: most people at the hotline never read it. */
const english = signal<Readonly<Record<MessageKey, string>> | null>(null)

/** Changes the page's language as soon as its sentences are there. Rejects when they cannot be had; the page stays as it was. */
export async function speak(next: Language): Promise<void> {
  if (next === 'en') english.value ??= (await import('./en.ts')).en
  language.value = next
}

/** The sentence for a key in the page's language, `{name}` filled in. */
export function t(key: MessageKey, values?: Values): string {
  const text = ((language.value === 'en' ? english.value : null) ?? vi)[key]
  if (values === undefined) return text
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** For words that come from the server: the sentence when the catalogue has one, else the other key. */
export function tOr(key: string, otherwise: MessageKey, values?: Values): string {
  return t(Object.hasOwn(vi, key) ? (key as MessageKey) : otherwise, values)
}
