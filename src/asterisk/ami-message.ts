/** One AMI message as the service sees it: keys in lower case, values text; a repeated key keeps its last value. */
export interface AmiMessage {
  readonly fields: Readonly<Record<string, string>>
}

export interface AmiEvent extends AmiMessage {
  readonly name: string
  /** Epoch milliseconds of the PBX (`timestampevents=yes`), when it said so. */
  readonly at?: number
}

const MAX_FIELDS = 200
const FORBIDDEN = /[\r\n\0]/

/**
 * The package's parsed item as plain text fields. Its parser makes arrays of repeated keys and objects of variables,
 * and a key may be anything that came over the wire, `__proto__` included.
 */
export function toMessage(item: unknown): AmiMessage {
  const fields = Object.create(null) as Record<string, string>
  if (typeof item !== 'object' || item === null) return { fields }
  for (const [key, value] of Object.entries(item).slice(0, MAX_FIELDS)) {
    const text = toText(value)
    if (text !== undefined) fields[key] = text
  }
  return { fields }
}

/** An event, or undefined for a message that is none. */
export function toEvent(message: AmiMessage): AmiEvent | undefined {
  const name = message.fields['event']
  if (name === undefined) return undefined
  const seconds = Number(message.fields['timestamp'])
  const timed = Number.isFinite(seconds) && seconds > 0
  return { name, fields: message.fields, ...(timed ? { at: Math.round(seconds * 1000) } : {}) }
}

/** The first key or value that would start a line of its own in the protocol, or undefined. */
export function findInjection(
  fields: Readonly<Record<string, string | readonly string[]>>,
): string | undefined {
  for (const [key, value] of Object.entries(fields)) {
    const texts = typeof value === 'string' ? [value] : value
    if (FORBIDDEN.test(key) || key.includes(':') || texts.some((text) => FORBIDDEN.test(text))) return key
  }
  return undefined
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return toText(value.findLast((entry) => typeof entry === 'string'))
  return undefined
}
