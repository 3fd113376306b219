import { type Static, Type } from 'typebox'
import { Day } from '../platform/day-schema.ts'

/**
 * Why a case is on the list of Đ9.6: put through to the body in charge (Đ9.1), marked urgent by an operator, or a result that
 * calls for a written reminder or an explanation.
 */
export const DOSSIER_REASONS = ['urgentTransfer', 'urgent', 'result'] as const
export type DossierReason = (typeof DOSSIER_REASONS)[number]

const optional = Type.Union([Type.String(), Type.Null()])

const Due = {
  /** Close of the second working day after `startedAt`; null when the working calendar of that year is not confirmed. */
  dueAt: optional,
  /** "17:00 T4 04/03" in the city's time, or why there is no date. */
  dueText: Type.String(),
}

/** What a case shows of its place on the list. */
export const DossierMark = Type.Object({
  id: Type.Integer(),
  reason: Type.Enum(DOSSIER_REASONS),
  ...Due,
  /** Of the dossier it was compiled into. */
  dossierNumber: optional,
  sentAt: optional,
})
export type DossierMark = Static<typeof DossierMark>

/** One line of the list: the entry, and its case as it is now. */
export const DossierRow = Type.Object({
  id: Type.Integer(),
  reason: Type.Enum(DOSSIER_REASONS),
  callId: optional,
  /** Whom the citizen was put through to; null for another reason. */
  agency: optional,
  /** What a written reminder is called for; null for another reason. */
  why: optional,
  /** Receipt of the matter or day of its result, which the two working days are counted from. */
  startedAt: Type.String(),
  listedAt: Type.String(),
  ...Due,
  training: Type.Boolean(),
  /** When somebody took it off the list, who and why. */
  removedAt: optional,
  removedByName: optional,
  removedWhy: optional,
  ticketCode: Type.String(),
  title: Type.String(),
  state: Type.String(),
  /** False once somebody took the mark off the case again. */
  urgent: Type.Boolean(),
  unitName: optional,
})
export type DossierRow = Static<typeof DossierRow>

/** Answer to GET /api/dossier. `legalBasis` names article and decision that ask for the dossier. */
export const DossierPage = Type.Object({
  items: Type.Array(DossierRow),
  total: Type.Integer(),
  legalBasis: Type.String(),
})
export type DossierPage = Static<typeof DossierPage>

export const DOSSIER_FILTERS = ['open', 'overdue', 'removed'] as const
export type DossierFilter = (typeof DOSSIER_FILTERS)[number]

/** Query of GET /api/dossier. `training` shows training cases too. */
export const DossierQuery = Type.Object(
  {
    show: Type.Optional(Type.Enum(DOSSIER_FILTERS)),
    training: Type.Optional(Type.Boolean()),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type DossierQuery = Static<typeof DossierQuery>

/** Body of PUT /api/dossier/:id: off the list with a reason, or on it again. Twice is as once. */
export const SetDossierRow = Type.Union([
  Type.Object(
    { removed: Type.Literal(true), why: Type.String({ minLength: 3, maxLength: 300 }) },
    { additionalProperties: false },
  ),
  Type.Object({ removed: Type.Literal(false) }, { additionalProperties: false }),
])
export type SetDossierRow = Static<typeof SetDossierRow>

/** What becomes of a compiled dossier (dossier-machine.ts). */
export const DOSSIER_STATES = [
  /** Compiled at the hotline, not sent yet. */
  'listed',
  /** With the City Office. */
  'sent',
  /** The Chairman's document is there. */
  'documentIssued',
  /** Compiling was undone: its cases wait on the list again. */
  'undone',
] as const
export type DossierState = (typeof DOSSIER_STATES)[number]

export const DOSSIER_ACTIONS = ['edit', 'takeOut', 'undo', 'recompile', 'send', 'recordDocument'] as const
export type DossierAction = (typeof DOSSIER_ACTIONS)[number]

export const DOSSIER_FILE_KINDS = ['pdf', 'xlsx'] as const
export type DossierFileKind = (typeof DOSSIER_FILE_KINDS)[number]

const code = Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' })
const sentence = (maxLength: number) => Type.String({ minLength: 3, maxLength })

/** Body of POST /api/dossier: a result that calls for a written reminder or an explanation (the second half of Đ9.6). */
export const ListResult = Type.Object(
  { ticketCode: code, why: sentence(300) },
  { additionalProperties: false },
)
export type ListResult = Static<typeof ListResult>

/** Body of POST /api/dossiers. */
export const CompileDossier = Type.Object(
  { itemIds: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 100, uniqueItems: true }) },
  { additionalProperties: false },
)
export type CompileDossier = Static<typeof CompileDossier>

