import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { toLocalIso } from '../platform/clock.ts'
import type { AuditDesk } from './audit-desk.ts'
import { AuditExport, AuditPage, AuditQuery, SealStatus } from './contract.ts'

const readers = allow('supervisor', 'admin', 'auditor')
const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const

/** GET /api/audit, /api/audit/export, /api/seals: who did what, and what vouches for it. */
export const sealRoutes: FastifyPluginAsyncTypebox<{
  readonly desk: AuditDesk
  readonly now: () => Date
}> = async (app, { desk, now }) => {
  app.get(
    '/api/audit',
    { ...readers, schema: { querystring: AuditQuery, response: { 200: AuditPage } } },
    async (request) => desk.page(request.query),
  )
  app.get('/api/seals', { ...readers, schema: { response: { 200: SealStatus } } }, async () => desk.status())
  app.get(
    '/api/audit/export',
    { ...readers, schema: { querystring: AuditExport, response: { 200: Type.Unknown() } } },
    async (request, reply) => {
      const { format } = request.query
      const pieces = desk.export(request.query, personOf(request))
      const name = `nhat-ky-${toLocalIso(now()).slice(0, 10)}.${format}`
      return reply
        .headers({
          'content-type': TYPES[format],
          'content-disposition': `attachment; filename="${name}"`,
          'cache-control': 'private, no-store',
        })
        .send(Readable.from(pieces))
    },
  )
}
