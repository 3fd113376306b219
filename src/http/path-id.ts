import { Type } from 'typebox'

/**
 * A number in a path, as its digits. As an integer schema the validator would read `1.5`, `1e0` and `true` as 1, and
 * answer with what nobody asked for.
 */
export const PathId = Type.String({ pattern: '^[1-9][0-9]{0,14}$' })

/** The number of a checked `PathId`. */
export function readPathId(digits: string): number {
  return Number(digits)
}
