import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, allowHotline, allowSignedIn, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import {
  ChangeList,
  ChangeQuery,
  ChangeView,
  Directory,
  ProposeChange,
  SuggestQuery,
  Suggestion,
  UnitBook,
  WithdrawChange,
} from './contract.ts'
import { type DirectoryEditor } from './editor.ts'
import { dayOf } from './effective-policy.ts'
import { publicDirectory } from './public-page.ts'
import { type BookPorts, directoryFor, unitEntries } from './unit-book.ts'

export interface AgencyRouteOptions extends BookPorts {
  readonly editor: DirectoryEditor
  /** Ids of units' own working hours. */
  readonly calendars: () => readonly string[]
  readonly city: { readonly name: string; readonly hotline: string }
}

const Params = Type.Object({ id: PathId })
const change = { 200: ChangeView }
/** Who may change something of it: an admin, the City Office, and heads of units their own officers (Đ17.9). */
const editors = allow('admin', 'cityOffice', 'head')

/** The directory of today, its page, and its changes: /api/directory. */
export const agencyRoutes: FastifyPluginAsyncTypebox<AgencyRouteOptions> = async (app, options) => {
  const { directory, editor } = options
  app.get(
    '/danh-ba',
    { config: { access: 'public' }, schema: { response: { 200: Type.Unknown() } } },
    async (_, reply) =>
      reply
        .header('cache-control', 'public, max-age=300')
        .type('text/html; charset=utf-8')
        .send(publicDirectory(directory.directory().units, options.city)),
  )
  app.get(
    '/api/directory',
    { ...allowSignedIn(), schema: { response: { 200: Directory } } },
    async (request) => directoryFor(directory.directory(), personOf(request)),
  )
  app.get(
    '/api/directory/suggest',
    { ...allowHotline(), schema: { querystring: SuggestQuery, response: { 200: Suggestion } } },
    async ({ query }) => ({
      unitIds: directory.suggest({ fieldId: query.fieldId ?? null, areaId: query.areaId ?? null }),
    }),
  )
  app.get(
    '/api/directory/units',
    { ...allowSignedIn(), schema: { response: { 200: UnitBook } } },
    async (request) => ({
      today: dayOf(options.now()),
      units: unitEntries(options, personOf(request)),
      calendars: [...options.calendars()],
    }),
  )
  app.get(
    '/api/directory/changes',
    { ...editors, schema: { querystring: ChangeQuery, response: { 200: ChangeList } } },
    async (request) => editor.list(request.query, personOf(request)),
  )
  app.post(
    '/api/directory/changes',
    { ...editors, schema: { body: ProposeChange, response: change } },
    async (request) => editor.propose(request.body, personOf(request)),
  )
  app.post(
    '/api/directory/changes/:id/withdraw',
    { ...editors, schema: { params: Params, body: WithdrawChange, response: change } },
    async (request) => editor.withdraw(readPathId(request.params.id), request.body.why, personOf(request)),
  )
  app.post(
    '/api/directory/changes/:id/note',
    { ...allow('cityOffice'), schema: { params: Params, response: change } },
    async (request) => editor.note(readPathId(request.params.id), personOf(request)),
  )
}
