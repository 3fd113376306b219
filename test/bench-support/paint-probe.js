import {} from 'playwright-core';
import { alignClock } from "./statistics.js";
/**
 * The same in every page measured: a pop is an element `[data-testid=pop][data-call]`; it counts as painted in the first
 * task after the first animation frame after it was in the document, which is when the browser has laid out and painted it.
 */
const PROBE = `(() => {
  const seen = new Set()
  const messages = new Map()
  const drawn = []
  let waiting = []
  const afterFrame = new MessageChannel()
  afterFrame.port1.onmessage = () => {
    const paintedAt = performance.now()
    for (const entry of waiting) drawn.push({ ...entry, paintedAt })
    waiting = []
  }
  const look = () => {
    for (const pop of document.querySelectorAll('[data-testid="pop"]')) {
      const callId = pop.getAttribute('data-call')
      if (!callId || seen.has(callId)) continue
      seen.add(callId)
      const domAt = performance.now()
      requestAnimationFrame(() => {
        waiting.push({ callId, messageAt: messages.get(callId) ?? null, domAt })
        afterFrame.port2.postMessage(null)
      })
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
})()`;
/** Puts the probe into a page; before its first navigation. */
export async function addProbe(page) {
    await page.addInitScript({ content: PROBE });
}
/** The pops painted since the last time, on this process's clock, with how wrong that may be. */
export async function takePaints(page) {
    const { offsetMs, errorMs } = await alignPage(page);
    const paints = await page.evaluate('takePaints()');
    return {
        clockErrorMs: errorMs,
        paints: paints.map(({ callId, messageAt, domAt, paintedAt }) => ({
            callId,
            messageAt: messageAt === null ? null : messageAt + offsetMs,
            domAt: domAt + offsetMs,
            paintedAt: paintedAt + offsetMs,
        })),
    };
}
const CLOCK_PROBES = 60;
async function alignPage(page) {
    const probes = [];
    for (let count = 0; count < CLOCK_PROBES; count += 1) {
        const before = performance.now();
        const there = await page.evaluate('performance.now()');
        probes.push({ before, there, after: performance.now() });
    }
    return alignClock(probes);
}
//# sourceMappingURL=paint-probe.js.map