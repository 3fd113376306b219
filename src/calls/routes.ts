import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Person } from '../accounts/contract.ts'
import { Day } from '../platform/day-schema.ts'
import { allow, personOf } from '../http/access.ts'
import { momentsOf } from '../platform/day-range.ts'
import { AppError } from '../platform/errors.ts'
import { seesWholeNumber } from '../platform/number-mask-policy.ts'
import { withMaskedNumber, withoutCaller } from './call-view.ts'
import { CallView, MissedCall, WholeNumber } from './contract.ts'
import type { NumberReveal } from './number-reveal.ts'
import type { Calls } from './service.ts'

export interface CallRoutesOptions {
  readonly calls: Calls
  readonly cases: {
    /** False where that case is confidential and the viewer does not read the whole of it. */
    mayRead(code: string, viewer: Person): boolean
    /** Throws TICKET_OUT_OF_REACH for such a viewer. */
    mustReach(code: string, viewer: Person): void
  }
  readonly numbers: NumberReveal
}

const desk = allow('operator', 'supervisor', 'admin')
const CallParams = Type.Object({ callId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$' }) })
const Page = Type.Object(
  {
    /** Begun on these days of the city. */
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)

/**
 * `/api/calls`, `/api/missed`. Operators see their own calls and those nobody took (Đ12.2: no more than the work needs); supervisors and
 * admins all of them, with masked numbers but of their own calls (R068).
 */
export const callRoutes: FastifyPluginAsyncTypebox<CallRoutesOptions> = async (
  app,
  { calls, cases, numbers },
) => {
  const shownTo = (viewer: Person, call: CallView): CallView => {
    if (call.ticketCode !== null && !cases.mayRead(call.ticketCode, viewer)) return withoutCaller(call)
    return seesWholeNumber(viewer, call.operatorId) ? call : withMaskedNumber(call)
  }

  app.get(
    '/api/calls',
    {
      ...desk,
      schema: {
        querystring: Page,
        response: { 200: Type.Object({ items: Type.Array(CallView), total: Type.Integer() }) },
      },
    },
    async (request) => {
      const person = personOf(request)
      const { offset = 0, limit = 50, ...days } = request.query
      const operatorId = person.role === 'operator' ? person.id : null
      const { items, total } = calls.page({ ...momentsOf(days), operatorId }, offset, limit)
      return { items: items.map((call) => shownTo(person, call)), total }
    },
  )

  app.get(
    '/api/calls/:callId',
    { ...desk, schema: { params: CallParams, response: { 200: CallView } } },
    async (request) => {
      const person = personOf(request)
      const call = calls.find(request.params.callId)
      const hidden = person.role === 'operator' && call?.operatorId !== null && call?.operatorId !== person.id
      if (call === undefined || hidden) throw new AppError('notFound', 'CALL_NOT_FOUND', 'no such call')
      return shownTo(person, call)
    },
  )

  app.post(
    '/api/calls/:callId/number',
    {
      ...allow('supervisor', 'admin'),
      schema: { params: CallParams, response: { 200: WholeNumber } },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'private, no-store')
      return numbers.reveal(request.params.callId, personOf(request))
    },
  )

  app.get(
    '/api/missed',
    { ...desk, schema: { response: { 200: Type.Array(MissedCall) } } },
    async (request) => {
      const missed = calls.missed()
      return seesWholeNumber(personOf(request), null) ? missed : missed.map(withMaskedNumber)
    },
  )

  app.post(
    '/api/missed/:callId/done',
    { ...allow('operator', 'supervisor'), schema: { params: CallParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { callId } = request.params
      const person = personOf(request)
      const code = calls.find(callId)?.ticketCode ?? null
      if (code !== null) cases.mustReach(code, person)
      calls.missedDone(callId, person.id)
      reply.code(204)
      return null
    },
  )
}
