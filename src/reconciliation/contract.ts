import { type Static, Type } from 'typebox'

/** What does not match. Each is a question for a person; none is ever put right, or dropped, without one. */
export const DISCREPANCY_KINDS = [
  /** The PBX's queue log knows a call that is not among the calls. */
  'callUnknown',
  /** The queue log says an operator was connected; the call says that nobody answered. */
  'answerUnknown',
  /** An entry of the PBX's journal that could not be read or filed. */
  'journalStuck',
  /** The PBX had no room in its journal: so many calls have no entry. */
  'journalOverflow',
  /** A recording at the PBX that belongs to no call. */
  'recordingUnknown',
  /** A recording not collected a day after its call. */
  'recordingLate',
  /** An answered call whose recording the PBX does not have, or not whole. */
  'recordingLost',
  /** An answered call that no recording was ever expected of. */
  'recordingNotAsked',
  'callWithoutTicket',
  /** Call and case name each other differently. */
  'ticketDiffers',
  'ticketWithoutCall',
  /** A call that has not ended for half a day. */
  'callNeverEnded',
] as const
export type DiscrepancyKind = (typeof DISCREPANCY_KINDS)[number]

/** `settled`: it matched again by itself, at a later run. */
export const DISCREPANCY_STATES = ['open', 'resolved', 'settled'] as const
export type DiscrepancyState = (typeof DISCREPANCY_STATES)[number]

export const DiscrepancyView = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum(DISCREPANCY_KINDS),
  /** Id of a call, name of a file, or code of a case. */
  subject: Type.String(),
  /** When it happened; the moment it was found where nothing tells. Times are ISO 8601, UTC. */
  since: Type.String(),
  foundAt: Type.String(),
  lastSeenAt: Type.String(),
  ticketCode: Type.Union([Type.String(), Type.Null()]),
  /** Of `journalOverflow`, how many calls; 1 otherwise. */
  count: Type.Integer(),
  state: Type.Enum(DISCREPANCY_STATES),
  resolvedAt: Type.Union([Type.String(), Type.Null()]),
  resolvedByName: Type.Union([Type.String(), Type.Null()]),
  /** What the person found out. */
  words: Type.Union([Type.String(), Type.Null()]),
})
export type DiscrepancyView = Static<typeof DiscrepancyView>

/** Whether a source could be read. `absent`: this installation has none. */
export const SOURCE_STATES = ['read', 'away', 'absent'] as const
const SourceState = Type.Enum(SOURCE_STATES)

export const ReconcileRun = Type.Object({
  id: Type.Integer(),
  startedAt: Type.String(),
  finishedAt: Type.String(),
  /** Calls that began in this time were compared. */
  fromAt: Type.String(),
  toAt: Type.String(),
  journal: SourceState,
  queueLog: SourceState,
  recordings: SourceState,
  calls: Type.Integer(),
  found: Type.Integer(),
  settled: Type.Integer(),
})
export type ReconcileRun = Static<typeof ReconcileRun>

export const DiscrepancyQuery = Type.Object(
  {
    /** The open ones where nothing is said. */
    state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('done')])),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type DiscrepancyQuery = Static<typeof DiscrepancyQuery>

export const DiscrepancyPage = Type.Object({
  items: Type.Array(DiscrepancyView),
  total: Type.Integer(),
  /** Null before the first night. */
  lastRun: Type.Union([ReconcileRun, Type.Null()]),
})
export type DiscrepancyPage = Static<typeof DiscrepancyPage>

export const ResolveDiscrepancy = Type.Object(
  { words: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }) },
  { additionalProperties: false },
)
export type ResolveDiscrepancy = Static<typeof ResolveDiscrepancy>
