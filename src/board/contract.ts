import { type Static, Type } from 'typebox'
import { CALL_STATES } from '../calls/contract.ts'
import { PAUSE_REASONS, PresenceView } from '../presence/contract.ts'
import { SupervisionView } from '../supervision/contract.ts'

/** An answer within this long counts as in time. */
export const IN_TIME_SECONDS = 20

/** Somebody who takes calls, as the supervisor sees them. */
export const BoardOperator = Type.Object({
  personId: Type.Integer(),
  name: Type.String(),
  presence: PresenceView,
  /** The call they are in. */
  call: Type.Union([
    Type.Object({
      callId: Type.String(),
      state: Type.Enum(CALL_STATES),
      direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
      /** Empty for anonymous callers. */
      display: Type.String(),
      /** Only a part of the number is in `display` (R068): POST /api/calls/:callId/number has the whole. */
      isMasked: Type.Optional(Type.Literal(true)),
      /** ISO 8601: since they are in it. */
      since: Type.String(),
    }),
    Type.Null(),
  ]),
  /** Who listens to them. */
  supervision: Type.Union([SupervisionView, Type.Null()]),
})
export type BoardOperator = Static<typeof BoardOperator>

/** Answer to GET /api/board: the floor at this moment. */
export const Board = Type.Object({
  at: Type.String(),
  /** By name. */
  operators: Type.Array(BoardOperator),
  waiting: Type.Integer(),
  /** Since when the one who waits longest does. */
  longestSince: Type.Union([Type.String(), Type.Null()]),
  /** Citizens' calls of the city's day that came to the queue and are decided. */
  today: Type.Object({
    answered: Type.Integer(),
    /** Of them, within `IN_TIME_SECONDS` from the queue. */
    inTime: Type.Integer(),
    abandoned: Type.Integer(),
    /** Asked to be rung back, or left a message. */
    diverted: Type.Integer(),
  }),
})
export type Board = Static<typeof Board>

const Words = Type.String({ minLength: 3, maxLength: 200, pattern: '\\S\\s*\\S\\s*\\S' })

/** Body of POST /api/board/operators/:id/pause. */
export const ForcePause = Type.Object(
  { reason: Type.Enum(PAUSE_REASONS), words: Words },
  { additionalProperties: false },
)
export type ForcePause = Static<typeof ForcePause>

/** Body of POST /api/board/operators/:id/sign-out. */
export const ForceSignOut = Type.Object({ words: Words }, { additionalProperties: false })
export type ForceSignOut = Static<typeof ForceSignOut>
