import { AppError } from '../platform/errors.ts'

/** Deeper than any body of ours; a parser's own limit does not exist. */
const MAX_DEPTH = 12

/**
 * Refuses text that no keyboard types and that databases, papers and SMS gateways each treat in a way of their own:
 * NUL and halves of characters. Also what is nested beyond sense.
 */
export function refuseUnsoundText(value: unknown, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw new AppError('invalid', 'TEXT_NOT_SOUND', 'the text holds characters that are none')
    }
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (depth >= MAX_DEPTH) throw new AppError('invalid', 'INVALID', 'the body is nested too deep')
  for (const [key, inner] of Object.entries(value)) {
    refuseUnsoundText(key, depth + 1)
    refuseUnsoundText(inner, depth + 1)
  }
}
