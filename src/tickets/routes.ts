import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, allowCaseReaders, personOf } from '../http/access.ts'
import { guardCases } from './case-guard.ts'
import {
  AnswerTicket,
  MarkSeen,
  MoveTicket,
  OpenTicket,
  ReceiveTicket,
  Refusal,
  SaveTicket,
  SendSlip,
  TicketPage,
  TicketQuery,
  TicketView,
  WriteNote,
} from './contract.ts'
import type { AccessLog } from './access-log.ts'
import { type TicketsService } from './service.ts'

export interface TicketRouteOptions {
  readonly tickets: TicketsService
  readonly accessLog: AccessLog
}

const Code = Type.Object({ code: Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' }) })
const view = { 200: TicketView }
/** Who may write: the desk. Admins look, and keep the accounts. */
const desk = allow('operator', 'supervisor')
/** Who may move a case, each where the life cycle says so and the case is theirs. */
const movers = allow('operator', 'supervisor', 'officer', 'head', 'cityOffice')
/** A ticket's whole form is far below this; NFD or \\u escapes make it longer on the way. */
const FORM_BYTES = 128 * 1024

/** Reading and changing tickets: /api/tickets. */
export const ticketRoutes: FastifyPluginAsyncTypebox<TicketRouteOptions> = async (
  app,
  { tickets, accessLog },
) => {
  guardCases(app, tickets)
  app.get(
    '/api/tickets',
    { ...allowCaseReaders(), schema: { querystring: TicketQuery, response: { 200: TicketPage } } },
    async (request) => tickets.list(request.query, personOf(request)),
  )
  app.post(
    '/api/tickets',
    { ...desk, bodyLimit: FORM_BYTES, schema: { body: OpenTicket, response: view } },
    async (request) => tickets.open(request.body.channel, personOf(request)),
  )
  app.get('/api/refusals', { ...desk, schema: { response: { 200: Type.Array(Refusal) } } }, async () =>
    tickets.refusals(),
  )
  app.get(
    '/api/tickets/:code',
    { ...allowCaseReaders(), schema: { params: Code, response: view } },
    async (request) => {
      const shown = tickets.view(request.params.code, personOf(request))
      accessLog.viewed(shown, personOf(request))
      return shown
    },
  )
  app.patch(
    '/api/tickets/:code',
    { ...desk, bodyLimit: FORM_BYTES, schema: { params: Code, body: SaveTicket, response: view } },
    async (request) => tickets.save(request.params.code, request.body, personOf(request)),
  )
  app.post(
    '/api/oversight/seen',
    { ...allow('cityOffice'), schema: { body: MarkSeen, response: { 204: Type.Null() } } },
    async (request, reply) => {
      tickets.markSeen(request.body.codes, personOf(request))
      return reply.code(204).send(null)
    },
  )
  app.post(
    '/api/tickets/:code/receive',
    { ...desk, bodyLimit: FORM_BYTES, schema: { params: Code, body: ReceiveTicket, response: view } },
    async (request) => tickets.receive(request.params.code, request.body.version, personOf(request)),
  )
  app.post(
    '/api/tickets/:code/answer',
    { ...desk, bodyLimit: FORM_BYTES, schema: { params: Code, body: AnswerTicket, response: view } },
    async (request) => tickets.answer(request.params.code, request.body, personOf(request)),
  )
  app.post(
    '/api/tickets/:code/moves',
    { ...movers, bodyLimit: FORM_BYTES, schema: { params: Code, body: MoveTicket, response: view } },
    async (request) => {
      const { params, body } = request
      const moved = tickets.move(params.code, body, personOf(request))
      accessLog.moved(params.code, body.action, personOf(request))
      return moved
    },
  )
  app.post(
    '/api/tickets/:code/notes',
    { ...movers, bodyLimit: FORM_BYTES, schema: { params: Code, body: WriteNote, response: view } },
    async (request) => tickets.writeNote(request.params.code, request.body, personOf(request)),
  )
  app.post(
    '/api/tickets/:code/slips',
    { ...desk, bodyLimit: FORM_BYTES, schema: { params: Code, body: SendSlip, response: view } },
    async (request) => {
      const { params, body } = request
      tickets.mustExplainRoute(params.code, body)
      return tickets.sendSlip(params.code, body, personOf(request))
    },
  )
}
