import { signal } from '@preact/signals'
import type { MessageKey } from '../i18n/translate.ts'

export interface Shortcut {
  /** As on the key caps: "F2", "Ctrl+K", "Alt+R", "?". */
  readonly keys: string
  readonly label: MessageKey
  /** Also while the cursor stands in a field: true for function keys and chords, false for bare letters. */
  readonly whileTyping: boolean
  readonly run: () => void
}

/** All keys of the page now on screen; the sheet behind `?` shows exactly these. */
export const shortcuts = signal<readonly Shortcut[]>([])

/** Which layer is open above the page. */
export const overlay = signal<'none' | 'keys' | 'palette'>('none')

/** "Ctrl+K" for an event, in one fixed order. */
export function chordOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'code'>,
): string {
  // With Alt some layouts report another character (Option+R on a Mac): the physical key is meant.
  // So do Vietnamese layouts, where the row of digits is ă, â, ê, ô.
  const cap = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code)
  const meant = cap?.[1] ?? cap?.[2]
  const key = (event.altKey || event.ctrlKey || event.metaKey) && meant !== undefined ? meant : event.key
  const name = key.length === 1 ? key.toUpperCase() : key
  const shift = event.shiftKey && name.length > 1 ? 'Shift+' : ''
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${shift}${name}`
}

/** Is the cursor where letters are text? */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)
}

/** Runs the shortcut for a key press, if one is offered now. */
export function handleKey(event: KeyboardEvent): void {
  if (event.isComposing) return // Vietnamese input methods: the key belongs to the word being written
  const chord = chordOf(event)
  const found = shortcuts.value.find((shortcut) => shortcut.keys === chord)
  if (found === undefined || (!found.whileTyping && isTyping(event.target))) return
  event.preventDefault()
  found.run()
}
