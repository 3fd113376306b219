import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createSipCallee, type IncomingCall } from './sip-callee.ts'
import { authorize, challengeOf } from './sip-digest.ts'
import { header, replyTo } from './sip-message.ts'

/** Many operators' desk phones behind one UDP port. */
export interface SipDesks {
  /** Registers an account for an hour; throws with the refusal. */
  readonly register: (account: { readonly username: string; readonly password: string }) => Promise<void>
  readonly close: () => void
}

const ANSWER_WITHIN_MS = 5_000
/** Longer than any run in which nobody registers again. */
const EXPIRES_S = 7_200

/** Bare SIP phones on loopback that register as an operator's does (RFC 3261 §10.2) and hand on what rings. */
export async function openSipDesks(options: {
  readonly pbxPort: number
  readonly onCall: (call: IncomingCall) => void
}): Promise<SipDesks> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const waiting = new Map<string, (reply: string) => void>()
  const send = (text: string): void => {
    socket.send(Buffer.from(text, 'latin1'), options.pbxPort, '127.0.0.1')
  }
  const callee = createSipCallee({ port, send, onCall: options.onCall })
  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1')
    if (text.startsWith('SIP/2.0 ')) waiting.get(`${header(text, 'Call-ID')} ${header(text, 'CSeq')}`)?.(text)
    else if (!text.startsWith('ACK ') && !callee.take(text)) send(replyTo(text, { status: '200 OK' }))
  })

  async function ask(callId: string, cseq: number, lines: readonly string[]): Promise<string> {
    const key = `${callId} ${String(cseq)} REGISTER`
    const reply = Promise.withResolvers<string>()
    const timer = setTimeout(() => {
      reply.reject(new Error('no answer to REGISTER'))
    }, ANSWER_WITHIN_MS)
    waiting.set(key, (text) => {
      if (!text.startsWith('SIP/2.0 1')) reply.resolve(text)
    })
    send(
      [
        ...lines.slice(0, 1),
        `Via: SIP/2.0/UDP 127.0.0.1:${String(port)};branch=z9hG4bK${callId}${String(cseq)}`,
        ...lines.slice(1),
        `Call-ID: ${callId}`,
        `CSeq: ${String(cseq)} REGISTER`,
        'Max-Forwards: 70',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    )
    try {
      return await reply.promise
    } finally {
      clearTimeout(timer)
      waiting.delete(key)
    }
  }

  return {
    async register(account) {
      const { username } = account
      const callId = randomBytes(8).toString('hex')
      const uri = `sip:127.0.0.1:${String(options.pbxPort)}`
      const address = `<sip:${username}@127.0.0.1>`
      const lines = [
        `REGISTER ${uri} SIP/2.0`,
        `From: ${address};tag=${callId.slice(0, 8)}`,
        `To: ${address}`,
        `Contact: <sip:${username}@127.0.0.1:${String(port)}>`,
        `Expires: ${String(EXPIRES_S)}`,
      ]
      const challenge = challengeOf(await ask(callId, 1, lines))
      if (challenge === undefined) throw new Error(`${username}: REGISTER was not challenged`)
      const reply = await ask(callId, 2, [...lines, authorize(challenge, account, 'REGISTER', uri)])
      if (!reply.startsWith('SIP/2.0 200'))
        throw new Error(`${username}: REGISTER answered ${reply.slice(0, 40)}`)
    },
    close: () => {
      socket.close()
    },
  }
}
