import formbody from '@fastify/formbody'
import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Person } from '../accounts/contract.ts'
import { allowHotline, personOf } from '../http/access.ts'
import { AppError } from '../platform/errors.ts'
import { Handsets } from './contract.ts'
import { type MessagesService } from './service.ts'
import { type TwilioForm, type TwilioWebhook } from './webhook-twilio.ts'

export interface MessageRouteOptions {
  readonly messages: Pick<MessagesService, 'handsets' | 'applyReport'>
  /** False where that case is confidential and the viewer does not read the whole of it. */
  readonly mayReadCase: (code: string, viewer: Person) => boolean
  /** Null without a carrier account: then there is no such address. */
  readonly webhook: TwilioWebhook | null
}

const WEBHOOK_BODY_BYTES = 16 * 1024

/** GET /api/simulator and POST /webhooks/twilio/status. */
export const messageRoutes: FastifyPluginAsyncTypebox<MessageRouteOptions> = async (app, options) => {
  const { messages, mayReadCase, webhook } = options
  app.get('/api/simulator', { ...allowHotline(), schema: { response: { 200: Handsets } } }, async (request) =>
    messages.handsets((code) => mayReadCase(code, personOf(request))),
  )

  // Forms are read here and nowhere else: a page of any other site can send one without asking.
  await app.register(async (plain) => {
    const scope = plain.withTypeProvider<TypeBoxTypeProvider>()
    await scope.register(formbody, { bodyLimit: WEBHOOK_BODY_BYTES })
    scope.post(
      '/webhooks/twilio/status',
      {
        config: { access: 'signed' },
        bodyLimit: WEBHOOK_BODY_BYTES,
        schema: {
          querystring: Type.Object({ message: Type.Optional(Type.String({ maxLength: 20 })) }),
          body: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())])),
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        if (webhook === null) throw new AppError('notFound', 'NOT_FOUND', 'no SMS carrier is configured')
        const form: TwilioForm = request.body
        const signature = request.headers['x-twilio-signature']
        const at = request.originalUrl.indexOf('?')
        const search = at === -1 ? '' : request.originalUrl.slice(at)
        if (typeof signature !== 'string' || !(await webhook.verify(signature, search, form))) {
          request.log.warn('unsigned delivery report refused')
          throw new AppError('forbidden', 'BAD_SIGNATURE', 'the signature does not match')
        }
        const report = webhook.read(request.query, form)
        if (report === undefined) throw new AppError('invalid', 'NOT_A_REPORT', 'no message id or status')
        if (!messages.applyReport(report)) {
          request.log.warn({ status: report.status }, 'delivery report for an unknown message')
          throw new AppError('notFound', 'MESSAGE_NOT_FOUND', 'no such message')
        }
        return reply.code(204).send(null)
      },
    )
  })
}
