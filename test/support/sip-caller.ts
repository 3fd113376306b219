import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createSipCallee, type IncomingCall } from './sip-callee.ts'
import { authorize, type Challenge, challengeOf } from './sip-digest.ts'
import { header, replyTo, sdp, soundPortOf } from './sip-message.ts'

/** One INVITE, byte by byte as the test wants it. */
export interface Invite {
  /** Number dialled. */
  readonly to: string
  /** The From header's value without its tag; bytes where UTF-8 would not do. */
  readonly from: string | Buffer
  /** Further header lines, each without its line end. */
  readonly headers?: readonly (string | Buffer)[]
  /** UDP port of the test's own that takes the call's sound, and sends it: the caller says nothing then. */
  readonly soundPort?: number
}

/** How the other side answered an INVITE for good. */
export interface SipAnswer {
  readonly status: number
  /** Milliseconds from sending the INVITE. */
  readonly afterMs: number
  /** Where the other side takes sound; 0 when it does not. */
  readonly soundPort: number
  readonly hangUp: () => void
  /** Sends a tone of 1000 Hz, its RTP sequence numbers from here on, until stopped by what it answers. */
  readonly speak: (fromSequence: number) => () => void
  /** Sends a REFER in the call (RFC 3515) and answers its status. */
  readonly refer: (target: string) => Promise<number>
  /** Resolves when the other side hangs up. */
  readonly ended: Promise<void>
}

/** A bare SIP caller on loopback that sends what no decent phone would. It is silent until told to speak. */
export interface SipCaller {
  readonly invite: (invite: Invite) => Promise<SipAnswer>
  /** Sends bytes as they are. */
  readonly sendRaw: (bytes: Buffer) => void
  readonly close: () => void
}

/** One millisecond of 1000 Hz at 0 dBm0 in A-law (ITU-T G.711, table 5). */
const MILLIWATT = Buffer.from([0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4])
const PACKET_MS = 20

interface Dialog {
  readonly callId: string
  readonly tag: string
  readonly invite: Invite
  readonly target: string
  cseq: number
  remoteTo: string
}

