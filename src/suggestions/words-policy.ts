import { foldVietnamese } from '../platform/vietnamese-text.ts'

/** How often words stand in recent cases: what everybody says tells two cases apart no more. */
export interface Rarity {
  /** The higher, the rarer; of a pair of syllables, "sap cong". */
  weight(pair: string): number
}

/** Pairs of neighbouring syllables: a Vietnamese word is mostly two, and one alone without marks is hardly any. */
export function pairsOf(text: string): string[] {
  const pairs = new Set<string>()
  for (const sentence of foldVietnamese(text).split(/[.,;:!?()\n]/)) {
    const syllables = sentence.match(/[a-z0-9]+/g) ?? []
    for (let at = 1; at < syllables.length; at += 1) {
      const [first = '', second = ''] = syllables.slice(at - 1, at + 1)
      if (!isFiller(first) && !isFiller(second)) pairs.add(`${first} ${second}`)
    }
  }
  return [...pairs]
}

/** Counts the pairs of a sample of cases. */
export function rarityOf(texts: readonly string[]): Rarity {
  const seen = new Map<string, number>()
  for (const text of texts) for (const pair of pairsOf(text)) seen.set(pair, (seen.get(pair) ?? 0) + 1)
  // A pair seen once is as good as one never seen, and most are.
  for (const [pair, times] of seen) if (times < 2) seen.delete(pair)
  const all = texts.length + LEAST_SAMPLE
  return { weight: (pair) => Math.log(all / (1 + (seen.get(pair) ?? 0))) }
}

/** Share of what the shorter text says that the other says too, by rarity: 0 to 1; and which words. */
export function likenessOfWords(
  here: readonly string[],
  there: readonly string[],
  rarity: Rarity,
): { readonly share: number; readonly words: readonly string[] } {
  const other = new Set(there)
  const shared = here.filter((pair) => other.has(pair))
  const total = (pairs: readonly string[]): number =>
    pairs.reduce((sum, pair) => sum + rarity.weight(pair), 0)
  const least = Math.max(LEAST_TEXT * rarity.weight(''), Math.min(total(here), total(there)))
  const share = shared.length === 0 ? 0 : Math.min(1, total(shared) / least)
  return { share, words: [...shared].sort((a, b) => rarity.weight(b) - rarity.weight(a)) }
}

/** A pair as this text has it, with its marks: "den duong" → "đèn đường". */
export function asWritten(pair: string, text: string): string {
  const words = text.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? []
  const keys = foldVietnamese(words.join(' ')).split(' ')
  const at = keys.findIndex((key, index) => `${key} ${keys[index + 1] ?? ''}` === pair)
  return at === -1 ? pair : words.slice(at, at + 2).join(' ')
}

/** The pairs that tell most: those to look for. */
export function rareWords(pairs: readonly string[], rarity: Rarity, most: number): string[] {
  return [...pairs].sort((a, b) => rarity.weight(b) - rarity.weight(a)).slice(0, most)
}

/** With fewer cases than this, what is rare is not known yet. */
const LEAST_SAMPLE = 200
/** Pairs a text is taken to have at least: two words in common of three say little. */
const LEAST_TEXT = 5

const FILLERS = new Set(
  `a anh ba bac bi biet boi cac cai can cach cang chi chiu cho chua chu chung co con cu cua cung da dang day de deu di do duoc em ga gap gi
   hay hien hom hon ke khi khong la lai lam lan len luc ma mai mot muon nam nao nay nen neu ngay nguoi nha nhan nhat nhe nhieu nhu nhung no
   nua o ong qua ra rang rat rieng roi sau se sang sao so su ta tai tat ca theo them thi thoi toi trong truoc tu va van vao ve viec vi
   voi xin y yeu de nghi phan anh kien`.match(/\S+/g) ?? [],
)
/** Words that carry something after all, though they are spelled as a filler is. */
const CARRIES = new Set(['nha', 'cho', 'ba', 'sang', 'tat', 'ga', 'do', 'chay', 'nghi'])

function isFiller(syllable: string): boolean {
  return (FILLERS.has(syllable) && !CARRIES.has(syllable)) || (syllable.length < 2 && !/\d/.test(syllable))
}
