import { type Static, Type } from 'typebox'

/** Clocks of regulation.md 2.3. */
export const DEADLINE_KINDS = [
  /** Đ8.3: one working hour to ask for what is unclear. */
  'clarify',
  /** Five working days for the citizen to answer what was asked. */
  'citizen',
  /** Đ9.3: eight working hours of the focal officer. */
  'officer',
  /** Đ9.3 ¶2: the day the officer named. */
  'promise',
  /** Đ9.5: the time that a directive of the city's leaders names for the unit (row 20 of regulation.md 2.2). */
  'directed',
  /** Đ9.4: forty-eight working hours of the head. */
  'head',
  /** Đ9.5: the City Office's own, five working days. */
  'office',
  /** Two working hours to tell the citizen what the unit answered. */
  'relay',
  /** Đ11.2: fourteen days to rate. */
  'rating',
  'autoClose',
] as const
export type DeadlineKind = (typeof DEADLINE_KINDS)[number]

/** Working time until a clock ends, by the calendar it was counted with. */
export const WorkingLeft = Type.Object({
  /** Whole minutes, at `at`; 0 when it is over. */
  minutes: Type.Integer(),
  at: Type.String(),
  /** Hours of work of the next three days, up to its end: a page counts on by itself. None while it stands still. */
  hours: Type.Array(Type.Object({ from: Type.String(), to: Type.String() })),
})
export type WorkingLeft = Static<typeof WorkingLeft>

/** One clock of a case, as a ticket shows it. Times are ISO 8601 UTC. */
export const DeadlineView = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum(DEADLINE_KINDS),
  round: Type.Integer(),
  article: Type.String(),
  startedAt: Type.String(),
  /** Null where the calendar of that year is not confirmed; `explanation` says so. */
  dueAt: Type.Union([Type.String(), Type.Null()]),
  /** When its holder is reminded (Đ13.2): from then on it is due soon. Null for clocks of which nobody is. */
  warnAt: Type.Union([Type.String(), Type.Null()]),
  /** Null for what does not run any more, has no date, or is not counted in working time. */
  left: Type.Union([WorkingLeft, Type.Null()]),
  /** "08 giờ làm việc từ 16:45 T6 06/03 → 16:45 T2 09/03: …" */
  explanation: Type.String(),
  state: Type.Union([
    Type.Literal('running'),
    Type.Literal('paused'),
    Type.Literal('satisfied'),
    Type.Literal('void'),
    Type.Literal('breached'),
  ]),
  /** When it stood still, was met or ran out. */
  at: Type.Union([Type.String(), Type.Null()]),
  /** A breach stays one, also when it was met later. */
  breachedAt: Type.Union([Type.String(), Type.Null()]),
})
export type DeadlineView = Static<typeof DeadlineView>

const YearNumber = Type.Integer()
/** Beyond a lifetime of tables it is a typing mistake. */
const Year = Type.Integer({ minimum: 2000, maximum: 2100 })
const MAX_NAME = 80
const MAX_WHY = 240
const MAX_NOTE = 2_000
const MAX_SEASONS = 60
const MAX_DAYS = 2_000

