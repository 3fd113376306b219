import { once } from 'node:events'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Role } from '../../src/accounts/contract.ts'
import { addGuard } from '../../src/http/guard.ts'
import { type Client, START_MS, startTestApp, type TestApp, type TestRoute } from '../support/app.ts'
import { type PlantedCase, plantCases } from '../support/planted-cases.ts'
import { unzip } from '../support/zip.ts'
import { LIST_QUERIES, OBJECT_RULES, type Rule } from './object-rules.ts'

/** Whoever of each role the planted cases are seen from. */
const VIEWERS = {
  operator: 'mai',
  supervisor: 'lan',
  admin: 'admin',
  officer: 'phiet',
  head: 'trinh',
  cityOffice: 'uyen',
  auditor: 'luu',
} as const satisfies Record<Role, string>
type Asker = Role | 'nobody'
const ASKERS: readonly Asker[] = ['nobody', ...(Object.keys(VIEWERS) as Role[])]
const CASE = 'GET /api/tickets/:code'

let app: TestApp
let cases: PlantedCase[]
const people = new Map<string, Client>()
beforeAll(async () => {
  app = await startTestApp()
  for (const name of [...Object.values(VIEWERS), 'tuan', 'khoat']) people.set(name, await app.signInAs(name))
  cases = await plantCases(app, as)
}, START_MS)
afterAll(() => app.close())

function as(who: string): Client {
  const client = people.get(who)
  if (client === undefined) throw new Error(`${who} is not signed in`)
  return client
}
const clientOf = (asker: Asker): Client | undefined => (asker === 'nobody' ? undefined : as(VIEWERS[asker]))

interface Answer {
  readonly status: number
  readonly body: string
  readonly type: unknown
  /** Head and body, whatever is packed in it, lower case; spaces and points between digits taken out. */
  readonly text: string
}

async function ask(method: string, url: string, client: Client | undefined, body?: object): Promise<Answer> {
  const reply = await app.app.inject({
    method: method as 'GET',
    url,
    headers: client === undefined ? {} : { cookie: client.cookie, 'x-csrf-token': client.csrfToken },
    ...(body === undefined ? {} : { payload: body }),
  })
  const type = reply.headers['content-type']
  const packed =
    reply.rawPayload.subarray(0, 2).toString() === 'PK' ? [...unzip(reply.rawPayload).values()] : []
  const text = [JSON.stringify(reply.headers), reply.body, ...packed].join('\n').toLowerCase()
  return {
    status: reply.statusCode,
    body: reply.body,
    type,
    text: text.replace(/(?<=\d)[ .-](?=\d)/g, ''),
  }
}

const keyOf = ({ method, url }: Pick<TestRoute, 'method' | 'url'>): string => `${method} ${url}`
/** Routes with something of somebody's in the address; HEAD is asked with its GET. */
const isOfObject = ({ method, url }: Pick<TestRoute, 'method' | 'url'>): boolean =>
  method !== 'HEAD' && url.includes('/:')
const unruled = (routes: readonly Pick<TestRoute, 'method' | 'url'>[]): string[] =>
  routes.filter((route) => isOfObject(route) && OBJECT_RULES[keyOf(route)] === undefined).map(keyOf)

/** The address and body of a rule for a case, or for what never was; null where that has no such thing. */
function requestOf(rule: Rule, pattern: string, one: PlantedCase | undefined) {
  const given = rule.at(one)
  if (given === null) return null
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => given[name] ?? `no-${name}`)
  return { url: rule.query === undefined ? path : `${path}?${rule.query}`, body: rule.body?.(one) }
}

/** Objects of a rule with the letter that stands for each; those that a case cannot have have none. */
function lettersOf(rule: Rule, asker: Asker): (readonly [PlantedCase, string])[] {
  const had = cases.filter((one) => rule.at(one) !== null)
  const letters = rule.who[asker]
  return had.map((one) => [one, letters?.[cases.indexOf(one)] ?? (letters === undefined ? 'x' : '')] as const)
}

/** What of a planted case stands in a text. */
const shownOf = (one: PlantedCase, { text }: Answer) => ({
  reporter: one.reporter.filter((word) => text.includes(word)),
  matter: one.matter.filter((word) => text.includes(word)),
})
const NOTHING = { reporter: [], matter: [] }

