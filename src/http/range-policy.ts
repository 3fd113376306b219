/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** More than a player ever asks for at once; many small ranges cost the disk more than the whole (RFC 9110 §17.15). */
const MOST_RANGES = 8

/**
 * What of a file of `sizeBytes` a Range header asks for (RFC 9110 §14.2): `undefined` is all of it, which also answers a few ranges
 * at once and units other than bytes, as the RFC allows. `unsatisfiable` is a range that is reversed, no range, or beyond the end, and
 * too many of them (§15.5.17).
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const wanted = /^bytes=(.*)$/is.exec(header?.trim() ?? '')?.[1]
  if (wanted === undefined) return undefined
  const specs = wanted.split(',', MOST_RANGES + 1)
  const ranges = specs.map((spec) => rangeOf(spec.trim(), sizeBytes))
  const [first = 'unsatisfiable'] = ranges
  if (ranges.length === 1) return first
  return ranges.length > MOST_RANGES || ranges.includes('unsatisfiable') ? 'unsatisfiable' : undefined
}

function rangeOf(spec: string, sizeBytes: number): ByteRange | 'unsatisfiable' {
  const match = /^(\d*)-(\d*)$/.exec(spec)
  const [, first = '', last = ''] = match ?? []
  if (first === '' && last === '') return 'unsatisfiable'
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes)
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes - 1 }
  }
  const start = Number(first)
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  const isReversed = last !== '' && Number(last) < start
  return isReversed || start >= sizeBytes ? 'unsatisfiable' : { start, end }
}
