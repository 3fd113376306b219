/** What JsSIP hands its incoming SIP through (jssip lib/Transport.js sets it, lib/WebSocketInterface.js calls it). */
interface SipSource {
  ondata: (data: unknown) => void
}

/**
 * The pop first, then the bell: a citizen's INVITE reaches the page a moment before the pop does, and JsSIP works on it for
 * several milliseconds, in which the pop would have to wait. The INVITE and what follows it are held, in order, until `turn`
 * resolves.
 */
export function popFirst(source: object, turn: () => Promise<void>): void {
  let pass: SipSource['ondata'] = () => undefined
  let held: unknown[] | null = null
  const release = (): void => {
    const messages = held ?? []
    held = null
    for (const message of messages) pass(message)
  }
  const receive = (data: unknown): void => {
    if (held !== null) held.push(data)
    else if (isNewCall(data)) {
      held = [data]
      turn().then(release, release)
    } else pass(data)
  }
  Object.defineProperty(source, 'ondata', {
    get: () => receive,
    set: (next: SipSource['ondata']) => {
      pass = next
    },
  })
}

/** An INVITE outside any dialogue: its To has no tag (RFC 3261 §12.2). */
function isNewCall(data: unknown): boolean {
  if (typeof data !== 'string' || !data.startsWith('INVITE ')) return false
  const to = /^(?:To|t)\s*:(.*)$/im.exec(data)?.[1] ?? ''
  return !/;\s*tag=/i.test(to)
}
