import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { AskPersonalData, SubjectRequest, SubjectRequests } from './contract.ts'
import type { PersonalData } from './personal-data.ts'

/**
 * Only whoever reads every case answers for all that is held about a number. An admin does not read what is confidential (A15): to them an
 * answer would be incomplete, or would say that a number stands in a case they may not know of.
 */
const readers = allow('supervisor')
const params = Type.Object({ id: PathId })
const None = Type.Object({}, { additionalProperties: false })
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** `/api/personal-data`: the number is in a body and in the database, never in an address. */
export const personalDataRoutes: FastifyPluginAsyncTypebox<{ readonly personalData: PersonalData }> = async (
  app,
  { personalData },
) => {
  app.get(
    '/api/personal-data',
    { ...readers, schema: { querystring: None, response: { 200: SubjectRequests } } },
    async () => personalData.newest(),
  )

  app.post(
    '/api/personal-data',
    { ...readers, schema: { body: AskPersonalData, response: { 201: SubjectRequest } } },
    async (request, reply) => {
      void reply.code(201)
      return personalData.ask(request.body, personOf(request))
    },
  )

  app.get(
    '/api/personal-data/:id/file',
    { ...readers, schema: { params, querystring: None, response: { 200: Type.Unknown() } } },
    async (request, reply) => {
      const id = readPathId(request.params.id)
      const file = await personalData.file(id, personOf(request))
      return reply
        .header('cache-control', 'private, no-store')
        .header('content-disposition', `attachment; filename="du-lieu-ca-nhan-${String(id)}.xlsx"`)
        .type(XLSX)
        .send(file)
    },
  )
}
