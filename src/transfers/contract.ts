import { type Static, Type } from 'typebox'
import { CallNumber } from '../calls/contract.ts'

export const TRANSFER_STATES = [
  /** Asked to leave the queue's hands: nobody is in ours yet. */
  'starting',
  'operatorAwaited',
  'citizenAwaited',
  'citizenOnly',
  /** The agency is rung; the citizen hears music, the operator ringing. */
  'ringing',
  /** The agency is rung; operator and citizen talk meanwhile. */
  'ringingAside',
  /** Operator and agency talk, the citizen hears music. */
  'consult',
  /** Operator and citizen talk, the agency hears music. */
  'citizenSide',
  'merged',
  /** The operator has left, the agency is still rung. */
  'blind',
  /** The citizen has left; operator and agency may go on. */
  'afterCitizen',
  /** On the way back into the dialplan's hands. */
  'completing',
  'completingAlone',
  'returning',
  'requeuing',
  'completed',
  'returned',
  'requeued',
  'abandoned',
  'failed',
] as const
export type TransferState = (typeof TRANSFER_STATES)[number]

/** What an operator may ask of a running transfer. */
export const TRANSFER_COMMANDS = ['toggle', 'merge', 'complete', 'cancel', 'skip'] as const
export type TransferCommand = (typeof TRANSFER_COMMANDS)[number]

export const ATTEMPT_STATES = [
  /** Its turn has not come. */
  'waiting',
  'ringing',
  /** Answered, asked to press 1. */
  'asked',
  'accepted',
  'noAnswer',
  'busy',
  'rejected',
  'notAccepted',
  'unreachable',
  'skipped',
  'cancelled',
] as const
export type AttemptState = (typeof ATTEMPT_STATES)[number]

