import { type Static, Type } from 'typebox'
import { Day } from '../platform/day-schema.ts'
import { DELETION_CAUSES } from '../retention/contract.ts'
import { HearingGroup, SPAN_CAUSES } from '../transfers/contract.ts'

export const RECORDING_KINDS = ['call', 'voicemail', 'consult'] as const
export type RecordingKind = (typeof RECORDING_KINDS)[number]
/** `deleted`: its files went by rule or by two people (src/retention); the row and its chain are the fact that stays. */
export const RECORDING_STATES = ['pending', 'stored', 'missing', 'damaged', 'deleted'] as const

/** `made`: beside its original; `dropped`: in its place; `unfit`: none came out that could stand for it. */
export const ARCHIVE_STATES = ['made', 'dropped', 'unfit'] as const

/** What keeps recordings from being filed, in a word for whoever runs the machine. */
export const FOLDER_PROBLEMS = [
  'diskFull',
  'folderUnwritable',
  'pbxFolderAway',
  /** The mark of another installation is in the folder, or nothing says that it is the one recordings were filed in. */
  'folderForeign',
  'folderElsewhere',
] as const
export type FolderProblem = (typeof FOLDER_PROBLEMS)[number]

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
  /** It was another than was sealed for a time, and is the sealed one again; the audit log says from when to when. */
  'restored',
  /** No copy for the archive could be made that is enough like it: the original stays. */
  'copyUnfit',
] as const
export type RecordingFlag = (typeof RECORDING_FLAGS)[number]

/** The copy of a recording for the archive. */
export const ArchiveView = Type.Object(
  {
    madeAt: Type.String(),
    sizeBytes: Type.Integer(),
    /** Signal to noise ratio of the worse side, in dB; null where nobody is heard. */
    quality: Type.Union([Type.Number(), Type.Null()]),
    /** The original went by rule. */
    isAlone: Type.Boolean(),
  },
  { additionalProperties: false },
)

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
    copy: Type.Union([ArchiveView, Type.Null()]),
    numberDisplay: Type.String(),
    /** Only a part of the number is shown (R068): POST /api/calls/:callId/number has the whole. */
    isNumberMasked: Type.Optional(Type.Literal(true)),
    operatorId: Type.Union([Type.Integer(), Type.Null()]),
    operatorName: Type.Union([Type.String(), Type.Null()]),
    /** Somebody took the call, though it may be nobody with an account: the scripted operator of a test call. */
    answered: Type.Boolean(),
    /** Why it is gone; null while it is not. */
    deletedFor: Type.Union([Type.Enum(DELETION_CAUSES), Type.Null()]),
    training: Type.Boolean(),
    /** May the person who asked play it? */
    playable: Type.Boolean(),
    /** The database says another number, operator, outcome or case of its call than was sealed with it. */
    isCallChanged: Type.Optional(Type.Literal(true)),
    /** It is altered, and the person who asked may have it checked again: POST /api/recordings/:id/recheck. */
    mayRecheck: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
)
export type RecordingView = Static<typeof RecordingView>

/**
 * What a recheck finds of an altered recording. `away`: a file of it is missing or cannot be read; `unvouched`: its row is not what the
 * chain of evidence says, so that no file can be right.
 */
export const RECHECK_FINDINGS = ['whole', 'another', 'away', 'unvouched'] as const
export type RecheckFinding = (typeof RECHECK_FINDINGS)[number]

/** Answer to POST /api/recordings/:id/recheck. */
export const Recheck = Type.Object({ found: Type.Enum(RECHECK_FINDINGS), recording: RecordingView })
export type Recheck = Static<typeof Recheck>

