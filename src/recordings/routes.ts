import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, allowHotline, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { RecordedOperators, RecordingPage, RecordingQuery, RecordingView } from './contract.ts'
import { parseRange } from './range-policy.ts'
import type { Recordings } from './service.ts'

const Id = Type.Object({ id: PathId })
const None = Type.Object({}, { additionalProperties: false })

/** GET /api/recordings, /api/recordings/operators, /api/recordings/:id, /api/recordings/:id/audio. */
export const recordingRoutes: FastifyPluginAsyncTypebox<{
  readonly recordings: Pick<Recordings, 'page' | 'find' | 'open'>
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
      const { handle, sizeBytes, sha256 } = await recordings.open(
        readPathId(request.params.id),
        personOf(request),
      )
      try {
        const etag = `"${sha256}"`
        const ifRange = request.headers['if-range']
        // Ranges are GET's alone (RFC 9110 §14.2), and of another version than this one all is wanted (§13.1.5).
        const ranged = request.method === 'GET' && (ifRange === undefined || ifRange === etag)
        const range = ranged ? parseRange(request.headers.range, sizeBytes) : undefined
        void reply.headers({
          'content-type': 'audio/wav',
          'accept-ranges': 'bytes',
          'cache-control': 'private, no-store',
          'content-disposition': 'inline',
          etag,
        })
        if (range === 'unsatisfiable') {
          await handle.close()
          return await reply
            .code(416)
            .header('content-range', `bytes */${String(sizeBytes)}`)
            .send(null)
        }
        const { start, end } = range ?? { start: 0, end: sizeBytes - 1 }
        void reply.code(range === undefined ? 200 : 206).header('content-length', end - start + 1)
        if (range !== undefined) {
          void reply.header('content-range', `bytes ${String(start)}-${String(end)}/${String(sizeBytes)}`)
        }
        if (request.method === 'HEAD') {
          await handle.close()
          return await reply.send(Readable.from([])) // keeps the length that was promised
        }
        // The stream closes the handle, at its end and when the listener goes away.
        return await reply.send(handle.createReadStream({ start, end }))
      } catch (error) {
        await handle.close()
        throw error
      }
    },
  )
}
