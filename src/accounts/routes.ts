import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, allowSignedIn, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { sessionCookie } from '../http/session-cookie.ts'
import { ChangePassword, CreatePerson, Person, SessionView, SignIn, UpdatePerson } from './contract.ts'
import type { Accounts } from './service.ts'

export interface AccountRoutesOptions {
  readonly accounts: Accounts
  readonly city: SessionView['city']
  readonly masking: SessionView['masking']
  /** Null for a unit that the directory does not have. */
  readonly unitName: (unitId: string) => string | null
  readonly smsSimulated: boolean
  /** Whether the cookie may only travel over TLS. */
  readonly secureCookie: boolean
}

const admin = allow('admin')
const PersonParams = Type.Object({ id: PathId })
const NewPassword = Type.Object({ person: Person, password: Type.String() })

/** `/api/session` and `/api/people`. */
export const accountRoutes: FastifyPluginAsyncTypebox<AccountRoutesOptions> = async (app, options) => {
  const { accounts, city, masking, smsSimulated, secureCookie } = options
  const viewOf = (person: Person, csrfToken: string): SessionView => ({
    person,
    unitName: person.unitId === null ? null : options.unitName(person.unitId),
    csrfToken,
    city,
    masking,
    smsSimulated,
  })

  app.post(
    '/api/session',
    {
      // Per address: a whole shift signs in from one. What guards a name is its own lock (service.ts).
      config: { access: 'public', rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: { body: SignIn, response: { 200: SessionView } },
    },
    async (request, reply) => {
      // A browser that signs in again must not keep two sessions.
      const old = request.sessionId
      const { person, csrfToken, token } = await accounts.signIn(request.body.username, request.body.password)
      if (old !== null && request.person !== null) accounts.signOut(old, request.person.id)
      sessionCookie.set(reply, token, secureCookie)
      return viewOf(person, csrfToken)
    },
  )

  app.get(
    '/api/session',
    { ...allowSignedIn(), schema: { response: { 200: SessionView } } },
    async (request) => viewOf(personOf(request), request.csrfToken ?? ''),
  )

  app.delete(
    '/api/session',
    { ...allowSignedIn(), schema: { response: { 204: Type.Null() } } },
    async (request, reply) => {
      accounts.signOut(request.sessionId ?? '', personOf(request).id)
      sessionCookie.clear(reply, secureCookie)
      reply.code(204)
      return null
    },
  )

  app.put(
    '/api/session/password',
    {
      // The guess of a current password costs as much as one at the door.
      config: { ...allowSignedIn().config, rateLimit: { max: 20, timeWindow: 60_000 } },
      schema: { body: ChangePassword, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { current, next } = request.body
      await accounts.changePassword(personOf(request).id, request.sessionId ?? '', current, next)
      reply.code(204)
      return null
    },
  )

  app.get('/api/people', { ...admin, schema: { response: { 200: Type.Array(Person) } } }, async () =>
    accounts.list(),
  )

  app.post(
    '/api/people',
    { ...admin, schema: { body: CreatePerson, response: { 201: NewPassword } } },
    async (request, reply) => {
      reply.code(201)
      return accounts.create(request.body, personOf(request).id)
    },
  )

  app.patch(
    '/api/people/:id',
    { ...admin, schema: { params: PersonParams, body: UpdatePerson, response: { 200: Person } } },
    async (request) => accounts.update(readPathId(request.params.id), request.body, personOf(request).id),
  )

  app.post(
    '/api/people/:id/password',
    { ...admin, schema: { params: PersonParams, response: { 200: NewPassword } } },
    async (request) => accounts.resetPassword(readPathId(request.params.id), personOf(request).id),
  )
}
