import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Meters } from './meters.ts'
import { metricsText } from './metrics-text.ts'

/** `/metrics` for Prometheus (text format 0.0.4): counts and times, no number, name or text of anybody. */
export const operationsRoutes: FastifyPluginAsyncTypebox<{ readonly meters: Pick<Meters, 'read'> }> = async (
  app,
  { meters },
) => {
  app.get('/metrics', { config: { access: 'probe' } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(meters.read())),
  )
}