/** Query of GET /api/recordings. Days are the city's, both included. */
export const RecordingQuery = Type.Object(
  {
    /** Words of number, operator or ticket code. */
    q: Type.Optional(Type.String({ maxLength: 200 })),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    operatorId: Type.Optional(Type.Integer({ minimum: 1, maximum: 0x7fff_ffff })),
    unitId: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    minSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    /** With `minSeconds`, both included; what has no length yet is in neither. */
    maxSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type RecordingQuery = Static<typeof RecordingQuery>

/** Answer to GET /api/recordings/operators: who may have taken a call, by name; those who left too. */
export const RecordedOperators = Type.Array(Type.Object({ id: Type.Integer(), name: Type.String() }))
export type RecordedOperators = Static<typeof RecordedOperators>

/** Answer to GET /api/recordings. */
export const RecordingPage = Type.Object({
  items: Type.Array(RecordingView),
  total: Type.Integer(),
  /** Only the newest were looked through; there may be older ones. */
  isCut: Type.Optional(Type.Boolean()),
})
export type RecordingPage = Static<typeof RecordingPage>

/** Answer to GET /api/recordings/:id/waveform. */
export const Waveform = Type.Object({
  bucketMs: Type.Integer(),
  /** 2: citizen, then operator or agency. 1: a message. */
  sides: Type.Union([Type.Literal(1), Type.Literal(2)]),
  /** Base64 of signed bytes: for each bucket, and in it for each side, the lowest and the highest sample. */
  levels: Type.String(),
})
export type Waveform = Static<typeof Waveform>

/** A stretch of a call, in milliseconds from the beginning of its recording. */
export const TrackStretch = Type.Object({
  fromMs: Type.Integer(),
  toMs: Type.Integer(),
  /** `line`: somebody has taken the call, and `groups` says who hears whom. */
  phase: Type.Enum(['greeting', 'queue', 'dialing', 'line']),
  groups: Type.Array(HearingGroup),
  operatorName: Type.Union([Type.String(), Type.Null()]),
  /** The agency rung or spoken with. */
  agencyName: Type.Union([Type.String(), Type.Null()]),
  /** Why it ended; null where nobody did anything. */
  cause: Type.Union([Type.Enum(SPAN_CAUSES), Type.Null()]),
})
export type TrackStretch = Static<typeof TrackStretch>

export const MASK_CAUSES = ['button', 'field'] as const
export type MaskCause = (typeof MASK_CAUSES)[number]
/** `left`: the call went on without the operator who masked it; `resync`: after an interruption of the service. */
export const MASK_ENDS = ['operator', 'left', 'callOver', 'resync', 'failed'] as const
export type MaskEnd = (typeof MASK_ENDS)[number]

/** Body of PUT /api/calls/:callId/mask. `field`: the cursor went into a field that the city lists, or left it. */
export const SetMask = Type.Object(
  { masked: Type.Boolean(), cause: Type.Enum(MASK_CAUSES) },
  { additionalProperties: false },
)
export type SetMask = Static<typeof SetMask>

/** The recording of an operator's call is silent. */
export const Mask = Type.Object({
  callId: Type.String(),
  cause: Type.Enum(MASK_CAUSES),
  /** ISO 8601. */
  since: Type.String(),
})
export type Mask = Static<typeof Mask>

/** Something that was done to a recording while it ran: silence in place of what was said, or a supervisor who spoke in it. */
export const TrackMark = Type.Object({
  kind: Type.Enum(['masked', 'barge']),
  fromMs: Type.Integer(),
  toMs: Type.Integer(),
  name: Type.Union([Type.String(), Type.Null()]),
  /** Of what is masked: by the button, or because a field for such things was written in. */
  cause: Type.Optional(Type.Enum(MASK_CAUSES)),
})
export type TrackMark = Static<typeof TrackMark>

export const RecordingNote = Type.Object({
  id: Type.Integer(),
  atMs: Type.Integer(),
  text: Type.String(),
  authorName: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String(),
})
export type RecordingNote = Static<typeof RecordingNote>

/** Answer to GET /api/recordings/:id/track: what is shown along the sound. */
export const RecordingTrack = Type.Object({
  stretches: Type.Array(TrackStretch),
  marks: Type.Array(TrackMark),
  /** In the order of their moments. */
  notes: Type.Array(RecordingNote),
})
export type RecordingTrack = Static<typeof RecordingTrack>

/** Body of POST /api/recordings/:id/notes. */
export const WriteRecordingNote = Type.Object(
  {
    atMs: Type.Integer({ minimum: 0, maximum: 0x7fff_ffff }),
    text: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }),
  },
  { additionalProperties: false },
)
export type WriteRecordingNote = Static<typeof WriteRecordingNote>
