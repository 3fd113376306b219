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

/** One clock of a case, as a ticket shows it. Times are ISO 8601 UTC. */
export const DeadlineView = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum(DEADLINE_KINDS),
  round: Type.Integer(),
  article: Type.String(),
  startedAt: Type.String(),
  /** Null where the calendar of that year is not confirmed; `explanation` says so. */
  dueAt: Type.Union([Type.String(), Type.Null()]),
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

/** A table of working hours, as an admin wrote it. */
export const CalendarView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  version: Type.String(),
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

/** Query of GET /api/deadline: hours, which must come to whole minutes, or days; `from` is the city's time, `2026-03-06T16:45`. */
export const DueQuery = Type.Object(
  {
    from: Type.String({ maxLength: 30 }),
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 10_000 })),
    /** Whole; an Integer would take 1.5 for 1. */
    days: Type.Optional(Type.Number({ minimum: 1, maximum: 1_000, multipleOf: 1 })),
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
  explanation: Type.String(),
  calendarName: Type.String(),
})
export type DueAnswer = Static<typeof DueAnswer>
