import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { CommandTransfer, StartTransfer, TransferProposal, TransferView } from './contract.ts'
import type { Transfers } from './service.ts'

const atTheLine = allow('operator', 'supervisor')

/** `/api/transfers`: only who is in the talk may move it. */
export const transferRoutes: FastifyPluginAsyncTypebox<{ transfers: Transfers }> = async (
  app,
  { transfers },
) => {
  app.get(
    '/api/transfers/proposal',
    {
      ...atTheLine,
      schema: {
        querystring: Type.Object(
          { ticketCode: Type.Optional(Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' })) },
          { additionalProperties: false },
        ),
        response: { 200: TransferProposal },
      },
    },
    async ({ query }) => transfers.proposal(query.ticketCode ?? null),
  )

  app.post(
    '/api/transfers',
    { ...atTheLine, schema: { body: StartTransfer, response: { 200: TransferView } } },
    async (request) => transfers.start(request.body, personOf(request).id),
  )

  app.post(
    '/api/transfers/:id/commands',
    {
      ...atTheLine,
      schema: {
        params: Type.Object({ id: Type.String({ pattern: '^[0-9a-z]{4,32}$' }) }),
        body: CommandTransfer,
        response: { 200: TransferView },
      },
    },
    async (request) => transfers.command(request.params.id, request.body, personOf(request).id),
  )
}
