import { type Static, Type } from 'typebox'

export const RECORDING_KINDS = ['call', 'voicemail', 'consult'] as const
export type RecordingKind = (typeof RECORDING_KINDS)[number]
export const RECORDING_STATES = ['pending', 'stored', 'missing', 'damaged'] as const

/** What is doubtful about a recording, or why there is none. */
export const RECORDING_FLAGS = [
  'citizenMissing',
  'operatorMissing',
  'messageMissing',
  'citizenDamaged',
  'operatorDamaged',
  'messageDamaged',
  'citizenSilent',
  'operatorSilent',
  'messageSilent',
  /** The PBX died while it recorded: what it had written is kept, the end may be lost. */
  'neverClosed',
  /** The PBX never had a file of it. */
  'notAtPbx',
  /** Hung up before there was anything to record. */
  'tooShort',
  /** A file without a single sample. */
  'noSound',
  /** The PBX gave a name that could lead out of its folder. */
  'badName',
  /** The file is not the one that was sealed: its SHA-256 differs. */
  'altered',
] as const
export type RecordingFlag = (typeof RECORDING_FLAGS)[number]

export const RecordingView = Type.Object(
  {
    id: Type.Integer(),
    callId: Type.String(),
    ticketCode: Type.Union([Type.String(), Type.Null()]),
    kind: Type.Enum(RECORDING_KINDS),
    state: Type.Enum(RECORDING_STATES),
    flags: Type.Array(Type.Enum(RECORDING_FLAGS)),
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
