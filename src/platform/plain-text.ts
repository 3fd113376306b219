/*
 * What no reader sees and what turns what they see around: control characters but tab and line ends, and the controls of writing direction
 * (Unicode Bidirectional Algorithm, UAX #9: marks, embeddings, overrides, isolates). One of them in a note or a name makes the rest of a
 * line read backwards, in a list, in a paper, in an SMS.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text without control characters and without controls of direction. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, '')
}

/** The same of every string in a JSON value. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value)
  if (Array.isArray(value)) return value.map(plainValue)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]))
}
