import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { guardCases } from './case-guard.ts'
import { AddCoHandler, Contribution, Disagree, RemoveCoHandler, TicketHead, TicketView } from './contract.ts'
import { type TicketsService } from './service.ts'

const Code = Type.Object({ code: TicketHead.code })
const CodeAndUnit = Type.Object({ code: TicketHead.code, unitId: Type.String({ maxLength: 40 }) })
const view = { 200: TicketView }
const arrangers = allow('operator', 'supervisor', 'cityOffice')
const units = allow('officer', 'head')

/** Units that work on a case together (Đ9.5a): /api/tickets/:code/co-handlers and what they say. */
export const coHandlingRoutes: FastifyPluginAsyncTypebox<{ readonly tickets: TicketsService }> = async (
  app,
  { tickets },
) => {
  // A co-handling unit may not change the case, but add to it.
  guardCases(app, {
    mustSee: (code, person) => {
      tickets.mustSee(code, person)
    },
    mustReach: (code, person) => {
      tickets.mustTakePart(code, person)
    },
  })
  app.post(
    '/api/tickets/:code/co-handlers',
    { ...arrangers, schema: { params: Code, body: AddCoHandler, response: view } },
    async (request) => tickets.addCoHandler(request.params.code, request.body, personOf(request)),
  )
  app.post(
    '/api/tickets/:code/co-handlers/:unitId/removal',
    { ...arrangers, schema: { params: CodeAndUnit, body: RemoveCoHandler, response: view } },
    async (request) =>
      tickets.removeCoHandler(request.params.code, request.params.unitId, request.body, personOf(request)),
  )
  app.post(
    '/api/tickets/:code/contributions',
    { ...units, schema: { params: Code, body: Contribution, response: view } },
    async (request) => tickets.contribute(request.params.code, request.body, personOf(request)),
  )
  app.post(
    '/api/tickets/:code/disagreement',
    { ...units, schema: { params: Code, body: Disagree, response: view } },
    async (request) => tickets.disagree(request.params.code, request.body, personOf(request)),
  )
}
