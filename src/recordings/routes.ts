import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, allowHotline, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { sendRanged } from '../http/ranged-file.ts'
import { Recheck, RecordedOperators, RecordingPage, RecordingQuery, RecordingView } from './contract.ts'
import type { Recordings } from './service.ts'

const Id = Type.Object({ id: PathId })
const None = Type.Object({}, { additionalProperties: false })

/** Each reads a whole recording from the disk. */
const RECHECKS_PER_MINUTE = 30

/** GET /api/recordings, /api/recordings/operators, /api/recordings/:id, /api/recordings/:id/audio; POST /api/recordings/:id/recheck. */
export const recordingRoutes: FastifyPluginAsyncTypebox<{
  readonly recordings: Pick<Recordings, 'page' | 'find' | 'open' | 'recheck'>
  readonly operators: () => RecordedOperators
}> = async (app, { recordings, operators }) => {
  app.get(
    '/api/recordings',
    {
      ...allow('supervisor', 'admin'),
      schema: { querystring: RecordingQuery, response: { 200: RecordingPage } },
    },
    async (request) => recordings.page(request.query, personOf(request)),
  )

  app.get(
    '/api/recordings/operators',
    {
      ...allow('supervisor', 'admin'),
      schema: { querystring: None, response: { 200: RecordedOperators } },
    },
    async () => operators(),
  )

  app.get(
    '/api/recordings/:id',
    { ...allowHotline(), schema: { params: Id, querystring: None, response: { 200: RecordingView } } },
    async (request) => recordings.find(readPathId(request.params.id), personOf(request)),
  )

  app.get(
    '/api/recordings/:id/audio',
    {
      ...allowHotline(),
      schema: {
        params: Id,
        querystring: None,
        response: { 200: Type.Unknown(), 206: Type.Unknown(), 416: Type.Null() },
      },
    },
    async (request, reply) => {
      const opened = await recordings.open(readPathId(request.params.id), personOf(request))
      return sendRanged(request, reply, opened, opened)
    },
  )

  app.post(
    '/api/recordings/:id/recheck',
    {
      config: {
        ...allow('supervisor', 'admin').config,
        rateLimit: { max: RECHECKS_PER_MINUTE, timeWindow: 60_000 },
      },
      schema: { params: Id, querystring: None, response: { 200: Recheck } },
    },
    async (request) => recordings.recheck(readPathId(request.params.id), personOf(request)),
  )
}
