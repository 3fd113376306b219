import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type RawData, WebSocket } from 'ws'
import { allow } from './access.ts'

export interface SipProxyOptions {
  /** The PBX's own SIP WebSocket, on loopback or in its network. */
  readonly target: string
  /** Told of each session that ends: a phone must not outlive its person's right to be here. */
  readonly onRevoked: (listener: (sessionId: string) => void) => void
}

interface Closable {
  close(code: number, reason: string): void
}

/** A SIP message of a browser is a few kB; a candidate-rich offer may reach 20. */
const MAX_MESSAGE_BYTES = 64 * 1024
const MAX_WAITING = 64

/**
 * WebSocket `/sip` (RFC 7118): carries a browser softphone's SIP to the PBX under the console's own origin and
 * session, so that the PBX's port needs to be open to nobody. SIP authentication stays the PBX's.
 */
export const sipProxyRoutes: FastifyPluginAsyncTypebox<SipProxyOptions> = async (
  app,
  { target, onRevoked },
) => {
  const browsers = new Map<Closable, string | null>()
  onRevoked((sessionId) => {
    for (const [browser, owner] of browsers) if (owner === sessionId) browser.close(4001, 'session ended')
  })

  app.get('/sip', { ...allow('operator', 'supervisor'), websocket: true }, (browser, request) => {
    browsers.set(browser, request.sessionId)
    const pbx = new WebSocket(target, 'sip', {
      handshakeTimeout: 5_000,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    })
    const waiting: [RawData, boolean][] = []

    browser.on('message', (data: RawData, isBinary: boolean) => {
      if (pbx.readyState === WebSocket.OPEN) {
        pbx.send(data, { binary: isBinary })
      } else if (waiting.length < MAX_WAITING) {
        waiting.push([data, isBinary])
      }
    })
    pbx.on('open', () => {
      for (const [data, isBinary] of waiting.splice(0)) pbx.send(data, { binary: isBinary })
    })
    pbx.on('message', (data: RawData, isBinary: boolean) => {
      browser.send(data, { binary: isBinary })
    })
    browser.on('close', () => {
      browsers.delete(browser)
      pbx.terminate()
    })
    pbx.on('close', () => {
      browser.close(1012, 'PBX connection ended')
    })
    browser.on('error', () => {
      pbx.terminate()
    })
    pbx.on('error', (err) => {
      request.log.warn({ err }, 'SIP WebSocket of the PBX failed')
      browser.close(1013, 'PBX not reachable')
    })
  })
}
