import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { CatchUpState } from '../calls/contract.ts'

export interface Readiness {
  readonly ready: boolean
  /** `up`, `down` or a word saying what it does, per part. */
  readonly parts: Readonly<Record<string, string>>
  /** How far the service is with what it missed. */
  readonly catchUp: CatchUpState
}

const open = { config: { access: 'public' } } as const

/** `/healthz`: the process answers. `/readyz`: it can do its work, and if not, which part is away. */
export const healthRoutes: FastifyPluginAsyncTypebox<{
  readonly readiness: () => Promise<Readiness>
}> = async (app, { readiness }) => {
  // Without a schema: the first question after a start must not be what loads the serializers.
  // Asked many times a second while a service is replaced, and by anybody's watchdog: it costs less than counting it.
  app.get('/healthz', { config: { ...open.config, rateLimit: false } }, async () => ({ ok: true }))

  app.get('/readyz', open, async (_request, reply) => {
    const state = await readiness()
    reply.code(state.ready ? 200 : 503)
    return state
  })
}
