import { AppError } from '../platform/errors.ts'

/** One block of `Key: value` lines. Keys in lower case, values of a repeated key joined by line feeds, no prototype. */
export type AmiHeaders = Readonly<Record<string, string>>

/** More than any message of the PBX needs; a line that never ends must not fill the memory. */
const MAX_MESSAGE_BYTES = 256 * 1024

const BANNER = 'Asterisk Call Manager/'

export interface AmiDecoder {
  /** Takes the next bytes, cut anywhere, and answers the messages they complete. Throws AMI_TOO_LONG. */
  push(bytes: Uint8Array): AmiHeaders[]
}

/**
 * Bytes to messages. Works on one character per byte and decodes UTF-8 only in values that need it, so a character cut
 * between two packets, or a wrong one, never moves a line's end. Lines without a colon are passed over.
 */
export function createAmiDecoder(maxMessageBytes = MAX_MESSAGE_BYTES): AmiDecoder {
  let rest = ''
  let message: Record<string, string> = emptyMessage()
  let messageBytes = 0
  let isEmpty = true
  return {
    push(bytes) {
      const text = rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice()
      const done: AmiHeaders[] = []
      let from = 0
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
        const line = text.slice(from, text.charCodeAt(end - 1) === 13 && end > from ? end - 1 : end)
        messageBytes += end + 1 - from
        from = end + 1
        if (messageBytes > maxMessageBytes) throw tooLong(maxMessageBytes)
        if (line !== '') {
          if (!addLine(message, line)) continue
          isEmpty = false
        } else {
          if (!isEmpty) done.push(message)
          message = emptyMessage()
          messageBytes = 0
          isEmpty = true
        }
      }
      rest = text.slice(from)
      if (messageBytes + rest.length > maxMessageBytes) throw tooLong(maxMessageBytes)
      return done
    },
  }
}

/** Epoch milliseconds of `Timestamp: 1764000000.123456`; undefined when there is none or nonsense. */
export function timestampOf(headers: AmiHeaders): number | undefined {
  const seconds = headers['timestamp']
  if (seconds === undefined || !/^\d{1,12}(\.\d{1,9})?$/.test(seconds)) return undefined
  return Math.round(Number(seconds) * 1000)
}

/** Refuses what would end a line or a message early: one more header, or a whole action, from a caller's name. */
export function refuseLineBreaks(fields: Readonly<Record<string, string | readonly string[]>>): void {
  for (const [key, value] of Object.entries(fields)) {
    const texts = typeof value === 'string' ? [value] : value
    // A colon in a key would move the value's begin.
    if (/[\r\n\0:]/.test(key) || key.trim() === '') throw broken('a header name')
    if (texts.some((text) => /[\r\n\0]/.test(text))) throw broken(`the value of ${key}`)
  }
}

function broken(where: string): AppError {
  return new AppError('invalid', 'AMI_LINE_BREAK', `A line break or zero byte in ${where} is not sent to the PBX`)
}

function tooLong(maxMessageBytes: number): AppError {
  return new AppError('unavailable', 'AMI_TOO_LONG', `The PBX sent a message over ${String(maxMessageBytes)} bytes`)
}

function emptyMessage(): Record<string, string> {
  return Object.create(null) as Record<string, string>
}

function addLine(message: Record<string, string>, line: string): boolean {
  const colon = line.indexOf(':')
  if (colon < 1 || line.startsWith(BANNER)) return false
  const key = decodeUtf8(line.slice(0, colon)).trim().toLowerCase()
  if (key === '') return false
  const value = decodeUtf8(line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1))
  const before = message[key]
  message[key] = before === undefined ? value : `${before}\n${value}`
  return true
}

/** Wrong UTF-8 becomes U+FFFD: the rest of the value is still worth showing. */
function decodeUtf8(binary: string): string {
  return /[\u0080-\u00ff]/.test(binary) ? Buffer.from(binary, 'latin1').utf8Slice() : binary
}
