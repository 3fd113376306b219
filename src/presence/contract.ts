import { type Static, Type } from 'typebox'

export const PRESENCE_STATES = ['offline', 'ready', 'paused', 'onCall', 'wrapUp', 'away'] as const
export type PresenceState = (typeof PRESENCE_STATES)[number]

export const PAUSE_REASONS = ['break', 'meal', 'meeting', 'training', 'paperwork', 'technical'] as const
export type PauseReason = (typeof PAUSE_REASONS)[number]
const Reason = Type.Enum(PAUSE_REASONS)

export const PresenceView = Type.Object(
  {
    state: Type.Enum(PRESENCE_STATES),
    reason: Type.Union([Reason, Type.Null()]),
    since: Type.String(),
    /** While in wrap-up: when it ends by itself. */
    wrapUpEndsAt: Type.Union([Type.String(), Type.Null()]),
    /** The one extension of this wrap-up is used. */
    wrapUpExtended: Type.Boolean(),
    /** What the operator goes to after the call or wrap-up: a pause asked for during a call. */
    next: Type.Union([Type.Literal('ready'), Type.Literal('paused')]),
  },
  { additionalProperties: false },
)
export type PresenceView = Static<typeof PresenceView>

/** Body of PUT /api/presence. `ready` also ends a wrap-up early. */
export const SetPresence = Type.Union([
  Type.Object({ state: Type.Literal('ready') }, { additionalProperties: false }),
  Type.Object({ state: Type.Literal('paused'), reason: Reason }, { additionalProperties: false }),
  Type.Object({ state: Type.Literal('offline') }, { additionalProperties: false }),
])
export type SetPresence = Static<typeof SetPresence>

/** Body of POST /api/presence/wrap-up/extend. */
export const ExtendWrapUp = Type.Object(
  { reason: Type.String({ minLength: 3, maxLength: 200 }) },
  { additionalProperties: false },
)
export type ExtendWrapUp = Static<typeof ExtendWrapUp>

/** Answer to GET /api/phone: what a softphone registers with. The password is random and lives in the PBX's memory. */
export const PhoneAccount = Type.Object(
  {
    uri: Type.String(),
    username: Type.String(),
    password: Type.String(),
    displayName: Type.String(),
    /** Path of the SIP WebSocket on the page's own origin. */
    path: Type.String(),
  },
  { additionalProperties: false },
)
export type PhoneAccount = Static<typeof PhoneAccount>
