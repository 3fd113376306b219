import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, HOTLINE, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { DossierPage, DossierQuery, DossierRow, SetDossierRow } from './contract.ts'
import type { DossiersService } from './service.ts'

/** GET /api/dossier for the hotline and the City Office, PUT /api/dossier/:id for supervisors. */
export const dossierRoutes: FastifyPluginAsyncTypebox<{
  readonly dossiers: Pick<DossiersService, 'page' | 'set'>
}> = async (app, { dossiers }) => {
  app.get(
    '/api/dossier',
    {
      ...allow(...HOTLINE, 'cityOffice'),
      schema: { querystring: DossierQuery, response: { 200: DossierPage } },
    },
    async (request) => dossiers.page(request.query, personOf(request)),
  )
  app.put(
    '/api/dossier/:id',
    {
      ...allow('supervisor'),
      schema: {
        params: Type.Object({ id: PathId }),
        body: SetDossierRow,
        response: { 200: DossierRow },
      },
    },
    async (request) => dossiers.set(readPathId(request.params.id), request.body, personOf(request)),
  )
}
