/** The two chains: every settlement of a recording, and every line of the audit log. */
export const CHAINS = ['audit', 'recordings'] as const
export type ChainName = (typeof CHAINS)[number]

/**
 * What a link of the recordings says happened: its files arrived and are these; there are none, or none to play; it was settled before
 * there was a chain; its file was removed by rule (the link is the fact that stays).
 */
export const SEAL_EVENTS = ['stored', 'missing', 'damaged', 'takenUp', 'disposed'] as const
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

/** What can be found to be wrong, each a code that never changes. */
export const FINDING_CODES = [
  /** A trigger that keeps a log append-only is not there. */
  'TRIGGER_MISSING',
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
  'FILE_CHANGED',
  'FILE_SWAPPED',
  'FILE_MISSING',
  'FILE_UNREADABLE',
  /** A file of the recordings folder that no link knows. */
  'FILE_EXTRA',
  'HEAD_UNREADABLE',
  'HEAD_SIGNATURE',
  /** Signed by a key that is not trusted. */
  'HEAD_KEY',
  'HEAD_MISSING',
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
