import { randomBytes } from 'node:crypto'
import { header, replyTo, sdp, soundPortOf } from './sip-message.ts'

/** A call that rings here. */
export interface IncomingCall {
  /** The number called. */
  readonly number: string
  /** The number it comes from, as its From says. */
  readonly from: string
  /** When its INVITE came, on this process's `performance.now()`. */
  readonly atMs: number
  /** Where the caller takes sound. */
  readonly soundPort: number
  /** Picks up; sound is taken at that UDP port. Of a call given up meanwhile nothing comes. */
  readonly answer: (soundPort: number) => void
  /** Refuses while it rings, with a status such as `486 Busy Here`. */
  readonly reject: (status: string) => void
  /** Hangs up what was answered, as a network does that lost the line where a Q.850 cause is given; harmless afterwards. */
  readonly hangUp: (cause?: number) => void
  /** Resolves when it is over: hung up, given up or refused. */
  readonly ended: Promise<void>
}

interface Dialog {
  readonly invite: string
  readonly tag: string
  readonly end: () => void
  lastReply: string
  soundPort: number | undefined
}

/** The called side of a bare SIP endpoint: rings at once, picks up when told, never hangs up by itself. */
export function createSipCallee(options: {
  /** UDP port of our SIP. */
  readonly port: number
  readonly send: (text: string) => void
  readonly onCall: (call: IncomingCall) => void
}): {
  /** Answers a request if it is for a call that rings or talks here; false when it is not. */
  readonly take: (request: string) => boolean
} {
  const { port, send, onCall } = options
  const dialogs = new Map<string, Dialog>()
  const contact = `Contact: <sip:callee@127.0.0.1:${String(port)}>`

  function ring(invite: string): void {
    const atMs = performance.now()
    const callId = header(invite, 'Call-ID')
    const tag = randomBytes(4).toString('hex')
    const ended = Promise.withResolvers<undefined>()
    const end = (): void => {
      dialogs.delete(callId)
      ended.resolve(undefined)
    }
    const lastReply = replyTo(invite, { status: '180 Ringing', tag, headers: [contact] })
    const dialog: Dialog = { invite, tag, end, lastReply, soundPort: undefined }
    dialogs.set(callId, dialog)
    send(lastReply)
    onCall({
      number: /^INVITE sips?:([^@;>\s]*)@/.exec(invite)?.[1] ?? '',
      from: /<sips?:([^@;>\s]*)@/.exec(header(invite, 'From'))?.[1] ?? '',
      atMs,
      soundPort: soundPortOf(invite),
      ended: ended.promise,
      answer(soundPort) {
        if (!dialogs.has(callId)) return
        dialog.soundPort = soundPort
        dialog.lastReply = replyTo(invite, {
          status: '200 OK',
          tag,
          headers: [contact],
          body: sdp(soundPort),
        })
        send(dialog.lastReply)
      },
      reject(status) {
        if (!dialogs.has(callId) || dialog.soundPort !== undefined) return
        send(replyTo(invite, { status, tag }))
        end()
      },
      hangUp(cause) {
        if (!dialogs.has(callId) || dialog.soundPort === undefined) return
        send(bye(invite, tag, port, cause))
        end()
      },
    })
  }

  return {
    take(request) {
      const dialog = dialogs.get(header(request, 'Call-ID'))
      if (dialog === undefined) {
        if (!request.startsWith('INVITE ') || header(request, 'To').includes(';tag=')) return false
        ring(request)
        return true
      }
      const { invite, tag, end, lastReply, soundPort } = dialog
      if (request.startsWith('INVITE ') && header(request, 'CSeq') === header(invite, 'CSeq')) {
        send(lastReply) // said again by a side that has not heard it
        return true
      }
      const body = soundPort !== undefined && soundPortOf(request) > 0 ? sdp(soundPort) : ''
      send(replyTo(request, { status: '200 OK', headers: [contact], body }))
      if (request.startsWith('CANCEL ')) send(replyTo(invite, { status: '487 Request Terminated', tag }))
      if (/^(?:BYE|CANCEL) /.test(request)) end()
      return true
    },
  }
}

/** The called side's own BYE: the INVITE's two ends the other way round (RFC 3261 §12.2.1.1). */
function bye(invite: string, tag: string, port: number, cause: number | undefined): string {
  const target = /<([^>]*)>/.exec(header(invite, 'Contact'))?.[1] ?? ''
  return [
    `BYE ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${String(port)};branch=z9hG4bK${tag}bye`,
    `From: ${header(invite, 'To')};tag=${tag}`,
    `To: ${header(invite, 'From')}`,
    `Call-ID: ${header(invite, 'Call-ID')}`,
    'CSeq: 1 BYE',
    // RFC 3326
    ...(cause === undefined ? [] : [`Reason: Q.850;cause=${String(cause)}`]),
    'Max-Forwards: 70',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}
