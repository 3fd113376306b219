import { type Static, Type } from 'typebox'
import { Day } from '../platform/day-schema.ts'

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

/** Somebody whom a unit has appointed (Đ17.2), for a time or until further notice (Đ17.9). */
export const UnitPerson = Type.Object({
  /** Within the unit, for good: "bui-duc-khoat". Made of the name where a file says none. */
  id: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,80}$' })),
  name: Type.String(),
  position: Type.String(),
  role: Type.Union([Type.Literal('officer'), Type.Literal('head')]),
  phone: Type.String(),
  /** When this person is rung first; at any time where nothing is said. */
  shifts: Type.Optional(Type.Array(Shift)),
  /** Whoever answers a transferred call there must press 1; false where a person always answers. True where nothing is said. */
  mustPress: Type.Optional(Type.Boolean()),
  /** First and last day; open where nothing is said. */
  from: Type.Optional(Day),
  to: Type.Optional(Day),
})
export type UnitPerson = Static<typeof UnitPerson>

export const UNIT_TYPES = [
  'department',
  'ward',
  'commune',
  'special',
  'vertical',
  'provider',
  /** "Quận, huyện" (Đ2.2): a level that ended on 30 June 2025, kept for the cases of its time. */
  'district',
] as const

/** A unit that handles matters (R012): department, ward or commune, vertical agency, service provider. */
export const Unit = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    /** At most 20 characters without marks, for SMS (regulation.md 6.3). */
    smsName: Type.String(),
    type: Type.Enum(UNIT_TYPES),
    fields: Type.Array(Type.String()),
    dutyPhone: Type.Union([Type.String(), Type.Null()]),
    /** As a person's `mustPress`, for the duty line. */
    dutyMustPress: Type.Optional(Type.Boolean()),
    address: Type.Union([Type.String(), Type.Null()]),
    /** Its working hours, `calendars/<id>.json` of the city; the city's where nothing is said. */
    calendar: Type.Optional(Type.String()),
    people: Type.Array(UnitPerson),
    /** Its first day; there before anybody wrote it down where nothing is said. */
    validFrom: Type.Optional(Day),
    /** Its last day; it goes on where nothing is said. */
    validTo: Type.Optional(Day),
    /** Who takes over the day after. */
    successorId: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
export type Unit = Static<typeof Unit>

