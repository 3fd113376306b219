import { numberForms } from '../platform/number-forms-policy.ts'

/** How typed words become a full-text query: `duong` finds "đường", and exact marks rank first. */
export interface SearchPlan {
  /** FTS5 expression on the folded column; null when nothing can be searched. */
  readonly folded: string | null
  /** The same words with their marks, for ranking. */
  readonly exact: string | null
  /** The folded words themselves. */
  readonly words: readonly string[]
}

const MAX_WORDS = 12

/**
 * `fold` removes marks and case. Each word becomes a quoted prefix (one letter stands for itself: half of all words begin with it): raw
 * `"`, `;`, OR and `*` never reach FTS5. With `wholeNumbers` digits are found by the whole of them alone, for whom numbers are masked
 * (R068; recordings/search-policy.ts); a case's code is found by its beginning either way (`codeRanges`).
 */
export function planSearch(
  query: string,
  fold: (text: string) => string,
  { wholeNumbers = false }: { readonly wholeNumbers?: boolean } = {},
): SearchPlan {
  const typed = query.normalize('NFC').toLowerCase()
  const parted = wordsOf(joinDigits(typed)).slice(0, MAX_WORDS)
  // What the full text takes for a gap, such as U+19B0, would make a number's beginning of "0950" and that sign.
  const words = wholeNumbers
    ? parted.flatMap((word) => (/\p{N}/u.test(word) ? (fold(word).match(/[a-z0-9]+/g) ?? []) : [word]))
    : parted
  const foldedWords = words.flatMap((word) => wordsOf(fold(word)))
  if (foldedWords.length === 0) return { folded: null, exact: null, words: [] }
  const wanted = (column: string, word: string): string => {
    if (wholeNumbers && /^\d+$/.test(word)) {
      const forms = numberForms(word).map((digits) => `${column} : "${digits}"`)
      return forms.length === 1 ? forms.join('') : `(${forms.join(' OR ')})`
    }
    return `${column} : "${word}"${word.length === 1 ? '' : '*'}`
  }
  const expression = (column: string, list: readonly string[]): string =>
    list.map((word) => wanted(column, word)).join(' AND ')
  // Typed without marks it has none to prefer.
  const exact = words.join(' ') === foldedWords.join(' ') ? null : expression('exact', words)
  return { folded: expression('folded', foldedWords), exact, words: foldedWords }
}

/**
 * Codes of which each word begins a part ("hp26", "000012"), as ranges of the index on them: `from` and all after it that come before
 * `below`. `series` are those there are: "HP26".
 */
export function codeRanges(
  words: readonly string[],
  series: readonly string[],
): { readonly from: string; readonly below: string }[] {
  const isNumber = (word: string): boolean => /^\d/.test(word)
  const starts = words.filter((word) => !isNumber(word))
  const [number = '', ...others] = words.filter(isNumber).sort((a, b) => b.length - a.length)
  if (words.length === 0 || !others.every((other) => number.startsWith(other))) return []
  return series
    .filter((name) => starts.every((start) => name.toLowerCase().startsWith(start)))
    .map((name) => ({ from: `${name}-${number}`, below: `${name}-${number}~` }))
}

/** Text of one ticket as it is indexed; the telephone number also as people dial it at home. */
export function searchText(parts: readonly (string | null)[], phones: readonly (string | null)[]): string {
  const numbers = phones.flatMap((phone) => {
    const digits = (phone ?? '').replace(/\D/g, '')
    if (digits === '') return []
    return phone?.startsWith('+84') === true ? [digits, `0${digits.slice(2)}`] : [digits]
  })
  return [...parts, ...new Set(numbers)]
    .filter((part): part is string => part !== null && part !== '')
    .join('\n')
    .normalize('NFC')
    .toLowerCase()
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? []
}

/** "0912 345 678" and "0912.345.678" are one number, as it was indexed. */
function joinDigits(text: string): string {
  return text.replace(/(?<![\p{L}\d])\d(?:[ .\u00a0]?\d){7,}/gu, (number) => number.replace(/\D/g, ''))
}
