import { type Page } from 'playwright-core'
import { type ClockProbe, alignClock } from './statistics.ts'

/** When one pop got how far in one page, on the page's own clock. */
export interface Paint {
  readonly callId: string
  /** Its WebSocket message came. */
  readonly messageAt: number | null
  /** It stands in the document. */
  readonly domAt: number
  /** The first task after the frame that drew it. */
  readonly paintedAt: number
  /** The same for all else that is known, where a page draws that by itself (`[data-testid=pop-details]` in it). */
  readonly detailsAt: number | null
}

/**
 * The same in every page measured: a pop is an element `[data-testid=pop][data-call]`; it counts as painted in the first
 * task after the first animation frame after it was in the document, which is when the browser has laid out and painted it.
 */
const PROBE = `(() => {
  const seen = new Map()
  const messages = new Map()
  const drawn = []
  const waiting = []
  const afterFrame = new MessageChannel()
  afterFrame.port1.onmessage = () => {
    const at = performance.now()
    for (const note of waiting.splice(0)) note(at)
  }
  const whenDrawn = (note) => {
    requestAnimationFrame(() => {
      waiting.push(note)
      afterFrame.port2.postMessage(null)
    })
  }
  const look = () => {
    for (const pop of document.querySelectorAll('[data-testid="pop"]')) {
      const callId = pop.getAttribute('data-call')
      if (!callId) continue
      const known = seen.get(callId)
      const entry = known ?? { callId, messageAt: messages.get(callId) ?? null, domAt: performance.now(), detailsAt: null }
      if (known === undefined) {
        seen.set(callId, entry)
        whenDrawn((paintedAt) => drawn.push(Object.assign(entry, { paintedAt })))
      }
      if (!entry.hasDetails && pop.querySelector('[data-testid="pop-details"]')) {
        entry.hasDetails = true
        whenDrawn((at) => {
          entry.detailsAt = at
        })
      }
    }
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ['data-call'] })
  const Socket = window.WebSocket
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args)
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string' || !data.startsWith('{"type":"pop",')) return
        const callId = /"callId":"([^"]+)"/.exec(data)?.[1]
        if (callId && !messages.has(callId)) messages.set(callId, performance.now())
      })
    }
  }
  window.takePaints = () => drawn.splice(0)
})()`

/** Puts the probe into a page; before its first navigation. */
export async function addProbe(page: Page): Promise<void> {
  await page.addInitScript({ content: PROBE })
}

/** The pops painted since the last time, on this process's clock, with how wrong that may be. */
export async function takePaints(
  page: Page,
): Promise<{ readonly paints: Paint[]; readonly clockErrorMs: number }> {
  const { offsetMs, errorMs } = await alignPage(page)
  const paints = await page.evaluate<Paint[]>('takePaints()')
  return {
    clockErrorMs: errorMs,
    paints: paints.map(({ callId, messageAt, domAt, paintedAt, detailsAt }) => ({
      callId,
      messageAt: messageAt === null ? null : messageAt + offsetMs,
      domAt: domAt + offsetMs,
      paintedAt: paintedAt + offsetMs,
      detailsAt: detailsAt === null ? null : detailsAt + offsetMs,
    })),
  }
}

const CLOCK_PROBES = 60

async function alignPage(page: Page): Promise<{ readonly offsetMs: number; readonly errorMs: number }> {
  const probes: ClockProbe[] = []
  for (let count = 0; count < CLOCK_PROBES; count += 1) {
    const before = performance.now()
    const there = await page.evaluate<number>('performance.now()')
    probes.push({ before, there, after: performance.now() })
  }
  return alignClock(probes)
}
