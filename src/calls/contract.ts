import { type Static, Type } from 'typebox'

export const NUMBER_KINDS = [
  'mobile',
  'landline',
  'short',
  'service',
  'foreign',
  'anonymous',
  'unknown',
] as const
export type NumberKind = (typeof NUMBER_KINDS)[number]

/** A telephone number as it came, as machines compare it, and as people write it. */
export const CallNumber = Type.Object(
  {
    /** As the network gave it, control characters removed, at most 64 characters. */
    raw: Type.String(),
    /** E.164 with plus sign; short codes keep their digits; null where nothing can be dialled back. */
    e164: Type.Union([Type.String(), Type.Null()]),
    /** "0912 345 678", "+81 3-1234-5678", "113". Empty for anonymous callers. */
    display: Type.String(),
    kind: Type.Enum(NUMBER_KINDS),
    /** Only a part is shown ("0950 ••• 777"), and `raw` and `e164` hold nothing: POST /api/calls/:callId/number has the whole (R068). */
    isMasked: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
)
export type CallNumber = Static<typeof CallNumber>

export const CALL_STATES = [
  'arriving',
  'queued',
  'ringing',
  'talking',
  'held',
  /** The agency has the citizen; the operator has left (Đ9.1). */
  'transferred',
  'dialing',
  'leavingMessage',
  'ended',
] as const
export type CallState = (typeof CALL_STATES)[number]

export const CALL_OUTCOMES = ['answered', 'abandoned', 'callback', 'voicemail', 'noAnswer'] as const
export type CallOutcome = (typeof CALL_OUTCOMES)[number]

export const CallView = Type.Object(
  {
    /** Unique id of the citizen's trunk channel. */
    id: Type.String(),
    direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
    state: Type.Enum(CALL_STATES),
    outcome: Type.Union([Type.Enum(CALL_OUTCOMES), Type.Null()]),
    number: CallNumber,
    callerName: Type.Union([Type.String(), Type.Null()]),
    line: Type.String(),
    operatorId: Type.Union([Type.Integer(), Type.Null()]),
    operatorName: Type.Union([Type.String(), Type.Null()]),
    ticketCode: Type.Union([Type.String(), Type.Null()]),
    training: Type.Boolean(),
    noticeVersion: Type.Union([Type.String(), Type.Null()]),
    startedAt: Type.String(),
    queuedAt: Type.Union([Type.String(), Type.Null()]),
    answeredAt: Type.Union([Type.String(), Type.Null()]),
    endedAt: Type.Union([Type.String(), Type.Null()]),
    /** Who let go first, once ended. */
    endedBy: Type.Union([
      Type.Literal('caller'),
      Type.Literal('operator'),
      Type.Literal('agency'),
      Type.Literal('system'),
      Type.Null(),
    ]),
  },
  { additionalProperties: false },
)
export type CallView = Static<typeof CallView>

export const PopTicket = Type.Object({
  code: Type.String(),
  /** Empty for a confidential case. */
  title: Type.String(),
  confidential: Type.Boolean(),
  state: Type.String(),
  unitName: Type.Union([Type.String(), Type.Null()]),
  dueAt: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String(),
})
export type PopTicket = Static<typeof PopTicket>

/** What the operator sees before saying hello. */
export const Pop = Type.Object(
  {
    callId: Type.String(),
    number: CallNumber,
    line: Type.String(),
    queuedAt: Type.Union([Type.String(), Type.Null()]),
    ringingAt: Type.String(),
    training: Type.Boolean(),
    /** Somebody spoke with them in this very call, and they wait again: the line was lost, or a transfer reached nobody. */
    back: Type.Union([
      Type.Object({
        operatorName: Type.Union([Type.String(), Type.Null()]),
        ticketCode: Type.Union([Type.String(), Type.Null()]),
        /** Who was rung for them in vain, or spoke with them until the line was lost. */
        agency: Type.Union([Type.String(), Type.Null()]),
        isReached: Type.Boolean(),
      }),
      Type.Null(),
    ]),
    /** known: this number gave this name before; maybe: the number stands in someone's ticket. */
    caller: Type.Object({
      certainty: Type.Union([Type.Literal('known'), Type.Literal('maybe'), Type.Literal('unknown')]),
      name: Type.Union([Type.String(), Type.Null()]),
      address: Type.Union([Type.String(), Type.Null()]),
      otherNames: Type.Array(Type.String()),
    }),
    openTickets: Type.Array(PopTicket),
    lastTickets: Type.Array(PopTicket),
    lastCalls: Type.Array(
      Type.Object({
        id: Type.String(),
        at: Type.String(),
        direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
        outcome: Type.Union([Type.String(), Type.Null()]),
        operatorName: Type.Union([Type.String(), Type.Null()]),
        ticketCode: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
    /** Calls from this number since local midnight, this one included. */
    callsToday: Type.Integer(),
    missedToday: Type.Integer(),
  },
  { additionalProperties: false },
)
export type Pop = Static<typeof Pop>

export const WaitingCaller = Type.Object({
  callId: Type.String(),
  display: Type.String(),
  /** As of a number (CallNumber). */
  isMasked: Type.Optional(Type.Literal(true)),
  since: Type.String(),
  training: Type.Boolean(),
  /** Was with an operator in this call already, and stands first. */
  back: Type.Boolean(),
})
export type WaitingCaller = Static<typeof WaitingCaller>

/** A call nobody answered, to be rung back (R020). */
export const MissedCall = Type.Object({
  callId: Type.String(),
  at: Type.String(),
  /** `cutOff`: nobody hung up; the PBX ended with the call. */
  reason: Type.Union([
    Type.Literal('abandoned'),
    Type.Literal('cutOff'),
    Type.Literal('callback'),
    Type.Literal('voicemail'),
  ]),
  /** Empty where the case is confidential, and where the caller hid it. */
  number: CallNumber,
  callerName: Type.Union([Type.String(), Type.Null()]),
  ticketCode: Type.Union([Type.String(), Type.Null()]),
  confidential: Type.Boolean(),
  recordingId: Type.Union([Type.Integer(), Type.Null()]),
  /** Calls of the same number folded into this line. */
  times: Type.Integer(),
})
export type MissedCall = Static<typeof MissedCall>

/** So many of the calls to ring back stand on a desk, with how many there are in all; the page of calls has the rest. */
export const MISSED_ON_DESK = 8

/** Answer to POST /api/calls/:callId/number. */
export const WholeNumber = Type.Object(
  {
    /** That the call came from, or went to. */
    number: CallNumber,
    /** Where to ring back: the same, unless the caller keyed in another. */
    reach: CallNumber,
  },
  { additionalProperties: false },
)
export type WholeNumber = Static<typeof WholeNumber>

export const CATCH_UP_PHASES = ['waiting', 'live', 'journal', 'recordings', 'done'] as const

/** What the service is making up for at this moment. */
export const CatchUpState = Type.Object({
  /** `live`: running calls are taken up; `journal`: ended ones; `recordings`: what nobody collected; `waiting`: no PBX yet. */
  phase: Type.Enum(CATCH_UP_PHASES),
  /** Entries in the PBX's journal when it was read. */
  rows: Type.Integer(),
  /** Of them, calls that ended unseen, and how many of those are filed. */
  total: Type.Integer(),
  done: Type.Integer(),
  /** Entries that could not be taken and stay in the PBX. */
  failed: Type.Integer(),
})
export type CatchUpState = Static<typeof CatchUpState>

/** One time that something was made up for. Times are ISO 8601, UTC. */
export const CatchUpRun = Type.Object({
  id: Type.Integer(),
  reason: Type.Union([Type.Literal('start'), Type.Literal('reconnect')]),
  startedAt: Type.String(),
  /** Null while it runs, and for one that was broken off: what it left is in the next one. */
  finishedAt: Type.Union([Type.String(), Type.Null()]),
  /** Channels that were up. */
  live: Type.Integer(),
  /** Calls that were over without a word from the PBX. */
  ended: Type.Integer(),
  /** Calls made up for, the first of which began at `fromAt` and the last of which ended at `toAt`. */
  rebuilt: Type.Integer(),
  failed: Type.Integer(),
  recordings: Type.Integer(),
  fromAt: Type.Union([Type.String(), Type.Null()]),
  toAt: Type.Union([Type.String(), Type.Null()]),
})
export type CatchUpRun = Static<typeof CatchUpRun>

export const CatchUps = Type.Object({ now: CatchUpState, runs: Type.Array(CatchUpRun) })
export type CatchUps = Static<typeof CatchUps>
