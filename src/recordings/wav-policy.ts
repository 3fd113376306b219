/** Why a file of the PBX cannot be used as it is. */
export type WavDamage = 'zeroBytes' | 'notWav' | 'otherFormat' | 'cutShort' | 'sizesDiffer' | 'oddSize'

/** What a file of the PBX holds: 8 kHz, 16 bit, mono PCM at `dataAt`, or why not. */
export type WavLayout =
  | { readonly type: 'sound'; readonly dataAt: number; readonly dataBytes: number }
  /** Sizes never written: still being recorded, or the PBX died (format_wav.c writes them when it closes the file). */
  | { readonly type: 'unclosed'; readonly dataAt: number; readonly dataBytes: number }
  | { readonly type: 'damaged'; readonly reason: WavDamage }

export const SAMPLE_RATE = 8_000
export const SAMPLE_BYTES = 2
/** How much of a file's beginning `readWav` needs: the sound begins in it, or the file is not ours. */
export const HEAD_BYTES = 4_096
export const HEADER_BYTES = 44
const PCM = 1
const UINT32_MAX = 0xffff_ffff

/**
 * Reads a file's header, given its first `HEAD_BYTES` and its size; the PBX's are mono, our own of two sides stereo. Never throws,
 * whatever the bytes.
 */
export function readWav(head: Uint8Array, fileBytes: number, channels: 1 | 2 = 1): WavLayout {
  if (fileBytes === 0) return damaged('zeroBytes')
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (head.byteLength < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') return damaged('notWav')
  const riffBytes = view.getUint32(4, true)
  let formatSeen = false
  for (let at = 12; at + 8 <= head.byteLength;) {
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    if (tag(view, at) === 'fmt ') {
      if (size < 16 || body + 16 > head.byteLength) return damaged('notWav')
      if (!isOurs(view, body, channels)) return damaged('otherFormat')
      formatSeen = true
    }
    if (tag(view, at) === 'data') {
      return formatSeen ? measure(riffBytes, size, body, fileBytes) : damaged('notWav')
    }
    at = body + size + (size % 2)
  }
  return damaged('notWav')
}

function measure(riffBytes: number, claimed: number, dataAt: number, fileBytes: number): WavLayout {
  const present = fileBytes - dataAt
  if (present < 0) return damaged('cutShort')
  if (riffBytes === 0 && claimed === 0) {
    return { type: 'unclosed', dataAt, dataBytes: present - (present % SAMPLE_BYTES) }
  }
  if (claimed > present) return damaged('cutShort')
  if (claimed % SAMPLE_BYTES !== 0) return damaged('oddSize')
  if (riffBytes + 8 !== fileBytes) return damaged('sizesDiffer')
  return { type: 'sound', dataAt, dataBytes: claimed }
}

/** The header of a file of `frames` 8 kHz 16-bit frames. Throws a RangeError where a WAV file cannot be so long (37 h in stereo). */
export function wavHeader(channels: 1 | 2, frames: number): Uint8Array {
  const frameBytes = channels * SAMPLE_BYTES
  const dataBytes = frames * frameBytes
  if (dataBytes + HEADER_BYTES - 8 > UINT32_MAX) throw new RangeError('too long for a WAV file')
  const header = new Uint8Array(HEADER_BYTES)
  const view = new DataView(header.buffer)
  const put = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i += 1) view.setUint8(at + i, text.charCodeAt(i))
  }
  put(0, 'RIFF')
  view.setUint32(4, dataBytes + HEADER_BYTES - 8, true)
  put(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, PCM, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, SAMPLE_RATE, true)
  view.setUint32(28, SAMPLE_RATE * frameBytes, true)
  view.setUint16(32, frameBytes, true)
  view.setUint16(34, SAMPLE_BYTES * 8, true)
  put(36, 'data')
  view.setUint32(40, dataBytes, true)
  return header
}

/** Samples side by side, left first; whichever side is shorter is silent to the end. */
export function interleave(left: Int16Array, right: Int16Array): Int16Array {
  const frames = Math.max(left.length, right.length)
  const both = new Int16Array(frames * 2)
  for (let i = 0; i < left.length; i += 1) both[i * 2] = left[i] ?? 0
  for (let i = 0; i < right.length; i += 1) both[i * 2 + 1] = right[i] ?? 0
  return both
}

/** The loudest sample's distance from zero, at most 32,768. */
export function peakOf(samples: Int16Array): number {
  let peak = 0
  for (const sample of samples) {
    const level = Math.abs(sample)
    if (level > peak) peak = level
  }
  return peak
}

function isOurs(view: DataView, at: number, channels: 1 | 2): boolean {
  return (
    view.getUint16(at, true) === PCM &&
    view.getUint16(at + 2, true) === channels &&
    view.getUint32(at + 4, true) === SAMPLE_RATE &&
    view.getUint16(at + 14, true) === SAMPLE_BYTES * 8
  )
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  )
}

function damaged(reason: WavDamage): WavLayout {
  return { type: 'damaged', reason }
}
