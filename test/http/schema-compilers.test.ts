import Fastify from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSchemaCompilers } from '../../src/http/schema-compilers.ts'
import { START_MS, startTestApp, type TestApp } from '../support/app.ts'

const NEVER = new AbortController().signal
/** A type that fast-json-stringify does not know. */
const WRONG = { type: 'nonsense' } as never

describe('schemas of routes', () => {
  it('are kept from the first request on: what is not declared is refused, and never answered', async () => {
    const app = Fastify({ schemaController: { compilersFactory: createSchemaCompilers().factory } })
    const schema = {
      body: Type.Object({ n: Type.Number() }, { additionalProperties: false }),
      response: { 200: Type.Object({ n: Type.Number() }) },
    }
    app.post('/', { schema }, async () => ({ n: 1, name: 'secret' }))
    const post = (payload: object) => app.inject({ method: 'POST', url: '/', payload })
    for (let round = 0; round < 2; round += 1) {
      expect((await post({ n: 1 })).body).toBe('{"n":1}')
      expect((await post({ n: '1' })).statusCode).toBe(400)
      expect((await post({ n: 1, more: 2 })).statusCode).toBe(400)
    }
  })

  it('read numbers and booleans of an address from its text', async () => {
    const app = Fastify({ schemaController: { compilersFactory: createSchemaCompilers().factory } })
    const querystring = Type.Object({ n: Type.Number(), all: Type.Boolean() })
    app.get('/', { schema: { querystring } }, async ({ query }) => query)
    expect((await app.inject('/?n=7&all=true')).json()).toEqual({ n: 7, all: true })
    expect((await app.inject('/?n=seven&all=true')).statusCode).toBe(400)
  })

  it('are compiled once for all routes that share one', () => {
    let looks = 0
    const schema = new Proxy(Type.Object({ n: Type.Number() }), {
      get: (target, key, receiver): unknown => {
        if (key === 'properties') looks += 1
        return Reflect.get(target, key, receiver)
      },
    })
    const build = createSchemaCompilers().factory.buildSerializer?.({}, {}) as unknown as (route: {
      schema: object
    }) => (data: unknown) => string
    const first = build({ schema })
    const second = build({ schema })
    expect(looks).toBe(0)
    expect(first({ n: 1 })).toBe('{"n":1}')
    const after = looks
    expect(after).toBeGreaterThan(0)
    expect(second({ n: 2 })).toBe('{"n":2}')
    expect(looks).toBe(after)
  })

  it('are compiled by the warm-up without a request, which says when one is wrong and ends when it is told to', async () => {
    const compilers = createSchemaCompilers()
    const app = Fastify({ schemaController: { compilersFactory: compilers.factory } })
    app.get('/', { schema: { response: { 200: WRONG } } }, async () => 1)
    await app.ready()
    await expect(compilers.warmUp(AbortSignal.abort())).rejects.toThrow('aborted')
    await expect(compilers.warmUp(NEVER)).rejects.toThrow()
  })
})

describe('the service', () => {
  let desk: TestApp
  beforeAll(async () => {
    desk = await startTestApp()
  }, START_MS)
  afterAll(() => desk.close())

  it('has no schema that cannot be compiled', async () => {
    const compilers = createSchemaCompilers()
    const again = Fastify({ schemaController: { compilersFactory: compilers.factory } })
    let answers = 0
    for (const { method, url, options } of desk.routes) {
      if (method === 'HEAD' || options.schema === undefined) continue
      again.route({ method, url, schema: options.schema, handler: async () => null })
      answers += 1
    }
    await again.ready()
    await compilers.warmUp(NEVER)
    expect(answers).toBeGreaterThan(80)
  })
})
