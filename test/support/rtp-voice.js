import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { alawOf, pcmOf } from "./g711.js";
import { tone } from "./tone.js";
const PACKET_MS = 20;
const SAMPLES = PACKET_MS * 8;
const HEADER_BYTES = 12;
const PCMA = 8;
/** So much of a tone holds whole waves of every multiple of 10 Hz: said again and again it has no seam. */
const LOOP_MS = 100;
/** Opens the port on loopback. `onSound` has the samples of each packet when it comes, 8,000 a second. */
export async function openRtpVoice(options) {
    const loop = alawOf(tone(options.hz, LOOP_MS));
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.on('message', (bytes) => {
        const pcm = soundOf(bytes);
        if (pcm !== undefined)
            options.onSound(pcm);
    });
    let timer;
    return {
        port: socket.address().port,
        speakTo(port) {
            const startMs = performance.now();
            let sequence = 0;
            // By the clock and not by intervals, which drift: the PBX mixes and bridges at the pace at which packets come.
            const speak = () => {
                for (; startMs + sequence * PACKET_MS <= performance.now(); sequence += 1) {
                    const at = (sequence * SAMPLES) % loop.length;
                    socket.send(soundPacket(sequence, loop.subarray(at, at + SAMPLES)), port, '127.0.0.1');
                }
                timer = setTimeout(speak, Math.max(0, startMs + sequence * PACKET_MS - performance.now()));
            };
            clearTimeout(timer);
            speak();
        },
        close() {
            clearTimeout(timer);
            socket.close();
        },
    };
}
/** An RTP packet of A-law (RFC 3550 §5.1, RFC 3551 table 4). */
export function soundPacket(sequence, alaw) {
    const packet = Buffer.alloc(HEADER_BYTES + alaw.length);
    packet.set([0x80, PCMA]);
    packet.writeUInt16BE(sequence % 0x1_0000, 2);
    packet.writeUInt32BE((sequence * SAMPLES) % 0x1_0000_0000, 4);
    packet.writeUInt32BE(1, 8);
    packet.set(alaw, HEADER_BYTES);
    return packet;
}
/** What a packet sounds like; undefined for one that holds no A-law sound. */
export function soundOf(packet) {
    const isPlain = packet[0] === 0x80 && packet.length > HEADER_BYTES;
    return isPlain && ((packet[1] ?? 0) & 0x7f) === PCMA ? pcmOf(packet.subarray(HEADER_BYTES)) : undefined;
}
//# sourceMappingURL=rtp-voice.js.map