/** What every table says; a city's has years of its own too. */
const TABLE_PARTS = {
  name: Type.String({ minLength: 1, maxLength: MAX_NAME }),
  seasons: Type.Array(
    Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: MAX_NAME }),
        /** `04-01` to `09-30`, both included. Seasons may share days where their weekdays differ (Saturday mornings). */
        from: Type.String(),
        to: Type.String(),
        /** 0 is Sunday. */
        weekdays: Type.Array(Type.Integer()),
        hours: Type.Array(Type.String()),
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: MAX_SEASONS },
  ),
  exceptions: Type.Array(
    Type.Object(
      {
        date: Type.String(),
        off: Type.Optional(Type.Literal(true)),
        hours: Type.Optional(Type.Array(Type.String())),
        why: Type.String({ minLength: 1, maxLength: MAX_WHY }),
        /** False: expected, but nobody has published it yet. */
        confirmed: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    { maxItems: MAX_DAYS },
  ),
  note: Type.Optional(Type.String({ maxLength: MAX_NOTE })),
}

/** The table of a city, as its file has it and an admin saves it: years are its own. */
export const CityTable = Type.Object(
  { ...TABLE_PARTS, firstYear: Year, confirmedUntil: Year },
  { additionalProperties: false },
)

/**
 * Hours of units that differ (regulation.md 2.5 A20). Public holidays and swaps are law and the city keeps them once, so the
 * city's exceptions hold here too, and its years, unless `cityHolidays` is false; an exception of the same date replaces the city's.
 */
export const CalendarTable = Type.Object(
  {
    ...TABLE_PARTS,
    cityHolidays: Type.Optional(Type.Boolean()),
    firstYear: Type.Optional(Year),
    confirmedUntil: Type.Optional(Year),
  },
  { additionalProperties: false },
)
export type CalendarTable = Static<typeof CalendarTable>

/** What may be wrong with a table; files say it in English, the console in its own words. */
export const CALENDAR_PROBLEMS = [
  'shape',
  'unknownKeys',
  'noJson',
  'fileName',
  'hoursNot',
  'hoursEmpty',
  'hoursInverted',
  'hoursOverlap',
  'dayOfYear',
  'weekdayNone',
  'weekdayTwice',
  'neverWorks',
  'uncovered',
  'shared',
  'noSuchDay',
  'dayTwice',
  'offOrHours',
  'noHours',
  'outsideYears',
  'yearsInherited',
  'yearsMissing',
  'yearsInverted',
  'nobodyWorks',
] as const
export type CalendarProblemCode = (typeof CALENDAR_PROBLEMS)[number]

/** One thing that is wrong with a table. */
export const CalendarProblem = Type.Object({
  /** Whose table; a change of the city's may break a unit's. */
  calendarId: Type.String(),
  /** `exceptions[3]`, `seasons[0]`, `confirmedUntil`; empty for the table as a whole. */
  place: Type.String(),
  code: Type.Enum(CALENDAR_PROBLEMS),
  /** For the sentence that the catalogue has for the code. */
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
})
export type CalendarProblem = Static<typeof CalendarProblem>
/** "07:30-11:30" each, in order. */
const Hours = Type.Array(Type.String())

/** Weekly hours of one stretch of the year, `04-01` to `09-30`; 0 is Sunday. */
export const SeasonView = Type.Object({
  name: Type.String(),
  from: Type.String(),
  to: Type.String(),
  weekdays: Type.Array(Type.Integer()),
  hours: Hours,
})
export type SeasonView = Static<typeof SeasonView>

/** A date that is not as its season says: no hours, or these. */
export const ExceptionView = Type.Object({
  date: Type.String(),
  hours: Hours,
  why: Type.String(),
  /** False: expected, but nobody has published it yet. */
  confirmed: Type.Boolean(),
})
export type ExceptionView = Static<typeof ExceptionView>

/** `file` came from the city's files, `edit` was saved by an admin. */
export const REVISION_ORIGINS = ['file', 'edit'] as const

const REVISION = {
  /** Counts from 1. */
  number: Type.Integer(),
  /** ISO 8601 UTC. */
  at: Type.String(),
  origin: Type.Enum(REVISION_ORIGINS),
  /** Null for what came from a file. */
  actorName: Type.Union([Type.String(), Type.Null()]),
  reason: Type.String(),
}

/** One version of a table: who saved it when, and by what paper. */
export const CalendarRevision = Type.Object(REVISION)
export type CalendarRevision = Static<typeof CalendarRevision>

/** A table of working hours, as an admin wrote it. */
export const CalendarView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  version: Type.String(),
  revision: CalendarRevision,
  /** The city's file was changed after the table was edited here: the edit holds, and somebody should compare. */
  fileDiffers: Type.Boolean(),
  firstYear: YearNumber,
  /** Due times after this year are left open. */
  confirmedUntil: YearNumber,
  seasons: Type.Array(SeasonView),
  /** By date. Of a calendar that has the city's days, only its own. */
  exceptions: Type.Array(ExceptionView),
  /** Days off and swapped days are the city's. */
  cityDays: Type.Boolean(),
  /** Units that go by it; none for the city's own, which everybody else goes by. */
  units: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
})
export type CalendarView = Static<typeof CalendarView>

/** Answer to GET /api/calendars, the city's first. */
export const CalendarList = Type.Array(CalendarView)

/** What is different between two versions of a table, one entry per thing. Days are `2026-02-16`; no hours is a day off. */
export const CalendarDifference = Type.Object({
  what: Type.Union([
    Type.Literal('dayAdded'),
    Type.Literal('dayRemoved'),
    Type.Literal('dayChanged'),
    Type.Literal('seasonAdded'),
    Type.Literal('seasonRemoved'),
    Type.Literal('name'),
    Type.Literal('firstYear'),
    Type.Literal('confirmedUntil'),
    Type.Literal('cityHolidays'),
    Type.Literal('note'),
  ]),
  day: Type.Optional(ExceptionView),
  /** Of a day that was changed: what it was. */
  was: Type.Optional(ExceptionView),
  season: Type.Optional(SeasonView),
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
})
export type CalendarDifference = Static<typeof CalendarDifference>

