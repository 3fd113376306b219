import { type Static, Type } from 'typebox'

/** What has a time of its own (Đ10.1): calls in, calls that rang back, talks with an agency, messages, and test calls of whatever kind. */
export const RETENTION_KINDS = ['main', 'callback', 'consult', 'voicemail', 'training'] as const
export type RetentionKind = (typeof RETENTION_KINDS)[number]

const closed = { additionalProperties: false }

export const RetentionRule = Type.Object(
  {
    /** From the end of the call or of its case, whichever is later. */
    days: Type.Integer({ minimum: 1, maximum: 36_500 }),
    /** The article or decision it rests on, as people read it. */
    basis: Type.String({ minLength: 1, maxLength: 300, pattern: '\\S' }),
  },
  closed,
)
export type RetentionRule = Static<typeof RetentionRule>

/** `config/<city>/retention.json`. A kind without a rule is kept for ever. */
export const RetentionFile = Type.Object(
  {
    rules: Type.Object(
      {
        main: Type.Optional(RetentionRule),
        callback: Type.Optional(RetentionRule),
        consult: Type.Optional(RetentionRule),
        voicemail: Type.Optional(RetentionRule),
        training: Type.Optional(RetentionRule),
      },
      closed,
    ),
    /** How long an original stays beside its copy for the archive; for as long as the recording where nothing is said. */
    originals: Type.Optional(RetentionRule),
  },
  closed,
)
export type RetentionRules = Static<typeof RetentionFile>['rules']

/** Why a recording does not go now. */
export const BLOCKERS = [
  /** A legal hold, on it or on its case. */
  'held',
  /** A unit has asked for it, or has it (Đ10.1 ¶2). */
  'disclosed',
  /** Its case, or the one that case follows, has not ended. */
  'caseOpen',
  /** The citizen may still object (Đ9.5b), or the case changed just now. */
  'objection',
  /** Row and newest link of the chain do not agree: whoever changed it may have wanted it gone. */
  'unsealed',
  /** Its file was found to be another: evidence of what was done to it. Goes by two people only. */
  'altered',
] as const
export type Blocker = (typeof BLOCKERS)[number]

export const DELETION_CAUSES = ['rule', 'early', 'erasure'] as const
export type DeletionCause = (typeof DELETION_CAUSES)[number]

/** `overtaken`: its recording went by rule before anybody decided. */
export const DELETION_STATES = ['requested', 'approved', 'refused', 'withdrawn', 'overtaken'] as const
export type DeletionState = (typeof DELETION_STATES)[number]
export const DELETION_ACTIONS = ['approve', 'refuse', 'withdraw', 'overtake'] as const
export type DeletionAction = (typeof DELETION_ACTIONS)[number]

const Reason = Type.String({ minLength: 10, maxLength: 1_000, pattern: '\\S' })
const Int = Type.Integer({ minimum: 1, maximum: 0x7fff_ffff })

