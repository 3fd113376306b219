/** G.711 A-law, as telephone networks here speak it (ITU-T G.711, table 1a): one byte a sample, 8,000 samples a second. */
export function alawOf(pcm) {
    return Buffer.from(Uint8Array.from(pcm, encode));
}
/** The samples, 16 bits each. */
export function pcmOf(alaw) {
    return Int16Array.from(alaw, decode);
}
/** Even bits are sent inverted, so that silence has edges to keep a line's clock by. */
const INVERTED = 0x55;
const POSITIVE = 0x80;
function encode(sample) {
    const magnitude = sample >= 0 ? sample : -sample - 1;
    const exponent = magnitude < 256 ? 0 : 24 - Math.clz32(magnitude);
    const mantissa = (magnitude >> Math.max(4, exponent + 3)) & 0xf;
    return ((sample >= 0 ? POSITIVE : 0) | (exponent << 4) | mantissa) ^ INVERTED;
}
/** The middle of the step the byte stands for. */
function decode(byte) {
    const code = byte ^ INVERTED;
    const exponent = (code >> 4) & 7;
    const mantissa = (code & 0xf) << 4;
    const magnitude = exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
    return (code & POSITIVE) === 0 ? -magnitude : magnitude;
}
//# sourceMappingURL=g711.js.map