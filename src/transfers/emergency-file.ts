import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { AgencyDirectory } from '../agencies/service.ts'
import type { Emergency } from './transfer-policy.ts'

const Phrase = Type.String({ minLength: 2, maxLength: 60, pattern: '[\\p{L}\\p{N}]' })

const EmergencyFile = Type.Object(
  {
    lastResort: Type.String(),
    services: Type.Array(
      Type.Object(
        {
          number: Type.String({ pattern: '^[1-9][0-9]{2,4}$' }),
          name: Type.String({ minLength: 1, maxLength: 160 }),
          fields: Type.Array(Type.String()),
          words: Type.Array(Phrase),
          except: Type.Array(Phrase),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

/** Reads `emergency.json` of a city. Throws one error naming everything wrong. */
export function readEmergency(
  cityDir: string,
  directory: Pick<AgencyDirectory, 'unit' | 'field'>,
): Emergency {
  return parseEmergency(JSON.parse(readFileSync(join(cityDir, 'emergency.json'), 'utf8')), directory)
}

/** Checks shape and references: the unit and every field must exist, each number once. */
export function parseEmergency(
  input: unknown,
  directory: Pick<AgencyDirectory, 'unit' | 'field'>,
): Emergency {
  const problems: string[] = []
  if (Value.Check(EmergencyFile, input)) {
    const { lastResort, services } = input
    if (directory.unit(lastResort) === undefined) problems.push(`lastResort: no unit ${lastResort}`)
    const numbers = services.map(({ number }) => number)
    for (const number of numbers.filter((one, at) => numbers.indexOf(one) !== at))
      problems.push(`number ${number}: given twice`)
    for (const { number, fields } of services)
      for (const id of fields)
        if (directory.field(id) === undefined) problems.push(`number ${number}: no field ${id}`)
    if (problems.length === 0) return input
  } else {
    for (const { instancePath, message } of Value.Errors(EmergencyFile, input))
      problems.push(`emergency.json${instancePath}: ${message}`)
  }
  throw new Error(`bad emergency numbers\n  ${problems.join('\n  ')}`)
}
