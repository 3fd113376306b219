import { effect, signal } from '@preact/signals'

export const LANGUAGES = ['vi', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** Language of the page; Vietnamese unless this person chose otherwise on this machine. */
export const language = signal<Language>('vi')
/** Light, dark, or as the machine says. */
export const theme = signal<Theme>('auto')

/**
 * Takes up remembered choices and keeps document and storage in step with them. `speak` changes the language; where it
 * cannot, the page is Vietnamese for now and the choice stays remembered. Never rejects.
 */
export async function followPreferences(
  storage: Storage,
  root: HTMLElement,
  speak: (next: Language) => Promise<void>,
): Promise<void> {
  const keptTheme = THEMES.find((known) => known === storage.getItem('theme'))
  if (keptTheme !== undefined) theme.value = keptTheme
  effect(() => {
    root.dataset['theme'] = theme.value
    storage.setItem('theme', theme.value)
  })
  const keptLanguage = LANGUAGES.find((known) => known === storage.getItem('language'))
  if (keptLanguage !== undefined) await speak(keptLanguage).catch(() => undefined)
  const begun = language.value
  let chosen = false
  effect(() => {
    root.lang = language.value
    chosen ||= language.value !== begun
    if (chosen) storage.setItem('language', language.value)
  })
}
