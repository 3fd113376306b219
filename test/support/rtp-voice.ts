import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { alawOf, pcmOf } from './g711.ts'
import { tone } from './tone.ts'

/** One end of a call's sound: says a steady tone, and tells what it hears packet by packet. */
export interface RtpVoice {
  /** UDP port that takes sound, and from which it is sent. */
  readonly port: number
  /** Speaks from now on to that port, a packet each 20 ms, until closed. */
  readonly speakTo: (port: number) => void
  /** Presses a key of the phone while it speaks (RFC 4733). */
  readonly press: (digit: number) => void
  readonly close: () => void
}

const PACKET_MS = 20
const SAMPLES = PACKET_MS * 8
const HEADER_BYTES = 12
const PCMA = 8
/** Payload type of keys in sip-message.ts. */
const KEY = 101
/** A key is held for 120 ms, and its end said three times. */
const KEY_PACKETS = 6
const KEY_ENDS = 3
/** So much of a tone holds whole waves of every multiple of 10 Hz: said again and again it has no seam. */
const LOOP_MS = 100

/** Opens the port on loopback. `onSound` has the samples of each packet when it comes, 8,000 a second. */
export async function openRtpVoice(options: {
  /** Of what it says; a multiple of 10. */
  readonly hz: number
  readonly onSound: (pcm: Int16Array) => void
}): Promise<RtpVoice> {
  const loop = alawOf(tone(options.hz, LOOP_MS))
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  socket.on('message', (bytes) => {
    const pcm = soundOf(bytes)
    if (pcm !== undefined) options.onSound(pcm)
  })
  let timer: NodeJS.Timeout | undefined
  /** The key that is held down, and since which packet. */
  let key: { readonly digit: number; readonly since: number } | undefined
  let pressed: number | undefined

  function packetAt(sequence: number): Buffer {
    if (pressed !== undefined) {
      key = { digit: pressed, since: sequence }
      pressed = undefined
    }
    if (key === undefined) {
      const at = (sequence * SAMPLES) % loop.length
      return soundPacket(sequence, loop.subarray(at, at + SAMPLES))
    }
    const held = sequence - key.since + 1
    const packet = keyPacket(sequence, key, held > KEY_PACKETS)
    if (held >= KEY_PACKETS + KEY_ENDS) key = undefined
    return packet
  }

  return {
    port: socket.address().port,
    press(digit) {
      pressed = digit
    },
    speakTo(port) {
      const startMs = performance.now()
      let sequence = 0
      // By the clock and not by intervals, which drift: the PBX mixes and bridges at the pace at which packets come.
      const speak = (): void => {
        for (; startMs + sequence * PACKET_MS <= performance.now(); sequence += 1) {
          socket.send(packetAt(sequence), port, '127.0.0.1')
        }
        timer = setTimeout(speak, Math.max(0, startMs + sequence * PACKET_MS - performance.now()))
      }
      clearTimeout(timer)
      speak()
    },
    close() {
      clearTimeout(timer)
      socket.close()
    },
  }
}

/** An RTP packet of A-law (RFC 3550 §5.1, RFC 3551 table 4). */
export function soundPacket(sequence: number, alaw: Uint8Array): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + alaw.length)
  packet.set([0x80, PCMA])
  packet.writeUInt16BE(sequence % 0x1_0000, 2)
  packet.writeUInt32BE((sequence * SAMPLES) % 0x1_0000_0000, 4)
  packet.writeUInt32BE(1, 8)
  packet.set(alaw, HEADER_BYTES)
  return packet
}

/** A key held down since a packet; its end is said more than once, because packets get lost (RFC 4733 §2.5.1.4). */
function keyPacket(
  sequence: number,
  { digit, since }: { readonly digit: number; readonly since: number },
  isEnd: boolean,
): Buffer {
  const held = Math.min(sequence - since + 1, KEY_PACKETS)
  const packet = Buffer.alloc(HEADER_BYTES + 4)
  packet.set([0x80, KEY | (sequence === since ? 0x80 : 0)])
  packet.writeUInt16BE(sequence % 0x1_0000, 2)
  packet.writeUInt32BE((since * SAMPLES) % 0x1_0000_0000, 4)
  packet.writeUInt32BE(1, 8)
  packet.set([digit, (isEnd ? 0x80 : 0) | 10], HEADER_BYTES)
  packet.writeUInt16BE(held * SAMPLES, HEADER_BYTES + 2)
  return packet
}

/** What a packet sounds like; undefined for one that holds no A-law sound. */
export function soundOf(packet: Buffer): Int16Array | undefined {
  const isPlain = packet[0] === 0x80 && packet.length > HEADER_BYTES
  return isPlain && ((packet[1] ?? 0) & 0x7f) === PCMA ? pcmOf(packet.subarray(HEADER_BYTES)) : undefined
}