/** What this role may be shown of a case at all, wherever it stands: as the case itself. */
const letterOf = (asker: Asker, one: PlantedCase): string =>
  OBJECT_RULES[CASE]?.[0]?.who[asker]?.[cases.indexOf(one)] ?? 'x'

function mayShow(letter: string, one: PlantedCase, answer: Answer, what: string): void {
  const shown = shownOf(one, answer)
  if (letter === 'A') return
  if (letter === 'M') expect.soft(shown.reporter, `${what} shows who reported ${one.name}`).toEqual([])
  else expect.soft(shown, `${what} shows ${one.name}`).toEqual(NOTHING)
}

/** Whoever is let through has got as far as the thing itself: refused for its state at most. */
const THROUGH = new Set([200, 201, 204, 400, 409, 415, 422])

function check(letter: string, answer: Answer, never: Answer, what: string): void {
  const { status, body } = answer
  if (letter === 'x') {
    expect.soft([401, 403, 404, 409], `${what}: ${body.slice(0, 200)}`).toContain(status)
    expect
      .soft({ status, body, type: answer.type }, what)
      .toEqual({ status: never.status, body: never.body, type: never.type })
  } else if (letter === 'k') expect.soft([401, 403, 404], `${what}: ${body.slice(0, 200)}`).toContain(status)
  else if (letter === 'g') {
    expect.soft(status, what).toBe(404)
    expect.soft(body, what).not.toBe(never.body)
  } else if ('AMm'.includes(letter) && letter !== '')
    expect.soft([...THROUGH], `${what}: ${String(status)} ${body.slice(0, 200)}`).toContain(status)
  else expect.soft(letter, `${what} has no letter`).toBe('one of A M m k g x')
}

