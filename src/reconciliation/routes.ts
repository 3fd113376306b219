import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import {
  DiscrepancyPage,
  DiscrepancyQuery,
  DiscrepancyView,
  ReconcileRun,
  ResolveDiscrepancy,
} from './contract.ts'
import type { Reconciliation } from './service.ts'

const watchers = allow('supervisor', 'admin')

/** `/api/discrepancies`: what does not match between PBX, calls, recordings and cases, and what a person found out about it. */
export const reconciliationRoutes: FastifyPluginAsyncTypebox<{
  readonly reconciliation: Reconciliation
}> = async (app, { reconciliation }) => {
  app.get(
    '/api/discrepancies',
    { ...watchers, schema: { querystring: DiscrepancyQuery, response: { 200: DiscrepancyPage } } },
    async (request) => reconciliation.page(request.query),
  )
  app.post(
    '/api/discrepancies/:id/resolve',
    {
      ...watchers,
      schema: {
        params: Type.Object({ id: PathId }),
        body: ResolveDiscrepancy,
        response: { 200: DiscrepancyView },
      },
    },
    async (request) =>
      reconciliation.resolve(readPathId(request.params.id), request.body.words, personOf(request)),
  )
  app.post('/api/discrepancies/run', { ...watchers, schema: { response: { 200: ReconcileRun } } }, async () =>
    reconciliation.run(),
  )
}