/** Body of PATCH /api/dossiers/:id. `revision` is the one that was read; null brings the usual words back. */
export const EditDossier = Type.Object(
  { revision: Type.Integer(), cover: Type.Union([sentence(4000), Type.Null()]) },
  { additionalProperties: false },
)
export type EditDossier = Static<typeof EditDossier>

/** Body of POST /api/dossiers/:id/take-out. */
export const TakeOutOfDossier = Type.Object(
  { revision: Type.Integer(), itemId: Type.Integer(), why: sentence(300) },
  { additionalProperties: false },
)
export type TakeOutOfDossier = Static<typeof TakeOutOfDossier>

/** Body of POST /api/dossiers/:id/undo and …/recompile: what was read is what is undone. */
export const AtRevision = Type.Object({ revision: Type.Integer() }, { additionalProperties: false })
export type AtRevision = Static<typeof AtRevision>

/** Body of POST /api/dossiers/:id/send. `confirmMoved`: although clocks end at other times than its papers say. */
export const SendDossier = Type.Object(
  { revision: Type.Integer(), confirmMoved: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)
export type SendDossier = Static<typeof SendDossier>

/** Body of POST /api/dossiers/:id/document: what the Chairman asks for in writing. */
export const RecordDocument = Type.Object(
  {
    number: Type.String({ minLength: 1, maxLength: 80 }),
    /** Day in the city's time, `2026-03-06`. */
    date: Day,
    text: sentence(4000),
  },
  { additionalProperties: false },
)
export type RecordDocument = Static<typeof RecordDocument>

/** One line of the history of dossiers. */
export const DossierSummary = Type.Object({
  id: Type.Integer(),
  number: Type.String(),
  state: Type.Enum(DOSSIER_STATES),
  training: Type.Boolean(),
  /** Cases in it now. */
  cases: Type.Integer(),
  compiledAt: Type.String(),
  compiledByName: optional,
  /** Of the case that is due first, as its clock stands until it is sent; null where nobody can date any of them. */
  dueAt: optional,
  /** Sent after that, or not sent and past it. For ever true once it was sent late. */
  late: Type.Boolean(),
  sentAt: optional,
  sentByName: optional,
  documentNumber: optional,
})
export type DossierSummary = Static<typeof DossierSummary>

/** Answer to GET /api/dossiers, the newest first. */
export const DossierHistory = Type.Object({ items: Type.Array(DossierSummary), total: Type.Integer() })
export type DossierHistory = Static<typeof DossierHistory>

/** Query of GET /api/dossiers. */
export const DossierHistoryQuery = Type.Object(
  {
    training: Type.Optional(Type.Boolean()),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type DossierHistoryQuery = Static<typeof DossierHistoryQuery>

/** One case of a dossier, as it was when it was compiled. */
export const DossierEntryView = Type.Object({
  itemId: Type.Integer(),
  ticketCode: Type.String(),
  reason: Type.Enum(DOSSIER_REASONS),
  /** False: confidential and somebody else's; `rows` is empty. */
  isOpen: Type.Boolean(),
  /** What the papers say of it, label and value, in reading order. */
  rows: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
  ...Due,
  late: Type.Boolean(),
  /** Clocks that end at another time than the papers say, until it is sent: `list` is the two working days of Đ9.6. */
  moved: Type.Array(Type.Object({ kind: Type.String(), dueAt: optional })),
  takenOutAt: optional,
  takenOutByName: optional,
  takenOutWhy: optional,
})
export type DossierEntryView = Static<typeof DossierEntryView>

/** A whole dossier. */
export const DossierView = Type.Object({
  ...DossierSummary.properties,
  /** Grows with each change before it is sent. */
  revision: Type.Integer(),
  cover: Type.String(),
  /** Written by somebody; else the usual words. */
  isOwnCover: Type.Boolean(),
  legalBasis: Type.String(),
  actions: Type.Array(Type.Enum(DOSSIER_ACTIONS)),
  /** False: it holds a confidential case that this reader may not read, so its files are not for them either. */
  mayDownload: Type.Boolean(),
  entries: Type.Array(DossierEntryView),
  /** SHA-256 of what it says, printed on both files; null before it is sent. */
  contentHash: optional,
  /** The files as they were sent. */
  files: Type.Array(
    Type.Object({ kind: Type.Enum(DOSSIER_FILE_KINDS), sha256: Type.String(), sizeBytes: Type.Integer() }),
  ),
  document: Type.Union([
    Type.Object({
      number: Type.String(),
      date: Type.String(),
      text: Type.String(),
      recordedAt: Type.String(),
      recordedByName: optional,
    }),
    Type.Null(),
  ]),
  undoneAt: optional,
  undoneByName: optional,
})
export type DossierView = Static<typeof DossierView>
