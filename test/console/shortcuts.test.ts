import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deskShortcuts } from '../../src/console/state/desk-shortcuts.ts'
import { chordOf, handleKey, overlay, shortcuts } from '../../src/console/state/shortcuts.ts'
import { aCall, aSnapshot, aTransfer, openDesk } from './support.ts'

const press = (target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  target.dispatchEvent(event)
  return event
}

beforeEach(() => {
  document.addEventListener('keydown', handleKey)
})
afterEach(() => {
  document.removeEventListener('keydown', handleKey)
  shortcuts.value = []
  overlay.value = 'none'
  document.body.innerHTML = ''
})

describe('keys', () => {
  it('are named as on the caps, on any keyboard', () => {
    const event = (key: string, code: string, more: Partial<KeyboardEvent> = {}) =>
      chordOf({ key, code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more })
    expect(event('F2', 'F2')).toBe('F2')
    expect(event('k', 'KeyK', { ctrlKey: true })).toBe('Ctrl+K')
    expect(event('k', 'KeyK', { metaKey: true })).toBe('Ctrl+K')
    expect(event('®', 'KeyR', { altKey: true })).toBe('Alt+R')
    expect(event('?', 'Slash', { shiftKey: true })).toBe('?')
    expect(event('ă', 'Digit1', { altKey: true })).toBe('Alt+1')
  })

  it('answer, hold, mute and hang up while the operator writes', async () => {
    const { desk, phone } = await openDesk({ phone: { call: 'talking' } })
    shortcuts.value = deskShortcuts(desk)
    document.body.innerHTML = '<textarea></textarea>'
    const area = document.body.firstElementChild as HTMLTextAreaElement
    area.focus()
    for (const key of ['F2', 'F8', 'F9', 'F4']) press(area, key)
    expect(phone.done.filter((what) => what !== 'start')).toEqual([
      'answer',
      'hold true',
      'mute true',
      'hangUp',
    ])
    expect(document.activeElement).toBe(area)
  })

  it('press the steps of a transfer that are offered, and none that is not', async () => {
    const { desk } = await openDesk()
    shortcuts.value = deskShortcuts(desk)
    document.body.innerHTML =
      '<textarea></textarea><div class="transfer"><button aria-keyshortcuts="F7"></button><button aria-keyshortcuts="Alt+3"></button></div>'
    const pressed: string[] = []
    for (const one of document.querySelectorAll('button')) {
      one.addEventListener('click', () => pressed.push(one.getAttribute('aria-keyshortcuts') ?? ''))
    }
    const area = document.querySelector('textarea') ?? document.body
    press(area, 'F7')
    for (const digit of ['1', '3']) press(area, digit, { code: `Digit${digit}`, altKey: true })
    await Promise.resolve()
    expect(pressed).toEqual(['F7', 'Alt+3'])
  })

  it('do not hold a call that is being transferred', async () => {
    const { desk, live, phone } = await openDesk({ phone: { call: 'talking' } })
    shortcuts.value = deskShortcuts(desk)
    live().accept()
    live().say(aSnapshot({ call: aCall(), transfers: [aTransfer()] }))
    press(document.body, 'F8')
    expect(phone.done.filter((what) => what.startsWith('hold'))).toEqual([])
  })

  it('leave letters to the field they are typed into', async () => {
    const { desk } = await openDesk()
    shortcuts.value = deskShortcuts(desk)
    document.body.innerHTML = '<input /><p></p>'
    const [field, elsewhere] = document.body.children
    if (field === undefined || elsewhere === undefined) throw new Error('not drawn')
    expect(press(field, '?').defaultPrevented).toBe(false)
    expect(overlay.value).toBe('none')
    press(elsewhere, '?')
    expect(overlay.value).toBe('keys')
  })

  it('leave a word being composed alone (Telex, VNI)', async () => {
    const { desk } = await openDesk()
    shortcuts.value = deskShortcuts(desk)
    press(document.body, 'k', { code: 'KeyK', ctrlKey: true, isComposing: true })
    expect(overlay.value).toBe('none')
  })

  it('are each given once', async () => {
    const { desk } = await openDesk()
    const keys = deskShortcuts(desk).map((shortcut) => shortcut.keys)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
