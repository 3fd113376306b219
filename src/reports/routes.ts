import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { FigureCases, FigureQuery, HolderReport, PeriodQuery, UnitDigest, UnitReport } from './contract.ts'
import type { Reports } from './service.ts'
import type { UnitDigests } from './unit-digest.ts'

/** Unit people for their own unit, the City Office and supervisors for all. An operator forwards and does not watch units. */
const readers = allow('officer', 'head', 'cityOffice', 'supervisor', 'admin')

/** Whoever answers for all units' work may write to their leaders (Đ13.6). */
const tellers = allow('cityOffice', 'supervisor')

/** `/api/reports`: figures of units, the cases behind each, and the SMS about them. */
export const reportRoutes: FastifyPluginAsyncTypebox<{
  readonly reports: Reports
  readonly digests: UnitDigests
}> = async (app, { reports, digests }) => {
  app.get(
    '/api/reports/units',
    { ...readers, schema: { querystring: PeriodQuery, response: { 200: UnitReport } } },
    async (request) => reports.units(request.query, personOf(request)),
  )
  app.get(
    '/api/reports/units/:unitId/cases',
    {
      ...readers,
      schema: {
        params: Type.Object({ unitId: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) }),
        querystring: FigureQuery,
        response: { 200: FigureCases },
      },
    },
    async (request) => reports.cases(request.params.unitId, request.query, personOf(request)),
  )
  app.get(
    '/api/reports/holders',
    { ...readers, schema: { querystring: PeriodQuery, response: { 200: HolderReport } } },
    async (request) => reports.holders(request.query, personOf(request)),
  )
  app.get(
    '/api/reports/units/digest',
    { ...tellers, schema: { querystring: PeriodQuery, response: { 200: UnitDigest } } },
    async (request) => digests.preview(request.query),
  )
  app.post(
    '/api/reports/units/digest',
    { ...tellers, schema: { body: PeriodQuery, response: { 200: UnitDigest } } },
    async (request) => digests.tell(request.body, personOf(request)),
  )
}
