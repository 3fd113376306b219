import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { allow, personOf } from '../http/access.ts'
import { AskSuggestions, Suggestions } from './contract.ts'
import { type SuggestionsService } from './service.ts'

/** A fast typist pauses once a second at most; more is a programme gone wrong. */
const PER_MINUTE = 90
const FORM_BYTES = 128 * 1024

/** POST /api/suggestions: reads only, so that a request given up on the way costs nothing. */
export const suggestionRoutes: FastifyPluginAsyncTypebox<{ suggestions: SuggestionsService }> = async (
  app,
  { suggestions },
) => {
  app.post(
    '/api/suggestions',
    {
      config: {
        ...allow('operator', 'supervisor').config,
        rateLimit: { max: PER_MINUTE, timeWindow: 60_000 },
      },
      bodyLimit: FORM_BYTES,
      schema: { body: AskSuggestions, response: { 200: Suggestions } },
    },
    async (request) => suggestions.suggest(request.body, personOf(request)),
  )
}
