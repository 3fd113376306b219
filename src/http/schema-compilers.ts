import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type fastJsonStringify from 'fast-json-stringify'
import type { FastifyServerOptions } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { plainSchema } from './plain-schema.ts'

/** Makes readers and writers of routes' schemas when one is first needed: all at once, they took a third of a start. */
export interface SchemaCompilers {
  readonly factory: Factory
  /** Makes what is not made yet, in slices with pauses between; throws what one of them throws. */
  warmUp(signal: AbortSignal): Promise<void>
}

type Factory = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>
/** What Fastify hands over and takes back; its own types know ajv alone. */
type Build<R> = () => (route: {
  readonly schema: TSchema
  readonly httpPart?: string
}) => (data: unknown) => R
type Serialize = (data: unknown) => string

/** So much at a stretch: an event of the PBX waits no longer. The first one loads the package and takes 40 ms. */
const SLICE_MS = 5
const PAUSE_MS = 10

/** Builds them; schemas that several routes share are compiled once. */
export function createSchemaCompilers(): SchemaCompilers {
  const unmade = new Set<() => unknown>()
  const serializers = new Map<TSchema, () => Serialize>()
  const checks = new Map<TSchema, () => ReturnType<typeof Compile>>()
  const plain: Parameters<typeof plainSchema>[1] = new Map()

  function once<T>(known: Map<TSchema, () => T>, schema: TSchema, make: (schema: TSchema) => T): () => T {
    const before = known.get(schema)
    if (before !== undefined) return before
    let made: { readonly value: T } | undefined
    const get = (): T => {
      made ??= { value: make(schema) }
      unmade.delete(get)
      return made.value
    }
    known.set(schema, get)
    unmade.add(get)
    return get
  }

  // Exact types in bodies, text read as numbers and booleans only in addresses; unknown keys are refused, not dropped.
  const buildValidator: Build<{ value: unknown } | { error: unknown }> =
    () =>
    ({ schema, httpPart }) => {
      const check = once(checks, schema, (one) => Compile(one))
      return (input) => {
        const value: unknown = httpPart === 'body' ? input : Value.Convert(schema, input)
        return check().Check(value) ? { value } : { error: check().Errors(value) }
      }
    }
  const buildSerializer: Build<string> =
    () =>
    ({ schema }) => {
      const serialize = once(
        serializers,
        schema,
        (one) => loadStringifier()(plainSchema(one, plain)) as Serialize,
      )
      return (data) => serialize()(data)
    }

  return {
    factory: { buildValidator, buildSerializer } as unknown as Factory,
    async warmUp(signal) {
      let sliceEndsMs = 0
      for (const make of unmade) {
        if (performance.now() >= sliceEndsMs) {
          await pause(PAUSE_MS, undefined, { signal, ref: false })
          sliceEndsMs = performance.now() + SLICE_MS
        }
        make()
      }
    },
  }
}

/** Brings ajv, so it is loaded with the first answer that needs it; Fastify's serializers are made by the same package. */
export function loadStringifier(): typeof fastJsonStringify {
  return createRequire(import.meta.url)('fast-json-stringify') as typeof fastJsonStringify
}
