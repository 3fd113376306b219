import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { OpenSession } from '../accounts/service.ts'
import { AppError } from '../platform/errors.ts'
import type { Access } from './access.ts'
import { SESSION_COOKIE } from './session-cookie.ts'

export interface GuardDeps {
  readonly verify: (token: string) => OpenSession | undefined
  /** Bearer token of the command line on this machine. */
  readonly localToken: string
  /** Bearer token of whoever watches the machine; null: nobody but the command line. */
  readonly probeToken?: string | null
  /** Own origin, besides the one the request came to. */
  readonly publicUrl: string
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Of somebody who has to choose a password first, everything else is refused. */
const BEFORE_PASSWORD = new Set(['/api/session', '/api/session/password'])
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/** Default deny: every route declares who may, or the service does not start. */
export function addGuard(app: FastifyInstance, deps: GuardDeps): void {
  app.decorateRequest('person', null)
  app.decorateRequest('sessionId', null)
  app.decorateRequest('csrfToken', null)

  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} does not say who may call it`)
    }
  })

  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    // No route matched: the not-found handler answers, and tells nothing.
    if (access === undefined) return
    takeSession(request, deps)
    check(request, access, deps)
  })
}

function takeSession(request: FastifyRequest, { verify }: GuardDeps): void {
  const token = request.cookies[SESSION_COOKIE]
  const session = token === undefined || token.length > 200 ? undefined : verify(token)
  if (session === undefined) return
  request.person = session.person
  request.sessionId = session.sessionId
  request.csrfToken = session.csrfToken
}

function check(request: FastifyRequest, access: Access, deps: GuardDeps): void {
  if (!SAFE.has(request.method)) checkOrigin(request, deps.publicUrl)
  if (access === 'public' || access === 'signed') return
  if (access === 'local') {
    checkLocal(request, deps.localToken)
    return
  }
  if (access === 'probe') {
    checkProbe(request, deps)
    return
  }
  const { person } = request
  if (person === null) throw new AppError('unauthorised', 'SIGN_IN_REQUIRED', 'sign in first')
  if (person.mustChangePassword && !BEFORE_PASSWORD.has(request.routeOptions.url ?? '')) {
    throw new AppError('forbidden', 'PASSWORD_CHANGE_REQUIRED', 'choose a password of your own first')
  }
  if (!access.roles.includes(person.role)) {
    throw new AppError('forbidden', 'NOT_YOUR_ROLE', 'this is for another role')
  }
  if (request.headers.upgrade !== undefined) checkOrigin(request, deps.publicUrl)
  if (!SAFE.has(request.method) && !same(request.headers['x-csrf-token'], request.csrfToken)) {
    throw new AppError('forbidden', 'CSRF', 'the page is out of date; load it again')
  }
}

/** Browsers send forms and WebSockets from any page, cookies and all: only our own pages may change anything or listen. */
function checkOrigin(request: FastifyRequest, publicUrl: string): void {
  const { origin } = request.headers
  if (origin === undefined) return // not a browser: command line, carrier
  const host = URL.canParse(origin) ? new URL(origin).host : ''
  if (host !== request.headers.host && host !== new URL(publicUrl).host) {
    throw new AppError('forbidden', 'ORIGIN_FOREIGN', 'another site may not do this')
  }
}

function checkLocal(request: FastifyRequest, token: string): void {
  if (!isLocal(request, token)) {
    throw new AppError('forbidden', 'LOCAL_ONLY', 'only the command line of this machine may do this')
  }
}

function checkProbe(request: FastifyRequest, { localToken, probeToken }: GuardDeps): void {
  if (!isLocal(request, localToken) && !same(bearerOf(request), probeToken)) {
    throw new AppError('forbidden', 'PROBE_ONLY', 'this needs the token of METRICS_TOKEN')
  }
}

function isLocal(request: FastifyRequest, token: string): boolean {
  return LOOPBACK.has(request.ip) && same(bearerOf(request), token)
}

function bearerOf(request: FastifyRequest): string | undefined {
  return request.headers.authorization?.replace(/^Bearer /, '')
}

function same(given: unknown, expected: string | null | undefined): boolean {
  if (typeof given !== 'string' || expected == null) return false
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
