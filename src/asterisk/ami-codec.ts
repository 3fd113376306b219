import { AppError } from '../platform/errors.ts'

/** One block of `Key: value` lines. Keys in lower case, values of a repeated key joined by line feeds, no prototype. */
export type AmiHeaders = Readonly<Record<string, string>>

/** What goes to the PBX: a list of values becomes one header line each, in no promised order. */
export type AmiFields = Readonly<Record<string, string | readonly string[]>>

/** More than any message of the PBX needs; a line that never ends must not fill the memory. */
const MAX_MESSAGE_BYTES = 256 * 1024

/** The PBX refuses longer lines and takes what follows them for headers (Asterisk 22 main/manager.c get_input, inbuf 1025). */
const MAX_LINE_BYTES = 1_000

const BANNER = 'Asterisk Call Manager/'
const NOT_ASCII = /[\u0080-\u00ff]/
const CR = 13
const SPACE = 32

/** Bytes of one connection to messages. */
export interface AmiDecoder {
  /** Takes the next bytes, cut anywhere, and answers the messages they complete. Throws AMI_TOO_LONG. */
  push(bytes: Uint8Array): AmiHeaders[]
}

/**
 * Bytes to messages. Works on one character per byte and decodes UTF-8 only in values that need it, so a character cut
 * between two packets, or a wrong one, never moves a line's end. Lines without a colon are passed over, and so are messages that are two in one.
 */
export function createAmiDecoder(maxMessageBytes = MAX_MESSAGE_BYTES): AmiDecoder {
  let rest = ''
  let message = emptyMessage()
  let messageBytes = 0
  let headers = 0
  let isDamaged = false

  /** One line without its line feed. */
  function takeLine(line: string, isAscii: boolean, done: AmiHeaders[]): void {
    if (line !== '') {
      const added = addLine(message, line, isAscii)
      if (added === undefined) return
      headers += 1
      if (added.isAgain || (added.key === 'privilege' && headers !== PRIVILEGE_AT)) isDamaged = true
      return
    }
    if (headers > 0 && !isDamaged) done.push(message)
    message = emptyMessage()
    messageBytes = 0
    headers = 0
    isDamaged = false
  }

  return {
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      const done: AmiHeaders[] = []
      // Asked once of all bytes: nearly all of what the PBX says is.
      const isAscii = !NOT_ASCII.test(chunk)
      let from = 0
      // Only the new bytes are searched: a line that comes a byte at a time costs no more than one that comes whole.
      for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
        messageBytes += rest.length + end - from + 1
        if (messageBytes > maxMessageBytes) throw tooLong(maxMessageBytes)
        if (rest === '') {
          const isCr = end > from && chunk.charCodeAt(end - 1) === CR
          takeLine(chunk.slice(from, isCr ? end - 1 : end), isAscii, done)
        } else {
          const line = rest + chunk.slice(from, end)
          rest = ''
          takeLine(line.endsWith('\r') ? line.slice(0, -1) : line, false, done)
        }
        from = end + 1
      }
      rest += chunk.slice(from)
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

/**
 * Refuses what would end a line or a message early: one more header, or a whole action, from a caller's name (M4).
 * Throws AMI_LINE_BREAK or AMI_LINE_TOO_LONG.
 */
export function checkFields(fields: AmiFields): void {
  for (const [key, value] of Object.entries(fields)) {
    // A colon in a key would move the value's begin.
    if (/[\r\n\0:]/.test(key) || key.trim() === '') throw lineBreak('a header name')
    for (const text of typeof value === 'string' ? [value] : value) {
      if (/[\r\n\0]/.test(text)) throw lineBreak(`the value of ${key}`)
      if (Buffer.byteLength(key) + Buffer.byteLength(text) > MAX_LINE_BYTES) {
        throw new AppError('invalid', 'AMI_LINE_TOO_LONG', `The value of ${key} is too long for the PBX`)
      }
    }
  }
}

function lineBreak(where: string): AppError {
  return new AppError(
    'invalid',
    'AMI_LINE_BREAK',
    `A line break or zero byte in ${where} is not sent to the PBX`,
  )
}

function tooLong(maxMessageBytes: number): AppError {
  return new AppError(
    'unavailable',
    'AMI_TOO_LONG',
    `The PBX sent a message over ${String(maxMessageBytes)} bytes`,
  )
}

function emptyMessage(): Record<string, string> {
  return Object.create(null) as Record<string, string>
}

/**
 * Headers that no message has twice (Asterisk main/manager*.c). Where one is, two messages ran into each other, or `UserEvent`
 * printed a caller's name as lines of its own: what is in it belongs to nobody for certain, and must not hang up a call here.
 */
const ONCE = new Set([
  'event',
  'privilege',
  'timestamp',
  'channel',
  'uniqueid',
  'linkedid',
  'userevent',
  'stage',
  'call',
  'key',
  'val',
])

/** `Event: X`, then `Privilege: …` (Asterisk main/manager.c, append_event): further down it is another message's. */
const PRIVILEGE_AT = 2

/** Undefined for a line that is no header. */
function addLine(
  message: Record<string, string>,
  line: string,
  isAscii: boolean,
): { readonly key: string; readonly isAgain: boolean } | undefined {
  const colon = line.indexOf(':')
  if (colon < 1 || line.startsWith(BANNER)) return undefined
  const key = keyOf(line.slice(0, colon))
  if (key === '') return undefined
  const text = line.slice(line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1)
  const value = isAscii ? text : decodeUtf8(text)
  const before = message[key]
  message[key] = before === undefined ? value : `${before}\n${value}`
  return { key, isAgain: before !== undefined && ONCE.has(key) }
}

/** Names of headers as they come, each made small once. */
const keys = new Map<string, string>()
/** More than the PBX has, and no more than that of what somebody else writes there. */
const MOST_KEYS = 500
const LONGEST_KEPT = 40

function keyOf(written: string): string {
  const known = keys.get(written)
  if (known !== undefined) return known
  const key = decodeUtf8(written).trim().toLowerCase()
  // A copy: a part of the packet would keep all of it.
  if (keys.size < MOST_KEYS && written.length <= LONGEST_KEPT)
    keys.set(Buffer.from(written, 'latin1').toString('latin1'), key)
  return key
}

/** Wrong UTF-8 becomes U+FFFD: the rest of the value is still worth showing. */
function decodeUtf8(binary: string): string {
  return NOT_ASCII.test(binary) ? Buffer.from(binary, 'latin1').toString('utf8') : binary
}
