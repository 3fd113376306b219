import { isConnected } from '../softphone/phone-machine.ts'
import { type Console, isOutside, takesCalls } from './console.ts'
import { isTransferring } from './line.ts'
import { navigate, route } from './route.ts'
import { overlay, type Shortcut } from './shortcuts.ts'

/** Columns of the desk in reading order, for F6. */
const COLUMNS = ['.desk-line', '.desk-case', '.desk-help'] as const

/** Steps of a transfer; its panel has the buttons, and offers what is possible. */
const TRANSFER_KEYS = [
  ['Alt+1', 'keys.transferToggle'],
  ['Alt+2', 'keys.transferMerge'],
  ['Alt+3', 'keys.transferComplete'],
  ['Alt+4', 'keys.transferSkip'],
  ['Alt+5', 'keys.transferCancel'],
] as const

/** For those who sit at the line: an administrator opens no cases. */
const NEW_CASE: Shortcut = {
  keys: 'Alt+N',
  label: 'keys.newCase',
  whileTyping: true,
  run: () => {
    document.querySelector<HTMLButtonElement>('.new-case button')?.click()
  },
}

/** Keys of those who have no desk. */
const OUTSIDE: readonly string[] = ['Ctrl+Enter', 'Ctrl+K', 'Alt+T', '?']
const AUDITING: readonly string[] = ['Ctrl+K', '?']

/** The keys this person has a use for. */
export function deskShortcuts(desk: Console): readonly Shortcut[] {
  const all = everyShortcut(desk)
  if (desk.session.value?.person.role === 'auditor') return all.filter(({ keys }) => AUDITING.includes(keys))
  return isOutside(desk.session.value) ? all.filter(({ keys }) => OUTSIDE.includes(keys)) : all
}

/** Every key of the console. Function keys and chords work while writing; `?` is a letter and waits. */
function everyShortcut(desk: Console): readonly Shortcut[] {
  const phone = () => desk.phone.value
  return [
    {
      keys: 'F2',
      label: 'keys.answer',
      whileTyping: true,
      run: () => {
        if (route.value.page !== 'desk') navigate('/')
        void phone()?.answer()
      },
    },
    { keys: 'F4', label: 'keys.hangUp', whileTyping: true, run: () => phone()?.hangUp() },
    {
      keys: 'F8',
      label: 'keys.hold',
      whileTyping: true,
      run: () => {
        const call = phone()?.state.value.call
        if (isTransferring(desk.line.value.transfer)) return
        if (call !== undefined && isConnected(call)) desk.hold(call === 'talking')
      },
    },
    {
      keys: 'F9',
      label: 'keys.mute',
      whileTyping: true,
      run: () => phone()?.setMuted(phone()?.state.value.muted !== true),
    },
    {
      keys: 'F7',
      label: 'keys.transfer',
      whileTyping: true,
      run: () => {
        pressTransfer('F7')
      },
    },
    ...TRANSFER_KEYS.map(([keys, label]): Shortcut => ({
      keys,
      label,
      whileTyping: true,
      run: () => {
        pressTransfer(keys)
      },
    })),
    { keys: 'F6', label: 'keys.column', whileTyping: true, run: nextColumn },
    {
      keys: 'Alt+C',
      label: 'keys.content',
      whileTyping: true,
      run: () => {
        focusOn('#ticket-content')
      },
    },
    {
      keys: 'Alt+G',
      label: 'keys.dial',
      whileTyping: true,
      run: () => {
        focusOn('.dial input')
      },
    },
    {
      keys: 'Alt+R',
      label: 'keys.ready',
      whileTyping: true,
      run: () => void desk.setPresence({ state: 'ready' }),
    },
    {
      keys: 'Alt+P',
      label: 'keys.pause',
      whileTyping: true,
      run: () => {
        focusOn('.presence select')
      },
    },
    ...(takesCalls(desk.session.value) ? [NEW_CASE] : []),
    {
      keys: 'Alt+E',
      label: 'keys.extend',
      whileTyping: true,
      run: () => {
        document.querySelector<HTMLButtonElement>('.presence [aria-keyshortcuts="Alt+E"]')?.click()
      },
    },
    {
      keys: 'Alt+M',
      label: 'keys.missed',
      whileTyping: true,
      run: () => {
        focusOn('.missed-list button')
      },
    },
    {
      keys: 'Alt+U',
      label: 'keys.likely',
      whileTyping: true,
      run: () => {
        focusOn('.likely button')
      },
    },
    {
      keys: 'Alt+L',
      label: 'keys.guess',
      whileTyping: true,
      run: () => {
        document.querySelector<HTMLButtonElement>('.guess [aria-keyshortcuts="Alt+L"]')?.click()
      },
    },
    {
      keys: 'Alt+A',
      label: 'keys.attach',
      whileTyping: true,
      run: () => {
        document.querySelector<HTMLButtonElement>('.attachments button')?.click()
      },
    },
    { keys: 'Ctrl+S', label: 'keys.save', whileTyping: true, run: () => void desk.editor.value?.flush() },
    {
      keys: 'Ctrl+Enter',
      label: 'keys.primary',
      whileTyping: true,
      run: () => {
        document.querySelector<HTMLButtonElement>('.next .button-primary:not(:disabled)')?.click()
      },
    },
    {
      keys: 'Ctrl+K',
      label: 'keys.find',
      whileTyping: true,
      run: () => {
        overlay.value = 'palette'
      },
    },
    {
      keys: 'Alt+T',
      label: 'keys.tickets',
      whileTyping: true,
      run: () => {
        navigate('/tickets')
      },
    },
    {
      keys: 'Alt+D',
      label: 'keys.desk',
      whileTyping: true,
      run: () => {
        navigate('/')
      },
    },
    {
      keys: '?',
      label: 'keys.sheet',
      whileTyping: false,
      run: () => {
        overlay.value = 'keys'
      },
    },
  ]
}

function focusOn(selector: string): void {
  if (route.value.page !== 'desk' && selector !== '#ticket-content') navigate('/')
  // After the page had its turn to draw what is meant.
  queueMicrotask(() => document.querySelector<HTMLElement>(selector)?.focus())
}

function pressTransfer(keys: string): void {
  if (route.value.page !== 'desk') navigate('/')
  queueMicrotask(() => {
    document.querySelector<HTMLButtonElement>(`.transfer [aria-keyshortcuts="${keys}"]`)?.click()
  })
}

function nextColumn(): void {
  const at = COLUMNS.findIndex((column) => document.activeElement?.closest(column) != null)
  const next = document.querySelector<HTMLElement>(COLUMNS[(at + 1) % COLUMNS.length] ?? COLUMNS[0])
  const target = next?.querySelector<HTMLElement>(
    'textarea, button:not(:disabled), input:not(:disabled), a[href], summary',
  )
  ;(target ?? next)?.focus()
}
