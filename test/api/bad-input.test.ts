import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import { type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, ROLES } from '../../src/accounts/contract.ts'
import { type Client, START_MS, startTestApp, type TestApp, type TestRoute } from '../support/app.ts'

let app: TestApp
let code: string
const clients = new Map<Role, Client>()
/** Who asks for the walk over all routes uses up the requests of a minute, and would be refused anything else for that. */
let colleague: Client
beforeAll(async () => {
  app = await startTestApp()
  for (const role of ROLES) clients.set(role, await app.signIn(role))
  colleague = await app.signInAs('tuan')
  const opened = await clients.get('operator')?.request('/api/tickets', { json: { channel: 'counter' } })
  code = ((await opened?.json()) as { code: string }).code
  // What is written a moment after the case is written before a search.
  expect((await colleague.request('/api/tickets?q=duong')).status).toBe(200)
}, START_MS)
afterAll(() => app.close())

/** Everything the service knows, but for what failed sign-ins and used sessions may write. */
function stateOfData(): string {
  const db = new Database(app.config.databasePath, { readonly: true })
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('audit', 'sessions', 'sqlite_sequence')",
    )
    .pluck()
    .all() as string[]
  const hash = createHash('sha256')
  for (const name of tables.sort()) hash.update(JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all()))
  db.close()
  return hash.digest('hex')
}

const clientOf = ({ options }: TestRoute): Client => {
  const access = options.config?.access
  const role = typeof access === 'object' ? access.roles[0] : 'operator'
  const client = clients.get(role ?? 'operator')
  if (client === undefined) throw new Error('no such role')
  return client
}
const addressOf = (url: string) =>
  url
    .replace(':callId', 'nowhere-1.1')
    .replace(':code', code)
    .replace(':file', '9.pdf')
    .replace(':id', '999999')
    .replace(':name', 'nothing')

interface Bad {
  readonly what: string
  readonly payload: string | Buffer
  readonly type?: string
}

const WRONG: readonly unknown[] = [
  null,
  true,
  7,
  -1,
  1.5,
  '',
  'x',
  'x'.repeat(9_000),
  [],
  [1],
  {},
  { a: 1 },
  Number.MAX_VALUE,
]
const MEAN_TEXT = ['a\u0000b', 'a\ud800b', '\udc00']

/** Texts with a pattern, by their key. */
const PATTERNED: Readonly<Record<string, string>> = {
  username: 'someone',
  from: '0950000777',
  name: 'Someone',
  codes: 'HP26-000001',
}

function smallest(key: string, schema: TSchema): unknown {
  const { pattern, anyOf, properties } = schema as {
    pattern?: string
    anyOf?: readonly TSchema[]
    properties?: object
  }
  const [first] = anyOf ?? []
  if (first !== undefined) return smallest(key, first)
  if (properties !== undefined) return valueFor(schema)
  return pattern === undefined ? Value.Create(schema) : (PATTERNED[key] ?? '')
}

/** A value that the schema takes, as small as can be. */
function valueFor(schema: TSchema): unknown {
  const { properties, required = [] } = schema as unknown as {
    properties: Record<string, TSchema>
    required?: string[]
  }
  return Object.fromEntries(
    required.map((key) => {
      const property = properties[key]
      if (property === undefined) throw new Error(`no schema for ${key}`)
      const { items, minItems = 0 } = property as { items?: TSchema; minItems?: number }
      if (items !== undefined) return [key, minItems === 0 ? [] : [smallest(key, items)]]
      return [key, smallest(key, property)]
    }),
  )
}

