import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { allowCaseReaders, personOf } from '../http/access.ts'
import { AppError } from '../platform/errors.ts'
import { type SlipPaper } from './slip-paper.ts'
import { SLIP_STYLE, slipMissingPage, slipPage } from './slip-page.ts'
import { type SlipPrinter } from './slip-pdf.ts'
import { guardCases } from './case-guard.ts'
import { type TicketRouteOptions } from './routes.ts'

export interface SlipRouteOptions extends TicketRouteOptions {
  readonly print: SlipPrinter
  readonly hotline: string
}

const SlipFile = Type.Object({
  code: Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' }),
  file: Type.String({ pattern: '^[0-9]{1,4}\\.pdf$' }),
})
const Name = Type.Object({ name: Type.String({ maxLength: 200 }) })
const Document = { 200: Type.Unknown(), 404: Type.Unknown() }

/** The slip as page and PDF: `/p/:token`, `/p/:token.pdf`, `/api/tickets/:code/slips/:version.pdf`. */
export const slipRoutes: FastifyPluginAsyncTypebox<SlipRouteOptions> = async (app, options) => {
  const { tickets, accessLog, print, hotline } = options
  guardCases(app, tickets)

  const sendPdf = async (reply: FastifyReply, paper: SlipPaper): Promise<FastifyReply> => {
    const bytes = await print(paper)
    return reply
      .headers({
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="${paper.ticketCode}-${paper.number}.pdf"`,
        'cache-control': 'private, no-store',
      })
      .send(bytes)
  }

  app.get(
    '/api/tickets/:code/slips/:file',
    { ...allowCaseReaders(), schema: { params: SlipFile, response: Document } },
    async (request, reply) => {
      const { code, file } = request.params
      const paper = tickets.slipPaper(code, Number.parseInt(file, 10), personOf(request))
      accessLog.tookSlip(code, paper.number, personOf(request))
      return sendPdf(reply, paper)
    },
  )

  app.get(
    '/p/style.css',
    { config: { access: 'public' }, schema: { response: { 200: Type.Unknown() } } },
    async (_, reply) =>
      reply.header('cache-control', 'public, max-age=3600').type('text/css; charset=utf-8').send(SLIP_STYLE),
  )

  app.get(
    '/p/:name',
    { config: { access: 'public' }, schema: { params: Name, response: Document } },
    async (request, reply) => {
      const [, token = '', extension] = /^([A-Za-z0-9]{12})(\.pdf)?$/.exec(request.params.name) ?? []
      // Somebody with the password from the letter is nobody yet.
      const reader = request.person?.mustChangePassword === false ? request.person : null
      const found = token === '' ? undefined : tickets.slipByToken(token, reader)
      // the token is a secret of its kind: it must not leave by a referrer, a cache or a search engine
      void reply.headers({
        'cache-control': 'private, no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
      })
      if (found === undefined)
        return reply.code(404).type('text/html; charset=utf-8').send(slipMissingPage(hotline))
      const { slip, paper, isTheirs, isOfUnit } = found
      if (extension !== undefined) {
        if (reader === null) throw new AppError('unauthorised', 'SIGN_IN_REQUIRED', 'sign in first')
        if (!isTheirs) throw new AppError('notFound', 'TICKET_NOT_FOUND', 'no such ticket')
        accessLog.tookSlip(paper.ticketCode, paper.number, reader)
        return sendPdf(reply, paper)
      }
      // Not the hotline's own look at it: this is how the slip is known to have arrived.
      if (reader === null || isOfUnit) tickets.noteSlipOpened(slip)
      if (isTheirs && reader !== null) accessLog.tookSlip(paper.ticketCode, paper.number, reader)
      const who = reader === null ? 'stranger' : isTheirs ? 'entitled' : 'other'
      return reply.type('text/html; charset=utf-8').send(slipPage(paper, { who, pdfPath: `/p/${token}.pdf` }))
    },
  )
}
