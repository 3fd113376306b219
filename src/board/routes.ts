import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { allow, personOf } from '../http/access.ts'
import { PathId, readPathId } from '../http/path-id.ts'
import { Board, ForcePause, ForceSignOut } from './contract.ts'
import type { BoardService } from './service.ts'

const Id = Type.Object({ id: PathId })
const supervising = allow('supervisor', 'admin')

/** GET /api/board, POST /api/board/operators/:id/pause and /sign-out. */
export const boardRoutes: FastifyPluginAsyncTypebox<{ readonly board: BoardService }> = async (
  app,
  { board },
) => {
  app.get('/api/board', { ...supervising, schema: { response: { 200: Board } } }, async (request) =>
    board.board(personOf(request)),
  )

  app.post(
    '/api/board/operators/:id/pause',
    { ...supervising, schema: { params: Id, body: ForcePause, response: { 200: Board } } },
    async (request) => {
      board.pause(readPathId(request.params.id), request.body, personOf(request))
      return board.board(personOf(request))
    },
  )

  app.post(
    '/api/board/operators/:id/sign-out',
    { ...supervising, schema: { params: Id, body: ForceSignOut, response: { 200: Board } } },
    async (request) => {
      board.signOut(readPathId(request.params.id), request.body.words, personOf(request))
      return board.board(personOf(request))
    },
  )
}
