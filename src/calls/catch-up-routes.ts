import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow } from '../http/access.ts'
import type { CatchUp } from './catch-up.ts'
import { CatchUps } from './contract.ts'

/** `/api/catch-ups`: what the service made up for after it, or the PBX, had been away. */
export const catchUpRoutes: FastifyPluginAsyncTypebox<{
  readonly catchUp: Pick<CatchUp, 'state' | 'page'>
}> = async (app, { catchUp }) => {
  app.get(
    '/api/catch-ups',
    {
      ...allow('supervisor', 'admin'),
      schema: {
        querystring: Type.Object(
          { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) },
          { additionalProperties: false },
        ),
        response: { 200: CatchUps },
      },
    },
    async (request) => ({ now: catchUp.state(), runs: catchUp.page(request.query.limit ?? 20) }),
  )
}
