import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { FigureCases, FigureQuery, PeriodQuery, UnitReport } from './contract.ts'
import type { Reports } from './service.ts'

/** Unit people for their own unit, the City Office and supervisors for all. An operator forwards and does not watch units. */
const readers = allow('officer', 'head', 'cityOffice', 'supervisor', 'admin')

/** `/api/reports`: figures of units and the cases behind each. */
export const reportRoutes: FastifyPluginAsyncTypebox<{ readonly reports: Reports }> = async (
  app,
  { reports },
) => {
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
}
