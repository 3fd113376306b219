/** What a WAV file holds, or why it cannot be played. */
export type WavCheck =
  | {
      readonly type: 'sound'
      readonly sampleRate: number
      readonly bitsPerSample: number
      readonly channels: number
      readonly seconds: number
    }
  | { readonly type: 'damaged'; readonly reason: string }

/** The one form Asterisk's wav format plays: 8 kHz, 16 bit, mono (formats/format_wav.c check_header). */
export function isPlayable(check: WavCheck): boolean {
  return (
    check.type === 'sound' && check.sampleRate === 8000 && check.bitsPerSample === 16 && check.channels === 1
  )
}

/** Reads the chunks of a RIFF WAVE file. Cut, empty or foreign files are `damaged`; nothing throws. */
export function checkWav(bytes: Uint8Array): WavCheck {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE')
    return damaged('it is not a RIFF WAVE file')
  let format:
    { readonly channels: number; readonly sampleRate: number; readonly bitsPerSample: number } | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    if (tag(at) === 'fmt ' && body + 16 <= bytes.length) {
      if (view.getUint16(body, true) !== 1) return damaged('its sound is compressed; PCM is needed')
      format = {
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
        bitsPerSample: view.getUint16(body + 14, true),
      }
    }
    if (tag(at) === 'data') {
      if (format === undefined) return damaged('it has sound before its format')
      if (body + size > bytes.length) return damaged('it is cut short')
      const bytesPerSecond = (format.sampleRate * format.channels * format.bitsPerSample) / 8
      if (size === 0 || bytesPerSecond === 0) return damaged('it holds no sound')
      return { type: 'sound', ...format, seconds: size / bytesPerSecond }
    }
    at = body + size + (size % 2)
  }
  return damaged('it holds no sound')
}

function damaged(reason: string): WavCheck {
  return { type: 'damaged', reason }
}