/** GET /api/calendars/:id/versions, the newest first, each with what is different from the one before. */
export const CalendarHistory = Type.Array(
  Type.Object({ ...REVISION, differences: Type.Array(CalendarDifference) }),
)
export type CalendarHistory = Static<typeof CalendarHistory>

/** GET /api/calendars/:id/versions/:number. */
export const CalendarRevisionTable = Type.Object({ revision: CalendarRevision, table: CalendarTable })
export type CalendarRevisionTable = Static<typeof CalendarRevisionTable>

/** Body of POST /api/calendars/:id/preview. The table is checked by the calendar's own rules, which name day and field. */
export const PreviewCalendar = Type.Object(
  { base: Type.Integer({ minimum: 1 }), table: Type.Unknown() },
  { additionalProperties: false },
)
export type PreviewCalendar = Static<typeof PreviewCalendar>

/** Body of PUT /api/calendars/:id. `base` is the number of the version that was edited; another answers 409 CALENDAR_CHANGED. */
export const SaveCalendar = Type.Object(
  {
    base: Type.Integer({ minimum: 1 }),
    table: Type.Unknown(),
    /** The paper it stands on: "12729/VPCP-KGVX ngày 25/12/2025". */
    reason: Type.String({ minLength: 1, maxLength: MAX_WHY }),
  },
  { additionalProperties: false },
)
export type SaveCalendar = Static<typeof SaveCalendar>

const OptionalTime = Type.Union([Type.String(), Type.Null()])

/** What saving a table would do to the clocks that are open. */
export const RecountPreview = Type.Object({
  open: Type.Integer(),
  changed: Type.Integer(),
  earlier: Type.Integer(),
  later: Type.Integer(),
  /** Running ones that would have ended already. */
  overdue: Type.Integer(),
  /** Would be left without a due time, or get one where there was none. */
  undated: Type.Integer(),
  dated: Type.Integer(),
  /** The most pressing ones, soonest first. */
  first: Type.Array(
    Type.Object({
      code: Type.String(),
      kind: Type.Enum(DEADLINE_KINDS),
      oldDueAt: OptionalTime,
      newDueAt: OptionalTime,
      overdue: Type.Boolean(),
    }),
  ),
})
export type RecountPreview = Static<typeof RecountPreview>

/** Answer to the preview; without `recount` where the table cannot be used. */
export const CalendarPreview = Type.Object({
  problems: Type.Array(CalendarProblem),
  differences: Type.Array(CalendarDifference),
  recount: Type.Union([RecountPreview, Type.Null()]),
})
export type CalendarPreview = Static<typeof CalendarPreview>

/** Answer to PUT /api/calendars/:id. What is still `behind` is recounted in the minutes that follow, each before it is used. */
export const SavedCalendar = Type.Object({
  revision: CalendarRevision,
  changed: Type.Integer(),
  behind: Type.Boolean(),
})
export type SavedCalendar = Static<typeof SavedCalendar>

/** Query of GET /api/deadline: hours, which must come to whole minutes, or days, or the moment `until`; `from` is the city's time, `2026-03-06T16:45`. */
export const DueQuery = Type.Object(
  {
    from: Type.String({ maxLength: 30 }),
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 10_000 })),
    /** Whole; an Integer would take 1.5 for 1. */
    days: Type.Optional(Type.Number({ minimum: 1, maximum: 1_000, multipleOf: 1 })),
    /** The city's time as well: how much work fits in before it. */
    until: Type.Optional(Type.String({ maxLength: 30 })),
    unitId: Type.Optional(Type.String({ maxLength: 40 })),
    language: Type.Optional(Type.Enum(['vi', 'en'])),
  },
  { additionalProperties: false },
)
export type DueQuery = Static<typeof DueQuery>

/** Its answer. */
export const DueAnswer = Type.Object({
  /** ISO 8601 UTC. */
  dueAt: Type.String(),
  /** Whole working minutes until then. */
  minutes: Type.Integer(),
  explanation: Type.String(),
  calendarName: Type.String(),
})
export type DueAnswer = Static<typeof DueAnswer>
