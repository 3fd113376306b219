import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, HOTLINE, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import type { Compiling } from './compiling.ts'
import {
  AtRevision,
  CompileDossier,
  DossierHistory,
  DossierHistoryQuery,
  DossierView,
  EditDossier,
  RecordDocument,
  SendDossier,
  TakeOutOfDossier,
} from './contract.ts'
import { COMPILERS } from './dossier-machine.ts'

const compilers = allow(...COMPILERS)
const readers = allow(...HOTLINE, 'cityOffice')
const params = Type.Object({ id: PathId })
const view = { 200: DossierView }
const MEDIA_TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/** `/api/dossiers`: the hotline compiles and sends, the City Office reads what it was sent and records the document. */
export const compileRoutes: FastifyPluginAsyncTypebox<{ readonly compiling: Compiling }> = async (
  app,
  { compiling },
) => {
  app.get(
    '/api/dossiers',
    { ...readers, schema: { querystring: DossierHistoryQuery, response: { 200: DossierHistory } } },
    async (request) => compiling.history(request.query, personOf(request)),
  )
  app.post(
    '/api/dossiers',
    { ...compilers, schema: { body: CompileDossier, response: { 201: DossierView } } },
    async (request, reply) => {
      reply.code(201)
      return compiling.compile(request.body, personOf(request))
    },
  )
  app.get('/api/dossiers/:id', { ...readers, schema: { params, response: view } }, async (request) =>
    compiling.view(readPathId(request.params.id), personOf(request)),
  )
  app.patch(
    '/api/dossiers/:id',
    { ...compilers, schema: { params, body: EditDossier, response: view } },
    async (request) => compiling.edit(readPathId(request.params.id), request.body, personOf(request)),
  )
  app.post(
    '/api/dossiers/:id/take-out',
    { ...compilers, schema: { params, body: TakeOutOfDossier, response: view } },
    async (request) => compiling.takeOut(readPathId(request.params.id), request.body, personOf(request)),
  )
  app.post(
    '/api/dossiers/:id/undo',
    { ...compilers, schema: { params, body: AtRevision, response: view } },
    async (request) =>
      compiling.undo(readPathId(request.params.id), request.body.revision, personOf(request)),
  )
  app.post(
    '/api/dossiers/:id/recompile',
    { ...compilers, schema: { params, body: AtRevision, response: view } },
    async (request) =>
      compiling.recompile(readPathId(request.params.id), request.body.revision, personOf(request)),
  )
  app.post(
    '/api/dossiers/:id/send',
    { ...compilers, schema: { params, body: SendDossier, response: view } },
    async (request) => compiling.send(readPathId(request.params.id), request.body, personOf(request)),
  )
  app.post(
    '/api/dossiers/:id/document',
    { ...allow('cityOffice'), schema: { params, body: RecordDocument, response: view } },
    async (request) =>
      compiling.recordDocument(readPathId(request.params.id), request.body, personOf(request)),
  )
  app.get(
    '/api/dossiers/:id/files/:kind',
    {
      ...allow(...COMPILERS, 'cityOffice'),
      schema: {
        params: Type.Object({ id: PathId, kind: Type.Enum(['pdf', 'xlsx']) }),
        response: { 200: Type.Unknown() },
      },
    },
    async (request, reply) => {
      const { id, kind } = request.params
      const { name, bytes } = await compiling.download(readPathId(id), kind, personOf(request))
      return reply
        .headers({
          'content-type': MEDIA_TYPES[kind],
          'content-disposition': `${kind === 'pdf' ? 'inline' : 'attachment'}; filename="${name}"`,
          'cache-control': 'private, no-store',
        })
        .send(bytes)
    },
  )
}
