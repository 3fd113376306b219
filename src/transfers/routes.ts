import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, allowHotline, personOf } from '../http/access.ts'
import type { TicketsService } from '../tickets/service.ts'
import {
  CommandTransfer,
  StartTransfer,
  TicketTransfers,
  TransferProposal,
  TransferView,
} from './contract.ts'
import type { Transfers } from './service.ts'
import type { Timelines } from './timeline.ts'

const atTheLine = allow('operator', 'supervisor')

export interface TransferRoutesOptions {
  readonly transfers: Transfers
  readonly timelines: Timelines
  readonly tickets: Pick<TicketsService, 'view' | 'mustReach'>
}

/** `/api/transfers`: only who is in the talk may move it. Whoever of the hotline may read a ticket reads who heard whom in its calls. */
export const transferRoutes: FastifyPluginAsyncTypebox<TransferRoutesOptions> = async (
  app,
  { transfers, timelines, tickets },
) => {
  app.get(
    '/api/tickets/:code/transfers',
    {
      ...allowHotline(),
      schema: {
        params: Type.Object({ code: Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' }) }),
        response: { 200: TicketTransfers },
      },
    },
    async (request) => {
      // The ticket's own view is the gate: it shows the calls to whom it shows itself.
      const { calls } = tickets.view(request.params.code, personOf(request))
      return { calls: calls.map(({ id }) => timelines.ofCall(id)).filter((past) => past !== undefined) }
    },
  )

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
    async (request) => {
      const code = request.query.ticketCode ?? null
      // What is proposed tells what the case is about.
      if (code !== null) tickets.mustReach(code, personOf(request))
      return transfers.proposal(code)
    },
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
