import { type Static, Type } from 'typebox'

/** A shift of a rota, each week anew in the city's time. One that ends before it begins goes on into the next day. */
export const Shift = Type.Object(
  {
    /** Days it begins on; 0 is Sunday. */
    weekdays: Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), { minItems: 1 }),
    /** "07:00-19:00". */
    hours: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$' }),
  },
  { additionalProperties: false },
)
export type Shift = Static<typeof Shift>

/** A unit that handles matters (R012): department, ward or commune, vertical agency, service provider. */
export const UnitPerson = Type.Object({
  name: Type.String(),
  position: Type.String(),
  role: Type.Union([Type.Literal('officer'), Type.Literal('head')]),
  phone: Type.String(),
  /** When this person is rung first; at any time where nothing is said. */
  shifts: Type.Optional(Type.Array(Shift)),
  /** Whoever answers a transferred call there must press 1; false where a person always answers. True where nothing is said. */
  mustPress: Type.Optional(Type.Boolean()),
})
export type UnitPerson = Static<typeof UnitPerson>

export const Unit = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    /** At most 20 characters without marks, for SMS (regulation.md 6.3). */
    smsName: Type.String(),
    type: Type.Union([
      Type.Literal('department'),
      Type.Literal('ward'),
      Type.Literal('commune'),
      Type.Literal('special'),
      Type.Literal('vertical'),
      Type.Literal('provider'),
    ]),
    fields: Type.Array(Type.String()),
    dutyPhone: Type.Union([Type.String(), Type.Null()]),
    /** As a person's `mustPress`, for the duty line. */
    dutyMustPress: Type.Optional(Type.Boolean()),
    address: Type.Union([Type.String(), Type.Null()]),
    /** Its working hours, `calendars/<id>.json` of the city; the city's where nothing is said. */
    calendar: Type.Optional(Type.String()),
    people: Type.Array(UnitPerson),
  },
  { additionalProperties: false },
)
export type Unit = Static<typeof Unit>

/** One field of a category (Đ5): what the matter is about, and who usually handles it. */
export const Field = Type.Object({
  id: Type.String(),
  name: Type.String(),
  unitIds: Type.Array(Type.String()),
})
export type Field = Static<typeof Field>
export const Category = Type.Object({
  id: Type.String(),
  name: Type.String(),
  article: Type.String(),
  fields: Type.Array(Field),
})
export type Category = Static<typeof Category>

/** A ward, commune or special zone of today's city; `unitId` is its People's Committee when that is in the directory. */
export const Area = Type.Object({
  id: Type.String(),
  name: Type.String(),
  unitId: Type.Union([Type.String(), Type.Null()]),
})
export type Area = Static<typeof Area>

/** Answer to GET /api/directory. */
export const Directory = Type.Object({
  units: Type.Array(Unit),
  categories: Type.Array(Category),
  /** Wards, communes and special zones of today's city, for the place field. */
  areas: Type.Array(Area),
})
export type Directory = Static<typeof Directory>

/** Query of GET /api/directory/suggest. */
export const SuggestQuery = Type.Object(
  {
    fieldId: Type.Optional(Type.String({ maxLength: 40 })),
    areaId: Type.Optional(Type.String({ maxLength: 40 })),
  },
  { additionalProperties: false },
)
export type SuggestQuery = Static<typeof SuggestQuery>

/** Its answer, the likeliest first. */
export const Suggestion = Type.Object({ unitIds: Type.Array(Type.String()) })
export type Suggestion = Static<typeof Suggestion>
