import { type FastifyInstance } from 'fastify'
import { type TicketsService } from './service.ts'

const CODE = /^[A-Z]{2}[0-9]{2}-[0-9]{6}$/
const READS = new Set(['GET', 'HEAD'])

/**
 * Every route of a case (`:code`) that is added to `app` after this asks first whether the caller sees that case, and to change
 * anything, whether they see what they change. Before the body is looked at: what a refusal says must not tell that there is
 * such a case.
 */
export function guardCases(
  app: Pick<FastifyInstance, 'addHook'>,
  tickets: Pick<TicketsService, 'mustSee' | 'mustReach'>,
): void {
  app.addHook('preValidation', async ({ params, person, method }) => {
    const code = (params as { readonly code?: unknown } | undefined)?.code
    if (person === null || typeof code !== 'string' || !CODE.test(code)) return
    if (READS.has(method)) tickets.mustSee(code, person)
    else tickets.mustReach(code, person)
  })
}
