import { type Static, Type } from 'typebox'
import { TicketForm, TICKET_STATES } from '../tickets/contract.ts'

const Code = Type.String({ pattern: '^[A-Z]{2}[0-9]{2}-[0-9]{6}$' })
const { title, content, place, areaId, fieldId, reporter } = TicketForm.properties

/** Body of POST /api/suggestions: what is typed so far, saved or not. In a body, because it is about a person. */
export const AskSuggestions = Type.Object(
  {
    /** The case that is being written; null before it has its code. */
    code: Type.Union([Code, Type.Null()]),
    title,
    content,
    place,
    areaId,
    fieldId,
    phone: reporter.properties.phone,
  },
  { additionalProperties: false },
)
export type AskSuggestions = Static<typeof AskSuggestions>

/** Why a case is likely the same; the console has the words. */
export const DuplicateReason = Type.Union([
  Type.Object({
    kind: Type.Union([Type.Literal('street'), Type.Literal('number'), Type.Literal('alley')]),
    /** As the earlier case has it: "Lạch Tray". */
    name: Type.String(),
  }),
  Type.Object({ kind: Type.Union([Type.Literal('area'), Type.Literal('field'), Type.Literal('caller')]) }),
  /** As the earlier case has them. */
  Type.Object({ kind: Type.Literal('words'), words: Type.Array(Type.String()) }),
])
export type DuplicateReason = Static<typeof DuplicateReason>

/** An earlier case that is likely about the same, without who reported it. */
export const Duplicate = Type.Object({
  code: Code,
  title: Type.String(),
  place: Type.String(),
  areaId,
  state: Type.Enum(TICKET_STATES),
  createdAt: Type.String(),
  dueAt: Type.Union([Type.String(), Type.Null()]),
  unitName: Type.Union([Type.String(), Type.Null()]),
  score: Type.Integer(),
  reasons: Type.Array(DuplicateReason),
  /** Another may follow it (regulation.md 2.2, row 22). */
  canMerge: Type.Boolean(),
})
export type Duplicate = Static<typeof Duplicate>

/** A unit, and by which rule of the directory (R023). */
export const UnitSuggestion = Type.Object({
  unitId: Type.String(),
  rule: Type.Union([
    /** Named among the units of the field. */
    Type.Literal('field'),
    /** Named by the field's rule for this very place. */
    Type.Literal('fieldHere'),
    /** The field is the business of the ward, commune or special zone itself. */
    Type.Literal('fieldOfArea'),
    /** The People's Committee of the place. */
    Type.Literal('area'),
  ]),
  fieldId,
  areaId,
  /** Field or area were not chosen yet, but read from the words. */
  isGuess: Type.Boolean(),
})
export type UnitSuggestion = Static<typeof UnitSuggestion>

const Guess = { words: Type.Array(Type.String()) }
/** Answer to POST /api/suggestions. */
export const Suggestions = Type.Object({
  /** The likeliest first, at most three. */
  duplicates: Type.Array(Duplicate),
  units: Type.Array(UnitSuggestion),
  /** What the words are about, while no field is chosen; with the words it was told by. */
  fields: Type.Array(Type.Object({ fieldId: Type.String(), ...Guess })),
  /** The area the words name, while none is chosen. */
  area: Type.Union([Type.Object({ areaId: Type.String(), ...Guess }), Type.Null()]),
})
export type Suggestions = Static<typeof Suggestions>