/** Body of POST /api/retention/holds: on one recording, or on all of a case. */
export const PlaceHold = Type.Union([
  Type.Object({ recordingId: Int, reason: Reason }, closed),
  Type.Object(
    { ticketCode: Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' }), reason: Reason },
    closed,
  ),
])
export type PlaceHold = Static<typeof PlaceHold>

/** Body of POST /api/retention/holds/:id/lift and of POST /api/recordings/:id/deletion. */
export const GiveReason = Type.Object({ reason: Reason }, closed)
export type GiveReason = Static<typeof GiveReason>

/** Body of POST /api/deletions/:id/approve and /withdraw. */
export const DecideDeletion = Type.Object({ revision: Int }, closed)
export type DecideDeletion = Static<typeof DecideDeletion>

/** Body of POST /api/deletions/:id/refuse. */
export const RefuseDeletion = Type.Object({ revision: Int, reason: Reason }, closed)
export type RefuseDeletion = Static<typeof RefuseDeletion>

const Text = Type.Union([Type.String(), Type.Null()])
const Count = Type.Union([Type.Integer(), Type.Null()])
const Kind = Type.Enum(RETENTION_KINDS)
const Blockers = Type.Array(Type.Enum(BLOCKERS))

/** A recording as this page speaks of it: no number, no name of a citizen. */
export const KeptRecording = Type.Object({
  id: Type.Integer(),
  kind: Kind,
  startedAt: Type.String(),
  durationMs: Count,
  sizeBytes: Count,
  ticketCode: Text,
})
export type KeptRecording = Static<typeof KeptRecording>

export const Hold = Type.Object({
  id: Type.Integer(),
  recordingId: Count,
  ticketCode: Text,
  reason: Type.String(),
  setByName: Text,
  setAt: Type.String(),
  liftedByName: Text,
  liftedAt: Text,
  liftReason: Text,
})
export type Hold = Static<typeof Hold>

export const DeletionRequest = Type.Object({
  id: Type.Integer(),
  revision: Type.Integer(),
  state: Type.Enum(DELETION_STATES),
  recording: KeptRecording,
  /** `erasure`: its citizen asked (Law 91/2025/QH15, Article 14). */
  cause: Type.Enum(['early', 'erasure']),
  reason: Type.String(),
  askedByName: Text,
  askedAt: Type.String(),
  decidedByName: Text,
  decidedAt: Text,
  endReason: Text,
  /** What stands in its way now. */
  blockers: Blockers,
  /** What the person who asks may do with it now. */
  actions: Type.Array(Type.Enum(DELETION_ACTIONS)),
})
export type DeletionRequest = Static<typeof DeletionRequest>

/** The fact that stays. */
export const DeletedRecording = Type.Object({
  recording: KeptRecording,
  cause: Type.Enum(DELETION_CAUSES),
  days: Count,
  basis: Text,
  deletedAt: Type.String(),
  /** Null while a file of it is still there: the next run removes it. */
  removedAt: Text,
})
export type DeletedRecording = Static<typeof DeletedRecording>

const Sized = Type.Object({ count: Type.Integer(), sizeBytes: Type.Integer() })

/** What the nightly job did last. */
export const RetentionRun = Type.Object({
  at: Type.String(),
  announced: Type.Integer(),
  deleted: Type.Integer(),
  /** Their time is over, and something else keeps them: how many by what. */
  blocked: Type.Array(Type.Object({ blocker: Type.Enum(BLOCKERS), count: Type.Integer() })),
  failed: Type.Integer(),
})
export type RetentionRun = Static<typeof RetentionRun>

/** Answer to GET /api/retention. Lists end after so many; `total` counts on. */
export const RetentionView = Type.Object({
  rules: Type.Array(Type.Object({ kind: Kind, days: Count, basis: Text })),
  lastRun: Type.Union([RetentionRun, Type.Null()]),
  /** What goes within the next 7 days unless something keeps it, the first to go first. */
  next: Type.Object({
    total: Type.Integer(),
    byKind: Type.Array(Type.Object({ kind: Kind, count: Type.Integer(), sizeBytes: Type.Integer() })),
    items: Type.Array(Type.Object({ recording: KeptRecording, dueAt: Type.String(), blockers: Blockers })),
  }),
  /** Originals and their copies for the archive, in bytes; `announced` go within a week unless something keeps them. */
  archive: Type.Object({
    days: Count,
    basis: Text,
    originals: Sized,
    copies: Sized,
    announced: Sized,
    unfit: Type.Integer(),
  }),
  holds: Type.Array(Hold),
  requests: Type.Array(DeletionRequest),
  deleted: Type.Object({ total: Type.Integer(), items: Type.Array(DeletedRecording) }),
})
export type RetentionView = Static<typeof RetentionView>

/** What citizens ask of what is held about them (Law 91/2025/QH15): to have it (Article 4), or to have it erased (Article 14). */
export const SUBJECT_KINDS = ['access', 'erasure'] as const

/** Why something about a person stays although they asked; each with its article in `KEPT_BY`. */
export const ERASURE_KEPT = [...BLOCKERS, 'caseRecord', 'notSettled', 'pending'] as const
export type ErasureKept = (typeof ERASURE_KEPT)[number]

/** Body of POST /api/personal-data. */
export const AskPersonalData = Type.Object(
  {
    kind: Type.Enum(SUBJECT_KINDS),
    number: Type.String({ minLength: 3, maxLength: 40 }),
    /** How it was made sure that the number is theirs: a document seen, a call back. */
    identity: Reason,
  },
  closed,
)
export type AskPersonalData = Static<typeof AskPersonalData>

export const SubjectRequest = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum(SUBJECT_KINDS),
  /** Its last three digits. */
  numberEnd: Type.String(),
  identity: Type.String(),
  madeByName: Text,
  madeAt: Type.String(),
  counts: Type.Object({ cases: Type.Integer(), calls: Type.Integer(), recordings: Type.Integer() }),
  /** Of an erasure: recordings of which another person was asked to let them go. */
  asked: Type.Array(Type.Integer()),
  /** How many of `asked` are how far by now; what is not met is not in it. */
  outcomes: Type.Array(Type.Object({ state: Type.Enum(DELETION_STATES), count: Type.Integer() })),
  /** Of an erasure: recordings that stay, by what, and the article. */
  kept: Type.Array(
    Type.Object({
      why: Type.Enum(ERASURE_KEPT),
      article: Type.String(),
      recordingIds: Type.Array(Type.Integer()),
    }),
  ),
})
export type SubjectRequest = Static<typeof SubjectRequest>

/** Answer to GET /api/personal-data: the newest first. */
export const SubjectRequests = Type.Array(SubjectRequest)
