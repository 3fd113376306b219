import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { ConfigError } from '../config.ts'
import { Area, Category, type Directory, PlaceRule, Unit } from './contract.ts'
import { overlappingRules, problemsOf } from './directory-check-policy.ts'

/**
 * Reads `agencies.json`, `categories.json`, `areas.json` and, where there is one, `rules.json` of a city. Throws one ConfigError
 * naming everything wrong.
 */
export function readDirectory(cityDir: string): Directory {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(cityDir, name), 'utf8')) as unknown
  return parseDirectory({
    units: read('agencies.json'),
    categories: read('categories.json'),
    areas: read('areas.json'),
    ...(existsSync(join(cityDir, 'rules.json')) ? { rules: read('rules.json') } : {}),
    isCalendar: (id) => hasCalendar(cityDir, id),
  })
}

/** Does the city keep working hours of this name? */
export function hasCalendar(cityDir: string, id: string): boolean {
  return /^[a-z0-9-]+$/.test(id) && existsSync(join(cityDir, 'calendars', `${id}.json`))
}

/** Checks shape and references: every unit, field, area and calendar that is named must exist exactly once. */
export function parseDirectory({
  isCalendar = () => false,
  ...input
}: {
  readonly units: unknown
  readonly categories: unknown
  readonly areas: unknown
  readonly rules?: unknown
  /** Are there working hours of this name? */
  readonly isCalendar?: (id: string) => boolean
}): Directory {
  const problems: string[] = []
  const check = (schema: TSchema, file: string, value: unknown): void => {
    if (Value.Check(schema, value)) return // five times quicker than finding out what is wrong
    for (const problem of Value.Errors(schema, value))
      problems.push(`${file}${problem.instancePath}: ${problem.message}`)
  }
  check(Type.Array(Unit), 'agencies.json', input.units)
  check(Type.Array(Category), 'categories.json', input.categories)
  check(Type.Array(Area), 'areas.json', input.areas)
  if (input.rules !== undefined) check(Type.Array(PlaceRule), 'rules.json', input.rules)
  if (problems.length === 0) {
    const directory = input as Directory
    const found = [...problemsOf(directory, isCalendar), ...overlappingRules(directory.rules ?? [])]
    problems.push(...found.map(({ text }) => text))
    for (const { id, people, validTo } of directory.units) {
      // The first version of a directory is whole; later an office may be empty for a while (Đ17.9).
      if (validTo !== undefined) continue
      if (!people.some(({ role }) => role === 'officer')) problems.push(`unit ${id}: no focal officer`)
      if (!people.some(({ role }) => role === 'head')) problems.push(`unit ${id}: no head`)
    }
  }
  if (problems.length > 0) throw new ConfigError(`bad directory\n  ${problems.join('\n  ')}`)
  return JSON.parse(JSON.stringify(input).normalize('NFC')) as Directory
}