describe('R068: what somebody asks for', () => {
  it('has a line in the rules whenever an address names it, and no line is about a route that is gone', () => {
    expect(unruled(app.routes)).toEqual([])
    expect(
      Object.keys(OBJECT_RULES).filter((key) => !app.routes.some((route) => keyOf(route) === key)),
    ).toEqual([])
    for (const [key, rules] of Object.entries(OBJECT_RULES))
      for (const { who } of rules)
        for (const [role, letters] of Object.entries(who))
          expect.soft(letters, `${key} ${role}`).toMatch(/^[AMmkgx]+$/)
  })

  it('would miss its line on a new route, and a route that does not say who may is not even registered', () => {
    expect(unruled([...app.routes, { method: 'GET', url: '/api/tickets/:code/secrets' }])).toEqual([
      'GET /api/tickets/:code/secrets',
    ])
    const bare = Fastify()
    addGuard(bare, { verify: () => undefined, localToken: 'x', publicUrl: 'http://127.0.0.1' })
    expect(() => bare.get('/api/new/:id', async () => ({}))).toThrow(/does not say who may call it/)
  })

  it('is answered on every route to every role as the rules say: own, another’s, confidential, and never there', async () => {
    const order = app.routes
      .filter(isOfObject)
      .sort((a, b) => Number(a.method !== 'GET') - Number(b.method !== 'GET'))
    for (const { method, url } of order)
      for (const rule of OBJECT_RULES[keyOf({ method, url })] ?? [])
        for (const asker of ASKERS) {
          const client = clientOf(asker)
          const nothing = requestOf(rule, url, undefined)
          if (nothing === null) throw new Error(`${url} has nothing that never was`)
          const never = await ask(method, nothing.url, client, nothing.body)
          const drawn = new Set<string>()
          for (const [one, letter] of lettersOf(rule, asker)) {
            const wanted = requestOf(rule, url, one)
            if (wanted === null || (rule.isDrawn === true && drawn.has(letter))) continue
            if ('AM'.includes(letter)) drawn.add(letter)
            const what = `${asker}: ${method} ${url} of ${one.name} (${rule.why})`
            const answer = await ask(method, wanted.url, client, wanted.body)
            check(letter, answer, never, what)
            mayShow(letter, one, answer, what)
            for (const other of cases) if (other !== one) mayShow(letterOf(asker, other), other, answer, what)
            if (method === 'GET' && 'kx'.includes(letter)) {
              const head = await ask('HEAD', wanted.url, client)
              expect.soft([answer.status, 404], `HEAD, ${what}`).toContain(head.status)
            }
          }
        }
  }, 120_000)

  it('stands as little in any list, search or export, and nobody learns by looking for a name or number whose it is', async () => {
    const lists = app.routes.filter(
      ({ method, url }) => method === 'GET' && url.startsWith('/api/') && !url.includes('/:'),
    )
    expect(lists.length).toBeGreaterThan(25)
    for (const { url } of lists)
      for (const asker of ASKERS)
        for (const query of LIST_QUERIES[url] ?? [''])
          for (const [words, about] of wordsFor(query)) {
            const asked = `${url}?${query.replace('words', encodeURIComponent(words)).replace('code', words)}`
            const answer = await ask('GET', asked, clientOf(asker))
            const what = `${asker}: GET ${asked}`
            expect
              // 503: without a PBX there is no telephone.
              .soft([200, 401, 403, 404, 503], `${what}: ${answer.body.slice(0, 200)}`)
              .toContain(answer.status)
            for (const one of cases) {
              const letter = letterOf(asker, one)
              mayShow(letter, one, answer, what)
              const isNamed = answer.text.includes(one.code.toLowerCase())
              if (OF_UNITS.has(asker) && letter === 'x')
                expect.soft(isNamed, `${what} names ${one.name}`).toBe(false)
              if (one === about && query.includes('words'))
                expect.soft(isNamed && !mayFind(letter, one, words), `${what} finds ${one.name}`).toBe(false)
            }
          }
  }, 60_000)

  it('is no more open to whoever names it in what they send', async () => {
    const named: readonly (readonly [string, (one: PlantedCase) => object, readonly Role[]])[] = [
      [
        '/api/dossier',
        ({ code }) => ({ ticketCode: code, why: 'Cần văn bản nhắc' }),
        ['operator', 'supervisor'],
      ],
      ['/api/dossiers', ({ listedId }) => ({ itemIds: [listedId ?? 999_999] }), ['operator', 'supervisor']],
      ['/api/oversight/seen', ({ code }) => ({ codes: [code] }), ['cityOffice']],
      [
        '/api/transfers',
        ({ callId }) => ({
          callId,
          mode: 'blind',
          targets: [{ number: '02250000113', unitId: null, label: 'Trực ban', ask: true }],
        }),
        ['operator', 'supervisor'],
      ],
      [
        '/api/retention/holds',
        ({ code }) => ({ ticketCode: code, reason: 'Giữ lại để xác minh' }),
        ['supervisor', 'admin'],
      ],
    ]
    for (const [url, body, roles] of named)
      for (const asker of ASKERS)
        for (const one of cases) {
          const answer = await ask('POST', url, clientOf(asker), body(one))
          const what = `${asker}: POST ${url} of ${one.name}`
          const isTheirs = roles.some((role) => role === asker)
          if (!isTheirs)
            expect.soft([401, 403], `${what}: ${answer.body.slice(0, 200)}`).toContain(answer.status)
          expect.soft(answer.status, `${what}: ${answer.body.slice(0, 200)}`).not.toBe(500)
          for (const other of cases) mayShow(letterOf(asker, other), other, answer, what)
          if (url === '/api/dossier' && isTheirs && letterOf(asker, one) === 'm')
            expect.soft([403, 404], `${what}: ${answer.body.slice(0, 200)}`).toContain(answer.status)
        }
  })

  it('is not what a new case is compared with by whoever may not read it', async () => {
    for (const asker of ['operator', 'supervisor'] as const)
      for (const one of cases) {
        const answer = await ask('POST', '/api/suggestions', clientOf(asker), {
          code: null,
          title: one.matter[1],
          content: `Đèn đường tắt ${one.matter[0] ?? ''}`,
          place: `12 Lạch Tray ${one.matter[2] ?? ''}`,
          areaId: null,
          fieldId: null,
          phone: one.searches[0],
        })
        expect.soft(answer.status).toBe(200)
        for (const other of cases) mayShow(letterOf(asker, other), other, answer, `${asker}: suggestions`)
      }
  })

  it('is told on the live line to whom it concerns, by its code and by nothing else', async () => {
    const lines = new Map<Role, Line>()
    for (const role of Object.keys(VIEWERS) as Role[]) lines.set(role, await openLine(as(VIEWERS[role])))
    for (const one of cases)
      await as('lan').request(`/api/tickets/${one.code}/notes`, { json: { text: one.matter[0] } })
    for (const [role, line] of lines) {
      const told = cases.filter((one) => letterOf(role, one) !== 'x')
      await expect
        .poll(() => told.filter(({ code }) => line.text().includes(code)).length, { timeout: 5_000 })
        .toBe(told.length)
    }
    for (const [role, line] of lines)
      for (const one of cases) {
        const letter = letterOf(role, one)
        const answer = {
          status: 101,
          body: '',
          type: '',
          text: line
            .text()
            .toLowerCase()
            .replace(/(?<=\d)[ .-](?=\d)/g, ''),
        }
        mayShow(letter, one, answer, `${role}: live`)
        if (letter === 'x')
          expect.soft(line.text(), `${role}: live names ${one.name}`).not.toContain(one.code)
      }
    for (const line of lines.values()) line.close()
  })
})

