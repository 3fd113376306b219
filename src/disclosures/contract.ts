import { type Static, Type } from 'typebox'
import { RECORDING_KINDS } from '../recordings/contract.ts'

/** What may be done with a recording: heard here, or heard and taken away as a sealed package too. */
export const DISCLOSURE_MODES = ['play', 'download'] as const
export type DisclosureMode = (typeof DISCLOSURE_MODES)[number]

/** How far a request is (Đ10.1). `expired` is written nowhere: it is what an approved one is from its time on. */
export const DISCLOSURE_STATES = [
  'requested',
  'approved',
  'refused',
  'revoked',
  'withdrawn',
  'expired',
] as const
export type DisclosureState = (typeof DISCLOSURE_STATES)[number]

export const DISCLOSURE_ACTIONS = ['approve', 'refuse', 'revoke', 'withdraw'] as const
export type DisclosureAction = (typeof DISCLOSURE_ACTIONS)[number]

/** The longest time anybody may have a recording for, from the approval on. */
export const MOST_HOURS = 336

const closed = { additionalProperties: false }
const Reason = Type.String({ minLength: 10, maxLength: 1_000, pattern: '\\S' })
const terms = {
  /** Accounts of the unit. */
  personIds: Type.Array(Type.Integer({ minimum: 1, maximum: 0x7fff_ffff }), {
    minItems: 1,
    maxItems: 20,
    uniqueItems: true,
  }),
  mode: Type.Enum(DISCLOSURE_MODES),
  /** From the approval on. */
  hours: Type.Integer({ minimum: 1, maximum: MOST_HOURS }),
}
const Revision = Type.Integer({ minimum: 1, maximum: 0x7fff_ffff })

/** Body of POST /api/tickets/:code/disclosures. */
export const AskDisclosure = Type.Object(
  {
    recordingId: Type.Integer({ minimum: 1, maximum: 0x7fff_ffff }),
    reason: Reason,
    ...terms,
  },
  closed,
)
export type AskDisclosure = Static<typeof AskDisclosure>

/** Body of POST /api/disclosures/:id/approve: what was asked, or less. */
export const ApproveDisclosure = Type.Object({ revision: Revision, ...terms }, closed)
export type ApproveDisclosure = Static<typeof ApproveDisclosure>

/** Body of POST /api/disclosures/:id/refuse and /revoke. */
export const EndDisclosure = Type.Object({ revision: Revision, reason: Reason }, closed)
export type EndDisclosure = Static<typeof EndDisclosure>

/** Body of POST /api/disclosures/:id/withdraw. */
export const WithdrawDisclosure = Type.Object({ revision: Revision }, closed)
export type WithdrawDisclosure = Static<typeof WithdrawDisclosure>

const Nullable = Type.Union([Type.String(), Type.Null()])
const Named = Type.Object({ id: Type.Integer(), name: Type.String() })

/** A recording as somebody of a unit may know of it before they hear it. */
export const DisclosableRecording = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum(RECORDING_KINDS),
  startedAt: Type.String(),
  durationMs: Type.Union([Type.Integer(), Type.Null()]),
})
export type DisclosableRecording = Static<typeof DisclosableRecording>

const Terms = Type.Object({
  mode: Type.Enum(DISCLOSURE_MODES),
  hours: Type.Integer(),
  people: Type.Array(Named),
})

export const DisclosureUse = Type.Object({
  at: Type.String(),
  personName: Nullable,
  what: Type.Enum(DISCLOSURE_MODES),
  /** From where in the recording the listening began, as far as its first request says; null for a package. */
  fromMs: Type.Union([Type.Integer(), Type.Null()]),
})
export type DisclosureUse = Static<typeof DisclosureUse>

export const DisclosureView = Type.Object(
  {
    id: Type.Integer(),
    revision: Type.Integer(),
    state: Type.Enum(DISCLOSURE_STATES),
    ticketCode: Type.String(),
    recording: DisclosableRecording,
    unitName: Type.String(),
    reason: Type.String(),
    requesterName: Type.String(),
    requestedAt: Type.String(),
    asked: Terms,
    /** Null until it is approved; may be less than what was asked. */
    granted: Type.Union([Terms, Type.Null()]),
    decidedByName: Nullable,
    decidedAt: Nullable,
    /** From this moment on nobody gets anything. */
    expiresAt: Nullable,
    /** Of a refusal or a revocation. */
    endReason: Nullable,
    endedAt: Nullable,
    /** Who refused, revoked or withdrew it: not always who approved it. */
    endedByName: Nullable,
    /** What the person who asks may do with it now. */
    actions: Type.Array(Type.Enum(DISCLOSURE_ACTIONS)),
    mayPlay: Type.Boolean(),
    mayDownload: Type.Boolean(),
    /** False where the case is not the unit's any more, or its reporter is kept from it (A15): nobody hears anything until that changes. */
    unitReads: Type.Boolean(),
    /** For supervisors: every listening and every package, newest first. Null for others. */
    uses: Type.Union([Type.Array(DisclosureUse), Type.Null()]),
  },
  closed,
)
export type DisclosureView = Static<typeof DisclosureView>

/** Answer to GET /api/tickets/:code/disclosures: what a unit may ask for, for whom, and what it has asked for. */
export const CaseDisclosures = Type.Object({
  recordings: Type.Array(DisclosableRecording),
  people: Type.Array(Named),
  items: Type.Array(DisclosureView),
})
export type CaseDisclosures = Static<typeof CaseDisclosures>

export const DISCLOSURE_GROUPS = ['waiting', 'open', 'over'] as const
export type DisclosureGroup = (typeof DISCLOSURE_GROUPS)[number]

/** Query of GET /api/disclosures. */
export const DisclosureQuery = Type.Object(
  {
    group: Type.Enum(DISCLOSURE_GROUPS),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  closed,
)
export type DisclosureQuery = Static<typeof DisclosureQuery>

export const DisclosurePage = Type.Object({
  items: Type.Array(DisclosureView),
  total: Type.Integer(),
  /** However many wait for a decision. */
  waiting: Type.Integer(),
})
export type DisclosurePage = Static<typeof DisclosurePage>
