import { type Static, Type } from 'typebox'

/** The two chains: every settlement of a recording, and every line of the audit log. */
export const CHAINS = ['audit', 'recordings'] as const
export type ChainName = (typeof CHAINS)[number]

/**
 * What a link of the recordings says happened: its files arrived and are these; there are none, or none to play; it was settled before
 * there was a chain; a copy for the archive was made and held against the original; the original went by rule, that copy standing for it;
 * all its files were removed by rule (the link is the fact that stays).
 */
export const SEAL_EVENTS = [
  'stored',
  'missing',
  'damaged',
  'takenUp',
  'archived',
  'originalDropped',
  'disposed',
] as const
export type SealEvent = (typeof SEAL_EVENTS)[number]

/** How far a chain had come. */
export interface ChainHead {
  readonly name: ChainName
  /** 0 for a chain without a link. */
  readonly seq: number
  readonly hash: string
  /** Of the newest link; ISO 8601, null without one. */
  readonly at: string | null
  readonly count: number
}

/** What is signed: both chains at one moment. */
export interface Head {
  readonly format: 'tongdai-head-1'
  readonly signedAt: string
  readonly chains: readonly ChainHead[]
  /** SHA-256 of the head signed before this one in the same folder; null for the first. */
  readonly previous: string | null
  /**
   * Only where a backup was put in the database's place: the newest links it came with. What older heads say of later links is about the
   * database that was replaced.
   */
  readonly restoredFrom?: Readonly<Record<ChainName, number>>
}

/** A file of `DATA_DIR/heads`, and the one beside a backup. `signature` is Ed25519 over `head` as compact JSON, base64. */
export interface SignedHead {
  readonly head: Head
  /** PEM (SubjectPublicKeyInfo). */
  readonly publicKey: string
  readonly signature: string
}

/** The one head that is written again and again; the others are each there for good, and name the one before. */
export const LATEST_HEAD = 'latest.json'

/** What can be found to be wrong, each a code that never changes. */
export const FINDING_CODES = [
  /** A trigger that the migrations made is not there: those that keep evidence as it is are triggers. */
  'TRIGGER_MISSING',
  /** A trigger is not what the migrations made, or they never made it. */
  'TRIGGER_CHANGED',
  'AUDIT_ROW_CHANGED',
  'AUDIT_ROW_MISSING',
  /** A line that no link stands for: written past the service. */
  'AUDIT_ROW_UNLINKED',
  'AUDIT_ROW_BACKDATED',
  'AUDIT_LINK_CHANGED',
  'SEAL_LINK_CHANGED',
  'SEAL_LINK_MISSING',
  'SEAL_LINK_BACKDATED',
  'RECORDING_ROW_CHANGED',
  'RECORDING_ROW_MISSING',
  'RECORDING_UNSEALED',
  /** The call of a recording, or the case it belongs to, is not what the recording's links say. */
  'CALL_CHANGED',
  /** The row says of itself what neither link, file, call nor audit log says. */
  'ROW_CONTRADICTS',
  /** The audit log says that it was written down, and it is not there: a note, a mask, a hold, a request, a listening. */
  'FACT_MISSING',
  /** It is there, and says something else than the audit log. */
  'FACT_CONTRADICTS',
  /** It is there, and the audit log never heard of it. */
  'FACT_UNWITNESSED',
  'FILE_CHANGED',
  'FILE_SWAPPED',
  'FILE_MISSING',
  'FILE_UNREADABLE',
  /** A symbolic link stands where the file was, or in the way to it. */
  'FILE_SYMLINK',
  /** A pipe, a socket, a device or a folder has its name. */
  'FILE_NOT_PLAIN',
  /** Its deletion stands in the chain, and it is there: the next run removes it, or somebody brought it back. */
  'FILE_NOT_REMOVED',
  /** A file of the recordings folder that no link knows. */
  'FILE_EXTRA',
  /** What stands where the recordings folder says whose it is says nothing, or that it is another installation's. */
  'FOLDER_MARK_BAD',
  'FOLDER_MARK_OTHER',
  'HEAD_UNREADABLE',
  'HEAD_SIGNATURE',
  /** Signed by a key that is not trusted. */
  'HEAD_KEY',
  'HEAD_MISSING',
  /** The latest head is older than the newest of a day: another was put in its place. */
  'HEAD_OLD',
  /** The chain has other links than when the head was signed. */
  'CHAIN_REWRITTEN',
  /** The chain is shorter than when the head was signed. */
  'DATABASE_ROLLED_BACK',
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

export interface Finding {
  readonly code: FindingCode
  /** What it is about: `audit:12`, `recording:7`, a file, a head. */
  readonly subject: string
  /** Names of columns, another recording, a time; no words. */
  readonly detail: string
}

const Day = Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' })
const filters = {
  /** Who did it; 0 is the service itself. */
  actor: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
  action: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  /** `person:3`, `recording:7`, or the code of a case. */
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  /** Days of the city, both counted in. */
  from: Type.Optional(Day),
  to: Type.Optional(Day),
}

export const AuditFilter = Type.Object(filters, { additionalProperties: false })
export type AuditFilter = Static<typeof AuditFilter>

/** Query of GET /api/audit: newest first, those before line `before`. */
export const AuditQuery = Type.Object(
  {
    ...filters,
    before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type AuditQuery = Static<typeof AuditQuery>

/** Query of GET /api/audit/export: all that the filters leave, oldest first. */
export const AuditExport = Type.Object(
  { ...filters, format: Type.Enum(['csv', 'json']) },
  { additionalProperties: false },
)
export type AuditExport = Static<typeof AuditExport>

const Nullable = Type.Union([Type.String(), Type.Null()])

export const AuditEntry = Type.Object(
  {
    id: Type.Integer(),
    at: Type.String(),
    actorId: Type.Union([Type.Integer(), Type.Null()]),
    actorName: Nullable,
    action: Type.String(),
    subject: Type.String(),
    /** Of a person. */
    subjectName: Nullable,
    /** JSON text, as it is stored and sealed. */
    detail: Type.String(),
    /** Null for a line that was written past the service. */
    prevHash: Nullable,
    hash: Nullable,
  },
  { additionalProperties: false },
)
export type AuditEntry = Static<typeof AuditEntry>

export const AuditPage = Type.Object({ items: Type.Array(AuditEntry), more: Type.Boolean() })
export type AuditPage = Static<typeof AuditPage>

/** Answer to GET /api/seals: how far the chains are, and by which key their heads are signed. */
export const SealStatus = Type.Object({
  chains: Type.Array(
    Type.Object({ name: Type.Enum(CHAINS), seq: Type.Integer(), hash: Type.String(), at: Nullable }),
  ),
  publicKey: Type.String(),
  /** Null before the first head since the service started. */
  signedAt: Nullable,
  /** Who the log has lines of: for choosing one. */
  people: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String() })),
})
export type SealStatus = Static<typeof SealStatus>