describe('R068: a session that is over', () => {
  const roled = () =>
    app.routes.filter(
      ({ method, options }) => method !== 'HEAD' && typeof options.config?.access === 'object',
    )

  async function isNobody(client: Client, why: string): Promise<void> {
    for (const { method, url } of roled()) {
      const rule = OBJECT_RULES[keyOf({ method, url })]?.[0]
      const wanted = rule === undefined ? { url, body: undefined } : requestOf(rule, url, cases[0])
      if (wanted === null) continue
      const { status, body } = await ask(method, wanted.url, client, wanted.body)
      expect
        .soft([status, (JSON.parse(body) as { code: string }).code], `${method} ${url}, ${why}`)
        .toEqual([401, 'SIGN_IN_REQUIRED'])
    }
  }

  it('is nobody’s on every route: signed out, with another role by now, or of somebody who left', async () => {
    expect(roled().length).toBeGreaterThan(100)
    const change = async (client: Client, json: object) => {
      const reply = await as('admin').request(`/api/people/${String(client.personId)}`, {
        method: 'PATCH',
        json,
      })
      expect(reply.status).toBe(200)
    }
    const left = await app.signInAs('tuan')
    await left.request('/api/session', { method: 'DELETE' })
    await isNobody(left, 'signed out')
    const moved = await app.signInAs('tuynh')
    await change(moved, { role: 'supervisor', unitId: null })
    await isNobody(moved, 'another role')
    const again = await app.signInAs('tuynh')
    expect((await again.request('/api/retention')).status).toBe(200)
    await change(again, { active: false })
    await isNobody(again, 'left')
  })
})

/** Those who learn of what is not theirs not even that it is there. */
const OF_UNITS: ReadonlySet<Asker> = new Set(['nobody', 'officer', 'head', 'cityOffice'])

/** What is looked for, and whose it is. */
function wordsFor(query: string): (readonly [string, PlantedCase | undefined])[] {
  if (query.includes('=code')) return cases.map((one) => [one.code, one] as const)
  if (!query.includes('words')) return [['', undefined]]
  return cases.flatMap((one) => one.searches.map((words) => [words, one] as const))
}

/** By who reported it only where that is shown; by what it is about, where that is. */
function mayFind(letter: string, one: PlantedCase, words: string): boolean {
  return letter === 'A' || (letter === 'M' && !one.reporter.some((word) => words.includes(word)))
}

interface Line {
  readonly text: () => string
  readonly close: () => void
}

async function openLine(client: Client): Promise<Line> {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/live`, {
    headers: { cookie: client.cookie },
  })
  const heard: string[] = []
  socket.on('message', (data: Buffer) => void heard.push(data.toString()))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', consoleId: `console-${String(client.personId)}` }))
  await once(socket, 'message')
  return {
    text: () => heard.join('\n'),
    close: () => {
      socket.close()
    },
  }
}
