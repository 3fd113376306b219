import { type Static, Type } from 'typebox'

/** Why a case is on the list of Đ9.6: put through to the body in charge (Đ9.1), or marked urgent by an operator. */
export const DOSSIER_REASONS = ['urgentTransfer', 'urgent'] as const
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
})
export type DossierMark = Static<typeof DossierMark>

/** One line of the list: the entry, and its case as it is now. */
export const DossierRow = Type.Object({
  id: Type.Integer(),
  reason: Type.Enum(DOSSIER_REASONS),
  callId: optional,
  /** Whom the citizen was put through to; null for another reason. */
  agency: optional,
  /** Receipt of the matter, which the two working days are counted from. */
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