function badBodies(schema: TSchema): Bad[] {
  const list: Bad[] = []
  const add = (what: string, body: unknown) => {
    if (!Value.Check(schema, body)) list.push({ what, payload: JSON.stringify(body) })
  }
  for (const value of WRONG) add(`body ${JSON.stringify(value).slice(0, 20)}`, value)
  for (const shape of shapesOf(schema)) {
    const good = valueFor(shape) as Record<string, unknown>
    const properties = (shape as unknown as { properties: Record<string, TSchema> }).properties
    add('extra key', { ...good, extra: 1 })
    for (const key of Object.keys(properties)) {
      const without = Object.fromEntries(Object.entries(good).filter(([name]) => name !== key))
      add(`without ${key}`, without)
      for (const value of WRONG)
        add(`${key} = ${JSON.stringify(value).slice(0, 20)}`, { ...good, [key]: value })
      const deep = properties[key]
      if (deep !== undefined && 'properties' in deep) {
        for (const inner of Object.keys((deep as unknown as { properties: object }).properties)) {
          for (const value of WRONG) add(`${key}.${inner}`, { ...good, [key]: { [inner]: value } })
          for (const text of MEAN_TEXT) {
            list.push({
              what: `${key}.${inner} with mean text`,
              payload: JSON.stringify({ ...good, [key]: { [inner]: text } }),
            })
          }
        }
      }
      for (const text of MEAN_TEXT) {
        list.push({ what: `${key} with mean text`, payload: JSON.stringify({ ...good, [key]: text }) })
      }
    }
    const json = JSON.stringify(good)
    const open = json === '{}' ? '{' : `${json.slice(0, -1)},`
    list.push({ what: '__proto__', payload: `${open}"__proto__":{"admin":true}}` })
    list.push({ what: 'constructor', payload: `${open}"constructor":{"prototype":{"admin":true}}}` })
    list.push({ what: 'cut', payload: json.slice(0, -1) })
    list.push({
      what: 'not UTF-8',
      payload: Buffer.concat([Buffer.from(`${open}"x":"`), Buffer.from([0xff, 0xfe, 0xc3])]),
    })
    list.push({ what: 'another type', payload: json, type: 'text/plain' })
    list.push({ what: 'XML', payload: '<a/>', type: 'application/xml' })
    list.push({ what: 'a form', payload: 'a=1', type: 'application/x-www-form-urlencoded' })
    list.push({ what: 'a broken multipart', payload: '--x\r\n', type: 'multipart/form-data; boundary=x' })
    list.push({ what: 'no boundary', payload: 'x', type: 'multipart/form-data' })
  }
  list.push({ what: 'nothing', payload: '' })
  list.push({ what: 'deep', payload: `${'['.repeat(20_000)}${']'.repeat(20_000)}` })
  list.push({ what: 'too large', payload: JSON.stringify({ x: 'x'.repeat(300_000) }) })
  return list
}

function shapesOf(schema: TSchema): TSchema[] {
  const { anyOf } = schema as unknown as { anyOf?: TSchema[] }
  return (anyOf ?? [schema]).filter((each) => 'properties' in each)
}

const WRONG_QUERIES = ['extra=1', '__proto__=1', 'constructor=1', 'a[b]=1', '%00=1', '%FF=%FE', '=']
const WRONG_VALUES = [
  '',
  'x',
  '-1',
  '1.5',
  '1e999',
  'NaN',
  '9999999999999999999',
  'x'.repeat(3_000),
  '%00',
  '%ED%A0%80',
  '%FF',
  '[]',
  '{}',
  'true&',
  '../..',
  "' OR 1=1 --",
]
const WRONG_SEGMENTS = [
  'x'.repeat(300),
  '%00',
  '%FF',
  '%ED%A0%80',
  '..%2f..%2fetc%2fpasswd',
  '-1',
  '0',
  '1e3',
  '9999999999999999999',
  '1.5',
  "'",
  '__proto__',
  '%0d%0aX: y',
  'HP26-00000١',
]

describe.each(['body', 'address'] as const)('wrong input in the %s', (where) => {
  it('is refused in words, never fails and changes nothing', async () => {
    const before = stateOfData()
    let asked = 0
    for (const route of app.routes) {
      // The service without its PBX says 503 to whoever asks; sessions have tests of their own.
      if (route.method === 'HEAD' || route.url === '/api/session' || route.url === '/readyz') continue
      const client = clientOf(route)
      const requests = where === 'body' ? bodiesOf(route) : addressesOf(route)
      for (const { what, ...request } of requests) {
        asked += 1
        const reply = await app.app.inject({
          method: route.method as 'POST',
          ...request,
          headers: {
            cookie: client.cookie,
            'x-csrf-token': client.csrfToken,
            ...request.headers,
          },
        })
        const name = `${route.method} ${route.url}: ${what} → ${String(reply.statusCode)} ${reply.body.slice(0, 120)}`
        expect.soft(reply.statusCode, name).toBeLessThan(500)
        if (where === 'body' || request.mustFail) {
          expect.soft(reply.statusCode, name).toBeGreaterThanOrEqual(400)
          if (reply.headers['content-type']?.startsWith('application/json') === true) {
            expect.soft(reply.json(), name).toMatchObject({
              code: expect.stringMatching(/^[A-Z_]+$/) as string,
              message: expect.any(String) as string,
            })
          }
        }
      }
    }
    expect(asked).toBeGreaterThan(200)
    expect(stateOfData()).toBe(before)
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
  }, 60_000)
})

