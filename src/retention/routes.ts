import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import {
  DecideDeletion,
  DeletionRequest,
  GiveReason,
  Hold,
  PlaceHold,
  RefuseDeletion,
  RetentionView,
} from './contract.ts'
import { KEEPERS } from './deletion-machine.ts'
import type { Retention } from './service.ts'

const keepers = allow(...KEEPERS)
const params = Type.Object({ id: PathId })
const None = Type.Object({}, { additionalProperties: false })

/** `/api/retention`, `/api/recordings/:id/deletion` and `/api/deletions`: how long recordings are kept, and who lets them go sooner. */
export const retentionRoutes: FastifyPluginAsyncTypebox<{ readonly retention: Retention }> = async (
  app,
  { retention },
) => {
  app.get(
    '/api/retention',
    { ...keepers, schema: { querystring: None, response: { 200: RetentionView } } },
    async (request) => retention.view(personOf(request)),
  )

  app.post(
    '/api/retention/holds',
    { ...keepers, schema: { body: PlaceHold, response: { 201: Hold } } },
    async (request, reply) => {
      void reply.code(201)
      return retention.hold(request.body, personOf(request))
    },
  )

  app.post(
    '/api/retention/holds/:id/lift',
    { ...keepers, schema: { params, body: GiveReason, response: { 200: Hold } } },
    async (request) => retention.lift(readPathId(request.params.id), request.body, personOf(request)),
  )

  app.post(
    '/api/recordings/:id/deletion',
    { ...keepers, schema: { params, body: GiveReason, response: { 201: DeletionRequest } } },
    async (request, reply) => {
      void reply.code(201)
      return retention.ask(readPathId(request.params.id), request.body, personOf(request))
    },
  )

  app.post(
    '/api/deletions/:id/approve',
    { ...keepers, schema: { params, body: DecideDeletion, response: { 200: DeletionRequest } } },
    async (request) => retention.approve(readPathId(request.params.id), request.body, personOf(request)),
  )

  app.post(
    '/api/deletions/:id/refuse',
    { ...keepers, schema: { params, body: RefuseDeletion, response: { 200: DeletionRequest } } },
    async (request) => retention.refuse(readPathId(request.params.id), request.body, personOf(request)),
  )

  app.post(
    '/api/deletions/:id/withdraw',
    { ...keepers, schema: { params, body: DecideDeletion, response: { 200: DeletionRequest } } },
    async (request) => retention.withdraw(readPathId(request.params.id), request.body, personOf(request)),
  )
}
