import type { LegNews } from './service.ts'

/** A leg's end, with its Q.850 cause where there is one. */
export function goneNews(leg: string | undefined, cause: unknown): LegNews | undefined {
  if (leg === undefined || leg === '') return undefined
  const number = Number(cause)
  return { type: 'gone', leg, cause: Number.isInteger(number) && number > 0 ? number : null }
}
