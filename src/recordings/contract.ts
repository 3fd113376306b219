import { type Static, Type } from 'typebox'

export const RECORDING_KINDS = ['call', 'voicemail'] as const
export type RecordingKind = (typeof RECORDING_KINDS)[number]
export const RECORDING_STATES = ['pending', 'stored', 'missing', 'damaged'] as const

export const RecordingView = Type.Object(
  {
    id: Type.Integer(),
    callId: Type.String(),
    ticketCode: Type.Union([Type.String(), Type.Null()]),
    kind: Type.Enum(RECORDING_KINDS),
    state: Type.Enum(RECORDING_STATES),
    /** Why it is missing or damaged, or what is doubtful (a silent side, cut short). */
    flags: Type.Array(Type.String()),
    startedAt: Type.String(),
    durationMs: Type.Union([Type.Integer(), Type.Null()]),
    sizeBytes: Type.Union([Type.Integer(), Type.Null()]),
    sha256: Type.Union([Type.String(), Type.Null()]),
    numberDisplay: Type.String(),
    operatorId: Type.Union([Type.Integer(), Type.Null()]),
    operatorName: Type.Union([Type.String(), Type.Null()]),
    training: Type.Boolean(),
    /** May the person who asked play it? */
    playable: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type RecordingView = Static<typeof RecordingView>

/** Answer to GET /api/recordings. */
export const RecordingPage = Type.Object({ items: Type.Array(RecordingView), total: Type.Integer() })
export type RecordingPage = Static<typeof RecordingPage>