/** One field of a category (Đ5): what the matter is about, and who usually handles it. */
export const Field = Type.Object({
  id: Type.String(),
  name: Type.String(),
  unitIds: Type.Array(Type.String()),
  /** Words by which people speak of it, with their marks; by them a field is suggested. */
  keywords: Type.Optional(Type.Array(Type.String({ minLength: 2, maxLength: 60 }))),
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

/**
 * Who handles a field at a place, for a time (R023). It goes before what the field says for the whole city; of two for one day
 * the later one counts.
 */
export const PlaceRule = Type.Object(
  {
    fieldId: Type.String(),
    areaId: Type.String(),
    /** The likeliest first. */
    unitIds: Type.Array(Type.String()),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
  },
  { additionalProperties: false },
)
export type PlaceRule = Static<typeof PlaceRule>

/** Answer to GET /api/directory: as it is today. */
export const Directory = Type.Object({
  units: Type.Array(Unit),
  categories: Type.Array(Category),
  /** Wards, communes and special zones of today's city, for the place field. */
  areas: Type.Array(Area),
  rules: Type.Optional(Type.Array(PlaceRule)),
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

const Id = Type.String({ pattern: '^[a-z0-9-]{1,40}$' })
const PersonId = Type.String({ pattern: '^[a-z0-9-]{1,80}$' })
const Name = Type.String({ minLength: 1, maxLength: 160, pattern: '\\S' })
const Phone = Type.String({ minLength: 3, maxLength: 32 })

/** What is written down of a unit, but for its days and people. */
export const UnitDetails = Type.Object(
  {
    name: Name,
    /** As `Unit.smsName`. */
    smsName: Type.String({ minLength: 1, maxLength: 40 }),
    type: Type.Enum(UNIT_TYPES),
    fields: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 60 }),
    dutyPhone: Type.Union([Phone, Type.Null()]),
    dutyMustPress: Type.Boolean(),
    address: Type.Union([Type.String({ maxLength: 240 }), Type.Null()]),
    /** Null: the city's hours. */
    calendar: Type.Union([Type.String({ maxLength: 40 }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type UnitDetails = Static<typeof UnitDetails>

const PersonDetails = Type.Object(
  {
    name: Name,
    position: Type.String({ maxLength: 120 }),
    role: UnitPerson.properties.role,
    phone: Phone,
    mustPress: Type.Boolean(),
    /** Null: at any time. */
    shifts: Type.Union([Type.Array(Shift, { maxItems: 14 }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type PersonDetails = Static<typeof PersonDetails>

/** What a change says; it holds from its first day on, which stands beside it. */
export const ChangeBody = Type.Union([
  Type.Object(
    { kind: Type.Literal('unitCreated'), unitId: Id, unit: UnitDetails },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('unitChanged'),
      unitId: Id,
      unit: Type.Partial(UnitDetails, { additionalProperties: false }),
    },
    { additionalProperties: false },
  ),
  /** The day before is its last one. */
  Type.Object(
    { kind: Type.Literal('unitClosed'), unitId: Id, successorId: Type.Union([Id, Type.Null()]) },
    { additionalProperties: false },
  ),
  /** Đ17.2, Đ17.9. */
  Type.Object(
    {
      kind: Type.Literal('personAdded'),
      unitId: Id,
      /** Given by the service. */
      personId: Type.Optional(PersonId),
      person: PersonDetails,
      /** Last day; until further notice where nothing is said. */
      to: Type.Optional(Day),
      /** Whose place it is: their last day is the day before. */
      replaces: Type.Optional(PersonId),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('personChanged'),
      unitId: Id,
      personId: PersonId,
      person: Type.Partial(PersonDetails, { additionalProperties: false }),
      /** Whose place an officer or a head takes who has another role from now on: their last day is the day before. */
      replaces: Type.Optional(PersonId),
    },
    { additionalProperties: false },
  ),
  /** The day before is their last one. */
  Type.Object(
    { kind: Type.Literal('personEnded'), unitId: Id, personId: PersonId },
    { additionalProperties: false },
  ),
  /** Whom a field goes to: at one place, or in the whole city. No units at a place: as in the whole city again. */
  Type.Object(
    {
      kind: Type.Literal('routeSet'),
      fieldId: Id,
      areaId: Type.Union([Id, Type.Null()]),
      unitIds: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 8 }),
      /** Last day of a rule of a place. */
      to: Type.Optional(Day),
    },
    { additionalProperties: false },
  ),
  /** Whose the place is. */
  Type.Object(
    { kind: Type.Literal('areaSet'), areaId: Id, unitId: Type.Union([Id, Type.Null()]) },
    { additionalProperties: false },
  ),
])
export type ChangeBody = Static<typeof ChangeBody>

/** Body of POST /api/directory/changes. */
export const ProposeChange = Type.Object(
  {
    effectiveOn: Day,
    /** The decision it stands on, or the reason. */
    why: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }),
    change: ChangeBody,
  },
  { additionalProperties: false },
)
export type ProposeChange = Static<typeof ProposeChange>

/** Body of POST /api/directory/changes/:id/withdraw. */
export const WithdrawChange = Type.Object(
  { why: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }) },
  { additionalProperties: false },
)
export type WithdrawChange = Static<typeof WithdrawChange>

const Somebody = Type.Object({ at: Type.String(), name: Type.Union([Type.String(), Type.Null()]) })

/** One change in the history of the directory. */
export const ChangeView = Type.Object({
  id: Type.Integer(),
  effectiveOn: Day,
  why: Type.String(),
  change: ChangeBody,
  made: Somebody,
  state: Type.Enum(['upcoming', 'inForce', 'withdrawn']),
  withdrawn: Type.Union([Type.Object({ ...Somebody.properties, why: Type.String() }), Type.Null()]),
  /** Names for the sentence: of the unit, the person, the successor, the field and the place it is about; `cases`: how many go over. */
  names: Type.Record(Type.String(), Type.String()),
  /** Whether the reader may take it back now. */
  mayWithdraw: Type.Boolean(),
  /** Đ17.9: the City Office's note of it; `needed` where it was not the Office's own word. */
  office: Type.Object({ needed: Type.Boolean(), seen: Type.Union([Somebody, Type.Null()]) }),
})
export type ChangeView = Static<typeof ChangeView>

/** Query of GET /api/directory/changes. */
export const ChangeQuery = Type.Object(
  { unitId: Type.Optional(Type.String({ maxLength: 40 })) },
  { additionalProperties: false },
)
export type ChangeQuery = Static<typeof ChangeQuery>

/** Its answer, the newest first. */
export const ChangeList = Type.Object({
  items: Type.Array(ChangeView),
  /** How many the City Office has not taken note of. */
  unseen: Type.Integer(),
})
export type ChangeList = Static<typeof ChangeList>

/** What is not as it should be with a unit: nobody to send a slip to, nobody it goes up to, nobody who gets an SMS. */
export const UNIT_WARNINGS = ['noOfficer', 'noHead', 'landlineOnly', 'nobodyOnDuty'] as const
export type UnitWarning = (typeof UNIT_WARNINGS)[number]

/** A unit on the page of the directory. */
export const UnitEntry = Type.Object({
  unit: Unit,
  standing: Type.Enum(['upcoming', 'inForce', 'over']),
  /** Who does its work now, where it is over. */
  successorName: Type.Union([Type.String(), Type.Null()]),
  /** Ids of people whose turn it is. */
  onDuty: Type.Array(Type.String()),
  warnings: Type.Array(Type.Enum(UNIT_WARNINGS)),
  /** What of it the reader may change. */
  mayChange: Type.Enum(['all', 'people', 'officers', 'nothing']),
  /** Cases it has still to answer, those of its predecessors with them; only for whoever may end it. */
  openCases: Type.Optional(Type.Integer()),
})
export type UnitEntry = Static<typeof UnitEntry>

/** Answer to GET /api/directory/units. */
export const UnitBook = Type.Object({
  /** Today in the city. */
  today: Day,
  units: Type.Array(UnitEntry),
  /** Names of the working hours a unit may have, besides the city's. */
  calendars: Type.Array(Type.String()),
})
export type UnitBook = Static<typeof UnitBook>