/** Whom to ring: from the directory, or any number typed in. */
export const TransferTarget = Type.Object(
  {
    /** As typed or as the directory has it. */
    number: Type.String({ minLength: 2, maxLength: 32 }),
    /** Unit of the directory; null for a number typed in and for 113, 114, 115. */
    unitId: Type.Union([Type.String({ maxLength: 40 }), Type.Null()]),
    /** Who answers there: a person, a duty desk, "Công an". Empty for a number typed in. */
    label: Type.String({ maxLength: 160 }),
    /** A person there must press 1; off for 113, 114, 115. */
    ask: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type TransferTarget = Static<typeof TransferTarget>

export const TransferAttempt = Type.Object({
  target: TransferTarget,
  number: CallNumber,
  state: Type.Enum(ATTEMPT_STATES),
  startedAt: Type.Union([Type.String(), Type.Null()]),
  answeredAt: Type.Union([Type.String(), Type.Null()]),
  acceptedAt: Type.Union([Type.String(), Type.Null()]),
  endedAt: Type.Union([Type.String(), Type.Null()]),
  /** Q.850 cause of its end. */
  cause: Type.Union([Type.Integer(), Type.Null()]),
})
export type TransferAttempt = Static<typeof TransferAttempt>

export const TransferView = Type.Object({
  id: Type.String(),
  callId: Type.String(),
  ticketCode: Type.Union([Type.String(), Type.Null()]),
  operatorId: Type.Integer(),
  operatorName: Type.Union([Type.String(), Type.Null()]),
  mode: Type.Union([Type.Literal('consult'), Type.Literal('blind')]),
  state: Type.Enum(TRANSFER_STATES),
  /** It goes on without the operator, who may be in another call and put that one through. */
  hasLeft: Type.Boolean(),
  /** Buttons come from here. */
  actions: Type.Array(Type.Enum(TRANSFER_COMMANDS)),
  attempts: Type.Array(TransferAttempt),
  /** Index of the attempt that is or was last rung; -1 before the first. */
  current: Type.Integer(),
  startedAt: Type.String(),
  endedAt: Type.Union([Type.String(), Type.Null()]),
})
export type TransferView = Static<typeof TransferView>

/** Body of POST /api/transfers. The targets are rung one after the other. */
export const StartTransfer = Type.Object(
  {
    callId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$' }),
    mode: Type.Union([Type.Literal('consult'), Type.Literal('blind')]),
    targets: Type.Array(TransferTarget, { minItems: 1, maxItems: 8 }),
  },
  { additionalProperties: false },
)
export type StartTransfer = Static<typeof StartTransfer>

/**
 * Body of POST /api/transfers/:id/commands. State and number rung are those the button was shown with: a second click changes
 * nothing, and skips no second number.
 */
export const CommandTransfer = Type.Object(
  {
    command: Type.Enum(TRANSFER_COMMANDS),
    state: Type.Enum(TRANSFER_STATES),
    current: Type.Integer({ minimum: -1, maximum: 7 }),
  },
  { additionalProperties: false },
)
export type CommandTransfer = Static<typeof CommandTransfer>

/** Answer to GET /api/transfers/proposal?ticketCode=…: whom to ring for this matter, the likeliest first. */
export const TransferProposal = Type.Object({ targets: Type.Array(TransferTarget) })
export type TransferProposal = Static<typeof TransferProposal>

export const TRANSFER_PARTIES = ['operator', 'citizen', 'agency'] as const
export type TransferParty = (typeof TRANSFER_PARTIES)[number]

/** What a group hears: each other, music, ringing, or nothing yet because it is being moved. */
export const SOUNDS = ['talk', 'music', 'ringing', 'moving'] as const

export const HearingGroup = Type.Object({
  members: Type.Array(Type.Enum(TRANSFER_PARTIES)),
  sound: Type.Enum(SOUNDS),
})
export type HearingGroup = Static<typeof HearingGroup>

/** Why a stretch of a call ended. */
export const SPAN_CAUSES = [
  'start',
  'toggle',
  'merge',
  'complete',
  'cancel',
  'skip',
  /** A leg came to where it was called, or the citizen is in the dialplan's hands again. */
  'arrived',
  /** Legs did not come where they were called. */
  'moveFailed',
  'agencyTook',
  /** The number rung did not take the call. */
  'notTaken',
  /** Somebody let go; `by` says who. */
  'left',
  'queued',
  'answered',
  'held',
  'unheld',
] as const
export type SpanCause = (typeof SPAN_CAUSES)[number]

/** Who heard whom, from when to when. */
export const TimelineSpan = Type.Object({
  from: Type.String(),
  /** Null: so it is now. */
  to: Type.Union([Type.String(), Type.Null()]),
  groups: Type.Array(HearingGroup),
  /** Which transfer it belongs to; null before the first and after the last. */
  transferId: Type.Union([Type.String(), Type.Null()]),
  operatorName: Type.Union([Type.String(), Type.Null()]),
  /** Index of the agency among the attempts of `transferId`. */
  attempt: Type.Union([Type.Integer(), Type.Null()]),
  end: Type.Union([
    Type.Object({
      cause: Type.Enum(SPAN_CAUSES),
      /** Null where no person did it. */
      by: Type.Union([Type.Enum(TRANSFER_PARTIES), Type.Null()]),
      /** The operator's, where it was one. */
      name: Type.Union([Type.String(), Type.Null()]),
    }),
    Type.Null(),
  ]),
})
export type TimelineSpan = Static<typeof TimelineSpan>

/** One call that was put through: every attempt, and who heard whom when. */
export const CallTimeline = Type.Object({
  callId: Type.String(),
  transfers: Type.Array(TransferView),
  spans: Type.Array(TimelineSpan),
})
export type CallTimeline = Static<typeof CallTimeline>

/** Answer to GET /api/tickets/:code/transfers: the ticket's calls that were put through, in the order they began. */
export const TicketTransfers = Type.Object({ calls: Type.Array(CallTimeline) })
export type TicketTransfers = Static<typeof TicketTransfers>
