import { createRequire } from 'node:module'
import type fastJsonStringify from 'fast-json-stringify'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainSchema } from '../../src/http/plain-schema.ts'
import { START_MS, startTestApp, type TestApp } from '../support/app.ts'

type Schema = Readonly<Record<string, unknown>>

const stringify = createRequire(import.meta.url)('fast-json-stringify') as typeof fastJsonStringify
const plain = (schema: object) => plainSchema(schema, new Map())
const VALUES_A_SCHEMA = 12

/** Numbers from 0 to below 1 that are the same each time (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const TEXTS = [
  '',
  'đường “Lạch Tray”',
  'a"b\\c\n',
  '2026-03-01',
  'so-xay-dung',
  '0950000123',
  '07:30-11:30',
  'HP26-000001',
]

function fits(text: string, { minLength, maxLength, pattern }: Schema): boolean {
  return (
    text.length >= Number(minLength ?? 0) &&
    text.length <= Number(maxLength ?? Number.POSITIVE_INFINITY) &&
    (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text))
  )
}

function integerOf({ minimum, maximum }: Schema, roll: () => number): number {
  const from = Number(minimum ?? -5)
  return from + Math.floor(roll() * (Math.min(Number(maximum ?? 1_000_000), from + 1_000_000) - from))
}

/** Something that the schema allows, chosen by the dice. */
function valueOf(schema: Schema, roll: () => number): unknown {
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new Error(`nothing here fits ${JSON.stringify(schema)}`)
    return list[Math.floor(roll() * list.length)] as T
  }
  const several = () => Array.from({ length: Number(schema['minItems'] ?? 0) + Math.floor(roll() * 3) })
  if (schema['const'] !== undefined) return schema['const']
  if (Array.isArray(schema['enum'])) return pick(schema['enum'])
  if (Array.isArray(schema['anyOf'])) return valueOf(pick(schema['anyOf'] as Schema[]), roll)
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, roll)
    case 'array':
      return several().map(() => valueOf(schema['items'] as Schema, roll))
    case 'string':
      return pick(TEXTS.filter((text) => fits(text, schema)))
    case 'integer':
      return integerOf(schema, roll)
    case 'number':
      return roll() * 100
    case 'boolean':
      return roll() < 0.5
    case 'null':
      return null
    default:
      return pick<unknown>(['text', 1, null, { free: ['form'] }])
  }
}

function objectOf(schema: Schema, roll: () => number): Record<string, unknown> {
  const required = (schema['required'] ?? []) as readonly string[]
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
  const named = properties
    .filter(([name]) => required.includes(name) || roll() < 0.5)
    .map(([name, part]) => [name, valueOf(part, roll)] as const)
  const others = Object.values((schema['patternProperties'] ?? {}) as Record<string, Schema>)
  return Object.fromEntries([...named, ...others.map((part) => ['more', valueOf(part, roll)] as const)])
}

describe('a schema in plain words', () => {
  it('needs no choice for what may be missing, nor for listed words', () => {
    const word = Type.Union([Type.Literal('in'), Type.Literal('out')])
    expect(plain(Type.Union([Type.Object({ a: word }), Type.Null()]))).toEqual({
      type: 'object',
      required: ['a'],
      properties: { a: { type: 'string' } },
      nullable: true,
    })
    expect(plain(Type.Array(Type.Union([Type.Enum(['a', 'b']), Type.Null()])))).toEqual({
      type: 'array',
      items: { type: 'string', nullable: true },
    })
  })

  it('leaves a real choice as it is: its sides are told apart by what is in them', () => {
    const either = Type.Union([
      Type.Object({ kind: Type.Literal('a'), one: Type.Union([Type.Integer(), Type.Null()]) }),
      Type.Object({ kind: Type.Literal('b'), other: Type.String() }),
    ])
    expect(plain(either)).toBe(either)
    expect(stringify(plain(Type.Array(either)))([{ kind: 'b', other: 'x' }])).toBe(
      '[{"kind":"b","other":"x"}]',
    )
  })

  it('makes what stands in several answers once', () => {
    const part = Type.Object({ a: Type.String() })
    const known = new Map<object, Schema>()
    const [one, other] = [Type.Array(part), Type.Array(part)].map((schema) => plainSchema(schema, known))
    expect(one?.['items']).toBe(other?.['items'])
  })

  it('answers no more than is declared', () => {
    const schema = plain(Type.Union([Type.Object({ a: Type.Enum(['x']) }), Type.Null()]))
    expect(stringify(schema)({ a: 'x', secret: 1 })).toBe('{"a":"x"}')
    expect(stringify(schema)(null)).toBe('null')
  })
})

describe('the service', () => {
  let desk: TestApp
  beforeAll(async () => {
    desk = await startTestApp()
  }, START_MS)
  afterAll(() => desk.close())

  it(
    'answers with plain schemas what it answers with those that were declared',
    () => {
      const known = new Map<object, Schema>()
      const answers = desk.routes.flatMap(({ method, url, options }) =>
        Object.values((options.schema?.response ?? {}) as Record<string, Schema>).map((schema) => ({
          of: `${method} ${url}`,
          schema,
        })),
      )
      const roll = dice(1022)
      for (const { of, schema } of answers) {
        const [declared, ours] = [stringify(schema), stringify(plainSchema(schema, known))]
        const values = Array.from({ length: VALUES_A_SCHEMA }, () => valueOf(schema, roll))
        const allowed = values.filter((value) => Value.Check(schema, value))
        expect(allowed.length, of).toBeGreaterThan(0)
        for (const value of allowed) expect(again(ours(value)), of).toEqual(again(declared(value)))
      }
      expect(answers.length).toBeGreaterThan(80)
      // Compiles each schema of the service twice.
    },
    START_MS,
  )
})

function again(json: unknown): unknown {
  return JSON.parse(String(json))
}
