import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allowHotline, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { RecordingNote, RecordingTrack, Waveform, WriteRecordingNote } from './contract.ts'
import type { Listening } from './listening.ts'
import { MOST_BUCKETS } from './peaks-policy.ts'

const Id = Type.Object({ id: PathId })
const None = Type.Object({}, { additionalProperties: false })
const Points = Type.Object(
  { points: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_BUCKETS })) },
  { additionalProperties: false },
)

/** GET /api/recordings/:id/waveform and /track, POST /api/recordings/:id/notes: as the audio itself (access-policy.ts). */
export const listeningRoutes: FastifyPluginAsyncTypebox<{ readonly listening: Listening }> = async (
  app,
  { listening },
) => {
  app.get(
    '/api/recordings/:id/waveform',
    { ...allowHotline(), schema: { params: Id, querystring: Points, response: { 200: Waveform } } },
    async (request, reply) => {
      const { points } = request.query
      const waveform = await listening.waveform(readPathId(request.params.id), points, personOf(request))
      void reply.header('cache-control', 'private, no-store')
      return waveform
    },
  )

  app.get(
    '/api/recordings/:id/track',
    { ...allowHotline(), schema: { params: Id, querystring: None, response: { 200: RecordingTrack } } },
    async (request) => listening.track(readPathId(request.params.id), personOf(request)),
  )

  app.post(
    '/api/recordings/:id/notes',
    {
      ...allowHotline(),
      schema: { params: Id, body: WriteRecordingNote, response: { 201: RecordingNote } },
    },
    async (request, reply) => {
      void reply.code(201)
      return listening.write(readPathId(request.params.id), request.body, personOf(request))
    },
  )
}
