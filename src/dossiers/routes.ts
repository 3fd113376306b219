import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, HOTLINE, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { DossierPage, DossierQuery, DossierRow, ListResult, SetDossierRow } from './contract.ts'
import { COMPILERS } from './dossier-machine.ts'
import type { DossiersService } from './service.ts'

/** GET /api/dossier for the hotline and the City Office, POST for who compiles, PUT /api/dossier/:id for supervisors. */
export const dossierRoutes: FastifyPluginAsyncTypebox<{
  readonly dossiers: Pick<DossiersService, 'page' | 'set' | 'listResult'>
}> = async (app, { dossiers }) => {
  app.get(
    '/api/dossier',
    {
      ...allow(...HOTLINE, 'cityOffice'),
      schema: { querystring: DossierQuery, response: { 200: DossierPage } },
    },
    async (request) => dossiers.page(request.query, personOf(request)),
  )
  app.post(
    '/api/dossier',
    { ...allow(...COMPILERS), schema: { body: ListResult, response: { 200: DossierRow } } },
    async (request) => dossiers.listResult(request.body, personOf(request)),
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
