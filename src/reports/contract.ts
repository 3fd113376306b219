import { type Static, Type } from 'typebox'
import { Day } from '../platform/day-schema.ts'

/*
 * What the figures of a unit mean (R098; Đ17.1, Đ17.5). This is the one place that says it; `store.ts` says the same in SQL, and
 * `test/support/slow-figures.ts` in plain loops.
 *
 * A TURN is one time that a case was sent to a unit: a row of the officer's clock (Đ9.3) or of a directive's (Đ9.5), up to the next
 * such row of the case. Training cases are in no figure. A turn counts in the period in which it began, whatever comes later, so that
 * a figure of a past month changes only as its open turns end. The days are the city's.
 * What is counted are cases ("trường hợp", R138): one that came to a unit several times in the period, as where the City Office
 * directed it back there, is one. Late where any of these turns was, else as the newest of them went. A ROUND, which each objection
 * begins (Đ9.5b), is a case of its own, since the figures of the round before stay as they were (2.2 row 18, A12): its turns are
 * those begun since. One that comes back in another period counts there too, for the same reason: so a month may have fewer than its
 * weeks together. A unit that ended counts for the unit that took its work over (R012); what each of the two was
 * sent while both were there is a case of each.
 */

/** Of the cases, by rounds, with a turn that began in the period; the five after the first are its parts and add up to it. */
export const TURN_FIGURES = [
  'received',
  /** Answered within 08 working hours (Đ9.3), nothing ran out. Time in which the citizen was asked does not count (Đ18.1). */
  'onTime',
  /** The unit named a day within the 08 hours (Đ9.3), and that day has not been missed: kept apart from on time. */
  'promised',
  /** Any of the turn's clocks ran out: the officer's, the named day, the head's. For ever, whatever was answered later (Đ9.4). */
  'late',
  /** Taken from the unit before anything ran out: given back, sent elsewhere, led by the City Office, merged, withdrawn. */
  'stopped',
  /** Runs, and nothing has run out. */
  'running',
] as const

/** What happened in the period, whenever the turn began. */
export const EVENT_FIGURES = [
  /** Answers the hotline sent back to the unit as unfit. */
  'returned',
  /** How often the unit gave a case back as not its own (Đ14.2). */
  'bounced',
] as const

/** What is so at this moment; the period does not matter. */
export const NOW_FIGURES = [
  /** With the unit, and the unit has to answer. */
  'openNow',
  /** Of those: a clock of this turn has run out. */
  'overdueNow',
  /** Of those: the time to remind has come (Đ13.2: 02 working hours before the officer's end, 08 before the head's). */
  'dueSoonNow',
  /** The unit has answered; the hotline has not told the citizen yet. */
  'awaitingRelay',
] as const

export const FIGURES = [...TURN_FIGURES, ...EVENT_FIGURES, ...NOW_FIGURES] as const
export type Figure = (typeof FIGURES)[number]

const counts = Object.fromEntries(FIGURES.map((figure) => [figure, Type.Integer()])) as Record<
  Figure,
  ReturnType<typeof Type.Integer>
>

export const UnitFigures = Type.Object({ unitId: Type.String(), unitName: Type.String(), ...counts })
export type UnitFigures = Static<typeof UnitFigures>

/** Answer to GET /api/reports/units: every unit with a case in any figure; of a unit's people, their own alone. */
export const UnitReport = Type.Object({
  from: Day,
  to: Day,
  /** When it was counted. */
  asOf: Type.String(),
  units: Type.Array(UnitFigures),
})
export type UnitReport = Static<typeof UnitReport>

/** Query of it: days of the city's time, both included. */
export const PeriodQuery = Type.Object({ from: Day, to: Day }, { additionalProperties: false })
export type PeriodQuery = Static<typeof PeriodQuery>

/** Query of GET /api/reports/units/:unitId/cases: what one figure counted. */
export const FigureQuery = Type.Object(
  {
    ...PeriodQuery.properties,
    figure: Type.Enum(FIGURES),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type FigureQuery = Static<typeof FigureQuery>

/** Its answer. A case stands there once for each time it was counted: of what happened in the period, it may be several times. */
export const FigureCases = Type.Object({
  items: Type.Array(
    Type.Object({
      code: Type.String(),
      title: Type.String(),
      state: Type.String(),
      dueAt: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  total: Type.Integer(),
})
export type FigureCases = Static<typeof FigureCases>

/**
 * Answer to GET and POST /api/reports/units/digest: to whom the figures of a period go by SMS, or went (Đ13.6). Nothing is written
 * for a unit that received nothing and has nothing open.
 */
export const UnitDigest = Type.Object({
  ...PeriodQuery.properties,
  /** Units of which somebody gets it now. */
  units: Type.Integer(),
  /** Messages: one for each leader and unit. */
  people: Type.Integer(),
  /** Those who had it today already, and get no second one. */
  already: Type.Integer(),
  /** Leaders whose number takes no SMS; the outbox keeps theirs as refused. */
  unreachable: Type.Array(Type.Object({ name: Type.String(), unitName: Type.String() })),
  /** Names of units with figures and without a leader in the directory. */
  withoutHead: Type.Array(Type.String()),
})
export type UnitDigest = Static<typeof UnitDigest>

/**
 * Who has a case, in the order in which they have it (R103; Đ18.3): from the slip until the unit takes it up, from then to the answer
 * that stays, and at the hotline until the citizen has been told or three tries are written down. Time in which the citizen was asked
 * is in none. An answer without acceptance ends the first and has no second.
 */
export const HOLDER_STAGES = ['toAccept', 'toAnswer', 'atDesk'] as const
export type HolderStage = (typeof HOLDER_STAGES)[number]

/** Of turns whose stage is over, in working minutes of the unit's calendar. */
export const StageTimes = Type.Object({
  count: Type.Integer(),
  median: Type.Union([Type.Integer(), Type.Null()]),
  longest: Type.Union([Type.Integer(), Type.Null()]),
  /** The case that took longest. */
  longestCode: Type.Union([Type.String(), Type.Null()]),
})
export type StageTimes = Static<typeof StageTimes>

export const HolderTimes = Type.Object({
  unitId: Type.String(),
  unitName: Type.String(),
  toAccept: StageTimes,
  toAnswer: StageTimes,
  atDesk: StageTimes,
})
export type HolderTimes = Static<typeof HolderTimes>

/** Answer to GET /api/reports/holders: of the turns that began in the period, units with at least one, by name. */
export const HolderReport = Type.Object({ ...PeriodQuery.properties, units: Type.Array(HolderTimes) })
export type HolderReport = Static<typeof HolderReport>
