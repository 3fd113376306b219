import { effect, signal } from '@preact/signals'

export const LANGUAGES = ['vi', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** Language of the page; Vietnamese unless this person chose otherwise on this machine. */
export const language = signal<Language>('vi')
/** Light, dark, or as the machine says. */
export const theme = signal<Theme>('auto')

/** Takes up remembered choices and keeps document and storage in step with them. */
export function followPreferences(storage: Storage, root: HTMLElement): void {
  const keptLanguage = LANGUAGES.find((known) => known === storage.getItem('language'))
  const keptTheme = THEMES.find((known) => known === storage.getItem('theme'))
  if (keptLanguage !== undefined) language.value = keptLanguage
  if (keptTheme !== undefined) theme.value = keptTheme
  effect(() => {
    root.lang = language.value
    storage.setItem('language', language.value)
  })
  effect(() => {
    root.dataset['theme'] = theme.value
    storage.setItem('theme', theme.value)
  })
}
