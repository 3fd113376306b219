import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Role } from '../../src/accounts/contract.ts'
import { startApp, type World } from '../../src/app.ts'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { type PbxAccess } from '../../src/cli/pbx.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { type RouteOptions } from 'fastify'
import { type App } from '../../src/http/server.ts'
import { STUB_ACCOUNT } from './sms-stub.ts'

const ROOT = resolve(import.meta.dirname, '../..')

export interface TestAppOptions {
  /** A running PBX; without it AMI and ARI point at ports where nobody listens. */
  readonly pbx?: PbxAccess
  /** Address of the SMS stub; without it messages go to the simulator. */
  readonly twilio?: { readonly apiUrl: string; readonly oldAuthToken?: string }
  /** Built console; none unless named. */
  readonly consoleDir?: string
  readonly now?: World['now']
  /** Settings besides those a test needs anyway. */
  readonly environment?: Readonly<Record<string, string>>
  readonly logger?: World['logger']
}

/** How long starting it may take where many tests run at once. */
export const START_MS = 60_000

/** A signed-in browser, as far as the service can tell. */
export interface Client {
  readonly cookie: string
  readonly csrfToken: string
  readonly personId: number
  /** A request with cookie and CSRF token; an object as `json` becomes the body. */
  request(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>
}

export interface TestRoute {
  readonly method: string
  readonly url: string
  readonly options: RouteOptions
}

export interface TestApp {
  readonly url: string
  readonly config: Config
  readonly app: App
  /** Every route of the service, one entry per method. */
  readonly routes: readonly TestRoute[]
  signIn(role: Role): Promise<Client>
  /** A demo person by user name. */
  signInAs(username: string): Promise<Client>
  /** Name and password of the first demo person of a role. */
  account(role: Role): { username: string; password: string }
  /** Ends the service and starts it again on the same folder and port; `meanwhile` runs while nothing does. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  /** Has another built beside it take its place; `meanwhile` runs when that one is built and this one still serves. */
  replace(meanwhile?: () => Promise<void>, changes?: Partial<Config>): Promise<void>
  close(): Promise<void>
}

/** The real service on a free port and a folder of its own, with the demo people. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), 'tongdai-app-'))
  const [port = 0, nobody = 0] = await pickPorts([{ kind: 'tcp' }, { kind: 'tcp' }])
  const { pbx, twilio } = options
  const read = readConfig(
    {
      HTTP_PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      RECORDINGS_DIR: join(folder, 'recordings'),
      DEMO: 'true',
      SMS_QUIET_HOURS: 'off', // at whatever hour this runs
      AMI_PORT: String(pbx?.ami.port ?? nobody),
      AMI_USER: pbx?.ami.user ?? 'nobody',
      AMI_SECRET: pbx?.ami.secret ?? 'nobody',
      ARI_URL: pbx?.ari.url ?? `http://127.0.0.1:${String(nobody)}`,
      ARI_USER: pbx?.ari.user ?? 'nobody',
      ARI_SECRET: pbx?.ari.secret ?? 'nobody',
      ...(pbx === undefined ? {} : { SIP_WS_URL: pbx.sipWsUrl }),
      ...(twilio === undefined
        ? {}
        : {
            TWILIO_ACCOUNT_SID: STUB_ACCOUNT.accountSid,
            TWILIO_AUTH_TOKEN: STUB_ACCOUNT.authToken,
            TWILIO_AUTH_TOKEN_OLD: twilio.oldAuthToken,
            TWILIO_FROM: STUB_ACCOUNT.from,
            TWILIO_API_URL: twilio.apiUrl,
          }),
      ...options.environment,
    },
    ROOT,
  )
  const config: Config = { ...read, consoleDir: options.consoleDir ?? join(folder, 'none') }
  const world: World = {
    now: options.now ?? (() => new Date()),
    ...(options.logger === undefined ? {} : { logger: options.logger }),
  }
  const routes: TestRoute[] = []
  let app = await watched(routes, () => startApp(config, world))
  const url = `http://127.0.0.1:${String(port)}`

  const accountWhere = (what: string, wanted: (person: { role: Role; username: string }) => boolean) => {
    const people = JSON.parse(readFileSync(join(config.dataDir, 'demo-accounts.json'), 'utf8')) as {
      role: Role
      username: string
      password: string
    }[]
    const person = people.find(wanted)
    if (person === undefined) throw new Error(`no demo ${what}`)
    return { username: person.username, password: person.password }
  }
  const account = (role: Role) => accountWhere(role, (person) => person.role === role)

  return {
    url,
    config,
    get app() {
      return app
    },
    routes,
    account,
    async signIn(role) {
      return openSession(url, account(role))
    },
    async signInAs(username) {
      return openSession(
        url,
        accountWhere(username, (person) => person.username === username),
      )
    },
    async restart(meanwhile) {
      await app.close()
      await meanwhile?.()
      app = await startApp(config, world)
      await freshLines(url)
    },
    async replace(meanwhile, changes = {}) {
      const old = app
      app = await startApp({ ...config, ...changes }, world, async () => {
        await meanwhile?.()
        await old.close()
      })
      await freshLines(url)
    },
    async close() {
      await app.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Notes every route while the service is built (Fastify announces each instance on a diagnostics channel). */
async function watched<T>(routes: TestRoute[], build: () => Promise<T>): Promise<T> {
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: App }
    fastify.addHook('onRoute', (options) => {
      for (const method of [options.method].flat()) routes.push({ method, url: options.url, options })
    })
  }
  subscribe('fastify.initialization', watch)
  try {
    return await build()
  } finally {
    unsubscribe('fastify.initialization', watch)
  }
}

/** The client's kept-alive connections are to the service that is gone: it finds out by using them. */
async function freshLines(url: string): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const reply = await fetch(`${url}/healthz`).catch(() => undefined)
    if (reply?.ok === true) return
  }
  throw new Error('the service does not answer after its restart')
}

/** Signs in and keeps the cookie. */
export async function openSession(
  url: string,
  account: { username: string; password: string },
): Promise<Client> {
  const reply = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  if (reply.status !== 200) throw new Error(`sign-in answered ${String(reply.status)}`)
  const cookie = (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { csrfToken, person } = (await reply.json()) as { csrfToken: string; person: { id: number } }
  return {
    cookie,
    csrfToken,
    personId: person.id,
    request(path, { json, headers, ...init } = {}) {
      const own: Record<string, string> = { cookie, 'x-csrf-token': csrfToken }
      if (json !== undefined) own['content-type'] = 'application/json'
      return fetch(`${url}${path}`, {
        ...init,
        ...(json === undefined ? {} : { body: JSON.stringify(json), method: init.method ?? 'POST' }),
        headers: { ...own, ...(headers as Record<string, string> | undefined) },
      })
    },
  }
}
