import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Board } from '../board/contract.ts'
import type { Person } from '../accounts/contract.ts'
import { allow, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { Supervise } from './contract.ts'
import type { Supervisions } from './service.ts'

interface SupervisionRoutesOptions {
  readonly supervisions: Pick<Supervisions, 'supervise' | 'leave'>
  readonly board: (viewer: Person) => Board
}

const supervising = allow('supervisor')

/** PUT /api/board/operators/:id/supervision: take part in that operator’s talk, in one way or another; DELETE /api/board/supervision: leave. */
export const supervisionRoutes: FastifyPluginAsyncTypebox<SupervisionRoutesOptions> = async (
  app,
  { supervisions, board },
) => {
  const params = Type.Object({ id: PathId })

  app.put(
    '/api/board/operators/:id/supervision',
    { ...supervising, schema: { params, body: Supervise, response: { 200: Board } } },
    async (request) => {
      await supervisions.supervise(readPathId(request.params.id), request.body.mode, personOf(request))
      return board(personOf(request))
    },
  )

  app.delete(
    '/api/board/supervision',
    { ...supervising, schema: { response: { 200: Board } } },
    async (request) => {
      await supervisions.leave(personOf(request))
      return board(personOf(request))
    },
  )
}
