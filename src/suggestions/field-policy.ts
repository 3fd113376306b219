import { stripMarks } from '../platform/vietnamese-text.ts'

/** A field of the city with the words by which people speak of it. */
export interface FieldWords {
  readonly fieldId: string
  /** "đèn đường", "sập cống": as they are written. */
  readonly words: readonly string[]
}

export interface FieldGuess {
  readonly fieldId: string
  /** Those of its words that were said: the reason, as the operator reads it. */
  readonly words: readonly string[]
}

/** More syllables are more certain: "đèn đường" than "đèn". */
const weightOf = (word: Phrase): number => word.syllables.length
const MOST = 2
/** A guess this much weaker than the best is none. */
const WORTH = 0.5

interface Phrase {
  readonly text: string
  readonly syllables: readonly Syllable[]
}
interface Syllable {
  readonly exact: string
  readonly bare: string
}

/** Prepares the fields' words once; then guesses what a text is about, the likeliest first, at most two. */
export function fieldGuesser(fields: readonly FieldWords[]): (text: string) => FieldGuess[] {
  const known = fields.map(({ fieldId, words }) => ({ fieldId, phrases: words.map(phraseOf) }))
  return (text) => {
    const said = syllablesOf(text)
    const scored = known.map(({ fieldId, phrases }) => {
      const found = withoutParts(phrases.filter((phrase) => isSaid(phrase, said)))
      return { fieldId, found, score: found.reduce((sum, phrase) => sum + weightOf(phrase), 0) }
    })
    const best = Math.max(0, ...scored.map(({ score }) => score))
    return scored
      .filter(({ score }) => score > 0 && score >= best * WORTH)
      .sort((a, b) => b.score - a.score)
      .slice(0, MOST)
      .map(({ fieldId, found }) => ({ fieldId, words: found.map(({ text: words }) => words) }))
  }
}

function phraseOf(text: string): Phrase {
  return { text: text.normalize('NFC').toLowerCase(), syllables: syllablesOf(text) }
}

function syllablesOf(text: string): Syllable[] {
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  return words.map((word) => ({ exact: soundOf(word), bare: stripMarks(word) }))
}

/** "đến" is not "đèn"; typed without marks it may be either. */
function isSaid({ syllables }: Phrase, said: readonly Syllable[]): boolean {
  const fits = (wanted: Syllable, heard: Syllable | undefined): boolean =>
    heard !== undefined &&
    (heard.exact === wanted.exact || (heard.exact === heard.bare && heard.bare === wanted.bare))
  return said.some((_, at) => syllables.every((wanted, offset) => fits(wanted, said[at + offset])))
}

/** "đèn" inside "đèn đường" counts once. */
function withoutParts(found: readonly Phrase[]): Phrase[] {
  const inside = (part: Phrase, whole: Phrase): boolean => ` ${whole.text} `.includes(` ${part.text} `)
  return found.filter((one) => !found.some((other) => other !== one && inside(one, other)))
}

/** The tone at the end, so that "hoà" and "hòa", "thuỷ" and "thủy" are one; a syllable without marks stays as it is. */
function soundOf(word: string): string {
  const parts = word.normalize('NFD')
  return parts.replace(TONES, '').normalize('NFC') + (parts.match(TONES) ?? []).join('')
}

/** Huyền, sắc, ngã, hỏi, nặng. */
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g
