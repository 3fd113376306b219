import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { allowHotline, allowSignedIn } from '../http/access.ts'
import { Directory, SuggestQuery, Suggestion } from './contract.ts'
import { type AgencyDirectory } from './service.ts'

/** GET /api/directory and /api/directory/suggest. */
export const agencyRoutes: FastifyPluginAsyncTypebox<{ directory: AgencyDirectory }> = async (
  app,
  { directory },
) => {
  app.get('/api/directory', { ...allowSignedIn(), schema: { response: { 200: Directory } } }, async () =>
    directory.directory(),
  )
  app.get(
    '/api/directory/suggest',
    { ...allowHotline(), schema: { querystring: SuggestQuery, response: { 200: Suggestion } } },
    async ({ query }) => ({
      unitIds: directory.suggest({ fieldId: query.fieldId ?? null, areaId: query.areaId ?? null }),
    }),
  )
}
