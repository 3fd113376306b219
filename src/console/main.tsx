import '@fontsource/be-vietnam-pro/vietnamese-400.css'
import '@fontsource/be-vietnam-pro/vietnamese-500.css'
import '@fontsource/be-vietnam-pro/vietnamese-600.css'
import '@fontsource/be-vietnam-pro/vietnamese-700.css'
import '@fontsource/be-vietnam-pro/latin-400.css'
import '@fontsource/be-vietnam-pro/latin-500.css'
import '@fontsource/be-vietnam-pro/latin-600.css'
import '@fontsource/be-vietnam-pro/latin-700.css'
import '@fontsource/be-vietnam-pro/latin-ext-400.css'
import '@fontsource/be-vietnam-pro/latin-ext-500.css'
import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/frame.css'
import './style/desk.css'
import './style/ticket.css'
import './style/moves.css'
import './style/transfer.css'
import './style/pages.css'
import './style/recordings.css'
import './style/disclosures.css'
import './style/board.css'
import './style/dossiers.css'
import './style/reconciliation.css'
import './style/retention.css'
import './style/audit.css'
import './style/reports.css'
import './style/directory.css'
import './style/calendar.css'
import { render } from 'preact'
import { createApi } from './api.ts'
import { App } from './app.tsx'
import { speak } from './i18n/translate.ts'
import { chosenDevices, followDevices } from './softphone/devices.ts'
import { createRingTone } from './softphone/ring-tone.ts'
import { afterDrawing } from './state/after-drawing.ts'
import { announceRinging } from './state/announce.ts'
import { startClock } from './state/clock.ts'
import { createConsole } from './state/console.ts'
import { ConsoleContext } from './state/console-context.ts'
import { popShown } from './state/pop-shown.ts'
import { followPreferences } from './state/preferences.ts'
import { followAddress } from './state/route.ts'
import { handleKey } from './state/shortcuts.ts'
import { followWords } from './tickets/live-help.ts'
import { followSuggestion } from './tickets/suggestion.ts'

/** Random per tab, kept through a reload: the server tells a reload from a second console by it. */
function consoleId(): string {
  const kept = sessionStorage.getItem('console-id')
  if (kept !== null) return kept
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  const id = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  sessionStorage.setItem('console-id', id)
  return id
}

/** mediaDevices is missing outside a secure context, whatever the DOM types say. */
const media = (navigator as { readonly mediaDevices?: MediaDevices }).mediaDevices

const ringTone = createRingTone(() => new AudioContext())
const desk = createConsole({
  createApi: (hooks) => createApi({ ...hooks, fetch: (input, init) => fetch(input, init) }),
  createPhone: async ({ account, report }) => {
    const { createJsSipPhone } = await import('./softphone/phone-jssip.ts')
    const audio = document.createElement('audio')
    audio.autoplay = true
    document.body.append(audio)
    await followDevices(localStorage, media)
    ringTone.route(chosenDevices.value.ringer)
    // Now and not at the first ring: opening the sound system holds the page up, and a citizen would wait for it.
    ringTone.unlock()
    return createJsSipPhone({
      account,
      report,
      origin: location.origin,
      media,
      audio,
      ringTone,
      storage: sessionStorage,
      popShown: () => popShown(desk, document),
      nowMs: () => Date.now(),
    })
  },
  afterDrawing: (then) => {
    afterDrawing(document, then)
  },
  openLive: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live`),
  consoleId: consoleId(),
  storage: localStorage,
  tabStorage: sessionStorage,
  nowMs: () => Date.now(),
  random: () => Math.random(),
})

const words = followPreferences(localStorage, document.documentElement, speak)
followAddress()
startClock(() => Date.now())
followSuggestion(desk)
followWords(desk, sessionStorage)
announceRinging(desk, document)
addEventListener('keydown', handleKey)
addEventListener('online', desk.networkBack)
addEventListener('offline', desk.networkGone)
addEventListener('pointerdown', ringTone.unlock, { once: true })
addEventListener('keydown', ringTone.unlock, { once: true })
addEventListener('beforeunload', (event) => {
  const call = desk.phone.value?.state.value.call ?? 'idle'
  if (call !== 'idle' && call !== 'ringing') event.preventDefault()
})

const root = document.getElementById('root')
void desk.begin()
void words.then(() => {
  if (root === null) return
  render(
    <ConsoleContext.Provider value={desk}>
      <App />
    </ConsoleContext.Provider>,
    root,
  )
})
