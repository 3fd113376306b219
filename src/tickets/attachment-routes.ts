import { createReadStream } from 'node:fs'
import { type FastifyRequest } from 'fastify'
import '@fastify/multipart' // registered by the HTTP shell; here for its types
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, allowCaseReaders, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { AppError } from '../platform/errors.ts'
import { ATTACHMENT_LIMIT_BYTES, type Upload } from './attachments.ts'
import { TicketView } from './contract.ts'
import { guardCases } from './case-guard.ts'
import { type TicketRouteOptions } from './routes.ts'

const Code = Type.Object({ code: Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' }) })
const CodeAndId = Type.Object({ ...Code.properties, id: PathId })

/** One byte more than is taken, so that our own refusal comes first and says why. */
const LIMITS = { files: 1, fields: 0, fileSize: ATTACHMENT_LIMIT_BYTES + 1 }

/** Who may give a unit's answer; where and when says the life cycle. */
const answerers = allow('officer', 'head', 'cityOffice')

/** Files of a case and of a unit's answer to it, one per request: /api/tickets/:code/attachments and …/answer-files. */
export const attachmentRoutes: FastifyPluginAsyncTypebox<TicketRouteOptions> = async (
  app,
  { tickets, accessLog },
) => {
  guardCases(app, tickets)
  app.post(
    '/api/tickets/:code/attachments',
    { ...allow('operator', 'supervisor'), schema: { params: Code, response: { 200: TicketView } } },
    async (request) => tickets.attach(request.params.code, await uploadOf(request), personOf(request)),
  )
  app.post(
    '/api/tickets/:code/answer-files',
    { ...answerers, schema: { params: Code, response: { 200: TicketView } } },
    async (request) =>
      tickets.attachToAnswer(request.params.code, await uploadOf(request), personOf(request)),
  )
  app.delete(
    '/api/tickets/:code/answer-files/:id',
    { ...answerers, schema: { params: CodeAndId, response: { 200: TicketView } } },
    async (request) =>
      tickets.dropFromAnswer(request.params.code, readPathId(request.params.id), personOf(request)),
  )

  app.get(
    '/api/tickets/:code/attachments/:id',
    { ...allowCaseReaders(), schema: { params: CodeAndId, response: { 200: Type.Unknown() } } },
    async (request, reply) => {
      const attachment = tickets.attachment(
        request.params.code,
        readPathId(request.params.id),
        personOf(request),
      )
      accessLog.tookFile(request.params.code, readPathId(request.params.id), personOf(request))
      return reply
        .headers({
          'content-type': attachment.mediaType,
          'content-length': attachment.sizeBytes,
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(attachment.name)}`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'private, no-store',
        })
        .send(createReadStream(attachment.path))
    },
  )
}

async function uploadOf(request: FastifyRequest): Promise<Upload> {
  const upload = request.isMultipart()
    ? await whole(request.file({ limits: LIMITS, throwFileSizeLimit: false }))
    : undefined
  if (upload === undefined)
    throw new AppError('invalid', 'FILE_REQUIRED', 'send one file as multipart/form-data')
  return { name: upload.filename, content: readable(upload.file) }
}

/** The parser's own errors carry no status: a body that ends early is the sender's line, not our failure. */
async function whole<T>(parsing: Promise<T>): Promise<T> {
  try {
    return await parsing
  } catch (cause) {
    throw broken(cause)
  }
}

async function* readable(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content
  } catch (cause) {
    throw broken(cause)
  }
}

function broken(cause: unknown): unknown {
  const known = cause instanceof AppError || (cause as { statusCode?: unknown }).statusCode !== undefined
  return known
    ? cause
    : new AppError('invalid', 'UPLOAD_BROKEN', 'the upload broke off; send it again', { cause })
}
