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
