import { type MomentRange, momentsOf } from '../platform/day-range.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import type { RecordingQuery } from './contract.ts'

/**
 * `begins`: part of a name or a code that begins so; `code`: a case's code, part by part; `number`: the whole of one, in digits.
 *
 * A number is found by the whole of it alone (R068): whoever types that knows it. By its beginning it could be made out digit by digit,
 * in thirty tries for the three that are hidden, and no line of the audit log would say so.
 */
export type SearchTerm =
  | { readonly kind: 'begins'; readonly word: string }
  | { readonly kind: 'code'; readonly parts: readonly [string, string] }
  | { readonly kind: 'number'; readonly digits: string }

/** What is looked for, as the store takes it. Null: whatever it is. */
export interface RecordingFilter extends MomentRange {
  /** All of them; without any, none is found. Null: nothing in particular. */
  readonly terms: readonly SearchTerm[] | null
  /** Who took the call. */
  readonly operatorId: number | null
  /** Where the call's case is. */
  readonly unitId: string | null
  readonly minMs: number | null
  readonly maxMs: number | null
  /** By words, whoever this is finds no recording of a confidential case that another holds: a number would tell who it is. */
  readonly hidesFrom?: number
}

/** Throws DAY_INVALID for a day that no calendar has, PERIOD_INVALID for one that ends before it begins. */
export function filterOf({
  q = '',
  from,
  to,
  operatorId,
  unitId,
  minSeconds,
  maxSeconds,
}: RecordingQuery): RecordingFilter {
  return {
    terms: q.trim() === '' ? null : termsOf(foldVietnamese(q)),
    ...momentsOf({ from, to }),
    operatorId: operatorId ?? null,
    unitId: unitId ?? null,
    minMs: minSeconds === undefined ? null : minSeconds * 1_000,
    maxMs: maxSeconds === undefined ? null : maxSeconds * 1_000,
  }
}

/** A code, or a run of letters and digits; +84 and 0084 are a number's 0. */
const PART = /([a-z]{2}\d{2})-(\d+)|(?:\+|\b00)84[ .-]?(?=\d)|[\p{L}\p{N}]+/gu

/** Digits that stand together are one number, however it is written: "0950 000.777". */
function termsOf(q: string): SearchTerm[] {
  const terms: SearchTerm[] = []
  for (const [part, series, code] of q.matchAll(PART)) {
    if (series !== undefined && code !== undefined)
      // As people say it: "hp26-1" is "hp26-000001".
      terms.push({ kind: 'code', parts: [series, code.padStart(6, '0')] })
    else if (/^(?:\+|00)84[ .-]?$/.test(part)) addDigits(terms, '0')
    else
      for (const piece of piecesOf(part)) {
        if (/^\d+$/.test(piece)) addDigits(terms, piece)
        else terms.push({ kind: 'begins', word: piece })
      }
  }
  return terms
}

/**
 * The full text parts words by rules of its own (unicode61): what it takes for a gap, such as U+19B0, would make of "0950" and that sign the
 * beginning of a number. So where there are digits only plain letters and digits are looked for.
 */
function piecesOf(part: string): readonly string[] {
  return /\p{N}/u.test(part) ? (part.match(/[a-z0-9]+/g) ?? []) : [part]
}

function addDigits(terms: SearchTerm[], digits: string): void {
  const before = terms.at(-1)
  if (before?.kind === 'number') terms[terms.length - 1] = { kind: 'number', digits: before.digits + digits }
  else terms.push({ kind: 'number', digits })
}
