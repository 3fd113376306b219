import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { ConfigError } from '../config.ts'
import { Area, Category, type Directory, Unit } from './contract.ts'
import { LOCAL_UNIT } from './service.ts'

const SMS_NAME_LENGTH = 20

/** Reads `agencies.json`, `categories.json` and `areas.json` of a city. Throws one ConfigError naming everything wrong. */
export function readDirectory(cityDir: string): Directory {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(cityDir, name), 'utf8')) as unknown
  return parseDirectory({
    units: read('agencies.json'),
    categories: read('categories.json'),
    areas: read('areas.json'),
    isCalendar: (id) => /^[a-z0-9-]+$/.test(id) && existsSync(join(cityDir, 'calendars', `${id}.json`)),
  })
}

/** Checks shape and references: every unit, field, area and calendar that is named must exist exactly once. */
export function parseDirectory({
  isCalendar = () => false,
  ...input
}: {
  readonly units: unknown
  readonly categories: unknown
  readonly areas: unknown
  /** Are there working hours of this name? */
  readonly isCalendar?: (id: string) => boolean
}): Directory {
  const problems: string[] = []
  const check = (schema: TSchema, file: string, value: unknown): void => {
    for (const problem of Value.Errors(schema, value))
      problems.push(`${file}${problem.instancePath}: ${problem.message}`)
  }
  check(Type.Array(Unit), 'agencies.json', input.units)
  check(Type.Array(Category), 'categories.json', input.categories)
  check(Type.Array(Area), 'areas.json', input.areas)
  if (problems.length === 0) problems.push(...contradictions(input as Directory, isCalendar))
  if (problems.length > 0) throw new ConfigError(`bad directory\n  ${problems.join('\n  ')}`)
  return JSON.parse(JSON.stringify(input).normalize('NFC')) as Directory
}

function contradictions(
  { units, categories, areas }: Directory,
  isCalendar: (id: string) => boolean,
): string[] {
  const problems: string[] = []
  const fields = categories.flatMap((category) => category.fields)
  const unitIds = new Set(units.map((unit) => unit.id))
  const fieldIds = new Set(fields.map((field) => field.id))
  for (const [what, ids] of [
    ['unit', units.map((unit) => unit.id)],
    ['category', categories.map((category) => category.id)],
    ['field', fields.map((field) => field.id)],
    ['area', areas.map((area) => area.id)],
  ] as const)
    for (const id of ids.filter((id, at) => ids.indexOf(id) !== at))
      problems.push(`${what} ${id}: given twice`)
  for (const unit of units) {
    if (!/^[\x20-\x7e]+$/.test(unit.smsName) || unit.smsName.length > SMS_NAME_LENGTH)
      problems.push(`unit ${unit.id}: smsName must be 1-${String(SMS_NAME_LENGTH)} characters without marks`)
    if (!unit.people.some((person) => person.role === 'officer'))
      problems.push(`unit ${unit.id}: no focal officer`)
    if (!unit.people.some((person) => person.role === 'head')) problems.push(`unit ${unit.id}: no head`)
    for (const id of unit.fields) if (!fieldIds.has(id)) problems.push(`unit ${unit.id}: no field ${id}`)
    if (unit.calendar !== undefined && !isCalendar(unit.calendar))
      problems.push(
        `unit ${unit.id}: no calendar ${unit.calendar}; there is no calendars/${unit.calendar}.json`,
      )
  }
  for (const field of fields)
    for (const id of field.unitIds)
      if (id !== LOCAL_UNIT && !unitIds.has(id)) problems.push(`field ${field.id}: no unit ${id}`)
  for (const area of areas)
    if (area.unitId !== null && !unitIds.has(area.unitId))
      problems.push(`area ${area.id}: no unit ${area.unitId}`)
  return problems
}
