import { type MomentRange, momentsOf } from '../platform/day-range.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import type { RecordingQuery } from './contract.ts'

/** What is looked for, as the store takes it. Null: whatever it is. */
export interface RecordingFilter extends MomentRange {
  /** Of number, operator or ticket code. */
  readonly words: readonly string[]
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
    words: foldVietnamese(q).split(/\s+/).filter(Boolean).map(wholeCode),
    ...momentsOf({ from, to }),
    operatorId: operatorId ?? null,
    unitId: unitId ?? null,
    minMs: minSeconds === undefined ? null : minSeconds * 1_000,
    maxMs: maxSeconds === undefined ? null : maxSeconds * 1_000,
  }
}

/** A code by its number, as people say it: "hp26-1" is "hp26-000001". */
function wholeCode(word: string): string {
  const [, series, number] = /^([a-z]{2}\d{2})-(\d{1,5})$/.exec(word) ?? []
  return series === undefined || number === undefined ? word : `${series}-${number.padStart(6, '0')}`
}
