import { type Static, Type } from 'typebox'

/** `whisper`: the operator hears the supervisor and the citizen does not; `barge`: both do, and the recording. */
export const SUPERVISION_MODES = ['listen', 'whisper', 'barge'] as const
export type SupervisionMode = (typeof SUPERVISION_MODES)[number]

/** Body of PUT /api/board/operators/:id/supervision. */
export const Supervise = Type.Object({ mode: Type.Enum(SUPERVISION_MODES) }, { additionalProperties: false })
export type Supervise = Static<typeof Supervise>

/** A supervisor who listens to an operator's talk, or whose phone rings for it, as the board shows it. */
export const SupervisionView = Type.Object({
  supervisorId: Type.Integer(),
  supervisorName: Type.Union([Type.String(), Type.Null()]),
  mode: Type.Enum(SUPERVISION_MODES),
  /** ISO 8601; null while the supervisor's phone rings. */
  since: Type.Union([Type.String(), Type.Null()]),
})
export type SupervisionView = Static<typeof SupervisionView>

/** What an operator is told of whoever listens to them. */
export const Listener = Type.Object({
  name: Type.Union([Type.String(), Type.Null()]),
  mode: Type.Enum(SUPERVISION_MODES),
})
export type Listener = Static<typeof Listener>
