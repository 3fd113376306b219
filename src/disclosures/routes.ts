import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Person } from '../accounts/contract.ts'
import { allow, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { sendRanged } from '../http/ranged-file.ts'
import { RecordingTrack, Waveform } from '../recordings/contract.ts'
import {
  ApproveDisclosure,
  AskDisclosure,
  CaseDisclosures,
  DisclosurePage,
  DisclosureQuery,
  DisclosureView,
  EndDisclosure,
  WithdrawDisclosure,
} from './contract.ts'
import { ASKERS, DECIDERS } from './disclosure-machine.ts'
import type { Disclosures } from './service.ts'
import type { UsingDisclosures } from './using.ts'

const askers = allow(...ASKERS)
const deciders = allow(...DECIDERS)
const params = Type.Object({ id: PathId })
const CODE = /^[A-Z]{2}[0-9]{2}-[0-9]{6}$/
const Code = Type.Object({ code: Type.String({ pattern: CODE.source }) })
const None = Type.Object({}, { additionalProperties: false })
const view = { 200: DisclosureView }

/** `/api/tickets/:code/disclosures` and `/api/disclosures`: a unit asks, a supervisor decides, named people hear. */
export const disclosureRoutes: FastifyPluginAsyncTypebox<{
  readonly disclosures: Disclosures
  readonly using: UsingDisclosures
  /** Whose gate is `using.stored`. */
  readonly listening: {
    waveform(id: number, points: number | undefined, viewer: Person): Promise<Waveform>
    track(id: number, viewer: Person): RecordingTrack
  }
  readonly publicKey: () => string
}> = async (app, { disclosures, using, listening, publicKey }) => {
  // Before the body is looked at: what a refusal says must not tell that there is such a case.
  app.addHook('preValidation', async ({ params: given, person }) => {
    const code = (given as { readonly code?: unknown } | undefined)?.code
    if (person !== null && typeof code === 'string' && CODE.test(code)) disclosures.mustRead(code, person)
  })
  app.get(
    '/api/tickets/:code/disclosures',
    { ...askers, schema: { params: Code, querystring: None, response: { 200: CaseDisclosures } } },
    async (request) => disclosures.ofCase(request.params.code, personOf(request)),
  )
  app.post(
    '/api/tickets/:code/disclosures',
    { ...askers, schema: { params: Code, body: AskDisclosure, response: { 201: DisclosureView } } },
    async (request, reply) => {
      void reply.code(201)
      return disclosures.ask(request.params.code, request.body, personOf(request))
    },
  )
  app.get(
    '/api/disclosures',
    { ...deciders, schema: { querystring: DisclosureQuery, response: { 200: DisclosurePage } } },
    async (request) => disclosures.page(request.query, personOf(request)),
  )
  app.get(
    '/api/recordings/:id/disclosures',
    {
      ...deciders,
      schema: { params, querystring: None, response: { 200: Type.Array(DisclosureView) } },
    },
    async (request) => disclosures.ofRecording(readPathId(request.params.id), personOf(request)),
  )
  app.post(
    '/api/disclosures/:id/approve',
    { ...deciders, schema: { params, body: ApproveDisclosure, response: view } },
    async (request) => disclosures.approve(readPathId(request.params.id), request.body, personOf(request)),
  )
  for (const action of ['refuse', 'revoke'] as const)
    app.post(
      `/api/disclosures/:id/${action}`,
      { ...deciders, schema: { params, body: EndDisclosure, response: view } },
      async (request) => disclosures[action](readPathId(request.params.id), request.body, personOf(request)),
    )
  app.post(
    '/api/disclosures/:id/withdraw',
    { ...askers, schema: { params, body: WithdrawDisclosure, response: view } },
    async (request) => disclosures.withdraw(readPathId(request.params.id), request.body, personOf(request)),
  )

  app.get(
    '/api/disclosures/:id/audio',
    {
      ...askers,
      schema: {
        params,
        querystring: None,
        response: { 200: Type.Unknown(), 206: Type.Unknown(), 416: Type.Null() },
      },
    },
    async (request, reply) => {
      const range = request.method === 'HEAD' ? null : { header: request.headers.range }
      const { isStillAllowed, ...file } = await using.play(
        readPathId(request.params.id),
        personOf(request),
        range,
      )
      return sendRanged(request, reply, file, { contentType: file.contentType, isStillAllowed })
    },
  )
  app.get(
    '/api/disclosures/:id/waveform',
    { ...askers, schema: { params, querystring: None, response: { 200: Waveform } } },
    async (request) => listening.waveform(readPathId(request.params.id), undefined, personOf(request)),
  )
  app.get(
    '/api/disclosures/:id/track',
    { ...askers, schema: { params, querystring: None, response: { 200: RecordingTrack } } },
    async (request) => listening.track(readPathId(request.params.id), personOf(request)),
  )
  app.get(
    '/api/disclosures/:id/package',
    // HEAD would build one too.
    {
      ...askers,
      exposeHeadRoute: false,
      schema: { params, querystring: None, response: { 200: Type.Unknown() } },
    },
    async (request, reply) => {
      const built = await using.take(readPathId(request.params.id), personOf(request))
      return reply
        .headers({
          'content-type': 'application/zip',
          'content-length': built.sizeBytes,
          'content-disposition': `attachment; filename="${built.name}"`,
          'cache-control': 'private, no-store',
        })
        .send(built.handle.createReadStream())
    },
  )

  /** By which anybody knows whose signature a package carries. */
  app.get(
    '/khoa-cong-khai.pem',
    { config: { access: 'public' }, schema: { response: { 200: Type.String() } } },
    async (_request, reply) => {
      void reply
        .header('content-type', 'application/x-pem-file')
        .header('cache-control', 'public, max-age=300')
      return publicKey()
    },
  )
}