interface Asked {
  readonly what: string
  readonly url: string
  readonly payload?: string | Buffer
  readonly headers?: Record<string, string>
  readonly mustFail?: boolean
}

function bodiesOf(route: TestRoute): Asked[] {
  const body = route.options.schema?.body as TSchema | undefined
  if (body === undefined) return []
  return badBodies(body).map(({ what, payload, type }) => ({
    what,
    url: addressOf(route.url),
    payload,
    headers: { 'content-type': type ?? 'application/json' },
  }))
}

function addressesOf(route: TestRoute): Asked[] {
  const { schema } = route.options
  if (route.method !== 'GET') return []
  const list: Asked[] = []
  const query = schema?.querystring as
    (TSchema & { properties?: object; additionalProperties?: unknown }) | undefined
  for (const text of WRONG_QUERIES) {
    list.push({
      what: `?${text}`,
      url: `${addressOf(route.url)}?${text}`,
      mustFail: query?.additionalProperties === false && !/^[%=]/.test(text),
    })
  }
  for (const key of Object.keys(query?.properties ?? {})) {
    for (const value of WRONG_VALUES)
      list.push({ what: `${key}=${value.slice(0, 20)}`, url: `${addressOf(route.url)}?${key}=${value}` })
    list.push({ what: `${key} twice`, url: `${addressOf(route.url)}?${key}=1&${key}=2`, mustFail: true })
  }
  const names = route.url.match(/:\w+/g) ?? []
  for (const name of names) {
    for (const segment of WRONG_SEGMENTS) {
      list.push({
        what: `${name} = ${segment.slice(0, 20)}`,
        url: addressOf(route.url.replace(name, segment)),
        mustFail: true,
      })
    }
  }
  return list
}

describe('an upload', () => {
  const BOUNDARY = 'xxBoundaryXx'
  const part = (name: string, content: string, more = '') =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: image/png${more}\r\n\r\n${content}\r\n`
  const end = `--${BOUNDARY}--\r\n`

  it.each([
    ['cut in its file', part('a.png', 'x').slice(0, -4)],
    ['cut in its header', `--${BOUNDARY}\r\nContent-Disposition: form-da`],
    ['empty', ''],
    ['without any file', end],
    ['of two files', part('a.png', 'x') + part('b.png', 'y') + end],
    [
      'of a field instead of a file',
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n${end}`,
    ],
    ['of text that says it is a picture', part('a.png', 'plain text') + end],
    ['of a page', part('a.html', '<html><script>alert(1)</script></html>') + end],
    [
      'of a drawing with a script',
      part('a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>') + end,
    ],
    ['of a programme', part('a.png', '\u007fELF\u0002\u0001\u0001') + end],
    ['of an empty file', part('a.png', '') + end],
    ['with a header of 20 kB', part('a.png', 'x', `\r\nX: ${'x'.repeat(20_000)}`) + end],
    ['that is no multipart', 'hello'],
  ])('%s is refused and leaves no file', async (_, payload) => {
    const client = colleague
    const before = stateOfData()
    const reply = await app.app.inject({
      method: 'POST',
      url: `/api/tickets/${code}/attachments`,
      payload,
      headers: {
        cookie: client.cookie,
        'x-csrf-token': client.csrfToken,
        'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      },
    })
    expect(reply.statusCode, reply.body).toBeGreaterThanOrEqual(400)
    expect(reply.statusCode, reply.body).toBeLessThan(500)
    expect(reply.statusCode, reply.body).not.toBe(429)
    expect(reply.json()).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) as string })
    expect(stateOfData()).toBe(before)
  })
})
