import { effect, untracked } from '@preact/signals'
import { t } from '../i18n/translate.ts'
import type { Console } from './console.ts'
import { pageTitle } from './page-title.ts'

const FLASH_MS = 900

/** Tells of a ringing call where the page cannot be seen: title and desktop notification. */
export function announceRinging(desk: Console, page: Document): void {
  let flash: ReturnType<typeof setInterval> | undefined
  let notification: Notification | undefined
  let announced: string | undefined

  effect(() => {
    const title = pageTitle()
    if (announced === undefined) page.title = title
  })
  effect(() => {
    const pop = desk.line.value.pops[0]
    const who = pop === undefined ? undefined : (pop.caller.name ?? pop.number.display)
    if (pop?.callId === announced) return
    announced = pop?.callId
    clearInterval(flash)
    notification?.close()
    notification = undefined
    page.title = untracked(pageTitle)
    if (pop === undefined) return
    const text = t('announce.ringing', { who: who === '' || who === undefined ? t('number.hidden') : who })
    let shown = true
    const show = (): void => {
      // Whoever works in this window sees the pop itself; a changing title would have the browser draw its own frame again.
      const title = shown && !page.hasFocus() ? `☎ ${text}` : untracked(pageTitle)
      if (page.title !== title) page.title = title
      shown = !shown
    }
    show()
    flash = setInterval(show, FLASH_MS)
    // In this order: asking for the permission makes the page wait for the browser's own process.
    if (page.hidden && notificationState() === 'granted') {
      notification = new Notification(text, { tag: pop.callId, body: pop.number.display })
      notification.onclick = () => {
        window.focus()
      }
    }
  })
}

/** What the browser says about desktop notifications; `unsupported` where it has none. */
export function notificationState(): NotificationPermission | 'unsupported' {
  return 'Notification' in globalThis ? Notification.permission : 'unsupported'
}

/** Asks once, inside a click, as browsers demand. */
export async function askForNotifications(): Promise<ReturnType<typeof notificationState>> {
  const state = notificationState()
  return state === 'default' ? await Notification.requestPermission() : state
}
