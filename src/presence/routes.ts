import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { ExtendWrapUp, PhoneAccount, PresenceView, SetPresence } from './contract.ts'
import type { PresenceService } from './service.ts'
import type { Softphones } from './softphone-ari.ts'

export interface PresenceRoutesOptions {
  readonly presence: PresenceService
  readonly softphones: Softphones
}

const desk = allow('operator', 'supervisor')

/** `/api/presence` and `/api/phone`: where I stand towards the queue, and what my phone registers with. */
export const presenceRoutes: FastifyPluginAsyncTypebox<PresenceRoutesOptions> = async (
  app,
  { presence, softphones },
) => {
  app.get('/api/presence', { ...desk, schema: { response: { 200: PresenceView } } }, async (request) =>
    presence.view(personOf(request).id),
  )

  app.put(
    '/api/presence',
    { ...desk, schema: { body: SetPresence, response: { 200: PresenceView } } },
    async (request) => presence.set(personOf(request).id, request.body),
  )

  app.post(
    '/api/presence/wrap-up/extend',
    { ...desk, schema: { body: ExtendWrapUp, response: { 200: PresenceView } } },
    async (request) => presence.extendWrapUp(personOf(request).id, request.body.reason),
  )

  app.get(
    '/api/phone',
    {
      ...desk,
      schema: {
        querystring: Type.Object(
          { kind: Type.Optional(Type.Union([Type.Literal('browser'), Type.Literal('desk')])) },
          { additionalProperties: false },
        ),
        response: { 200: PhoneAccount },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store')
      return softphones.account(personOf(request), request.query.kind ?? 'browser')
    },
  )
}
