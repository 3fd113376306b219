import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { SetMask } from './contract.ts'
import type { Masking } from './masking.ts'

/** PUT /api/calls/:callId/mask: the recording of the own call falls silent, or hears again. */
export const maskingRoutes: FastifyPluginAsyncTypebox<{ readonly masking: Masking }> = async (
  app,
  { masking },
) => {
  app.put(
    '/api/calls/:callId/mask',
    {
      ...allow('operator', 'supervisor'),
      schema: {
        params: Type.Object({ callId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$' }) }),
        body: SetMask,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { masked, cause } = request.body
      const { callId } = request.params
      if (masked) await masking.begin(callId, cause, personOf(request))
      else await masking.end(callId, personOf(request))
      void reply.code(204)
      return null
    },
  )
}
