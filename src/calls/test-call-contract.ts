import { type Static, Type } from 'typebox'

/** What a test call shows to work, in the order a call meets it; `recorded` and `slip` come when they are ready. */
export const TEST_CALL_STEPS = [
  'answered',
  'queued',
  'popped',
  'connected',
  'ticket',
  'recorded',
  'slip',
] as const
export type TestCallStep = (typeof TEST_CALL_STEPS)[number]

/** Why a step is missing; the command line has a sentence with a remedy for each. */
export const MISSING_REASONS = [
  /** The line to the PBX is down, or was lost. */
  'pbxAway',
  /** The PBX would not place the call. */
  'refused',
  /** The call is over before it came so far. */
  'hungUp',
  /** Nothing of it was heard in time. */
  'silent',
  /** The operator's phone rang, and the service has no pop for them. */
  'noPop',
  /** The call arrived without the training mark (R084). */
  'noMark',
  /** The recording was not filed in time, or there is none that can be played. */
  'notStored',
  /** The service refused ticket or slip; `code` says which rule. */
  'rule',
  /** An SMS that should have gone to the simulated handset is elsewhere or nowhere. */
  'notDelivered',
] as const
export type MissingReason = (typeof MISSING_REASONS)[number]

/** Longest talk: the scripted operator leaves after two minutes. */
export const MAX_TALK_SECONDS = 100

/** Body of POST /api/test-calls. */
export const TestCallRequest = Type.Object(
  {
    /** The number the call seems to come from; nothing is ever dialled. */
    from: Type.String({ pattern: '^\\+?[0-9]{3,15}$' }),
    seconds: Type.Integer({ minimum: 1, maximum: MAX_TALK_SECONDS }),
  },
  { additionalProperties: false },
)
export type TestCallRequest = Static<typeof TestCallRequest>

const Moment = {
  at: Type.String(),
  /** Since the call was placed. */
  ms: Type.Integer(),
}
const Detail = Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer(), Type.Null()]))

/** One line of the answer, which is a stream of JSON lines: each comes when it happens. */
export const TestCallLine = Type.Union([
  Type.Object({ type: Type.Literal('placed'), callId: Type.String(), from: Type.String(), ...Moment }),
  Type.Object({ type: Type.Literal('step'), step: Type.Enum(TEST_CALL_STEPS), ...Moment, detail: Detail }),
  Type.Object({
    type: Type.Literal('missing'),
    step: Type.Enum(TEST_CALL_STEPS),
    reason: Type.Enum(MISSING_REASONS),
    ...Moment,
    detail: Detail,
  }),
  Type.Object({ type: Type.Literal('hungUp'), seconds: Type.Integer(), ...Moment }),
  Type.Object({ type: Type.Literal('done'), ok: Type.Boolean(), ...Moment }),
])
export type TestCallLine = Static<typeof TestCallLine>
