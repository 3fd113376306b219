import type { FastifyRequest } from 'fastify'
import { type Person, type Role, ROLES } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'

/**
 * Who may call a route. `public` needs nobody signed in; `signed` is a webhook whose handler checks a signature;
 * `local` is this machine's command line with the token of the data folder; `probe` is whoever watches the machine, with
 * METRICS_TOKEN, or that command line; a role list needs a session of one of them.
 */
export type Access = 'public' | 'signed' | 'local' | 'probe' | { readonly roles: readonly Role[] }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route without it is refused when it is registered: default deny. */
    access?: Access
  }
  // Facts of one request, set by guard.ts for every route.
  interface FastifyRequest {
    person: Person | null
    /** Id of the session row, for revoking and for the live channel. */
    sessionId: string | null
    csrfToken: string | null
  }
}

/** Route option: only these roles. Spread it: `{ ...allow('operator'), schema }`. */
export function allow(...roles: readonly Role[]): { config: { access: Access } } {
  return { config: { access: { roles } } }
}

/** Those who sit at the hotline; the others are units' people and the City Office. */
export const HOTLINE: readonly Role[] = ['operator', 'supervisor', 'admin']

/** Route option: anybody of the hotline, and nobody of a unit or the City Office. */
export function allowHotline(): { config: { access: Access } } {
  return allow(...HOTLINE)
}

/** Route option: everybody who may have a case, people of units included; what they are shown must be cut to what is theirs. */
export function allowCaseReaders(): { config: { access: Access } } {
  return allow(...ROLES.filter((role) => role !== 'auditor'))
}

/** Route option: anybody signed in. */
export function allowSignedIn(): { config: { access: Access } } {
  return allow(...ROLES)
}

/** The person of a route that declared roles; a programming error elsewhere. */
export function personOf(request: FastifyRequest): Person {
  if (request.person === null) throw new AppError('forbidden', 'SIGN_IN_REQUIRED', 'sign in first')
  return request.person
}
