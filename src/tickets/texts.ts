import { readFileSync } from 'node:fs'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Refusal } from './contract.ts'
import { type TicketTexts } from './service.ts'

const Sentence = Type.String({ minLength: 1, maxLength: 120 })
const Texts = Type.Object(
  {
    unanswered: Type.Object({
      abandoned: Sentence,
      callback: Sentence,
      voicemail: Sentence,
      noAnswer: Sentence,
    }),
    hiddenNumber: Sentence,
    refusals: Type.Array(Refusal, { minItems: 1 }),
  },
  { additionalProperties: false },
)

/** Reads `config/<city>/texts.json`. Throws one error naming everything wrong. */
export function readTexts(path: string): TicketTexts {
  const input: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (Value.Check(Texts, input)) return input
  const problems = Value.Errors(Texts, input).map((problem) => `${problem.instancePath}: ${problem.message}`)
  throw new Error(`bad texts ${path}\n  ${problems.join('\n  ')}`)
}