/** Opens the caller on a UDP port; with credentials it answers the PBX's challenges as an operator's phone does. */
export async function openSipCaller(options: {
  readonly port: number
  readonly pbxPort: number
  readonly credentials?: { readonly username: string; readonly password: string }
  /** Takes what the PBX rings here; without it every INVITE is waved through with a 200. */
  readonly onCall?: (call: IncomingCall) => void
}): Promise<SipCaller> {
  const { port, pbxPort, credentials, onCall } = options
  const socket = createSocket('udp4')
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  const localPort = socket.address().port
  const replies = new Map<string, (reply: Reply) => void>()
  const byes = new Map<string, () => void>()
  const speaking = new Set<NodeJS.Timeout>()
  /** Where the sound of a call goes that does not come here, by Call-ID. */
  const soundElsewhere = new Map<string, number>()
  const callee =
    onCall === undefined
      ? undefined
      : createSipCallee({
          port: localPort,
          onCall,
          send: (text) => {
            send(Buffer.from(text, 'latin1'))
          },
        })
  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1')
    const callId = header(text, 'Call-ID')
    const status = /^SIP\/2\.0 (\d{3})/.exec(text)?.[1]
    if (status !== undefined) {
      const soundPort = soundPortOf(text)
      const reply = {
        status: Number(status),
        to: header(text, 'To'),
        challenge: challengeOf(text),
        soundPort,
      }
      if (reply.status === 200 && !soundElsewhere.has(callId)) sayOneWord(soundPort)
      if (reply.status >= 200) replies.get(`${callId} ${header(text, 'CSeq')}`)?.(reply)
      return
    }
    // Sound comes here too, and nobody listens to it.
    if (!/^(?!ACK)[A-Z]+ sips?:/.test(text)) return
    if (callee?.take(text) === true) return
    send(Buffer.from(agreeTo(text, soundElsewhere.get(callId)), 'latin1'))
    if (text.startsWith('BYE')) byes.get(callId)?.()
  })

  /** A PBX that asks again how to send sound, as it does with each change of the other party, gets the same answer. */
  function agreeTo(text: string, soundPort: number | undefined): string {
    if (soundPort === undefined || soundPortOf(text) === 0) return replyTo(text, { status: '200 OK' })
    const contact = `Contact: <sip:caller@127.0.0.1:${String(localPort)}>`
    return replyTo(text, { status: '200 OK', headers: [contact], body: sdp(soundPort) })
  }

  /** One RTP packet of a-law silence: Answer() of Asterisk waits up to half a second for the first. */
  function sayOneWord(soundPort: number): void {
    if (soundPort > 0) socket.send(soundPacket(1, Buffer.of(0xd5)), soundPort, '127.0.0.1')
  }

  function speak(soundPort: number, fromSequence: number): () => void {
    let sequence = fromSequence
    const timer = setInterval(() => {
      socket.send(soundPacket(sequence, MILLIWATT), soundPort, '127.0.0.1')
      sequence += 1
    }, PACKET_MS)
    speaking.add(timer)
    return () => {
      speaking.delete(timer)
      clearInterval(timer)
    }
  }

  function send(bytes: Buffer): void {
    socket.send(bytes, pbxPort, '127.0.0.1')
  }

  /** One request until its final answer; UDP on loopback loses nothing worth a retransmission. */
  async function request(
    dialog: Dialog,
    method: string,
    extra: readonly (string | Buffer)[],
  ): Promise<Reply> {
    dialog.cseq += 1
    const key = `${dialog.callId} ${String(dialog.cseq)} ${method}`
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        replies.delete(key)
        reject(new Error(`no final answer to ${method}`))
      }, 20_000)
      replies.set(key, (reply) => {
        clearTimeout(timer)
        replies.delete(key)
        resolve(reply)
      })
      send(compose(dialog, method, localPort, extra))
    })
  }

  async function withAuth(
    dialog: Dialog,
    method: string,
    extra: readonly (string | Buffer)[],
  ): Promise<Reply> {
    const first = await request(dialog, method, extra)
    if (first.challenge === undefined || credentials === undefined) return first
    if (method === 'INVITE') send(compose(dialog, 'ACK', localPort, []))
    const line = authorize(first.challenge, credentials, method, dialog.target)
    if (method === 'INVITE') dialog.remoteTo = ''
    return request(dialog, method, [...extra, line])
  }

  return {
    sendRaw: send,
    close: () => {
      for (const timer of speaking) clearInterval(timer)
      socket.close()
    },
    invite: async (invite) => {
      const dialog: Dialog = {
        callId: randomBytes(8).toString('hex'),
        tag: randomBytes(4).toString('hex'),
        invite,
        target: `sip:${invite.to}@127.0.0.1:${String(pbxPort)}`,
        cseq: 0,
        remoteTo: '',
      }
      const ended = new Promise<void>((resolve) => {
        byes.set(dialog.callId, resolve)
      })
      if (invite.soundPort !== undefined) soundElsewhere.set(dialog.callId, invite.soundPort)
      const started = performance.now()
      const reply = await withAuth(dialog, 'INVITE', invite.headers ?? [])
      const afterMs = performance.now() - started
      dialog.remoteTo = reply.to
      send(compose(dialog, 'ACK', localPort, []))
      return {
        status: reply.status,
        afterMs,
        ended,
        soundPort: reply.soundPort,
        hangUp: () => {
          dialog.cseq += 1
          send(compose(dialog, 'BYE', localPort, []))
        },
        speak: (fromSequence) => speak(reply.soundPort, fromSequence),
        refer: async (target) => {
          const line = `Refer-To: <sip:${target}@127.0.0.1>`
          return (await withAuth(dialog, 'REFER', [line])).status
        },
      }
    },
  }
}

interface Reply {
  readonly status: number
  readonly to: string
  readonly challenge: Challenge | undefined
  /** Where the other side takes sound; 0 in a reply that says nothing of it. */
  readonly soundPort: number
}

function soundPacket(sequence: number, sound: Buffer): Buffer {
  const packet = Buffer.alloc(12 + PACKET_MS * 8)
  packet.set([0x80, 8])
  packet.writeUInt16BE(sequence, 2)
  packet.writeUInt32BE(sequence * PACKET_MS * 8, 4)
  packet.writeUInt32BE(1, 8)
  packet.fill(sound, 12)
  return packet
}

function compose(dialog: Dialog, method: string, port: number, extra: readonly (string | Buffer)[]): Buffer {
  const { invite, target } = dialog
  const body = method === 'INVITE' ? sdp(invite.soundPort ?? port) : ''
  const lines: (string | Buffer)[] = [
    `${method} ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${String(port)};branch=z9hG4bK${dialog.tag}${String(dialog.cseq)}${method === 'ACK' ? '' : method}`,
    Buffer.concat([Buffer.from('From: '), Buffer.from(invite.from), Buffer.from(`;tag=${dialog.tag}`)]),
    `To: ${dialog.remoteTo === '' ? `<${target}>` : dialog.remoteTo}`,
    `Call-ID: ${dialog.callId}`,
    `CSeq: ${String(dialog.cseq)} ${method}`,
    `Contact: <sip:caller@127.0.0.1:${String(port)}>`,
    'Max-Forwards: 70',
    ...extra,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    '',
    body,
  ]
  return Buffer.concat(
    lines.flatMap((line, index) => [Buffer.from(index === 0 ? '' : '\r\n'), Buffer.from(line)]),
  )
}
